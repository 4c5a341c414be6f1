"""The sheet of a derivation on paper: one page or two, and nothing beyond its right edge."""

import re

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from app.library.loader import load_library
from app.settings import ROOT
from tests.browser.formulas import assert_set

DERIVATIONS = sorted(load_library(ROOT / "content").derivations)
PHONE: ViewportSize = {"width": 390, "height": 900}

A4_WIDTH, MARGIN = 210, 13
PX_PER_MM = 96 / 25.4
PAPER: ViewportSize = {"width": round((A4_WIDTH - 2 * MARGIN) * PX_PER_MM), "height": 1000}

# Of a formula its pieces count: a root has a line that goes on for ever, hidden where it ends.
CUT_OFF = """() => [...document.querySelectorAll('main :not(.katex *), .katex-html > .base')]
  .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
  .map((one) => one.closest('.tex')?.dataset.tex ?? one.outerHTML.slice(0, 120))"""


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


# Setting the formulas takes longest: a sheet that has done so is looked at on paper and on a phone.
@pytest.mark.parametrize("derivations", [DERIVATIONS[::2], DERIVATIONS[1::2]], ids=["some", "rest"])
def test_every_sheet_fits_on_two_pages_and_on_a_phone(page: Page, derivations: list[str]) -> None:
    pages = {}
    for derivation in derivations:
        page.set_viewport_size(PHONE)
        page.goto(f"/d/{derivation}/sheet")
        assert_set(page)
        page.emulate_media(media="print")
        page.set_viewport_size(PAPER)
        assert page.evaluate(CUT_OFF) == [], derivation
        pages[derivation] = pages_of(page.pdf(prefer_css_page_size=True))
        page.emulate_media(media="screen")

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
