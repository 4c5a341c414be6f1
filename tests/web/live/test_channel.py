"""What is of the moment in a session: who may say it, and who hears it."""

from starlette.testclient import TestClient

from app.live.allowance import SIGNALS_CAPACITY
from app.practice.roles import Role
from app.web.live.board import PING
from app.web.live.join import MOST_WAITING
from tests.helpers import MINUTE, Now, ink, start
from tests.web.helpers import Tab
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

LASER = {"type": "laser", "at": [100, 200]}


def candidate_of(host: Guest) -> Guest:
    ada = join(host, Role.CANDIDATE)
    let_in(host, ada)
    return ada


def answered(page: Tab) -> list[str]:
    """What this page has heard by the time at which its own ping is answered."""
    page.say_text(PING)
    page.hear("pong")
    return [message["type"] for message in page.heard]


def test_a_host_points_and_everybody_else_sees_it(client: TestClient) -> None:
    host = open_session(client)
    ada = candidate_of(host)
    with channel(host) as pointing, channel(ada) as page:
        page.hear("people")
        pointing.say(**LASER)
        assert page.hear("laser")["at"] == [100, 200]
        assert "laser" not in answered(pointing)


def test_what_only_another_role_may_say_is_heard_by_nobody(client: TestClient) -> None:
    host = open_session(client)
    ada, wim = candidate_of(host), join(host, Role.WATCHER, "Wim")
    with channel(host) as hosts, channel(ada) as page, channel(wim) as watching:
        for speaker in (page, watching):
            speaker.say(**LASER)
            speaker.say(type="people", people=[])
            speaker.say_text("nonsense")
        watching.say(type="hand", up=True)
        hosts.say(type="hand", up=True)
        for speaker in (page, watching):
            assert not {"laser", "hand"} & set(answered(speaker))
        page.say(type="hand", up=True)
        assert hosts.hear("hand")["name"] == "Ada"
        assert "laser" not in [message["type"] for message in hosts.heard]
        assert "hand" not in answered(watching)


def test_in_focus_time_the_server_passes_on_nothing_of_a_host(client: TestClient, now: Now) -> None:
    host = open_session(client)
    ada = candidate_of(host)
    attempt = attempt_of(host)
    with (
        channel(host) as pointing,
        channel(ada) as page,
        board(host, attempt, "h") as desk,
        board(ada, attempt) as paper,
    ):
        desk.send(start())
        desk.hear("ack")
        assert host.client.post(f"{host.base}/focus", data={"minutes": "2"}).status_code == 204
        wait_for_focus(desk)
        pointing.say(**LASER)
        answered(pointing)
        assert "laser" not in answered(page)
        paper.send(ink(1))
        assert paper.hear("ack")["refused"] == []

        now.advance(3 * MINUTE)
        pointing.say(**LASER)
        page.hear("laser")


def wait_for_focus(desk: Tab) -> None:
    """Until what a host draws is refused: connections are told in a moment."""
    for number in range(1_000):
        desk.send(ink(1, f"s-{number}"))
        if [reason for _, reason, _ in desk.hear("ack")["refused"]] == ["not-now"]:
            return
    raise AssertionError("hosts may still draw")


def test_that_something_was_noted_is_told_to_hosts_alone(client: TestClient) -> None:
    host = open_session(client)
    ada, wim = candidate_of(host), join(host, Role.WATCHER, "Wim")
    at = f"{host.base}/attempts/{attempt_of(host)}"
    with channel(host) as hosts, channel(ada) as page, channel(wim) as watching:
        for one in (hosts, page, watching):
            one.hear("people")
        before = [answered(one).count("changed") for one in (page, watching)]
        assert client.put(f"{at}/ticks/1", data={"t": "5"}).status_code == 204
        hosts.hear("changed")
        said = {"kind": "error", "t": "5"}
        assert client.post(f"{at}/remarks", data=said).status_code == 204
        hosts.hear("changed")
        assert client.put(f"{host.base}/rubric", data={"items": "Plan"}).status_code == 204
        hosts.hear("changed")
        assert [answered(one).count("changed") for one in (page, watching)] == before


def test_signals_that_come_too_fast_are_dropped(client: TestClient) -> None:
    host = open_session(client)
    ada = candidate_of(host)
    with channel(host) as pointing, channel(ada) as page:
        for _ in range(SIGNALS_CAPACITY + 20):
            pointing.say(**LASER)
        answered(pointing)
        assert answered(page).count("laser") <= SIGNALS_CAPACITY


def test_who_is_sent_away_loses_both_sockets(client: TestClient) -> None:
    host = open_session(client)
    ada = candidate_of(host)
    attempt = attempt_of(host)
    with channel(ada) as page, board(ada, attempt) as paper:
        assert host.client.delete(f"{host.base}/seats/{ada.seat}").status_code == 200
        assert page.hear_close() == 1012
        assert paper.hear_close() == 1012
    assert ada.client.get(ada.base).status_code == 403


def test_after_a_swap_the_new_host_gets_nothing_of_what_was_noted_before(
    client: TestClient,
) -> None:
    host = open_session(client)
    ada = candidate_of(host)
    attempt = attempt_of(host)
    with board(ada, attempt) as paper:
        assert host.client.post(f"{host.base}/swap").status_code == 204
        assert paper.hear_close() == 1012
    assert ada.client.get(f"{ada.base}/people").status_code == 200
    assert ada.client.get(f"{ada.base}/desk/{attempt}").status_code == 403
    assert host.client.get(f"{host.base}/people").status_code == 403


def test_a_lobby_that_is_full_takes_nobody(client: TestClient) -> None:
    host = open_session(client)
    link = f"/join/{link_for(host, Role.CANDIDATE)}"
    answers = [
        stranger(client).post(link, data={"name": "Ada"}).status_code
        for _ in range(MOST_WAITING + 1)
    ]
    assert answers == [303] * MOST_WAITING + [409]
