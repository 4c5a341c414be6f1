"""Every formula of the content renders in KaTeX, and none is wider than its place on a phone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from app.library.loader import load_library
from app.settings import ROOT
from tests.browser.actions import end_attempt, mouse_stroke, start_attempt
from tests.browser.live_server import LiveServer


@pytest.fixture(params=[1440, 390])
def window(
    request: pytest.FixtureRequest, chromium: Browser, server: LiveServer
) -> Iterator[BrowserContext]:
    context = chromium.new_context(
        base_url=server.origin, viewport={"width": request.param, "height": 900}
    )
    yield context
    context.close()


def test_every_formula_renders_and_stays_in_its_box(window: BrowserContext) -> None:
    page = window.new_page()
    for derivation in load_library(ROOT / "content").derivations:
        start_attempt(page, derivation=derivation)
        broken = page.locator(".tex[data-broken], .katex-error")
        expect(page.locator(".givens .katex").first).to_be_attached()
        expect(broken).to_have_count(0)
        for choice in page.locator("[data-view-choice=board]:visible").all():
            choice.click()
        mouse_stroke(page, 40)
        end_attempt(page)
        for details in page.locator("details").all():
            details.evaluate("element => { element.open = true; }")
        expect(page.locator(".step .katex").first).to_be_visible()
        expect(broken).to_have_count(0)
        too_wide = page.evaluate(
            "() => [...document.querySelectorAll('.tex')].filter((box) => {"
            " const {right} = box.getBoundingClientRect(); return right > innerWidth; })"
            ".map((box) => box.dataset.tex)"
        )
        assert too_wide == []
    page.goto("/gotchas")
    expect(page.locator(".gotcha").first).to_be_visible()
    expect(page.locator(".tex[data-broken]")).to_have_count(0)
