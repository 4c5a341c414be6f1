"""Reload, killed server, lost network: what was written is there, once, and the clock is right."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.actions import (
    OLS_LINES,
    end_attempt,
    expect_lines,
    expect_saved,
    expect_strokes,
    mouse_stroke,
    start_attempt,
    stored_events,
    type_lines,
    wait_for_review,
    wait_until_running,
)
from tests.browser.live_server import LiveServer


@pytest.fixture
def page(own_page: Page) -> Page:
    return own_page


def test_a_reload_in_the_middle_brings_back_board_lines_marks_and_clock(
    page: Page, server: LiveServer
) -> None:
    start_attempt(page)
    mouse_stroke(page, 60)
    mouse_stroke(page, 120)
    page.keyboard.press("m")
    type_lines(page, OLS_LINES[:2])
    server.advance(100)

    page.reload()

    wait_until_running(page)
    expect_strokes(page, 2)
    expect_lines(page, OLS_LINES[:2])
    expect(page.locator("[data-mark-count]")).to_have_text("1")
    expect(page.get_by_role("timer")).to_contain_text("3:1")
    page.locator(".board__scroll").focus()
    page.keyboard.press("Control+z")
    expect_strokes(page, 1)


def test_a_killed_server_loses_nothing_and_the_browser_sends_the_rest(
    page: Page, server: LiveServer
) -> None:
    attempt = start_attempt(page)
    mouse_stroke(page, 60)
    expect_saved(page)
    acknowledged = stored_events(server.database, attempt)

    server.kill()
    mouse_stroke(page, 120)
    type_lines(page, OLS_LINES[:1])
    expect(page.locator("[data-sign]")).to_have_attribute("data-state", "offline")
    server.advance(60)
    server.start()
    expect_saved(page)

    stored = stored_events(server.database, attempt)
    assert stored[: len(acknowledged)] == acknowledged
    assert sum(code == "ink" and '"pen"' in data for _, code, data in stored) == 2
    assert [code for _, code, _ in stored].count("start") == 1
    expect(page.get_by_role("timer")).to_contain_text("3:5")
    page.reload()
    wait_until_running(page)
    expect_strokes(page, 2)
    expect_lines(page, OLS_LINES[:1])


def test_what_was_written_offline_is_stored_after_a_reload_and_only_once(
    page: Page, context: BrowserContext, server: LiveServer
) -> None:
    attempt = start_attempt(page)
    context.set_offline(True)
    expect(page.locator("[data-sign]")).to_contain_text("Offline")
    mouse_stroke(page, 60)
    type_lines(page, OLS_LINES[:1])
    page.locator(".board__scroll").focus()
    expect(page.locator("[data-sign]")).to_contain_text("kept here")

    context.set_offline(False)
    page.reload()
    wait_until_running(page)

    expect_saved(page)
    expect_strokes(page, 1)
    expect_lines(page, OLS_LINES[:1])
    stored = [data for _, code, data in stored_events(server.database, attempt) if code == "ink"]
    assert len(stored) == len(set(stored))
    end_attempt(page)
    expect_strokes(page, 1)


def test_coming_back_online_saves_without_a_reload(page: Page, context: BrowserContext) -> None:
    start_attempt(page)
    context.set_offline(True)
    expect(page.locator("[data-sign]")).to_contain_text("Offline")
    mouse_stroke(page, 60)

    context.set_offline(False)

    expect_saved(page)
    expect_strokes(page, 1)


def test_the_time_runs_out_with_the_browser_gone(page: Page, server: LiveServer) -> None:
    attempt = start_attempt(page)
    mouse_stroke(page, 60)
    expect_saved(page)
    page.goto("about:blank")

    server.advance(303)

    page.goto(f"/a/{attempt}")
    expect(page.locator(".result")).to_contain_text("5:00 of 5:00")
    expect(page.locator(".result")).to_contain_text("time out")


def test_changes_that_come_too_late_are_said_to_be_lost_and_the_rest_is_kept(
    page: Page, context: BrowserContext, server: LiveServer
) -> None:
    start_attempt(page)
    mouse_stroke(page, 60)
    expect_saved(page)
    context.set_offline(True)
    expect(page.locator("[data-sign]")).to_contain_text("Offline")
    mouse_stroke(page, 120)
    server.advance(310)

    context.set_offline(False)

    expect(page.locator("[data-over]")).to_contain_text("could not be taken")
    page.get_by_role("link", name="See the key steps").click()
    wait_for_review(page)
    expect_strokes(page, 1)
