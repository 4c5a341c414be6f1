"""Every formula of the content renders in KaTeX, and none is wider than its place on a phone."""

import re
from collections.abc import Iterator
from html import escape

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from app.library.loader import load_library
from app.library.prose import segments
from app.settings import ROOT
from app.web.static import MOUNT
from tests.browser.actions import end_attempt, mouse_stroke, start_attempt
from tests.browser.formulas import assert_set
from tests.browser.live_server import LiveServer

LIBRARY = load_library(ROOT / "content")
ORIGINALS = sorted(one.question.id for one in LIBRARY.originals)
VARIANTS = sorted(LIBRARY.derivations.keys() - set(ORIGINALS))
HINTS = [hint for one in LIBRARY.derivations.values() for hint in one.hints]
WIDE, PHONE = 1440, 390

SCROLLING = """() => [...document.querySelectorAll('.tex[data-display]')]
  .filter((box) => box.scrollWidth > box.clientWidth + 1).map((box) => box.dataset.tex)"""
BOX = "(one) => ({ width: `${one.clientWidth}px`, fontSize: getComputedStyle(one).fontSize })"
AS_ON_A_CARD = """({ width, fontSize }) => {
  for (const one of document.querySelectorAll('.gotcha')) {
    one.style.width = width;
    one.querySelector('summary').style.fontSize = fontSize;
  }
}"""
# Where a guided attempt shows them, one after the other.
SHOW_HINTS = """async (hints) => {
  const list = document.querySelector("[data-hint-list]");
  list.innerHTML = hints.map((hint) => `<li>${hint}</li>`).join("");
  (await import("STATIC/js/tex.js")).renderAll(list);
}""".replace("STATIC", MOUNT)
# The prompt's pane is narrower on a wide screen than on a phone.
OVERFLOW = "(pane) => pane.scrollWidth - pane.clientWidth"
# What a variant has from its derivation, where it is looked at.
SHARED = re.compile(
    r'<section aria-labelledby="(?:insights|gotchas|followups)">.*?</section>', re.DOTALL
)


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


def test_every_formula_renders_and_stays_in_its_box(page: Page) -> None:
    resize(page, PHONE)
    page.goto("/drill/gotchas")
    card = page.locator("[data-question]").evaluate(BOX)
    for derivation in ORIGINALS:
        assert_set_in_both_widths(page, derivation)
        page.evaluate(AS_ON_A_CARD, card)
        assert_set(page)


def test_every_formula_of_a_variant_does_so_too(page: Page) -> None:
    def without_what_is_shared(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=SHARED.sub("", response.text()))

    page.route("**/d/*", without_what_is_shared)
    for derivation in VARIANTS:
        assert_set_in_both_widths(page, derivation)


def assert_set_in_both_widths(page: Page, derivation: str) -> None:
    """Setting the formulas takes longest: a page that has done so is looked at twice."""
    resize(page, WIDE)
    page.goto(f"/d/{derivation}")
    assert_set(page)
    assert page.evaluate(SCROLLING) == [], derivation
    resize(page, PHONE)
    assert_set(page)


def test_tables_and_what_is_found_stay_in_their_boxes(page: Page) -> None:
    for path in ("/gotchas", "/checker", "/study?q=Jensen", "/study?q=gradient"):
        page.goto(path)
        for width in (WIDE, PHONE):
            resize(page, width)
            assert_set(page)


def test_an_attempt_and_its_end_show_them_as_well(window: BrowserContext) -> None:
    page = window.new_page()
    start_attempt(page, mode="guided", derivation="mlp-backprop")
    expect(page.locator(".givens .katex").first).to_be_attached()
    page.evaluate(SHOW_HINTS, [html_of(hint) for hint in HINTS])
    expect(page.locator("[data-hint-list] li").last).to_be_visible()
    expect(page.locator(".tex[data-broken], .katex-error")).to_have_count(0)
    assert page.locator(".pane--prompt").evaluate(OVERFLOW) == 0
    page.evaluate(SHOW_HINTS, [])
    for choice in page.locator("[data-view-choice=board]:visible").all():
        choice.click()
    mouse_stroke(page, 40)
    end_attempt(page)
    expect(page.locator(".step .katex").first).to_be_attached()
    assert_set(page)


def html_of(prose: str) -> str:
    pieces = ((piece.kind, escape(piece.text)) for piece in segments(prose))
    return "".join(f'<span class="tex">{x}</span>' if kind == "math" else x for kind, x in pieces)
