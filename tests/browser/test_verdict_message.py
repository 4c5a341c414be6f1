"""The message of a verdict: by pointer, by keyboard, by finger."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.lines_page import field, write
from tests.browser.verdicts_page import let_say, message, open_judged_editor, verdict, wait

pytestmark = pytest.mark.browser

GRACE_MS = 200


@pytest.fixture
def page(bare_page: Page) -> Page:
    page = open_judged_editor(bare_page)
    write(page, "holds", "fails")
    wait(page)
    return page


def test_a_pointer_on_the_sign_shows_it_and_it_can_be_read(page: Page) -> None:
    expect(message(page, 2)).to_be_hidden()

    verdict(page, 2).hover()
    expect(message(page, 2)).to_be_visible()
    expect(verdict(page, 2)).to_have_attribute("aria-expanded", "true")
    message(page, 2).hover()
    wait(page, 5 * GRACE_MS)
    expect(message(page, 2)).to_be_visible()

    field(page, 1).hover()
    wait(page, GRACE_MS)
    expect(message(page, 2)).to_be_hidden()
    expect(verdict(page, 2)).to_have_attribute("aria-expanded", "false")


def test_the_keyboard_reaches_it_from_the_row(page: Page) -> None:
    field(page, 2).focus()

    page.keyboard.press("Shift+Tab")

    expect(verdict(page, 2)).to_be_focused()
    expect(message(page, 2)).to_be_visible()
    expect(verdict(page, 2)).to_have_accessible_description("Fails. About fails.")
    page.keyboard.press("Tab")
    wait(page, GRACE_MS)
    expect(field(page, 2)).to_be_focused()
    expect(message(page, 2)).to_be_hidden()


def test_escape_puts_it_away(page: Page) -> None:
    verdict(page, 2).focus()
    expect(message(page, 2)).to_be_visible()

    page.keyboard.press("Escape")

    expect(message(page, 2)).to_be_hidden()
    expect(verdict(page, 2)).to_be_focused()


def test_pressed_it_stays_until_something_else_is(page: Page) -> None:
    verdict(page, 2).click()
    field(page, 1).hover()
    wait(page, 5 * GRACE_MS)
    expect(message(page, 2)).to_be_visible()

    verdict(page, 1).click()
    expect(message(page, 2)).to_be_hidden()
    expect(message(page, 1)).to_be_visible()

    field(page, 1).click()
    expect(message(page, 1)).to_be_hidden()


def test_it_stays_inside_of_the_window(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 300})
    let_say(page, message="x " * 200)
    field(page, 2).press("End")
    page.keyboard.insert_text("!")
    wait(page)

    page.keyboard.press("Shift+Tab")

    box = message(page, 2).bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["y"] >= 0
    assert box["x"] + box["width"] <= 390
    assert box["y"] + box["height"] <= 300


def test_it_goes_when_there_is_nothing_left_to_say(page: Page) -> None:
    field(page, 2).focus()
    page.keyboard.press("Shift+Tab")
    page.evaluate("lines.apply([[0, 0, 'line', { row: lines.rows[1].id, at: 9, text: '' }]])")

    expect(message(page, 2)).to_be_hidden()
    expect(verdict(page, 2)).to_be_hidden()
