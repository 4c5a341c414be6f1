"""A room: one attempt while somebody looks at it, its log in memory, and its readers.

An event goes: judged by the rules, numbered, handed to the journal and shown to the readers; once
it is stored, the sender gets its acknowledgement. What changes the clock or gives something away is
shown when it is stored. If storing fails the room is lost: its readers are disconnected, and they
find a room made anew from the database, to which they send again what was never acknowledged. That
room has another `life`, as has every room after the server was killed: a page that was shown more
than it knows to be stored then is loaded anew.

Where other processes have rooms for the same attempt, what they have stored meanwhile goes first:
everything that is not stored yet is judged and numbered anew after it (`overtaken`), and until it
is stored it is shown to nobody.
"""

import asyncio
import json
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from app.errors import Conflict, EventRefused, Unavailable
from app.live import messages
from app.live.allowance import Allowance
from app.live.journal import Batch, Journal, Times
from app.live.log import GRAVE, Log
from app.live.material import Material
from app.live.reader import Reader
from app.live.turns import Turns
from app.practice.attempt import Attempt
from app.practice.clock import Phase
from app.practice.events import CLOCK, DRAWING, Event, read_event
from app.practice.roles import Role
from app.storage.recordings import Entry
from app.storage.shared_logs import Appended

# Clock events are the server's own: numbered under this source.
SERVER = "server"

Refusal = tuple[int, str, str]
"""The number of an event, why it is refused, and in words."""

Judge = Callable[[], Sequence[Entry]]
"""Gives the entries that are to be stored now, and has put them into the log."""


@dataclass(slots=True)
class Answer:
    """To one page: how far what it sent is stored, but for what is refused."""

    through: int = 0
    refused: list[Refusal] = field(default_factory=list)


@dataclass(slots=True)
class Pending:
    """What is stored together, and not yet: the batch; the pages to be answered then, by reader and
    source; the attempt after it; and, where others append to the log too, how each part of it is
    judged, as often as that is necessary."""

    batch: Batch
    after: Attempt
    answers: dict[tuple[Reader, str], Answer] = field(default_factory=dict)
    judges: list[Judge] = field(default_factory=list)


class Room:
    """`life`: of the log, see above; None where other processes append to it too."""

    def __init__(
        self,
        attempt: Attempt,
        log: Log,
        numbered: Mapping[str, int],
        material: Material,
        journal: Journal,
        turns: Turns,
        now: Callable[[], int],
        *,
        life: str | None,
    ) -> None:
        self.attempt = attempt
        self.readers: set[Reader] = set()
        self.lost = False
        self._log = log
        self._numbered = dict(numbered)
        self._material = material
        self._journal = journal
        self._turns = turns
        self._now = now
        self._pending: deque[Pending] = deque()
        self._life = life
        self._shared = life is None
        # As far as it is stored.
        self._stored_attempt = attempt
        self._stored_numbers = dict(numbered)

    @property
    def attempt_id(self) -> str:
        return self.attempt.id

    @property
    def head(self) -> int:
        return self._log.committed

    @property
    def idle(self) -> bool:
        return not self.readers and not self._pending

    def join(
        self, source: str, after: int, role: Role = Role.WRITER, seat: str | None = None
    ) -> Reader:
        """A new reader, the page called `source`, to which the log after `after` will be sent."""
        after = min(max(after, 0), self._log.ready)
        reader = Reader(self._log, self._turns, source, after, role, seat)
        reader.tell(messages.welcome(self.attempt, self._now(), self._log.committed, self._life))
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
            reader.tell(messages.clock(self.attempt.clock, now, self._log.committed))
            return
        source, first = message.source, message.first
        if retry_ms := allowance.spend(source, first, len(message.events), now):
            reader.tell(messages.slow(source, first, retry_ms))
            return
        self._take_all(reader, message, now)

    def settle(self) -> None:
        """Puts into the log what the passing of time has brought."""
        self._settle(self._now())

    def _settle(self, now: int) -> None:
        if self.attempt.due(now):
            self._submit(lambda: [self._log_own(event, now) for event in self.attempt.due(now)])

    async def end(self, why: str) -> None:
        """Ends the attempt now, for a request that does not come over a socket. Raises Conflict
        when it is over already."""
        now = self._now()
        refused: list[EventRefused] = []

        def judge() -> list[Entry]:
            refused.clear()
            entries = []
            t = max(self.attempt.clock.elapsed(now), 0)
            if self.attempt.phase(now) is Phase.READING:
                entries.append(self._log_own(Event(0, "start", {}), now))
            try:
                event = self.attempt.take(Event(t, "end", {"why": why}), now)
            except EventRefused as error:
                refused.append(error)
            else:
                entries.append(self._log_own(event, now))
            return entries

        self._submit(judge)
        await self.stored()
        if refused:
            raise Conflict("This attempt is over already.") from refused[0]

    async def stored(self) -> None:
        """Returns once everything so far is stored. Raises Unavailable if that failed."""
        done: asyncio.Future[Exception | None] = asyncio.get_running_loop().create_future()

        def tell(failure: Exception | None) -> None:
            if not done.done():  # whoever waited may have been cancelled
                done.set_result(failure)

        self._journal.append(Batch([], None, tell))
        failure = await done
        if failure is not None or self.lost:
            raise Unavailable("It could not be stored. Is the disk full? Nothing was changed.")

    def hear_of(self, head: int) -> None:
        """The log goes as far as this now, says another process, or this one about itself."""
        # What waits here will be overtaken by whatever else was stored.
        if head > len(self._log):
            self.look()

    def look(self) -> None:
        """Takes in what other processes have appended."""
        self._submit(lambda: (), writes=False)

    async def caught_up(self) -> None:
        """Returns once everything is here that was stored before. Raises Unavailable."""
        self.look()
        await self.stored()

    def overtaken(self, appended: Appended) -> None:
        """Other processes have stored this: it comes before whatever is not stored here yet."""
        now = self._now()
        attempt = self._stored_attempt
        self._log.rewind()
        for entry in appended.entries:
            attempt = attempt.after(entry.event, now)
            self._stored_numbers[entry.source] = entry.n
            self._log.add(entry.event, entry.source, self._material)
        self._log.commit(len(appended.entries))
        self._stored_attempt = attempt._replace(clock=appended.clock)
        self.attempt, self._numbered = self._stored_attempt, dict(self._stored_numbers)
        for pending in self._pending:
            self._judge_anew(pending)
        self._tell_readers(any(entry.event.code in CLOCK for entry in appended.entries))

    def _take_all(self, reader: Reader, message: messages.EventsFromBrowser, now: int) -> None:
        if self.lost:
            return
        self._settle(now)
        # What came twice is stored already or about to be: the journal keeps the order, so an
        # acknowledgement that passes through it never runs ahead of what it acknowledges.
        answer = self._open().answers.setdefault((reader, message.source), Answer())
        answer.through = max(answer.through, message.first + len(message.events) - 1)
        self._submit(partial(self._take_each, reader, message, now, answer.refused), by=reader)

    def _take_each(
        self,
        reader: Reader,
        message: messages.EventsFromBrowser,
        now: int,
        refused: list[Refusal],
    ) -> list[Entry]:
        source = message.source
        entries: list[Entry] = []
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
        return entries

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
        return Entry.of(self.attempt.id, seq, event, source, n, now)

    def _open(self) -> Pending:
        """Where more can be added: what the journal has not begun to store."""
        if not (self._pending and self._pending[-1].batch.open):
            tail = self if self._shared else None
            batch = Batch([], None, self._stored, tail, writes=False, urgent=False)
            self._pending.append(Pending(batch, self.attempt))
            self._journal.append(batch)
        return self._pending[-1]

    def _submit(self, judge: Judge, *, by: Reader | None = None, writes: bool = True) -> None:
        """`by`: the reader from whose page it comes, which has nothing new to get."""
        if self.lost:
            return
        pending = self._open()
        pending.batch.writes |= writes
        if self._shared:
            pending.judges.append(judge)
        self._judge(pending, judge)
        if pending.batch.urgent:
            self._journal.hurry()
        if not self._shared:
            self._turns.ask_all(self.readers - {by})

    def _judge_anew(self, pending: Pending) -> None:
        batch = pending.batch
        batch.entries, batch.times = [], None
        for answer in pending.answers.values():
            answer.refused.clear()
        for judge in pending.judges:
            self._judge(pending, judge)

    def _judge(self, pending: Pending, judge: Judge) -> None:
        batch = pending.batch
        entries = judge()
        batch.entries += entries
        # Where nothing is to be stored, somebody waits for the answer.
        batch.urgent |= not entries
        for entry in entries:
            if entry.code in GRAVE:
                batch.urgent = True
                if entry.code in CLOCK:
                    batch.times = self._times(batch.entries)
        pending.after = self.attempt

    def _stored(self, failure: Exception | None) -> None:
        """The first that waits is stored, or is not."""
        pending = self._pending.popleft()
        if failure is not None:
            self._lose()
        if self.lost:
            return
        batch, shown = pending.batch, self._log.ready
        self._log.commit(len(batch.entries))
        if self._shared:
            self._stored_attempt = pending.after
            self._stored_numbers.update((entry.source, entry.n) for entry in batch.entries)
        for (reader, source), answer in pending.answers.items():
            # The next one says all that this one does, unless something was refused.
            reader.tell(partial(self._ack, source, answer), None if answer.refused else source)
        # Mostly they have it already.
        if self._log.ready > shown:
            self._tell_readers(batch.times is not None)

    def _ack(self, source: str, answer: Answer) -> str:
        now = self._now()
        return messages.ack(source, answer.through, self.attempt.clock, now, answer.refused)

    def _tell_readers(self, clock_changed: bool) -> None:
        for reader in self.readers:
            if clock_changed:
                reader.tell(messages.clock(self.attempt.clock, self._now(), self._log.committed))
        self._turns.ask_all(self.readers)

    def _times(self, entries: Sequence[Entry]) -> Times:
        ends = [json.loads(entry.data)["why"] for entry in entries if entry.code == "end"]
        why = ends[-1] if ends else None
        return Times(self.attempt.id, self.attempt.clock, why, self.attempt.next_due)

    def _lose(self) -> None:
        self.lost = True
        for reader in self.readers:
            reader.close()
