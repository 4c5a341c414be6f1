"""The pictures as Chromium draws them: every label is whole, and none lies on another."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from app.library.pictures import read_pictures
from app.settings import ROOT

pytestmark = pytest.mark.browser

PICTURES = read_pictures(ROOT / "content" / "pictures")
STYLES = ("css/tokens.css", "css/base.css", "css/pictures.css", "vendor/katex/katex.min.css")

# The boxes of what is written, in the units of the sheet.
BOXES = """
() => [...document.querySelectorAll("text")].map(text => {
  const {x, y, width, height} = text.getBBox()
  return {text: text.textContent, left: x, top: y, right: x + width, bottom: y + height}
})
"""
# A box reaches above and below its letters by about that much.
LEADING = 4


@pytest.fixture(scope="module", params=["light", "dark"])
def sheet(chromium: Browser, bare_origin: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A phone's page, on which one picture takes the place of another."""
    page = chromium.new_page(viewport={"width": 360, "height": 700}, color_scheme=request.param)
    page.goto(bare_origin)
    for style in STYLES:
        page.add_style_tag(url=f"/static/{style}")
    yield page
    page.close()


def show(page: Page, name: str) -> list[dict[str, Any]]:
    page.evaluate(
        "svg => document.body.innerHTML = `<figure class=picture><div>${svg}</div></figure>`",
        PICTURES[name],
    )
    page.evaluate("document.fonts.ready.then(() => true)")
    boxes: list[dict[str, Any]] = page.evaluate(BOXES)
    return boxes


@pytest.mark.parametrize("name", list(PICTURES))
def test_labels_are_whole_and_apart(sheet: Page, name: str) -> None:
    boxes = show(sheet, name)
    view = sheet.evaluate("document.querySelector('svg').viewBox.baseVal.height")

    assert boxes
    for place, box in enumerate(boxes):
        assert box["left"] >= 0, box
        assert box["right"] <= 360, box
        assert box["top"] >= -LEADING, box
        assert box["bottom"] <= view + LEADING, box
        for other in boxes[:place]:
            wide = min(box["right"], other["right"]) - max(box["left"], other["left"])
            high = min(box["bottom"], other["bottom"]) - max(box["top"], other["top"])
            assert min(wide, high - LEADING) <= 0, (box, other)


@pytest.mark.parametrize("name", list(PICTURES))
def test_colours_come_from_the_page(sheet: Page, name: str) -> None:
    show(sheet, name)

    unpainted = sheet.evaluate(
        """() => [...document.querySelectorAll("path, rect, circle, text")].filter(each => {
          const {fill, stroke, color} = getComputedStyle(each)
          return ![fill, stroke].includes(color)
        }).length"""
    )

    assert unpainted == 0


def test_words_are_large_enough_on_a_phone(sheet: Page) -> None:
    show(sheet, "projection")

    size = sheet.evaluate(
        """() => {
          const text = document.querySelector("text")
          const scale = text.getScreenCTM().a
          return parseFloat(getComputedStyle(text).fontSize) * scale
        }"""
    )

    assert size >= 13
