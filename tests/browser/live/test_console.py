"""The host's console in a real browser, with a candidate in another one."""

import json
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Locator, Page, expect

from tests.browser.actions import OLS_LINES, mouse_stroke, type_lines, wait_for_page, wait_for_phase
from tests.browser.live.helpers import join
from tests.browser.live_server import LiveServer

SIGN_LOST = r"\nabla_w \mathcal{L} = X^\top (y - Xw)"


@pytest.fixture
def host(page: Page) -> Page:
    """A console at the size at which all of it has to be in sight; what it asks is confirmed."""
    page.set_viewport_size({"width": 1280, "height": 800})
    page.on("dialog", Dialog.accept)
    begin(page)
    return page


@dataclass
class Elsewhere:
    """Other browsers, each with cookies of its own."""

    chromium: Browser
    server: LiveServer

    def __post_init__(self) -> None:
        self.contexts: list[BrowserContext] = []

    def page(self) -> Page:
        context = self.chromium.new_context(
            base_url=self.server.origin, viewport={"width": 1280, "height": 800}
        )
        self.contexts.append(context)
        return context.new_page()


@pytest.fixture
def elsewhere(chromium: Browser, server: LiveServer) -> Iterator[Elsewhere]:
    elsewhere = Elsewhere(chromium, server)
    yield elsewhere
    for context in elsewhere.contexts:
        context.close()


@pytest.fixture
def ada(host: Page, elsewhere: Elsewhere) -> Page:
    """The candidate, who was let in."""
    page = elsewhere.page()
    join(page, address(host, "candidate"), "Ada")
    host.get_by_role("button", name="Let in Ada").click()
    wait_for_page(page, "body[data-attempt]")
    panel(host, "Steps")
    return page


def begin(page: Page, derivation: str = "ols") -> None:
    page.goto("/sessions")
    page.get_by_label("Your name").fill("Hana")
    page.get_by_label("Derivation").select_option(derivation)
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url("**/s/*")


def address(host: Page, role: str) -> str:
    return host.locator(f"[data-address={role}]").input_value()


def panel(host: Page, name: str) -> None:
    host.get_by_role("group", name="Panels").get_by_role("button", name=name).click()


def start(host: Page, candidate: Page) -> None:
    host.get_by_role("button", name="Start").click()
    wait_for_phase(host, "running")
    wait_for_phase(candidate, "running")


def from_menu(host: Page, name: str) -> None:
    host.get_by_role("button", name="Session").click()
    host.get_by_role("button", name=name).click()


def step(host: Page, number: str) -> Locator:
    return host.locator(f"[data-step='{number}']")


def stored(server: LiveServer, query: str) -> list[Any]:
    connection = sqlite3.connect(server.database)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def test_what_the_candidate_does_is_in_sight_and_followed(host: Page, ada: Page) -> None:
    start(host, ada)
    everything_is_in_sight_without_scrolling(host)
    steps_tick_themselves_and_a_slip_is_named(host, ada)
    a_step_unticked_and_ticked_again_has_the_moment_of_its_line(host)
    a_raised_hand_is_seen(host, ada)


def everything_is_in_sight_without_scrolling(host: Page) -> None:
    height = host.evaluate("() => [document.documentElement.scrollHeight, innerHeight]")
    assert height[0] <= height[1]
    for name in ("The candidate’s board", "Lines", "Rubric"):
        expect(host.get_by_role("region", name=name, exact=True)).to_be_in_viewport(ratio=1)
    expect(host.get_by_role("timer")).to_be_in_viewport(ratio=1)
    expect(host.get_by_role("button", name="Finishes inside the limit")).to_be_in_viewport(ratio=1)


def steps_tick_themselves_and_a_slip_is_named(host: Page, ada: Page) -> None:
    type_lines(ada, [OLS_LINES[0], SIGN_LOST, OLS_LINES[1]])

    expect(step(host, "1").get_by_role("checkbox")).to_be_checked()
    expect(step(host, "2").get_by_role("checkbox")).to_be_checked()
    expect(step(host, "2")).to_contain_text("line 3 · 0:0")
    expect(step(host, "3").get_by_role("checkbox")).not_to_be_checked()
    expect(host.get_by_role("button", name="Line 2: fails")).to_be_visible()
    expect(host.get_by_text("Slip in line 2")).to_be_visible()
    expect(host.locator("[data-live-lines] .katex-html")).to_have_count(3)


def a_step_unticked_and_ticked_again_has_the_moment_of_its_line(host: Page) -> None:
    when = step(host, "2").locator("[data-when]")
    reached = when.inner_text().removeprefix("line 3 · ")

    step(host, "2").get_by_role("checkbox").uncheck()
    expect(when).to_have_text("unticked · line 3")
    step(host, "2").get_by_role("checkbox").check()
    expect(when).to_have_text(f"host · {reached}")


def a_raised_hand_is_seen(host: Page, ada: Page) -> None:
    ada.get_by_role("button", name="I am done").click()

    expect(host.get_by_text("Hand up: Ada")).to_be_visible()


def test_the_host_draws_and_points_except_in_focus_time(host: Page, ada: Page) -> None:
    start(host, ada)
    the_host_draws_on_a_layer_of_their_own(host, ada)
    the_laser_is_seen_as_long_as_k_is_held(host, ada)
    in_focus_time_pen_and_laser_are_quiet(host, ada)


def the_host_draws_on_a_layer_of_their_own(host: Page, ada: Page) -> None:
    mouse_stroke(ada, 80)
    expect(board_of(host)).to_have_attribute("aria-label", "Board with 1 stroke")

    host.keyboard.press("p")
    mouse_stroke(host, 160)
    expect(board_of(ada)).to_have_attribute("aria-label", "Board with 2 strokes, 1 by the host")
    host.keyboard.press("Control+z")
    expect(board_of(ada)).to_have_attribute("aria-label", "Board with 1 stroke")
    expect(host.get_by_role("button", name="Undo your last stroke")).to_have_attribute(
        "aria-disabled", "true"
    )
    host.keyboard.press("p")


def board_of(page: Page) -> Locator:
    return page.locator(".board__baked")


def the_laser_is_seen_as_long_as_k_is_held(host: Page, ada: Page) -> None:
    point_with_k(host)
    expect(ada.locator(".laser")).to_be_visible()
    host.keyboard.up("k")
    expect(ada.locator(".laser")).to_have_count(0)


def point_with_k(host: Page) -> None:
    """Holds it until the test lets it go."""
    box = host.locator(".board__page").bounding_box()
    assert box is not None
    host.mouse.move(box["x"] + 100, box["y"] + 100)
    host.keyboard.down("k")
    host.mouse.move(box["x"] + 200, box["y"] + 300)


def in_focus_time_pen_and_laser_are_quiet(host: Page, ada: Page) -> None:
    from_menu(host, "2 minutes of focus time")
    banner = host.get_by_role("group", name="Focus time", exact=True).and_(
        host.locator("[data-focus]")
    )
    expect(banner).to_contain_text("1:5")
    host.keyboard.press("Escape")
    host.keyboard.press("p")
    mouse_stroke(host, 120)
    expect(board_of(host)).to_have_attribute("aria-label", "Board with 1 stroke")
    # One's own dot is drawn in the moment in which it is sent.
    point_with_k(host)
    expect(host.locator(".laser")).to_have_count(0)

    host.get_by_role("button", name="End it").click()
    expect(banner).to_be_hidden()
    point_with_k(host)
    expect(host.locator(".laser")).to_have_count(1)
    host.keyboard.up("k")
    mouse_stroke(host, 120)
    expect(board_of(ada)).to_have_attribute("aria-label", "Board with 2 strokes, 1 by the host")


def test_the_host_notes_the_moment_and_comments_on_a_step(host: Page, ada: Page) -> None:
    start(host, ada)
    keys_note_the_moment_and_none_of_them_while_typing(host)
    a_step_is_commented_on(host)


def keys_note_the_moment_and_none_of_them_while_typing(host: Page) -> None:
    noted = host.locator(".remark")
    for key in ("2", "!", "?", "h"):
        host.keyboard.press(key)
    expect(noted).to_have_count(4)
    item = host.locator("#item-2")
    expect(item).to_have_attribute("aria-pressed", "true")

    host.keyboard.press("c")
    host.keyboard.type("2! says h first?")
    host.keyboard.press("Enter")
    expect(noted).to_have_count(5)
    expect(noted.first).to_contain_text("2! says h first?")
    host.keyboard.press("Escape")
    host.keyboard.press("2")
    expect(item).to_have_attribute("aria-pressed", "false")
    expect(noted).to_have_count(4)
    host.get_by_role("button", name="Take back error").click()
    expect(noted).to_have_count(3)


def a_step_is_commented_on(host: Page) -> None:
    step(host, "2").locator("summary").click()
    expect(step(host, "2").locator(".katex-html").first).to_be_visible()
    host.get_by_role("button", name="Comment on step 2").click()
    host.keyboard.type("hesitates")
    host.keyboard.press("Enter")

    expect(host.locator(".remark").first).to_contain_text("step 2 hesitates")
    # What was unfolded stays so.
    expect(step(host, "2").locator(".katex-html").first).to_be_visible()


def test_two_hosts_who_tick_at_once_end_up_with_the_same(
    host: Page, ada: Page, elsewhere: Elsewhere
) -> None:
    start(host, ada)
    panel(host, "People")
    other = elsewhere.page()
    join(other, address(host, "host"), "Hugo")
    wait_for_page(other, "body[data-judges]")
    panel(host, "Steps")
    panel(other, "Steps")

    # Each clicks before the answer to the other's click can have come.
    for page in (host, other):
        page.evaluate(
            "() => { for (const n of ['1', '3']) document.getElementById(`tick-${n}`).click(); }"
        )
    other.evaluate("() => document.getElementById('tick-4').click()")

    for page in (host, other):
        expect(step(page, "4")).to_have_attribute("data-said", "yes")
    host.wait_for_function("() => document.querySelectorAll('[data-said]').length === 3")
    other.wait_for_function("() => document.querySelectorAll('[data-said]').length === 3")
    said = "() => [...document.querySelectorAll('[data-step]')].map(({dataset}) => ({...dataset}))"
    for _ in range(50):
        if host.evaluate(said) == other.evaluate(said):
            break
        host.wait_for_timeout(100)
    assert host.evaluate(said) == other.evaluate(said)


def test_the_clock_what_is_shown_and_the_end_are_the_hosts(
    host: Page, ada: Page, server: LiveServer
) -> None:
    the_clock_is_paused_resumed_extended_and_hidden(host, ada, server)
    what_is_released_reaches_the_candidate_and_not_before(host, ada)
    the_attempt_ends_and_then_the_session(host, ada)


def what_is_released_reaches_the_candidate_and_not_before(host: Page, ada: Page) -> None:
    panel(host, "Release")
    expect(ada.locator("[data-released]")).to_be_hidden()

    host.get_by_role("button", name="Release hint 1").click()
    expect(ada.locator("[data-released]")).to_contain_text("Hint 1")
    host.get_by_role("button", name="Release step 2, Normal equations").click()
    expect(ada.locator("[data-released]")).to_contain_text("Step 2: Normal equations")
    expect(ada.locator("[data-released]")).not_to_contain_text("Closed form")
    host.get_by_role("button", name="Release all steps").click()
    expect(ada.locator("[data-released]")).to_contain_text("Closed form")

    host.reload()
    panel(host, "Release")
    expect(host.get_by_role("button", name="Released hint 1")).to_be_disabled()
    expect(host.get_by_role("button", name="Released step 4, Hessian")).to_be_disabled()
    expect(host.get_by_role("button", name="Release hint 2")).to_be_enabled()


def the_clock_is_paused_resumed_extended_and_hidden(
    host: Page, ada: Page, server: LiveServer
) -> None:
    expect(host.get_by_role("timer")).to_have_text("5:00")
    expect(host.get_by_role("button", name="+1 min")).to_be_disabled()
    panel(host, "Release")
    expect(host.get_by_role("button", name="Release hint 1")).to_be_disabled()
    start(host, ada)
    host.get_by_role("button", name="+1 min").click()
    expect(host.get_by_role("timer")).to_have_text(re.compile("^5:"))

    host.get_by_role("button", name="Pause").click()
    wait_for_phase(ada, "paused")
    expect(host.get_by_text("stands still")).to_be_visible()
    shown = host.get_by_role("timer").inner_text()
    server.advance(120)
    host.get_by_role("button", name="Resume").click()
    wait_for_phase(ada, "running")
    assert seconds(host.get_by_role("timer").inner_text()) > seconds(shown) - 60

    host.get_by_role("button", name="Hide clock").click()
    expect(ada.get_by_role("timer")).to_be_hidden()
    expect(host.get_by_text("only hosts see it")).to_be_visible()
    host.get_by_role("button", name="Show clock").click()
    expect(ada.get_by_role("timer")).to_be_visible()


def seconds(clock: str) -> int:
    minutes, rest = clock.split(":")
    return 60 * int(minutes) + int(rest)


def the_attempt_ends_and_then_the_session(host: Page, ada: Page) -> None:
    host.get_by_role("button", name="End attempt").click()
    wait_for_phase(ada, "ended")
    expect(host.locator("[data-phase-words]")).to_have_text("ended")
    for name in ("Pause", "End attempt", "Hide clock"):
        expect(host.get_by_role("button", name=name)).to_be_hidden()
    host.get_by_role("button", name="Next derivation").click()
    dialog = host.get_by_role("dialog", name="Another derivation")
    expect(dialog.get_by_role("button", name="Put it on the board")).to_be_visible()
    expect(dialog).not_to_contain_text("ends now", use_inner_text=True)
    dialog.get_by_role("button", name="Not now").click()

    from_menu(host, "End the session")
    expect(host.get_by_text("This session has ended.")).to_be_visible()
    expect(host.get_by_role("link", name="Report", exact=True)).to_be_visible()
    expect(host.get_by_label("Right throughout, slips found unasked")).to_be_visible()


def test_notes_and_scorecard_are_kept(host: Page, server: LiveServer) -> None:
    notes_and_scorecard_are_there_after_a_reload(host, server)
    what_was_typed_last_is_kept_when_the_page_is_left(host, server)


def notes_and_scorecard_are_there_after_a_reload(host: Page, server: LiveServer) -> None:
    panel(host, "Notes")
    host.get_by_label("Your notes").fill("# Calm\n1! h")
    expect(host.locator("[data-notes-state]")).to_have_text("Saved")
    panel(host, "Scorecard")
    host.get_by_label("Right throughout, slips found unasked").check()
    host.get_by_label("Comment on derivation flow").fill("A plan from the start")
    expect(host.locator("[data-card-state]")).to_have_text("Saved")

    host.reload()

    panel(host, "Notes")
    expect(host.get_by_label("Your notes")).to_have_value("# Calm\n1! h")
    panel(host, "Scorecard")
    expect(host.get_by_label("Right throughout, slips found unasked")).to_be_checked()
    ((card,),) = stored(server, "SELECT card FROM seat WHERE role = 'host'")
    assert json.loads(card)["levels"] == {"correctness": 5}
    assert json.loads(card)["comments"] == {"flow": "A plan from the start"}


def what_was_typed_last_is_kept_when_the_page_is_left(host: Page, server: LiveServer) -> None:
    panel(host, "Notes")
    host.get_by_label("Your notes").fill("Left in the same moment")
    host.goto("/sessions")

    host.wait_for_timeout(300)
    notes = stored(server, "SELECT notes FROM seat WHERE role = 'host'")
    assert notes == [("Left in the same moment",)]


def test_keys_are_listed_and_a_card_is_submitted_once_it_is_complete(host: Page) -> None:
    the_help_lists_the_keys_of_the_console(host)
    a_card_is_submitted_once_it_is_complete_and_then_locked(host)


def the_help_lists_the_keys_of_the_console(host: Page) -> None:
    host.keyboard.press("F1")

    dialog = host.get_by_role("dialog", name="Keys")
    expect(dialog).to_contain_text("An item of the rubric was seen")
    expect(dialog).to_contain_text("Laser pointer")
    expect(dialog.get_by_role("heading", name="Keys")).to_be_in_viewport()
    host.keyboard.press("2")
    host.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(host.locator("#item-2")).to_have_attribute("aria-pressed", "false")


def a_card_is_submitted_once_it_is_complete_and_then_locked(host: Page) -> None:
    panel(host, "Scorecard")
    submit = host.get_by_role("button", name="Submit")
    expect(submit).to_have_attribute("aria-disabled", "true")
    expect(host.get_by_text("Open: correctness")).to_be_visible()
    for criterion in host.locator("[data-criterion]").all():
        criterion.get_by_role("radio").nth(3).check()
    host.get_by_label("Strong yes").check()
    submit.click()

    expect(host.get_by_text("Submitted: it stays as it is.")).to_be_visible()
    expect(host.get_by_label("Strong yes")).to_be_disabled()
    host.reload()
    panel(host, "Scorecard")
    expect(host.get_by_label("Strong yes")).to_be_disabled()


def test_another_derivation_takes_its_place_on_both_boards(host: Page, ada: Page) -> None:
    start(host, ada)
    from_menu(host, "Another derivation")
    dialog = host.get_by_role("dialog", name="Another derivation")
    expect(dialog).to_contain_text("Ordinary least squares ends now")
    dialog.get_by_label("Derivation", exact=True).select_option("dpo")
    dialog.get_by_label("Time").select_option("10")
    dialog.get_by_role("button", name="End it and begin the other").click()

    expect(host.get_by_role("timer")).to_have_text("10:00")
    for page in (host, ada):
        expect(page.get_by_role("heading", level=1)).to_contain_text(
            "Direct preference optimisation"
        )
    wait_for_phase(ada, "reading")


def test_host_and_candidate_change_places(host: Page, ada: Page) -> None:
    ada.on("dialog", Dialog.accept)
    start(host, ada)
    from_menu(host, "Swap roles")

    expect(ada.get_by_text("What shall be derived?")).to_be_visible()
    ada.get_by_label("Derivation", exact=True).select_option("ols")
    ada.get_by_role("button", name="Put it on the board").click()
    expect(ada.get_by_role("button", name="Start")).to_be_visible()
    ada.get_by_role("button", name="Start").click()
    wait_for_phase(host, "running")
    type_lines(host, OLS_LINES[1:2])
    panel(ada, "Steps")
    expect(step(ada, "2").get_by_role("checkbox")).to_be_checked()


def test_people_are_let_in_sent_away_and_invited_anew(
    host: Page, ada: Page, elsewhere: Elsewhere
) -> None:
    panel(host, "People")
    expect(host.locator("[data-person]").filter(has_text="Ada")).to_contain_text("here")
    old = address(host, "candidate")
    host.get_by_role("button", name="New link for a Candidate").click()
    expect(host.locator("[data-address=candidate]")).not_to_have_value(old)
    host.get_by_role("button", name="Copy the Candidate link").click()
    expect(host.get_by_role("button", name="Copied the Candidate link")).to_be_visible()

    eve = elsewhere.page()
    join(eve, address(host, "candidate"), "Eve")
    panel(host, "Steps")
    expect(host.locator("[data-waiting-count]")).to_have_text("1 waits")
    panel(host, "People")
    host.get_by_role("button", name="Send away Eve").click()
    expect(host.get_by_role("button", name="Let in Eve")).to_have_count(0)
    expect(host.locator("[data-waiting-count]")).to_be_hidden()

    host.get_by_role("button", name="Send away Ada").click()
    expect(ada.get_by_text("no longer in this session")).to_be_visible()
