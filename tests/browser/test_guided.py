"""A guided attempt: hints on request, verdicts on the lines. A cold one has neither."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, Request, expect

from app.library.loader import load_library
from app.settings import ROOT
from tests.browser.actions import (
    OLS_LINES,
    end_attempt,
    expect_saved,
    start_attempt,
    type_lines,
    wait_until_running,
)

WRONG = r"\nabla_w \mathcal{L} = 2 X^\top (X w - y)"


@pytest.fixture
def page(own_page: Page) -> Page:
    return own_page


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


def test_lines_get_their_verdicts_while_one_writes(page: Page) -> None:
    start_attempt(page, mode="guided")

    type_lines(page, [WRONG, *OLS_LINES[:2], "G := X^{\\top} X", "so we are done"])

    for place, sign in enumerate(["✗", "✓", "✓", "≔"]):
        expect(page.locator(".line-verdict").nth(place)).to_have_text(sign)
    expect(page.locator(".line").last.locator(".line-verdict")).to_be_hidden()
    first, second = page.locator(".line-verdict").nth(0), page.locator(".line-verdict").nth(1)
    expect(first).to_have_accessible_description(re.compile("A known slip: factor two"))
    expect(second).to_have_accessible_description(re.compile("Key step 1"))
    expect(page.locator(".line").first.locator(".line-wrong")).to_have_count(1)


def test_a_second_tab_and_a_reload_show_the_verdicts_too(
    page: Page, context: BrowserContext
) -> None:
    attempt = start_attempt(page, mode="guided")
    type_lines(page, [WRONG, OLS_LINES[0]])
    second = context.new_page()
    second.goto(f"/a/{attempt}")
    page.reload()

    for tab in (page, second):
        expect(tab.locator(".line-verdict").nth(0)).to_have_text("✗")
        expect(tab.locator(".line-verdict").nth(1)).to_have_text("✓")


def test_offline_the_verdicts_wait_and_come_when_the_server_is_back(
    page: Page, context: BrowserContext
) -> None:
    start_attempt(page, mode="guided")
    type_lines(page, [WRONG])
    verdict = page.locator(".line-verdict").first
    expect(verdict).to_have_text("✗")
    expect_saved(page)

    context.set_offline(True)
    with page.expect_event("requestfailed", is_check):
        page.keyboard.press("Control+a")
        page.keyboard.insert_text(OLS_LINES[0])
    expect(verdict).to_have_text("✗")
    expect(verdict).to_have_attribute("data-faded", "")
    expect(page.locator("#notices")).to_be_empty()
    context.set_offline(False)

    expect(verdict).to_have_text("✓")
    expect(page.locator(".line-verdict[data-faded]")).to_have_count(0)


def test_a_cold_attempt_asks_nobody_and_loads_nothing_for_it(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    start_attempt(page)

    type_lines(page, [WRONG, OLS_LINES[0]])
    expect_saved(page)

    assert len(asked) > 20
    assert [url for url in asked if "verdict" in url or "/api/" in url] == []
    end_attempt(page)
    expect(page.locator(".line-verdict").nth(0)).to_have_text("✗")
    expect(page.locator(".line-verdict").nth(1)).to_have_text("✓")


def is_check(request: Request) -> bool:
    return request.url.endswith("/api/check")
