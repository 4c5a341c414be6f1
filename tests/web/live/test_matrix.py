"""Who may call what in a live session, and what each of them is sent.

Every route below a seat, a link or a report is asked by everybody: somebody without a seat, a
candidate in the lobby, a candidate, a watcher, a host, a host who was the candidate of the attempt
that is asked about, and the host of another session. A new route fails until it is listed.
"""

from dataclasses import dataclass, field
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocketDisconnect

from app.practice.roles import Role
from tests.helpers import ink, line, start
from tests.web.helpers import routes_of
from tests.web.live.helpers import (
    Guest,
    attempt_of,
    board,
    join,
    let_in,
    link_for,
    open_session,
    stranger,
)

LOBBY = {"lobby", "candidate", "watcher", "host", "former"}
INSIDE = LOBBY - {"lobby"}
HOSTS = {"host", "former"}
JUDGE = {"host"}
OVER = {"candidate", "host", "former"}


@dataclass(frozen=True)
class Row:
    """`allowed`: who gets an answer; everybody else is refused with 403 or 404. `body`: what is
    sent; `ended`: asked once the session is over."""

    allowed: set[str]
    body: dict[str, Any] = field(default_factory=dict)
    ended: bool = False


FORM = "data"
MATRIX: dict[tuple[str, str], Row] = {
    ("GET", "/s/{seat_id}"): Row(LOBBY),
    ("GET", "/s/{seat_id}/lobby"): Row(LOBBY),
    ("GET", "/s/{seat_id}/state"): Row(INSIDE),
    ("SOCKET", "/s/{seat_id}/log/{attempt_id}"): Row(INSIDE),
    ("SOCKET", "/s/{seat_id}/channel"): Row(INSIDE),
    ("GET", "/s/{seat_id}/people"): Row(HOSTS),
    ("GET", "/s/{seat_id}/desk/{attempt_id}"): Row(JUDGE),
    ("POST", "/s/{seat_id}/clock"): Row(HOSTS, {FORM: {"hidden": "1"}}),
    ("POST", "/s/{seat_id}/watchers"): Row(HOSTS, {FORM: {"allowed": "1"}}),
    ("POST", "/s/{seat_id}/focus"): Row(HOSTS, {FORM: {"minutes": "1"}}),
    ("PUT", "/s/{seat_id}/rubric"): Row(HOSTS, {FORM: {"items": "Shapes\nPlan"}}),
    ("POST", "/s/{seat_id}/links"): Row(HOSTS, {FORM: {"role": "watcher"}}),
    ("DELETE", "/s/{seat_id}/links/{token}"): Row(HOSTS),
    ("POST", "/s/{seat_id}/seats/{other_id}/admission"): Row(HOSTS),
    ("DELETE", "/s/{seat_id}/seats/{other_id}"): Row(HOSTS),
    ("PUT", "/s/{seat_id}/attempts/{attempt_id}/ticks/{number}"): Row(JUDGE, {FORM: {"t": "5"}}),
    ("DELETE", "/s/{seat_id}/attempts/{attempt_id}/ticks/{number}"): Row(JUDGE),
    ("POST", "/s/{seat_id}/attempts/{attempt_id}/remarks"): Row(
        JUDGE, {FORM: {"kind": "comment", "t": "5", "text": "Calm."}}
    ),
    ("DELETE", "/s/{seat_id}/attempts/{attempt_id}/remarks/{remark_id}"): Row(JUDGE),
    ("POST", "/s/{seat_id}/attempts/{attempt_id}/findings"): Row(
        JUDGE, {"json": {"lines": ["X^T X w = X^T y"]}}
    ),
    ("PUT", "/s/{seat_id}/notes"): Row(HOSTS, {FORM: {"notes": "Quick."}}),
    ("PUT", "/s/{seat_id}/card"): Row(HOSTS, {"json": {"card": {"text": "Good."}}}),
    ("POST", "/s/{seat_id}/card/submission"): Row(HOSTS),
    # The candidate was a host before, and has a card of their own.
    ("POST", "/s/{seat_id}/report/sharing"): Row(
        HOSTS | {"candidate"}, {FORM: {"parts": ["card"]}}
    ),
    ("POST", "/s/{seat_id}/attempts/{attempt_id}/sharing"): Row(
        JUDGE, {FORM: {"parts": ["remarks"]}}
    ),
    ("POST", "/s/{seat_id}/report/link"): Row(HOSTS),
    ("POST", "/s/{seat_id}/report/link/withdrawal"): Row(HOSTS),
    ("GET", "/s/{seat_id}/report"): Row(OVER, ended=True),
    ("GET", "/s/{seat_id}/attempts/{attempt_id}/recording.ndjson"): Row(
        {"host", "former"}, ended=True
    ),
    ("POST", "/s/{seat_id}/attempts/{attempt_id}/keep"): Row({"former"}, ended=True),
    ("POST", "/s/{seat_id}/attempts"): Row(HOSTS, {FORM: {"derivation": "ols"}}),
    ("POST", "/s/{seat_id}/attempts/{attempt_id}/end"): Row(JUDGE),
    ("POST", "/s/{seat_id}/swap"): Row(HOSTS),
    ("POST", "/s/{seat_id}/end"): Row(HOSTS),
    ("POST", "/s/{seat_id}/report/deletion"): Row(HOSTS, ended=True),
}
# Of these, what is asked and who asks it are tested on their own: whoever has the link may.
BY_LINK = {
    ("GET", "/join/{token}"),
    ("POST", "/join/{token}"),
    ("GET", "/r/{token}"),
    ("GET", "/r/{token}/attempts/{attempt_id}/recording.ndjson"),
    ("POST", "/r/{token}/attempts/{attempt_id}/keep"),
}


@dataclass
class Table:
    """A session with everybody around it; the attempt that is asked about is over."""

    attempt: str
    remark: str
    guests: dict[str, Guest]
    waits: Guest

    @property
    def host(self) -> Guest:
        return self.guests["host"]


def lay(client: TestClient) -> Table:
    """The one who opened the session and its candidate have changed places: of the two hosts now,
    one was the candidate of the attempt that is asked about."""
    opener = open_session(client)
    host = join(opener, Role.HOST, "Co")
    former = join(opener, Role.CANDIDATE, "Ada")
    let_in(opener, former)
    attempt = attempt_of(opener)
    write(opener, former, attempt)
    said = {"kind": "comment", "t": "5", "text": "A private remark."}
    assert host.client.post(f"{host.base}/attempts/{attempt}/remarks", data=said).status_code == 204
    assert opener.client.post(f"{opener.base}/swap").status_code == 204
    return Table(
        attempt,
        "1",
        {
            "stranger": Guest(stranger(client), host.base),
            "lobby": join(host, Role.CANDIDATE, "Lea"),
            "candidate": opener,
            "watcher": join(host, Role.WATCHER, "Wim"),
            "host": host,
            "former": former,
        },
        join(host, Role.CANDIDATE, "Noa"),
    )


def write(host: Guest, candidate: Guest, attempt: str) -> None:
    with board(host, attempt, "h") as desk, board(candidate, attempt) as page:
        desk.send(start())
        assert desk.hear("ack")["refused"] == []
        page.send(ink(1), line(2))
        assert page.hear("ack")["refused"] == []


def test_every_route_of_a_session_is_listed_here(app: FastAPI) -> None:
    live = {
        (method, path)
        for method, path in routes_of(app)
        if path.startswith(("/s/", "/r/", "/join"))
    }
    assert live == set(MATRIX) | BY_LINK


@pytest.mark.parametrize(("method", "path"), MATRIX, ids=[" ".join(one) for one in MATRIX])
def test_who_may_call_it(client: TestClient, method: str, path: str) -> None:
    row = MATRIX[method, path]
    table = lay(client)
    if row.ended:
        assert table.host.client.post(f"{table.host.base}/end").status_code == 204
    # Whoever is refused first: what is allowed may end something.
    for name in sorted(table.guests, key=lambda name: (name in row.allowed, name)):
        let_through = asked(table, table.guests[name], method, path, row.body)
        assert let_through == (name in row.allowed), f"{name}: {method} {path}"
        once = path.endswith(("/deletion", "/swap")) or "{token}" in path or method == "DELETE"
        if once and let_through:
            break


def asked(table: Table, guest: Guest, method: str, path: str, body: dict[str, Any]) -> bool:
    """Whether it is answered; a refusal says 403 or 404, and nothing breaks."""
    url = address(table, guest, path)
    if method == "SOCKET":
        return opens(guest.client, f"ws://127.0.0.1{url}")
    status = guest.client.request(method, url, **body).status_code
    assert status < 500, url
    return status not in (403, 404)


def address(table: Table, guest: Guest, path: str) -> str:
    names = {
        "seat_id": guest.seat,
        "attempt_id": table.attempt,
        "remark_id": table.remark,
        "other_id": table.waits.seat,
        "number": "1",
        "token": "",
    }
    if "{token}" in path:
        names["token"] = link_for(table.host, Role.WATCHER)
    return path.format(**names)


def opens(client: TestClient, url: str) -> bool:
    try:
        with client.websocket_connect(url) as socket:
            return bool(socket.receive()["type"] != "websocket.close")
    except (WebSocketDisconnect, WebSocketDenialResponse):
        return False


@pytest.mark.parametrize(
    ("method", "path"),
    [one for one in MATRIX if "attempt_id" in one[1] or "other_id" in one[1] or "token" in one[1]],
)
def test_a_host_reaches_nothing_of_another_session(
    client: TestClient, method: str, path: str
) -> None:
    table = lay(client)
    elsewhere = open_session(stranger(client), "")

    assert not asked(table, elsewhere, method, path, MATRIX[method, path].body)
