"""The protocol as a browser speaks it."""

import pytest
from starlette.testclient import TestClient

from app.live.messages import MAX_MESSAGE_BYTES
from app.practice.clock import ALLOWANCE_MS
from app.web.socket import GONE, TOO_LARGE
from tests.helpers import MINUTE, Now, end, hint, ink, line, mark
from tests.web.helpers import abandon, start_attempt, tab


@pytest.fixture
def attempt(client: TestClient, now: Now) -> str:
    """An attempt that has been running for a minute, its start in the log."""
    attempt = start_attempt(client)
    client.get(f"/a/{attempt}")
    now.advance(MINUTE)
    return attempt


def test_a_page_is_welcomed(client: TestClient, attempt: str) -> None:
    with tab(client, attempt) as page:
        assert page.heard == [
            {
                "type": "welcome",
                "elapsed": MINUTE,
                "limit": 5 * MINUTE,
                "mode": "cold",
                "hints": 3,
                "stored": 1,
                "life": page.heard[0]["life"],
            }
        ]


def test_what_is_acknowledged_is_in_the_log(client: TestClient, attempt: str) -> None:
    with tab(client, attempt) as page:
        page.send(ink(1_000), line(2_000))
        ack = page.hear("ack")
    assert (ack["through"], ack["refused"]) == (2, [])

    with tab(client, attempt, "b") as other:
        assert [event[2] for event in other.hear("events")["events"]] == ["start", "ink", "line"]


def test_what_is_sent_again_is_stored_once(client: TestClient, attempt: str) -> None:
    with tab(client, attempt) as page:
        page.send(mark(1), mark(2))
        page.hear("ack")
    with tab(client, attempt) as page:
        page.send(mark(1), mark(2), mark(3))
        assert page.hear("ack")["through"] == 3

    with tab(client, attempt, "b") as other:
        assert [event[1] for event in other.hear("events")["events"]] == [0, 1, 2, 3]


def test_a_page_that_comes_back_gets_what_it_missed(client: TestClient, attempt: str) -> None:
    with tab(client, attempt, "a") as page:
        page.send(mark(1))
        page.hear("ack")
    with tab(client, attempt, "b") as page:
        page.send(mark(2))
        page.hear("ack")

    with tab(client, attempt, "a", after=1) as page:
        assert page.hear("events")["events"] == [[3, 2, "mark", {}]]


def test_two_tabs_see_each_other(client: TestClient, attempt: str) -> None:
    with tab(client, attempt, "a", after=1) as one, tab(client, attempt, "b", after=1) as other:
        one.send(line(1_000, "x"))
        assert other.hear("events")["events"][0][3]["text"] == "x"
        other.send(line(2_000, "y"))
        assert one.hear("events")["events"][0][3]["text"] == "y"


def test_an_end_reaches_every_tab(client: TestClient, attempt: str) -> None:
    with tab(client, attempt, "a", after=1) as one, tab(client, attempt, "b", after=1) as other:
        one.send(end(30_000))
        for page in (one, other):
            assert page.hear("events")["events"] == [[2, 30_000, "end", {"why": "done"}]]


def test_time_runs_out_before_the_eyes_of_the_page(
    client: TestClient, attempt: str, now: Now
) -> None:
    with tab(client, attempt, after=1) as page:
        page.send(ink())
        page.hear("ack")
        now.advance(4 * MINUTE + ALLOWANCE_MS)
        assert page.hear("events")["events"] == [[3, 5 * MINUTE, "end", {"why": "time"}]]


def test_a_page_that_comes_back_after_the_end_hears_of_it(client: TestClient, attempt: str) -> None:
    abandon(client, attempt)

    with tab(client, attempt, after=1) as page:
        page.send(ink())
        assert [reason for _, reason, _ in page.hear("ack")["refused"]] == ["ended"]
    events = [message["events"] for message in page.heard if message["type"] == "events"]
    assert events == [[[2, MINUTE, "end", {"why": "abandoned"}]]]


def test_a_hint_comes_with_its_text(client: TestClient) -> None:
    attempt = start_attempt(client, mode="guided")

    with tab(client, attempt) as page:
        page.send(hint(0, 1))
        events = page.hear("events")["events"]
        if len(events) == 1:
            events += page.hear("events")["events"]

    assert events[1][3]["prose"][0][1].startswith("Start from the residual")


def test_a_ping_is_answered(client: TestClient, attempt: str) -> None:
    with tab(client, attempt) as page:
        page.say(type="ping")
        assert page.hear("clock")["elapsed"] == MINUTE


def test_nonsense_is_answered_and_the_page_lives_on(client: TestClient, attempt: str) -> None:
    with tab(client, attempt) as page:
        for text in ("", "nonsense", "[]", '{"type":"events"}'):
            page.say_text(text)
            assert page.hear("bad")["detail"]
        page.say_bytes(b"\x00\xff")
        assert page.hear("bad")["detail"]
        page.send(mark(1))
        assert page.hear("ack")["refused"] == []


def test_a_message_that_is_too_large_closes_the_connection(
    client: TestClient, attempt: str
) -> None:
    with tab(client, attempt) as page:
        page.say_text("x" * (MAX_MESSAGE_BYTES + 1))
        assert page.hear_close() == TOO_LARGE


@pytest.mark.parametrize("name", ["nobody", "a" * 300, "%00"])
def test_a_socket_to_nothing_is_closed_for_good(client: TestClient, name: str) -> None:
    with client.websocket_connect(f"ws://127.0.0.1/a/{name}/socket") as socket:
        assert socket.receive() == {"type": "websocket.close", "code": GONE, "reason": ""}


def test_an_earlier_attempt_is_closed_while_another_on_its_derivation_runs(
    client: TestClient,
) -> None:
    earlier = start_attempt(client, mode="guided")
    with tab(client, earlier) as page:
        page.send(hint(0, 1))
        page.hear("ack")
    abandon(client, earlier)
    running = start_attempt(client)

    with client.websocket_connect(f"ws://127.0.0.1/a/{earlier}/socket?source=a") as socket:
        assert socket.receive()["code"] == GONE

    abandon(client, running)
    with tab(client, earlier) as page:
        assert page.hear("events")
