"""Following a link: the short check, the lobby, and links that do not work."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.actions import pen_event, wait_for_phase
from tests.browser.live.conftest import Another
from tests.browser.live.helpers import Host, enter, join
from tests.browser.live_server import LiveServer

WEEK_S = 7 * 24 * 3600


@pytest.fixture
def host(another: Another, server: LiveServer) -> Host:
    return Host(another(), server)


def test_the_check_says_what_wrote_and_how_far_the_server_is(page: Page, host: Host) -> None:
    page.goto(host.link())
    pen = page.locator("[data-check=pen]")
    expect(pen).to_contain_text("Nothing written yet")
    expect(page.locator("[data-check=answer]")).to_contain_text(re.compile(r"Answers in \d+ ms"))
    expect(page.locator("[data-check=live]")).to_have_attribute("data-state", "good")

    box = page.locator("[data-trial]").bounding_box()
    assert box is not None
    x, y = box["x"] + 40, box["y"] + 40
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 90, y + 20, steps=4)
    page.mouse.up()
    expect(pen).to_contain_text("A mouse")

    cdp = page.context.new_cdp_session(page)
    for i in range(6):
        pen_event(cdp, "mousePressed" if i == 0 else "mouseMoved", x + 10 * i, y + 60, i)
    pen_event(cdp, "mouseReleased", x + 60, y + 60, 6)
    expect(pen).to_contain_text("A pen, with pressure")


def test_without_a_connection_the_check_says_so(page: Page, host: Host) -> None:
    page.route("**/healthz", lambda route: route.abort())
    page.goto(host.link())

    answer = page.locator("[data-check=answer]")
    expect(answer).to_have_attribute("data-state", "bad")
    expect(answer).to_contain_text("No answer")


def test_a_candidate_waits_in_the_lobby_until_let_in(page: Page, host: Host) -> None:
    seat = join(page, host.link(), "Bob")
    expect(page.get_by_role("heading", name="You are in the lobby, Bob")).to_be_visible()
    expect(page.get_by_text("has to let you in")).to_be_visible()

    host.let_in("Bob")

    expect(page.get_by_text("The host starts the clock")).to_be_visible()
    expect(page.locator(".prompt")).to_be_visible()
    assert page.locator("body").get_attribute("data-seat") == seat


def test_the_link_leads_who_joined_already_back_to_the_seat(page: Page, host: Host) -> None:
    seat = enter(page, host)
    page.goto(host.link())
    page.get_by_role("link", name="Go back to your seat").click()

    wait_for_phase(page, "reading")
    assert page.url.endswith(f"/s/{seat}")


def test_the_lobby_says_that_nobody_answers_and_goes_on_asking(
    page: Page, context: BrowserContext, host: Host
) -> None:
    join(page, host.link(), "Bob")
    lost = page.locator("[data-lost]")
    expect(lost).to_be_hidden()

    context.set_offline(True)
    expect(lost).to_be_visible()
    context.set_offline(False)
    expect(lost).to_be_hidden()

    host.let_in("Bob")
    expect(page.get_by_text("The host starts the clock")).to_be_visible()


def test_who_is_sent_away_is_told(page: Page, host: Host) -> None:
    join(page, host.link(), "Bob")
    host.do("DELETE", f"seats/{host.seat_of('Bob')}")

    expect(page.get_by_text("You are no longer in this session")).to_be_visible()


def test_links_that_were_taken_back_or_have_expired_open_nothing(
    page: Page, host: Host, server: LiveServer
) -> None:
    old = host.link()
    host.do("POST", "links", {"role": "candidate"})
    page.goto(old)
    expect(page.get_by_text("This link was taken back")).to_be_visible()

    new = host.link()
    server.advance(WEEK_S + 1)
    page.goto(new)
    expect(page.get_by_text("This link has expired")).to_be_visible()


def test_a_session_that_is_over_takes_nobody(page: Page, host: Host) -> None:
    host.do("POST", "end")
    page.goto(host.link())

    expect(page.get_by_role("heading", name="This session has ended")).to_be_visible()
    expect(page.get_by_role("button")).to_have_count(0)
