"""What stands on the pages of who was invited, before the board, on it and after it."""

import re

from starlette.testclient import TestClient

from app.practice.roles import Role
from app.practice.session import LINK_LASTS_MS
from tests.helpers import Now, start
from tests.web.helpers import HTMX, text_of
from tests.web.live.helpers import (
    Guest,
    attempt_of,
    board,
    channel,
    join,
    let_in,
    link_for,
    open_session,
    stranger,
)


def page_of(guest: Guest) -> str:
    answer = guest.client.get(guest.base)
    assert answer.status_code == 200, answer.text
    return answer.text


def candidate_of(host: Guest) -> Guest:
    bob = join(host, Role.CANDIDATE, "Bob")
    let_in(host, bob)
    return bob


def test_an_invitation_says_as_what_one_comes_and_leads_nowhere_else(client: TestClient) -> None:
    host = open_session(client)

    for role, words in (
        ("candidate", "Join as the candidate"),
        ("watcher", "Join to watch"),
        ("host", "Join as a host"),
    ):
        page = stranger(client).get(f"/join/{link_for(host, role)}").text
        assert words in text_of(page)
        # Only a candidate writes, so only a candidate tries the pen.
        assert ("data-trial" in page) == (role == "candidate")
        assert not re.findall(r'<a [^>]*href="/(?!s/)', page.replace('href="#main"', ""))


def test_who_joined_already_is_led_back_to_the_seat(client: TestClient) -> None:
    host = open_session(client)
    bob = join(host, Role.CANDIDATE, "Bob")

    again = bob.client.get(f"/join/{link_for(host, 'candidate')}").text

    assert f'href="{bob.base}"' in again
    assert "Go back to your seat" in again


def test_links_that_do_not_work_say_why(client: TestClient, now: Now) -> None:
    host = open_session(client)
    old = link_for(host, "candidate")
    host.client.post(f"{host.base}/links", data={"role": "candidate"})
    watchers = link_for(host, "watcher")

    revoked = stranger(client).get(f"/join/{old}")
    now.ms += LINK_LASTS_MS
    expired = stranger(client).get(f"/join/{watchers}")

    assert (revoked.status_code, expired.status_code) == (403, 403)
    assert "taken back" in revoked.text
    assert "expired" in expired.text


def test_what_fails_for_a_guest_offers_nothing_of_whoever_keeps_the_server(
    client: TestClient, now: Now
) -> None:
    client.post("/settings", data={"theme": "dark", "clock": "on"})
    host = open_session(client)
    bob, carol, dan = (join(host, role, role) for role in (Role.CANDIDATE, Role.WATCHER, Role.HOST))
    old = link_for(host, "candidate")
    host.client.post(f"{host.base}/links", data={"role": "candidate"})
    host.client.request("DELETE", f"{host.base}/seats/{bob.seat}")
    host.client.post(f"{host.base}/watchers")
    now.ms += LINK_LASTS_MS

    for guest, path, title, words in (
        (stranger(client), f"/join/{old}", "No longer open", "for a new one"),
        (stranger(client), f"/join/{link_for(host, 'watcher')}", "No longer open", "for a new one"),
        (stranger(client), "/join/nothing", "Not here", "for a new one"),
        (stranger(client), "/r/nothing", "Not here", "for a new one"),
        (stranger(client), "/r/nothing/further", "Not here", "for a new one"),
        (stranger(client), host.base, "Not here", "for a new one"),
        (bob.client, bob.base, "No longer open", "for a new link"),
        (carol.client, carol.base, "Not now", "Ask the host"),
        (dan.client, f"{dan.base}/report?attempt=none", "Not here", "no such attempt"),
    ):
        page = guest.get(path).text
        assert f"<h1>{title}</h1>" in page, path
        assert words in text_of(page), path
        assert set(re.findall(r'<a [^>]*href="([^"]*)"', page)) <= {"#main", dan.base}, path
        assert "data-theme" not in page, path

    # Who has a seat comes back to it; the page of the seat itself is no way out of it.
    assert f'href="{dan.base}"' in dan.client.get(f"{dan.base}/report?attempt=none").text
    assert f'href="{carol.base}"' not in carol.client.get(carol.base).text


def test_the_lobby_opens_the_board_by_itself(client: TestClient) -> None:
    host = open_session(client)
    bob = join(host, Role.CANDIDATE, "Bob")

    assert "You are in the lobby, Bob" in page_of(bob)
    waiting = bob.client.get(f"{bob.base}/lobby", headers=HTMX)
    assert "has to let you in" in waiting.text
    assert "hx-refresh" not in waiting.headers

    let_in(host, bob)
    assert bob.client.get(f"{bob.base}/lobby", headers=HTMX).headers["hx-refresh"] == "true"
    assert 'data-phase="reading"' in page_of(bob)


def test_who_is_sent_away_from_the_lobby_is_told(client: TestClient) -> None:
    host = open_session(client)
    bob = join(host, Role.CANDIDATE, "Bob")
    host.client.request("DELETE", f"{host.base}/seats/{bob.seat}")

    assert bob.client.get(f"{bob.base}/lobby", headers=HTMX).status_code == 403
    assert "no longer in this session" in bob.client.get(bob.base).text


def test_before_a_derivation_is_chosen_the_page_waits_for_it(client: TestClient) -> None:
    host = open_session(client, "")
    bob = candidate_of(host)

    assert "The host is choosing a derivation" in page_of(bob)

    host.client.post(f"{host.base}/attempts", data={"derivation": "ols"})
    assert "Ordinary least squares" in page_of(bob)


def test_a_hidden_clock_is_not_in_the_page(client: TestClient) -> None:
    host = open_session(client, minutes="7")
    bob, carol = candidate_of(host), join(host, Role.WATCHER, "Carol")
    host.client.post(f"{host.base}/clock", data={"hidden": "true"})

    for guest in (bob, carol):
        page = page_of(guest)
        assert "data-clock-hidden" in page
        assert "The host keeps the clock" in page
        assert not re.search(r"\b7:00|420000", page)


def test_a_watcher_has_nothing_to_write_with(client: TestClient) -> None:
    host = open_session(client)
    carol = join(host, Role.WATCHER, "Carol")

    page = page_of(carol)

    for tool in ("toolbar__tool", "data-hand", "data-mark", "data-lines-add", "<textarea"):
        assert tool not in page
    assert "data-watched-lines" in page


def test_a_guests_page_looks_as_the_guest_has_it(client: TestClient) -> None:
    client.post("/settings", data={"theme": "dark", "clock": "on"})
    host = open_session(client)
    bob = candidate_of(host)

    assert 'data-theme="dark"' in client.get("/").text
    assert "data-theme" not in page_of(bob)


def test_after_the_session_there_is_thanks_and_the_report_once_it_is_shared(
    client: TestClient,
) -> None:
    host = open_session(client)
    bob = candidate_of(host)
    with board(host, attempt_of(host)) as page:
        page.send(start())
        assert page.hear("ack")["refused"] == []
    host.client.post(f"{host.base}/end")

    assert "Thank you, Bob" in page_of(bob)
    # One's own work is there at once.
    assert f'href="{bob.base}/report">See your work' in page_of(bob)
    before = bob.client.get(f"{bob.base}/state").json()["page"]
    host.client.post(f"{host.base}/report/sharing", data={"parts": ["card"]})
    assert f'href="{bob.base}/report">Read the report' in page_of(bob)
    # So that the page that is open shows it too.
    assert bob.client.get(f"{bob.base}/state").json()["page"] != before
    assert stranger(client).get(f"/join/{link_for(host, 'watcher')}").text.count("has ended") > 0


def test_a_silent_channel_answers_a_ping(client: TestClient) -> None:
    host = open_session(client)

    with channel(host) as page:
        page.say_text('{"type":"ping"}')
        assert page.hear("pong") == {"type": "pong"}
