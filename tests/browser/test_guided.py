"""Hints come one at a time, from the server, and stay."""

from playwright.sync_api import Page, expect

from app.library.loader import load_library
from app.settings import ROOT
from tests.browser.actions import start_attempt, wait_until_running


def test_hints_are_given_one_at_a_time_and_are_there_after_a_reload(page: Page) -> None:
    hints = load_library(ROOT / "content")["ols"].hints
    start_attempt(page, mode="guided")
    assert hints[0] not in page.content()

    page.get_by_role("button", name="Hint 1 of").click()
    expect(page.locator("[data-hint-list] li")).to_have_count(1)
    page.get_by_role("button", name="Hint 2 of").click()
    expect(page.locator("[data-hint-list] li")).to_have_count(2)

    page.reload()
    wait_until_running(page)
    expect(page.locator("[data-hint-list] li")).to_have_count(2)
    expect(page.get_by_role("button", name="Hint 3 of")).to_be_visible()


def test_a_cold_attempt_offers_no_hints(page: Page) -> None:
    start_attempt(page)
    expect(page.locator("[data-hints]")).to_have_count(0)
