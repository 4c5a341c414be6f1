"""The candidate's board: a host has the clock, and nothing that is written gets lost."""

import json

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from app.library.loader import load_library
from app.settings import ROOT
from tests.browser.actions import (
    OLS_LINES,
    advance,
    expect_lines,
    expect_saved,
    expect_strokes,
    mouse_stroke,
    secrets_of,
    type_lines,
    wait_for_phase,
)
from tests.browser.live.conftest import Another
from tests.browser.live.helpers import Host, enter, host_ink, join
from tests.browser.live_server import LiveServer


@pytest.fixture
def host(another: Another, server: LiveServer) -> Host:
    return Host(another(), server)


def codes(host: Host) -> list[str]:
    return [code for _, _, code, _ in host.seen()]


def test_the_host_starts_stops_and_extends_the_clock(
    page: Page, host: Host, server: LiveServer
) -> None:
    enter(page, host)
    wait_for_phase(page, "reading")
    expect(page.locator(".board")).to_be_hidden()
    expect(page.get_by_role("timer")).to_have_text("5:00")
    server.advance(60)
    expect(page.get_by_role("timer")).to_have_text("5:00")

    host.start()
    wait_for_phase(page, "running")
    mouse_stroke(page, 60)
    expect_saved(page)

    advance(page, server, 100, "3:")
    host.pause()
    wait_for_phase(page, "paused")
    expect(page.locator("[data-stand]")).to_contain_text("The host has stopped the clock")
    stopped = page.get_by_role("timer").inner_text()
    mouse_stroke(page, 120)
    expect_strokes(page, 1)
    server.advance(600)

    host.resume()
    wait_for_phase(page, "running")
    expect(page.locator("[data-stand]")).to_be_hidden()
    assert page.get_by_role("timer").inner_text()[:2] == stopped[:2]
    mouse_stroke(page, 120)
    expect_strokes(page, 2)

    assert host.send([0, "extend", {"ms": 120_000}]) == []
    expect(page.get_by_role("timer")).to_contain_text("5:")
    expect(page.locator("[data-limit-words]")).to_have_text("live, 7:00")


def test_what_is_written_reaches_the_host_and_outlives_a_reload(page: Page, host: Host) -> None:
    enter(page, host)
    host.start()
    wait_for_phase(page, "running")
    host.send()
    mouse_stroke(page, 60)
    type_lines(page, OLS_LINES)
    page.get_by_role("button", name="Mark").click()
    expect_saved(page)
    assert {"ink", "line", "mark"} <= set(codes(host))

    page.reload()
    wait_for_phase(page, "running")
    expect_strokes(page, 1)
    expect_lines(page, OLS_LINES)
    expect(page.locator("[data-mark-count]")).to_have_text("1")
    mouse_stroke(page, 120)
    expect_saved(page)
    expect_strokes(page, 2)


def test_without_network_the_candidate_goes_on_and_all_of_it_follows(
    page: Page, context: BrowserContext, host: Host, server: LiveServer
) -> None:
    enter(page, host)
    host.start()
    wait_for_phase(page, "running")
    host.send()
    mouse_stroke(page, 60)
    expect_saved(page)

    context.set_offline(True)
    expect(page.locator("[data-sign]")).to_have_attribute("data-state", "offline")
    mouse_stroke(page, 100)
    type_lines(page, OLS_LINES[:2])
    expect(page.locator("[data-sign]")).to_contain_text("kept here")
    server.advance(120)
    context.set_offline(False)

    expect_saved(page)
    expect_strokes(page, 2)
    page.reload()
    wait_for_phase(page, "running")
    expect_strokes(page, 2)
    expect_lines(page, OLS_LINES[:2])
    assert codes(host).count("line") >= 2


def test_what_was_kept_over_a_reload_without_network_arrives(
    page: Page, context: BrowserContext, host: Host
) -> None:
    seat = enter(page, host)
    host.start()
    wait_for_phase(page, "running")
    context.set_offline(True)
    expect(page.locator("[data-sign]")).to_have_attribute("data-state", "offline")
    mouse_stroke(page, 60)
    expect(page.locator("[data-sign]")).to_contain_text("kept here")
    page.goto("about:blank")
    context.set_offline(False)

    page.goto(f"/s/{seat}")
    wait_for_phase(page, "running")

    expect_strokes(page, 1)
    expect_saved(page)


def test_what_was_written_while_the_clock_stood_is_taken_back_and_said(
    page: Page, context: BrowserContext, host: Host
) -> None:
    enter(page, host)
    host.start()
    wait_for_phase(page, "running")
    mouse_stroke(page, 60)
    expect_saved(page)
    context.set_offline(True)
    expect(page.locator("[data-sign]")).to_have_attribute("data-state", "offline")
    host.pause()
    page.wait_for_timeout(2_500)  # later than what may have been on its way
    mouse_stroke(page, 100)
    expect_strokes(page, 2)

    context.set_offline(False)

    expect(page.get_by_text("could not be taken")).to_be_visible()
    wait_for_phase(page, "paused")
    expect_strokes(page, 1)


def test_on_another_device_the_candidate_finds_everything(
    page: Page, another: Another, host: Host
) -> None:
    enter(page, host)
    host.start()
    wait_for_phase(page, "running")
    mouse_stroke(page, 60)
    type_lines(page, OLS_LINES[:1])
    expect_saved(page)

    other = another().new_page()
    join(other, host.link(), "Bob")
    host.let_in("Bob")

    wait_for_phase(other, "running")
    expect_strokes(other, 1)
    expect_lines(other, OLS_LINES[:1])
    other.context.close()


def test_only_what_the_host_shows_is_seen_and_only_then(page: Page, host: Host) -> None:
    received: list[str] = []
    page.on("websocket", lambda ws: ws.on("framereceived", lambda text: received.append(str(text))))
    enter(page, host)
    host.start()
    wait_for_phase(page, "running")
    assert host.send([0, "release", {"what": "hint", "number": "1"}]) == []
    released = page.get_by_role("region", name="Shown by the host")
    expect(released.get_by_role("heading", name="Hint 1")).to_be_visible()
    expect(page.locator("[data-announce]")).to_contain_text("The host shows you hint 1")
    expect(released.get_by_role("listitem")).to_have_count(1)
    assert not any("explanation" in text for text in received)

    assert host.send([0, "release", {"what": "step", "number": "1"}]) == []
    expect(released.get_by_role("heading", name="Step 1")).to_be_visible()
    page.reload()
    expect(released.get_by_role("listitem")).to_have_count(2)

    mouse_stroke(page, 60)
    expect_saved(page)
    host.do("POST", f"attempts/{host.attempt}/end")
    wait_for_phase(page, "ended")
    others = [json.dumps(text)[1:-1] for text in secrets_of("ols")[2:]]
    came = "".join(received)
    # Hint 1 and step 1 were shown, and nothing else.
    hint = json.dumps(load_library(ROOT / "content")["ols"].hints[0])[1:-1]
    assert [text for text in others if text in came and text != hint] == []


def test_from_one_derivation_to_the_next_and_to_the_end(page: Page, host: Host) -> None:
    enter(page, host)
    host.start()
    wait_for_phase(page, "running")
    mouse_stroke(page, 60)
    expect_saved(page)
    host.do("POST", f"attempts/{host.attempt}/end")
    wait_for_phase(page, "ended")
    expect(page.locator("[data-stand]")).to_contain_text("The host has ended this derivation")
    expect_strokes(page, 1)

    host.do("POST", "attempts", {"derivation": "mlp-backprop"})
    wait_for_phase(page, "reading")
    expect(page.locator("h1")).not_to_have_text("Ordinary least squares")
    host.start()
    wait_for_phase(page, "running")
    expect_strokes(page, 0)

    host.do("POST", "end")
    expect(page.get_by_role("heading", name="Thank you, Bob")).to_be_visible()
    host.do("POST", "report/sharing", {"parts": "card"})
    expect(page.get_by_role("link", name="Read the report")).to_be_visible()


def test_time_runs_out(page: Page, host: Host, server: LiveServer) -> None:
    enter(page, host)
    host.start()
    wait_for_phase(page, "running")
    mouse_stroke(page, 60)
    expect_strokes(page, 1)
    expect_saved(page)
    server.advance(310)

    wait_for_phase(page, "ended")
    expect(page.locator("[data-stand]")).to_contain_text("Time is over")
    expect(page.locator(".line textarea").first).to_have_attribute("readonly", "")


def test_people_clock_board_and_hand_are_those_of_the_session(page: Page, host: Host) -> None:
    enter(page, host)
    who_is_here_is_shown(page, host)
    host.start()
    wait_for_phase(page, "running")
    the_hosts_layer_and_pointer_are_seen_and_cannot_be_touched(page, host)
    a_hidden_clock_shows_no_time(page, host)
    a_raised_hand_reaches_the_host_and_is_remembered(page, host)


def who_is_here_is_shown(page: Page, host: Host) -> None:
    presence = page.locator("[data-presence]")
    expect(presence).to_contain_text("Host away")

    host.told("people")
    expect(presence).to_contain_text("Ada, host")
    presence.press("Enter")
    expect(page.locator("[data-people] li")).to_have_text(["Bob candidate, you", "Ada host"])
    page.keyboard.press("Escape")


def the_hosts_layer_and_pointer_are_seen_and_cannot_be_touched(page: Page, host: Host) -> None:
    mouse_stroke(page, 60)
    expect_saved(page)
    assert host.send(host_ink("h")) == []
    board = page.locator(".board__baked")
    expect(board).to_have_attribute("aria-label", "Board with 2 strokes, 1 by the host")
    expect(page.locator("[data-host-ink]")).to_be_visible()

    host.point(8000, 4000)
    expect(page.locator(".laser")).to_be_visible()
    expect(page.locator(".laser")).to_have_count(0)

    page.get_by_role("button", name="Clear the board").click()
    expect(board).to_have_attribute("aria-label", "Board with 1 stroke, 1 by the host")
    page.keyboard.press("Control+z")
    expect(board).to_have_attribute("aria-label", "Board with 2 strokes, 1 by the host")


def a_hidden_clock_shows_no_time(page: Page, host: Host) -> None:
    host.do("POST", "clock", {"hidden": "true"})

    expect(page.get_by_text("The host keeps the clock")).to_be_visible()
    expect(page.get_by_role("timer")).to_be_hidden()
    page.reload()
    wait_for_phase(page, "running")
    assert page.locator("[data-clock-face]").text_content() in ("", "–:––")
    assert "5:00" not in page.content()
    expect(page.locator(".drain")).to_be_hidden()

    host.do("POST", "clock", {})
    expect(page.get_by_role("timer")).to_be_visible()
    expect(page.get_by_role("timer")).to_contain_text("4:")


def a_raised_hand_reaches_the_host_and_is_remembered(page: Page, host: Host) -> None:
    page.get_by_role("button", name="I am done").click()
    hand = page.get_by_role("button", name="Hand raised")
    expect(hand).to_have_attribute("aria-pressed", "true")
    host.page.wait_for_function("told.some(({ up, name }) => up && name === 'Bob')")

    page.reload()
    expect(hand).to_be_visible()
    hand.click()
    host.page.wait_for_function("told.at(-1).type === 'hand' && !told.at(-1).up")
