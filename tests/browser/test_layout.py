"""Prompt, board and lines share the page; each can be folded away."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.actions import (
    expect_lines,
    expect_strokes,
    mouse_stroke,
    start_attempt,
    type_lines,
)

pytestmark = pytest.mark.browser


def fold(page: Page, part: str) -> None:
    page.get_by_role("group", name="Parts of the page").get_by_role("button", name=part).click()


def width_of(page: Page, selector: str) -> float:
    box = page.locator(selector).bounding_box()
    assert box is not None
    return box["width"]


@pytest.mark.parametrize("width", [1440, 1024])
def test_the_board_takes_the_room_of_what_is_folded(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    start_attempt(page)
    mouse_stroke(page, 60)
    before = width_of(page, ".board__page")
    assert before > 400

    fold(page, "Lines")
    expect(page.locator(".lines-list")).to_be_hidden()
    assert width_of(page, ".board__page") > before
    expect_strokes(page, 1)

    page.reload()
    expect(page.locator(".lines-list")).to_be_hidden()
    expect_strokes(page, 1)
    fold(page, "Lines")
    expect_lines(page, [""])


def test_one_of_board_and_lines_always_stays(page: Page) -> None:
    start_attempt(page)
    fold(page, "Board")
    expect(page.locator(".board")).to_be_hidden()

    fold(page, "Lines")
    expect(page.locator(".board")).to_be_visible()
    expect(page.locator(".lines-list")).to_be_hidden()

    fold(page, "Prompt")
    expect(page.locator(".prompt")).to_be_hidden()
    expect(page.locator(".board")).to_be_visible()


def test_the_keys_are_a_press_away(page: Page) -> None:
    start_attempt(page)
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys")
    for subject in ("Board", "Lines", "Attempt", "Everywhere"):
        expect(keys.get_by_text(subject, exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()

    page.get_by_role("button", name="Keys").click()
    expect(keys).to_be_visible()


def test_a_question_mark_in_a_line_is_only_a_question_mark(page: Page) -> None:
    start_attempt(page)
    page.locator(".line textarea").click()
    page.keyboard.type("p1?")

    expect_lines(page, ["p1?"])
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()
    expect(page.locator("[data-mark-count]")).to_have_text("")


def test_a_long_sheet_scrolls_and_the_row_of_the_caret_is_seen_as_a_whole(page: Page) -> None:
    start_attempt(page)
    type_lines(page, [f"x_{{{number}}} = 1" for number in range(14)])

    expect(page.locator(".line").last).to_be_in_viewport(ratio=1)
    expect(page.locator(".line").first).not_to_be_in_viewport()
    page.locator(".line").last.hover()
    page.mouse.wheel(0, -5_000)

    expect(page.locator(".line").first).to_be_in_viewport(ratio=1)
