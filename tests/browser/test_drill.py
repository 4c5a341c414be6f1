"""Cards to answer aloud: by keys alone, by thumb, in two tabs, and when the connection is lost."""

import re
import sqlite3

from playwright.sync_api import Browser, Locator, Page, Route, expect

from app.library.cards import cards_of
from app.library.loader import load_library
from app.settings import ROOT
from tests.browser.actions import end_attempt, mouse_stroke, start_attempt
from tests.browser.live_server import LiveServer

LOST = "The server did not answer, so this was not kept."


def question(page: Page) -> Locator:
    return page.locator("[data-question]")


def answer(page: Page) -> Locator:
    return page.locator("[data-answer]")


def source_of(page: Page) -> str:
    """The question on the card as it is, formulas included."""
    return question(page).inner_text()


def grades(server: LiveServer) -> list[int]:
    connection = sqlite3.connect(server.database)
    try:
        return [grade for (grade,) in connection.execute("SELECT grade FROM rating ORDER BY id")]
    finally:
        connection.close()


def expect_next(page: Page, before: str) -> None:
    """Another card is there, closed, and its question has the focus."""
    expect(question(page)).not_to_have_text(before, use_inner_text=True)
    expect(question(page)).to_be_focused()
    expect(answer(page)).to_be_hidden()


def test_rapid_fire_with_keys_alone(page: Page, server: LiveServer) -> None:
    page.goto("/drill/gotchas")
    expect(page.locator("[data-card] .tex:not([data-tex])")).to_have_count(0)
    expect(answer(page)).to_be_hidden()
    first = source_of(page)

    page.keyboard.press("3")
    expect(answer(page)).to_be_hidden()
    page.keyboard.press("Space")
    expect(answer(page)).to_be_visible()
    expect(answer(page)).to_be_focused()
    page.keyboard.press("3")
    expect_next(page, first)
    second = source_of(page)

    page.keyboard.press("Space")
    page.keyboard.press("Space")
    expect_next(page, second)
    page.keyboard.press("Space")
    page.keyboard.press("1")
    expect(page.get_by_role("button", name="Take back: Missed")).to_be_visible()
    assert grades(server) == [3, 3, 1]


def test_the_last_rating_is_taken_back(page: Page, server: LiveServer) -> None:
    page.goto("/drill/gotchas")
    first = source_of(page)
    page.keyboard.press("Space")
    page.keyboard.press("4")
    expect_next(page, first)

    page.keyboard.press("z")

    expect(question(page)).to_have_text(first, use_inner_text=True)
    expect(question(page)).to_be_focused()
    assert grades(server) == []
    page.keyboard.press("Space")
    page.keyboard.press("2")
    expect_next(page, first)
    assert grades(server) == [2]


def test_a_key_that_is_held_or_meant_for_something_else_rates_nothing(
    page: Page, server: LiveServer
) -> None:
    page.goto("/drill/gotchas")
    page.locator("[data-reveal] summary").focus()
    page.keyboard.press("Space")
    expect(answer(page)).to_be_visible()

    page.keyboard.press("Control+3")
    page.get_by_label("From").focus()
    page.keyboard.press("3")

    expect(answer(page)).to_be_visible()
    assert grades(server) == []


def test_by_thumb_on_a_phone(chromium: Browser, server: LiveServer) -> None:
    context = chromium.new_context(
        base_url=server.origin,
        viewport={"width": 390, "height": 844},
        has_touch=True,
        is_mobile=True,
    )
    page = context.new_page()
    page.goto("/drill/followups")
    first = source_of(page)

    page.locator("[data-reveal] summary").tap()
    knew = page.get_by_role("button", name="Knew it")
    expect(knew).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    knew.tap()

    expect_next(page, first)
    page.get_by_role("button", name=re.compile("^Take back")).tap()
    expect(question(page)).to_have_text(first, use_inner_text=True)
    context.close()


def test_one_derivation_alone_to_the_end_of_its_deck(page: Page, server: LiveServer) -> None:
    page.goto("/drill/gotchas")
    page.get_by_label("From").select_option("ols")
    page.wait_for_url("**/drill/gotchas?derivation=ols")
    library = load_library(ROOT / "content")
    count = sum(card.derivation == "ols" for card in cards_of(library, "gotchas"))

    for rated in range(count):
        expect(page.locator(".card__from")).to_have_text("Ordinary least squares")
        expect(page.locator(".card__foot")).to_contain_text(f"0 due, {count - rated} new")
        before = source_of(page)
        page.keyboard.press("Space")
        page.keyboard.press("4")
        expect(question(page)).not_to_have_text(before, use_inner_text=True)
        expect(page.get_by_label("From")).to_have_value("ols")

    expect(question(page)).to_contain_text("Nothing is due now. The next card comes back")
    expect(question(page)).to_be_focused()
    expect(question(page).locator("time")).not_to_contain_text("UTC")
    page.get_by_role("link", name="Back to the drill").click()
    page.wait_for_url("**/drill")
    expect(page.locator(".deck-choice").first).to_contain_text("0 due")

    server.advance(365 * 86_400)
    page.goto("/drill/gotchas?derivation=ols")
    expect(page.locator(".card__foot")).to_contain_text(f"{count} due, 0 new")


def test_a_reload_and_a_second_tab_go_on_where_the_deck_is(page: Page, server: LiveServer) -> None:
    page.goto("/drill/gotchas")
    first = source_of(page)
    other = page.context.new_page()
    other.goto("/drill/gotchas")
    page.keyboard.press("Space")
    page.keyboard.press("3")
    expect_next(page, first)
    second = source_of(page)

    page.reload()
    expect(question(page)).to_have_text(second, use_inner_text=True)

    expect(question(other)).to_have_text(first, use_inner_text=True)
    other.keyboard.press("Space")
    other.keyboard.press("4")
    expect_next(other, first)
    expect(question(other)).to_have_text(second, use_inner_text=True)
    other.keyboard.press("z")
    expect(question(other)).to_have_text(first, use_inner_text=True)
    assert grades(server) == [3]


def test_a_lost_connection_is_said_and_the_card_stays(page: Page, server: LiveServer) -> None:
    page.goto("/drill/gotchas")
    first = source_of(page)
    page.keyboard.press("Space")
    server.kill()

    page.keyboard.press("3")

    expect(page.locator("#notices")).to_contain_text(LOST)
    expect(answer(page)).to_be_visible()
    server.start()
    page.keyboard.press("3")
    expect_next(page, first)
    assert grades(server) == [3]


def test_a_page_from_between_does_not_take_the_card_s_place(page: Page) -> None:
    page.goto("/drill/gotchas")
    first = source_of(page)
    page.route("**/ratings", lambda route: route.fulfill(status=502, body="<h1>Bad Gateway</h1>"))
    page.keyboard.press("Space")

    page.keyboard.press("3")

    expect(page.locator("#notices")).to_contain_text(LOST)
    expect(question(page)).to_have_text(first, use_inner_text=True)
    expect(page.get_by_text("Bad Gateway")).to_have_count(0)


def test_two_presses_while_the_answer_is_on_its_way_rate_one_card(
    page: Page, server: LiveServer
) -> None:
    page.goto("/drill/gotchas")
    first = source_of(page)
    held: list[Route] = []
    page.route("**/ratings", lambda route: held.append(route), times=1)
    page.keyboard.press("Space")
    page.keyboard.press("3")
    page.keyboard.press("3")
    page.keyboard.press("4")
    while not held:
        page.wait_for_timeout(10)
    held[0].continue_()

    expect_next(page, first)
    second = source_of(page)
    page.keyboard.press("Space")
    page.keyboard.press("2")
    expect_next(page, second)
    assert grades(server) == [3, 2]


def test_cards_of_a_running_attempt_are_closed(page: Page) -> None:
    stale = page.context.new_page()
    stale.goto("/drill/gotchas?derivation=ols")
    stale.keyboard.press("Space")
    start_attempt(page, derivation="ols")
    mouse_stroke(page, 40)

    stale.keyboard.press("3")
    expect(stale.get_by_role("alert")).to_contain_text("it is closed until then")
    stale.reload()
    expect(question(stale)).to_have_text("There is no card to show here.")
    expect(stale.locator(".card__foot")).to_contain_text("closed while an attempt is running")

    end_attempt(page)
    stale.reload()
    expect(stale.locator(".card__from")).to_have_text("Ordinary least squares")


def test_the_plan_starts_today_s_derivation(page: Page) -> None:
    page.goto("/drill")
    expect(page.locator(".standing").first).to_have_css("width", "160px")

    page.locator(".today").get_by_role("button", name=re.compile("^Start")).click()

    page.wait_for_url("**/a/*")
