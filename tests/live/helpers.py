"""Pages that look at a room, and the attempts that they look at."""

import asyncio
import contextlib
import json
import threading
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app.live.allowance import Allowance
from app.live.hub import Hub
from app.live.reader import Reader
from app.live.room import Room
from app.practice.events import Event
from app.practice.roles import Role
from app.storage import recordings
from app.storage.recordings import Entry, Writable, read_log, stored_event
from app.storage.tables import AttemptRow
from tests.helpers import MINUTE, NOON, TODAY, raw, unpacked, until

LIMIT = 5 * MINUTE


class Page:
    """A browser's page: sends over its connection, and keeps what comes."""

    def __init__(
        self, room: Room, source: str = "a", after: int = 0, role: Role = Role.WRITER
    ) -> None:
        self.source = source
        self.messages: list[dict[str, Any]] = []
        # Whether its connection takes what is sent to it.
        self.free = True
        self.room = room
        self.reader: Reader = room.join(source, after, role)
        self.reader.attach(self)
        self._allowance = Allowance()
        self._last = 0

    def write(self, message: str | bytes) -> None:
        self.messages.append(unpacked(message))

    def read_on(self) -> None:
        """Takes again what is sent."""
        self.free = True
        self.reader.turn()

    def send(self, *events: Event, first: int | None = None, source: str = "") -> None:
        """Sends events, numbered after the last ones unless `first` says otherwise."""
        first = self._last + 1 if first is None else first
        self._last = first + len(events) - 1
        self.say(
            type="events",
            source=source or self.source,
            first=first,
            events=[raw(event) for event in events],
        )

    def say(self, **message: Any) -> None:
        self.say_text(json.dumps(message))

    def say_text(self, text: str) -> None:
        self.room.receive(self.reader, self._allowance, text)

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [message for message in self.messages if message["type"] == kind]

    async def hears(self, kind: str, count: int = 1) -> dict[str, Any]:
        """The `count`-th message of this kind, once it has come."""
        await until(lambda: len(self.of(kind)) >= count)
        return self.of(kind)[count - 1]

    async def acknowledged(self, through: int, source: str = "") -> None:
        """Returns once all is acknowledged up to this number."""
        await until(lambda: self._through(source or self.source) >= through)

    def _through(self, source: str) -> int:
        acks = [ack["through"] for ack in self.of("ack") if ack["source"] == source]
        return max(acks, default=0)

    @property
    def seen(self) -> list[list[Any]]:
        """All events that came, as [seq, t, code, data]."""
        return [event for message in self.of("events") for event in message["events"]]

    async def sees(self, count: int) -> list[list[Any]]:
        await until(lambda: len(self.seen) >= count)
        return self.seen

    @property
    def closed(self) -> bool:
        return self.reader.closed.is_set()

    async def leave(self) -> None:
        self.room.leave(self.reader)


class Disk:
    """Stands before the database: counts commits, holds them up, breaks them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.commits: list[int] = []
        self.broken = False
        self.ready = threading.Event()
        self.ready.set()
        monkeypatch.setattr("app.live.journal.append_entries", self._append)

    def _append(self, to: Writable, entries: Sequence[Entry]) -> None:
        self.commits.append(len(entries))
        assert self.ready.wait(5)
        if self.broken:
            raise OSError("no space left on device")
        recordings.append_entries(to, entries)


@contextlib.asynccontextmanager
async def running(hub: Hub) -> AsyncIterator[Hub]:
    task = asyncio.create_task(hub.run())
    yield hub
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


def keep_running(
    engine: Engine,
    attempt_id: str = "abcd",
    mode: str = "cold",
    limit_ms: int | None = LIMIT,
    started_at: int = NOON,
) -> str:
    """An attempt whose clock starts at NOON."""
    with Session(engine) as session:
        session.add(
            AttemptRow(
                id=attempt_id,
                derivation="ols",
                mode=mode,
                limit_ms=limit_ms,
                reading_ms=0,
                created_at=NOON,
                day=TODAY,
                started_at=started_at,
            )
        )
        session.commit()
    return attempt_id


def stored_log(engine: Engine, attempt_id: str = "abcd") -> list[Event]:
    with Session(engine) as session:
        return [stored_event(row) for row in read_log(session, attempt_id)]


def stored_row(engine: Engine, attempt_id: str = "abcd") -> AttemptRow:
    with Session(engine) as session:
        row = session.get(AttemptRow, attempt_id)
        assert row is not None
        return row
