"""Every formula of the content renders in KaTeX, and none is wider than its place on a phone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.library.loader import load_library
from app.settings import ROOT
from tests.browser.actions import end_attempt, mouse_stroke, start_attempt
from tests.browser.formulas import assert_set
from tests.browser.live_server import LiveServer

LIBRARY = load_library(ROOT / "content")
ORIGINALS = sorted(one.question.id for one in LIBRARY.originals)
VARIANTS = sorted(LIBRARY.derivations.keys() - set(ORIGINALS))
WIDE, PHONE = 1440, 390

SCROLLING = """() => [...document.querySelectorAll('.tex[data-display]')]
  .filter((box) => box.scrollWidth > box.clientWidth + 1).map((box) => box.dataset.tex)"""


@pytest.fixture(params=[WIDE, PHONE])
def window(
    request: pytest.FixtureRequest, chromium: Browser, server: LiveServer
) -> Iterator[BrowserContext]:
    context = chromium.new_context(
        base_url=server.origin, viewport={"width": request.param, "height": 900}
    )
    yield context
    context.close()


def resize(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})


# Setting the formulas takes longest: a page that has done so is looked at in both widths.
@pytest.mark.parametrize("derivations", [ORIGINALS, VARIANTS], ids=["originals", "variants"])
def test_every_formula_renders_and_stays_in_its_box(page: Page, derivations: list[str]) -> None:
    for derivation in derivations:
        resize(page, WIDE)
        page.goto(f"/d/{derivation}")
        assert_set(page)
        assert page.evaluate(SCROLLING) == [], derivation
        resize(page, PHONE)
        assert_set(page)


def test_tables_and_what_is_found_stay_in_their_boxes(page: Page) -> None:
    for path in ("/gotchas", "/study?q=Jensen", "/study?q=gradient"):
        page.goto(path)
        for width in (WIDE, PHONE):
            resize(page, width)
            assert_set(page)


def test_an_attempt_and_its_end_show_them_as_well(window: BrowserContext) -> None:
    page = window.new_page()
    start_attempt(page, derivation="mlp-backprop")
    expect(page.locator(".givens .katex").first).to_be_attached()
    expect(page.locator(".tex[data-broken], .katex-error")).to_have_count(0)
    for choice in page.locator("[data-view-choice=board]:visible").all():
        choice.click()
    mouse_stroke(page, 40)
    end_attempt(page)
    expect(page.locator(".step .katex").first).to_be_attached()
    assert_set(page)
