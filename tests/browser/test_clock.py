"""Reading before the clock, hiding it, the last minute, untimed and abandoned attempts."""

from playwright.sync_api import Page, expect

from tests.browser.actions import (
    advance,
    end_attempt,
    expect_saved,
    mouse_stroke,
    start_attempt,
    wait_for_phase,
    wait_for_review,
    wait_until_running,
)
from tests.browser.live_server import LiveServer


def test_reading_comes_before_the_clock_which_starts_by_itself(
    page: Page, server: LiveServer
) -> None:
    start_attempt(page, reading=30)
    wait_for_phase(page, "reading")
    expect(page.locator(".prompt")).to_be_visible()
    expect(page.locator(".board")).to_be_hidden()
    expect(page.get_by_role("timer")).to_have_text("5:00")

    server.advance(31)

    wait_until_running(page)
    expect(page.locator(".board")).to_be_visible()


def test_reading_can_be_cut_short(page: Page, server: LiveServer) -> None:
    start_attempt(page, reading=60)
    page.get_by_role("button", name="Start now").click()
    wait_until_running(page)

    mouse_stroke(page, 60)
    expect_saved(page)
    server.advance(310)

    wait_for_review(page)
    expect(page.locator(".result")).to_contain_text("5:00 of 5:00")


def test_a_hidden_clock_shows_itself_in_the_last_minute(page: Page, server: LiveServer) -> None:
    start_attempt(page)
    clock = page.locator("[data-clock]")
    clock.click()
    expect(clock).to_have_text("Show clock")
    page.reload()
    expect(clock).to_have_text("Show clock")

    advance(page, server, 245, "0:5")

    expect(page.locator("[data-announce]")).to_have_text("One minute left")


def test_an_untimed_attempt_counts_up_and_ends_with_done(page: Page, server: LiveServer) -> None:
    start_attempt(page, minutes="none")
    advance(page, server, 3700, "1:01:4")

    end_attempt(page)

    expect(page.locator(".result")).to_contain_text("1:01:4")


def test_keep_writing_goes_back_to_the_attempt(page: Page) -> None:
    start_attempt(page)
    page.get_by_role("button", name="Done").click()
    page.get_by_role("button", name="Keep writing").click()

    expect(page.locator("[data-done-dialog]")).to_be_hidden()
    expect(page.locator("body")).to_have_attribute("data-phase", "running")


def test_an_abandoned_attempt_is_kept_and_not_counted(page: Page) -> None:
    start_attempt(page, derivation="mlp-backprop")
    mouse_stroke(page, 60)
    page.get_by_role("button", name="Done").click()
    page.get_by_role("button", name="Abandon").click()
    wait_for_review(page)
    expect(page.locator(".result")).to_contain_text("abandoned, not counted")

    page.goto("/history?derivation=mlp-backprop")
    expect(page.locator(".attempts__row")).to_contain_text("abandoned")
    expect(page.locator(".standings")).not_to_contain_text("Backpropagation")


def test_the_wrong_clock_of_a_browser_changes_nothing(own_page: Page) -> None:
    page = own_page
    page.clock.install(time="2031-01-01T00:00:00")
    start_attempt(page)
    expect(page.get_by_role("timer")).to_contain_text("4:5")


def test_sound_is_off_until_asked_for_and_stays_as_it_was_left(page: Page) -> None:
    start_attempt(page)
    sound = page.locator("[data-sound]")
    expect(sound).to_have_attribute("aria-pressed", "false")

    sound.click()
    page.reload()

    expect(sound).to_have_attribute("aria-pressed", "true")
