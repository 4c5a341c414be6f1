"""The pictures as Chromium draws them: every label is whole, and none lies on another."""

from typing import Any

import pytest
from playwright.sync_api import Page

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


@pytest.fixture(params=["light", "dark"])
def sheet(bare_page: Page, request: pytest.FixtureRequest) -> Page:
    bare_page.emulate_media(color_scheme=request.param)
    bare_page.set_viewport_size({"width": 360, "height": 700})
    for style in STYLES:
        bare_page.add_style_tag(url=f"/static/{style}")
    return bare_page


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
