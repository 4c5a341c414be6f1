"""The whole application several times on one PostgreSQL."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlmodel import Session, create_engine, text
from starlette.testclient import TestClient
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from app.main import create_app
from app.practice.roles import Role
from app.settings import Settings
from app.storage.recordings import read_log
from tests.browser.live_server import FORKS, START_TIMEOUT_S, free_port
from tests.browser.serve import serve
from tests.helpers import MINUTE, PATIENCE_S, Now, end, ink, line, mark, raw, wait_until
from tests.postgres import Postgres
from tests.web.helpers import Tab, abandon, start_attempt, tab, visitor
from tests.web.live.helpers import Guest, attempt_of, board, channel, join, let_in, open_session


@pytest.fixture
def clients(postgres: Postgres, now: Now) -> Iterator[tuple[TestClient, TestClient]]:
    """Browsers on two processes."""
    postgres.empty()
    settings = Settings(database_url=postgres.url)
    with (
        visitor(create_app(settings, now=now)) as here,
        visitor(create_app(settings, now=now)) as there,
    ):
        yield here, there


def next_of(page: Tab, code: str) -> list[Any]:
    """The next event of this code. The start may come before it: it is stored while pages join."""
    while True:
        for event in page.hear("events")["events"]:
            if event[2] == code:
                return list(event)


def test_a_page_at_one_sees_what_is_written_at_the_other(
    clients: tuple[TestClient, TestClient], now: Now
) -> None:
    here, there = clients
    attempt = start_attempt(here)
    now.advance(MINUTE)

    with tab(here, attempt, "a", after=1) as one, tab(there, attempt, "b", after=1) as other:
        one.send(line(1_000, "x"))
        assert next_of(other, "line") == [2, 1_000, "line", line(0, "x").data]
        other.send(mark(2_000))
        assert next_of(one, "mark") == [3, 2_000, "mark", {}]


def test_an_attempt_is_ended_at_one_and_over_at_the_other(
    clients: tuple[TestClient, TestClient], now: Now
) -> None:
    here, there = clients
    attempt = start_attempt(here)
    now.advance(MINUTE)

    with tab(there, attempt, "b", after=1) as page:
        page.send(mark())
        page.hear("ack")
        abandon(here, attempt)
        assert next_of(page, "end") == [3, MINUTE, "end", {"why": "abandoned"}]
        page.send(mark())
        assert [reason for _, reason, _ in page.hear("ack")["refused"]] == ["ended"]
    assert attempt in there.get("/history").text


def test_a_live_session_is_held_over_two_processes(
    clients: tuple[TestClient, TestClient], now: Now
) -> None:
    here, there = clients
    host = open_session(here)
    guest = join(host, Role.CANDIDATE)
    let_in(host, guest)
    attempt = attempt_of(host)
    elsewhere = Guest(there, guest.base)
    there.cookies = guest.client.cookies

    with channel(host) as ears, channel(elsewhere):
        while len(ears.hear("people")["people"]) < 2:
            pass
    with board(host, attempt, "a") as hosts, board(elsewhere, attempt, "b") as candidates:
        hosts.say(type="events", source="a", first=1, events=[[0, "start", {}]])
        assert candidates.hear("clock")["elapsed"] == 0
        now.advance(MINUTE)
        candidates.send(ink(1_000))
        assert candidates.hear("ack")["refused"] == []
        while "ink" not in [event[2] for event in hosts.hear("events")["events"]]:
            pass


class Server:
    """The application in a process of its own."""

    def __init__(self, url: str, folder: Path) -> None:
        self.port = free_port()
        offset = folder / "offset"
        offset.write_text("0")
        self.process = FORKS.Process(target=serve, args=(self.port, url, offset))
        self.process.start()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def is_up(self) -> bool:
        assert self.process.is_alive(), "it ended by itself"
        try:
            with urllib.request.urlopen(f"{self.origin}/healthz", timeout=1) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def socket(self, attempt: str, source: str) -> ClientConnection:
        url = f"ws://127.0.0.1:{self.port}/a/{attempt}/socket?source={source}"
        return connect(url, origin=Origin(self.origin), proxy=None, compression=None)

    def kill(self) -> None:
        self.process.kill()
        self.process.join(10)


class Writer:
    """A page that sends marks, each with its number as the time, until its server is gone; then it
    sends the rest to another."""

    def __init__(self, count: int) -> None:
        self.events = [raw(mark(n)) for n in range(1, count + 1)]
        self.acknowledged = 0

    def write(self, socket: ClientConnection, *, until: int) -> None:
        """Several messages are on their way at any time."""
        sent = self.acknowledged
        while self.acknowledged < until:
            while sent < len(self.events) and sent < self.acknowledged + 20:
                socket.send(json.dumps(self._message(sent + 1)))
                sent += 1
            self._listen(socket)

    def _message(self, n: int) -> dict[str, Any]:
        return {"type": "events", "source": "a", "first": n, "events": [self.events[n - 1]]}

    def _listen(self, socket: ClientConnection) -> None:
        message = json.loads(socket.recv(PATIENCE_S))
        if message["type"] == "ack":
            assert message["refused"] == []
            self.acknowledged = message["through"]


def heard(socket: ClientConnection, count: int) -> list[list[Any]]:
    events: list[list[Any]] = []
    while len(events) < count:
        message = json.loads(socket.recv(PATIENCE_S))
        if message["type"] == "events":
            events.extend(message["events"])
    return events


@pytest.fixture
def fresh_url(postgres: Postgres) -> Iterator[str]:
    """A database without any table."""
    engine = create_engine(postgres.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("CREATE DATABASE fresh"))
        yield engine.url.set(database="fresh").render_as_string(hide_password=False)
        connection.execute(text("DROP DATABASE fresh WITH (FORCE)"))
    engine.dispose()


def test_a_server_is_killed_while_it_stores_and_another_goes_on(
    fresh_url: str, tmp_path: Path
) -> None:
    with ExitStack() as stack:
        # Started together, they make the tables together.
        servers = [Server(fresh_url, tmp_path) for _ in range(2)]
        for server in servers:
            stack.callback(server.kill)
        for server in servers:
            wait_until(server.is_up, START_TIMEOUT_S)
        dying, staying = servers
        answer = httpx2.post(
            f"{dying.origin}/attempts",
            data={"derivation": "ols", "minutes": "5"},
            headers={"Origin": dying.origin},
        )
        attempt = answer.headers["location"].removeprefix("/a/")
        writer = Writer(300)
        with staying.socket(attempt, "x") as watching:
            with dying.socket(attempt, "a") as socket:
                writer.write(socket, until=100)
                dying.kill()
            before = writer.acknowledged
            with staying.socket(attempt, "a") as socket:
                writer.write(socket, until=300)
                socket.send(
                    json.dumps(
                        {"type": "events", "source": "a", "first": 301, "events": [raw(end(0))]}
                    )
                )
            seen = heard(watching, 302)

    assert 100 <= before < 300
    assert [event[0] for event in seen] == list(range(1, 303))
    assert [event[2] for event in seen] == ["start", *["mark"] * 300, "end"]
    engine = create_engine(fresh_url)
    with Session(engine) as session:
        rows = read_log(session, attempt)
        assert [(row.seq, row.t, row.code) for row in rows] == [tuple(e[:3]) for e in seen]
        assert [row.n for row in rows if row.source == "a"] == list(range(1, 302))
    engine.dispose()
