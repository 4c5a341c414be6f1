"""The sheet of a derivation on paper: one page or two, and nothing beyond its right edge."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from app.library.loader import load_library
from app.settings import ROOT
from tests.browser.live_server import LiveServer

DERIVATIONS = sorted(load_library(ROOT / "content").derivations)

A4_WIDTH, MARGIN = 210, 13
PX_PER_MM = 96 / 25.4
PRINTED_WIDTH = round((A4_WIDTH - 2 * MARGIN) * PX_PER_MM)

# Of a formula its pieces count: a root has a line that goes on for ever, hidden where it ends.
CUT_OFF = """() => [...document.querySelectorAll('main :not(.katex *), .katex-html > .base')]
  .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
  .map((one) => one.closest('.tex')?.dataset.tex ?? one.outerHTML.slice(0, 120))"""


@pytest.fixture
def paper(chromium: Browser, server: LiveServer) -> Iterator[Page]:
    """A window as wide as what is printed on a page."""
    context = chromium.new_context(
        base_url=server.origin, viewport={"width": PRINTED_WIDTH, "height": 1000}
    )
    page = context.new_page()
    page.emulate_media(media="print")
    yield page
    context.close()


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def test_every_derivation_fits_on_two_pages(paper: Page) -> None:
    pages = {}
    for derivation in DERIVATIONS:
        paper.goto(f"/d/{derivation}/sheet")
        expect(paper.locator(".sheet__paper .tex:not([data-tex])")).to_have_count(0)
        expect(paper.locator(".sheet__paper .tex[data-broken]")).to_have_count(0)

        assert paper.evaluate(CUT_OFF) == [], derivation
        pages[derivation] = pages_of(paper.pdf(prefer_css_page_size=True))

    assert set(pages.values()) <= {1, 2}, pages


def test_on_a_wide_screen_no_formula_has_to_scroll(page: Page) -> None:
    page.goto("/d/svm-dual/sheet")
    expect(page.locator(".tex:not([data-tex])")).to_have_count(0)

    scrolling = page.evaluate(
        "() => [...document.querySelectorAll('.tex[data-display]')]"
        ".filter((box) => box.scrollWidth > box.clientWidth).map((box) => box.dataset.tex)"
    )
    assert scrolling == []


def test_paper_has_nothing_of_the_screen_around_it(page: Page) -> None:
    page.goto("/d/ols/sheet")
    printed = page.get_by_role("button", name="Print")
    expect(printed).to_be_visible()

    page.emulate_media(media="print")

    expect(printed).to_be_hidden()
    expect(page.get_by_role("navigation")).to_be_hidden()
    expect(page.get_by_role("heading", name="Ordinary least squares")).to_be_visible()


def test_dark_windows_print_black_on_white(page: Page) -> None:
    page.emulate_media(media="print", color_scheme="dark")
    page.goto("/d/ols/sheet")

    heading = page.locator("h1")
    expect(heading).to_have_css("color", "rgb(0, 0, 0)")
    expect(page.locator(".sheet__paper")).to_have_css("background-color", "rgb(255, 255, 255)")
