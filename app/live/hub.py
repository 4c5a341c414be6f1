"""The hub: the rooms that are open, and the clock that runs for those that nobody looks at.

Several processes on one database have a hub each, and watch all clocks each: none of them is needed
by the others. Over the bus they hear how far a log goes, and when its clock is due.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable, Mapping

from sqlalchemy import Engine
from sqlmodel import Session

from app.errors import NotFound
from app.live.bus import MISSED, Bus, MemoryBus
from app.live.journal import Journal
from app.live.log import Log
from app.live.material import Material
from app.live.room import Room
from app.live.shared_journal import NEVER, TOPIC, SharedJournal
from app.live.shelf import Shelf
from app.live.stretch import Stretch
from app.live.turns import Turns
from app.practice.attempt import Attempt, Mode
from app.practice.roles import Role
from app.storage.attempts import find_any_attempt, list_all_open
from app.storage.database import is_shared, read_as_of_now
from app.storage.recordings import read_log, stored_event
from app.storage.shared_logs import clock_of

# How late, in seconds, the server may notice that a clock has run out. Times are compared, not
# counted, so a machine that slept notices on its next look.
LOOK_EVERY_S = 0.25
TRY_AGAIN_AFTER_MS = 10_000
# On which the other processes hear of an attempt whose clock they shall watch too.
WATCH = "watch"

logger = logging.getLogger(__name__)


class Hub:
    def __init__(
        self, engine: Engine, shelf: Shelf, now: Callable[[], int], bus: Bus | None = None
    ) -> None:
        self._engine = engine
        self._shelf = shelf
        self._now = now
        self._shared = is_shared(engine)
        self._journal = SharedJournal(engine) if self._shared else Journal(engine)
        self._bus = bus or MemoryBus()
        self._turns = Turns()
        self._life = new_life()
        self._rooms: dict[str, Room] = {}
        # When to look next at an attempt that has no room; an open room looks after itself.
        self._alarms: dict[str, int] = {}
        self._opening = asyncio.Lock()
        self._listening_since = now()
        # Whether clocks of attempts may have to be watched of which this process has not heard.
        self._unheard = True
        self.running = False
        if self._shared:
            self._bus.subscribe(TOPIC, self._hear_of_log)
            self._bus.subscribe(WATCH, self._hear_of_attempt)

    async def run(self) -> None:
        """Keeps the journal and watches the clocks until cancelled; then stores what waits."""
        journal = asyncio.create_task(self._journal.run())
        self.running = True
        try:
            await self._watch_clocks()
        finally:
            self.running = False
            self._journal.close()
            await journal

    def watch(self, attempt_id: str) -> None:
        """From now on this attempt's clock runs, even when nobody looks at it."""
        self._alarms[attempt_id] = 0
        if self._shared:
            self._bus.publish(WATCH, attempt_id)

    async def open(self, attempt_id: str) -> Room:
        """The attempt's room, with everything in its log that time has brought by now.

        Raises NotFound.
        """
        room = await self._opened(attempt_id)
        while self._shared:
            await room.caught_up()
            if self._rooms.get(attempt_id) is room:
                break
            # Meanwhile somebody else has left it, the last one.
            room = await self._opened(attempt_id)
        room.settle()
        return room

    async def _opened(self, attempt_id: str) -> Room:
        async with self._opening:
            room = self._rooms.get(attempt_id)
            if room is not None and room.lost:
                self._life = new_life()
                room = None
            if room is None:
                self._rooms[attempt_id] = room = await asyncio.to_thread(self._load, attempt_id)
                self._alarms.pop(attempt_id, None)
            return room

    async def settle(self, attempt_id: str) -> None:
        """Returns when everything that time has brought to this attempt is stored."""
        room = await self.open(attempt_id)
        try:
            await room.stored()
        finally:
            self.close_if_idle(attempt_id)

    async def end(self, attempt_id: str, why: str) -> None:
        """Ends a running attempt. Raises NotFound, and Conflict when it is over already."""
        room = await self.open(attempt_id)
        try:
            await room.end(why)
        finally:
            self.close_if_idle(attempt_id)

    def reseat(self, attempt_id: str, roles: Mapping[str, Role], quiet_until: int) -> None:
        """What the seats of a live session may write on this attempt now."""
        room = self._rooms.get(attempt_id)
        if room is not None:
            room.reseat(roles, quiet_until)

    def close_if_idle(self, attempt_id: str) -> None:
        room = self._rooms.get(attempt_id)
        if room is not None and room.idle:
            del self._rooms[attempt_id]
            next_due = room.attempt.next_due
            if next_due is not None:
                self._alarms[attempt_id] = next_due

    def _hear_of_log(self, text: str) -> None:
        if text == MISSED:
            self._unheard = True
            for open_room in self._rooms.values():
                open_room.look()
            return
        attempt_id, head, *due = text.split(" ")
        room = self._rooms.get(attempt_id)
        if room is not None:
            room.hear_of(int(head))
        elif due == [NEVER]:
            self._alarms.pop(attempt_id, None)
        elif due:
            self._alarms[attempt_id] = int(due[0])

    def _hear_of_attempt(self, attempt_id: str) -> None:
        if attempt_id != MISSED and attempt_id not in self._rooms:
            self._alarms.setdefault(attempt_id, 0)

    async def _watch_clocks(self) -> None:
        while True:
            if self._unheard:
                self._unheard = False
                for attempt_id in await asyncio.to_thread(self._open_attempts):
                    self._alarms[attempt_id] = 0
            for room in list(self._rooms.values()):
                room.settle()
            now = self._now()
            # A copy: routes that run in threads of their own set alarms too.
            for attempt_id in [key for key, at in list(self._alarms.items()) if at <= now]:
                await self._ring(attempt_id)
            await asyncio.sleep(LOOK_EVERY_S)

    async def _ring(self, attempt_id: str) -> None:
        if self._alarms.pop(attempt_id, None) is None:
            return  # somebody opened the room while others were rung: it looks after itself
        try:
            await self.settle(attempt_id)
        except NotFound:
            logger.info("attempt %s was deleted before its clock ran out", attempt_id)
        except Exception:
            # The watch goes on for the others.
            logger.exception("the clock of attempt %s could not be kept", attempt_id)
            self._alarms[attempt_id] = self._now() + TRY_AGAIN_AFTER_MS

    def _open_attempts(self) -> list[str]:
        with Session(self._engine) as session:
            return [row.id for row in list_all_open(session)]

    def _load(self, attempt_id: str) -> Room:
        with Session(self._engine) as session:
            read_as_of_now(session)
            row = find_any_attempt(session, attempt_id)
            stored = read_log(session, attempt_id)
            material = Material(self._shelf.library(session).derivations.get(row.derivation))
        events = [stored_event(entry) for entry in stored]
        numbered = {entry.source: entry.n for entry in stored}
        attempt = Attempt(
            id=row.id,
            mode=Mode(row.mode),
            hint_count=material.hint_count,
            clock=clock_of(row),
            listening_since=self._listening_since,
        ).replayed(events)
        stretch = Stretch()
        for entry, event in zip(stored, events, strict=True):
            stretch.add(event, entry.source, material)
        return Room(
            attempt,
            Log(stretch, shared=self._shared),
            numbered,
            material,
            self._journal,
            self._turns,
            self._now,
            life=None if self._shared else self._life,
        )


def new_life() -> str:
    """Of logs from which nothing gets lost meanwhile: see `app.live.room`."""
    return secrets.token_hex(4)
