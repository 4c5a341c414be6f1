"""A room: one attempt while somebody looks at it, its log in memory, and its readers.

An event goes: judged by the rules, numbered, handed to the journal; once that has stored it, it is
part of the committed log, readers are woken, and the sender gets its acknowledgement. If storing
fails the room is lost: its readers are disconnected, and they find a room made anew from the
database, to which they send again what was never acknowledged.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence

from app.errors import Conflict, EventRefused, Unavailable
from app.live import messages
from app.live.allowance import Allowance
from app.live.journal import Batch, Journal, Times
from app.live.log import Log
from app.live.material import Material
from app.live.reader import Reader
from app.practice.attempt import Attempt
from app.practice.clock import Phase
from app.practice.events import CLOCK, DRAWING, Event, read_event
from app.practice.roles import Role
from app.storage.recordings import Entry

# Clock events are the server's own: numbered under this source.
SERVER = "server"


class Room:
    def __init__(
        self,
        attempt: Attempt,
        log: Log,
        numbered: Mapping[str, int],
        material: Material,
        journal: Journal,
        now: Callable[[], int],
    ) -> None:
        self.attempt = attempt
        self.readers: set[Reader] = set()
        self.lost = False
        self._log = log
        self._numbered = dict(numbered)
        self._material = material
        self._journal = journal
        self._now = now
        self._unstored = 0

    @property
    def idle(self) -> bool:
        return not self.readers and not self._unstored

    def join(
        self, source: str, after: int, role: Role = Role.WRITER, seat: str | None = None
    ) -> Reader:
        """A new reader, the page called `source`, to which the log after `after` will be sent."""
        reader = Reader(self._log, source, min(max(after, 0), self._log.committed), role, seat)
        reader.tell(messages.welcome(self.attempt, self._now(), self._log.committed))
        self.readers.add(reader)
        return reader

    def reseat(self, roles: Mapping[str, Role], quiet_until: int) -> None:
        """Hangs up on seats that may do more or less than their connections do. `quiet_until`:
        until when, by the server's clock, what hosts draw is not taken."""
        for reader in self.readers:
            if reader.seat is None:
                continue
            reader.quiet_until = quiet_until
            if roles.get(reader.seat) is not reader.role:
                reader.close()

    def leave(self, reader: Reader) -> None:
        reader.close()
        self.readers.discard(reader)

    def receive(self, reader: Reader, allowance: Allowance, text: str) -> None:
        """Answers one message of a reader's browser."""
        now = self._now()
        try:
            message = messages.read_message(text)
        except messages.BadMessage as error:
            reader.tell(messages.bad(str(error)))
            return
        if isinstance(message, messages.Ping):
            reader.tell(messages.clock(self.attempt.clock, now))
            return
        source, first = message.source, message.first
        if retry_ms := allowance.spend(source, first, len(message.events), now):
            reader.tell(messages.slow(source, first, retry_ms))
            return
        self._take_all(reader, message, now)

    def settle(self) -> None:
        """Puts into the log what the passing of time has brought."""
        now = self._now()
        for event in self.attempt.due(now):
            self._store([self._log_own(event, now)])

    def end(self, why: str) -> None:
        """Ends the attempt now, for a request that does not come over a socket."""
        now = self._now()
        t = max(self.attempt.clock.elapsed(now), 0)
        if self.attempt.phase(now) is Phase.READING:
            self._store([self._log_own(Event(0, "start", {}), now)])
        try:
            event = self.attempt.take(Event(t, "end", {"why": why}), now)
        except EventRefused as error:
            raise Conflict("This attempt is over already.") from error
        self._store([self._log_own(event, now)])

    async def stored(self) -> None:
        """Returns once everything so far is stored. Raises Unavailable if that failed."""
        done: asyncio.Future[Exception | None] = asyncio.get_running_loop().create_future()

        def tell(failure: Exception | None) -> None:
            if not done.done():  # whoever waited may have been cancelled
                done.set_result(failure)

        self._journal.append(Batch((), None, tell))
        failure = await done
        if failure is not None or self.lost:
            raise Unavailable("It could not be stored. Is the disk full? Nothing was changed.")

    def _take_all(self, reader: Reader, message: messages.EventsFromBrowser, now: int) -> None:
        self.settle()
        source, last = message.source, message.first + len(message.events) - 1
        entries: list[Entry] = []
        refused: list[tuple[int, str, str]] = []
        for n, raw in enumerate(message.events, start=message.first):
            if source == SERVER:
                refused.append((n, "malformed", "that source is the server's own"))
            elif n > self._numbered.get(source, 0):
                try:
                    event = self._judged(read_event(raw), reader, now)
                except EventRefused as error:
                    refused.append((n, error.reason, error.detail))
                else:
                    entries.append(self._log_event(event, source, n, now))

        def acknowledge() -> None:
            clock, heard = self.attempt.clock, self._now()
            reader.tell(messages.ack(source, last, clock, heard, refused))

        # What came twice is stored already or about to be: the journal keeps the order, so an
        # acknowledgement that passes through it never runs ahead of what it acknowledges.
        self._store(entries, acknowledge)

    def _judged(self, event: Event, reader: Reader, now: int) -> Event:
        """The event as it is to be stored. Raises EventRefused."""
        by_host = reader.role is Role.HOST and event.code in DRAWING
        if by_host and now < reader.quiet_until:
            raise EventRefused("not-now", "it is focus time: the board is the candidate's alone")
        taken = self.attempt.take(event, now, reader.role)
        self._material.check(taken)
        return taken

    def _log_own(self, event: Event, now: int) -> Entry:
        return self._log_event(event, SERVER, self._numbered.get(SERVER, 0) + 1, now)

    def _log_event(self, event: Event, source: str, n: int, now: int) -> Entry:
        self.attempt = self.attempt.after(event, now)
        self._numbered[source] = n
        seq = self._log.add(event, source, self._material)
        return Entry(self.attempt.id, seq, event, source, n, now)

    def _store(
        self, entries: Sequence[Entry], acknowledge: Callable[[], None] | None = None
    ) -> None:
        if self.lost:
            return
        self._unstored += 1
        clock_changed = any(entry.event.code in CLOCK for entry in entries)
        times = self._times(entries) if clock_changed else None

        def stored(failure: Exception | None) -> None:
            self._unstored -= 1
            if failure is not None:
                self._lose()
            if self.lost:
                return
            self._log.commit(len(entries))
            if acknowledge is not None:
                acknowledge()
            for reader in self.readers:
                if clock_changed:
                    reader.tell(messages.clock(self.attempt.clock, self._now()))
                reader.wake()

        self._journal.append(Batch(entries, times, stored))

    def _times(self, entries: Sequence[Entry]) -> Times:
        ends = [entry.event.data["why"] for entry in entries if entry.event.code == "end"]
        return Times(self.attempt.id, self.attempt.clock, ends[-1] if ends else None)

    def _lose(self) -> None:
        self.lost = True
        for reader in self.readers:
            reader.close()
