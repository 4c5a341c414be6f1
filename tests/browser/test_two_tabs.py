"""A second tab of the same attempt follows the first, and may write too."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.actions import (
    OLS_LINES,
    end_attempt,
    expect_lines,
    expect_strokes,
    mouse_stroke,
    start_attempt,
    type_lines,
    wait_for_phase,
    wait_for_review,
    wait_until_running,
)


@pytest.fixture
def page(own_page: Page) -> Page:
    return own_page


def test_both_tabs_show_what_either_writes(page: Page, context: BrowserContext) -> None:
    attempt = start_attempt(page)
    mouse_stroke(page, 60)
    second = context.new_page()
    second.goto(f"/a/{attempt}")
    wait_until_running(second)
    expect_strokes(second, 1)

    mouse_stroke(page, 120)
    type_lines(page, OLS_LINES[:2])
    expect_strokes(second, 2)
    expect_lines(second, OLS_LINES[:2])

    mouse_stroke(second, 180)
    type_lines(second, ["z = 1"])
    expect_strokes(page, 3)
    expect_lines(page, [OLS_LINES[0], OLS_LINES[1] + "z = 1"])

    second.locator(".board__scroll").focus()
    second.keyboard.press("Control+z")
    expect_strokes(page, 2)


def test_done_in_one_tab_ends_the_other(page: Page, context: BrowserContext) -> None:
    attempt = start_attempt(page)
    second = context.new_page()
    second.goto(f"/a/{attempt}")
    wait_until_running(second)

    end_attempt(page)

    wait_for_review(second)
    expect(second.locator(".result")).to_contain_text("of 5:00")


def test_cutting_the_reading_short_starts_the_clock_in_both_tabs(
    page: Page, context: BrowserContext
) -> None:
    attempt = start_attempt(page, reading=60)
    wait_for_phase(page, "reading")
    second = context.new_page()
    second.goto(f"/a/{attempt}")
    wait_for_phase(second, "reading")

    page.get_by_role("button", name="Start now").click()

    wait_until_running(second)
    expect(second.get_by_role("timer")).to_contain_text("4:5")
