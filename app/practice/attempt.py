"""An attempt as rules: which events it takes, and what they make of it.

An `Attempt` is a value. `take` judges an event from a browser and gives the event to store;
`due` gives the events that time alone brings (the start after reading, the end at the deadline);
`after` is the attempt once an event is in the log. Nothing here waits, stores or sends.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from app.errors import EventRefused, Invalid
from app.practice.clock import ALLOWANCE_MS, Clock, Phase
from app.practice.events import CLOCK, DRAWING, WRITING, Event
from app.practice.roles import MAY_SEND, Role

MINUTE_MS = 60_000
SHORTEST_LIMIT_MS = 1 * MINUTE_MS
LONGEST_LIMIT_MS = 60 * MINUTE_MS
LONGEST_READING_MS = 5 * MINUTE_MS
MAX_EVENTS = 200_000
MAX_CHARACTERS = 64 * 1024 * 1024


class Mode(StrEnum):
    """Cold: no help before the end. Guided: a verdict on each line, and hints on request. Live: in
    a session, where a host has the clock and decides what is shown."""

    COLD = "cold"
    GUIDED = "guided"
    LIVE = "live"


@dataclass(frozen=True, slots=True)
class Setup:
    """What is chosen before an attempt: durations in milliseconds, limit None for untimed."""

    derivation: str
    mode: Mode
    limit_ms: int | None
    reading_ms: int

    def __post_init__(self) -> None:
        if self.mode is Mode.LIVE:
            raise Invalid("A live attempt is begun in a session.")
        check_limit(self.limit_ms)
        if not 0 <= self.reading_ms <= LONGEST_READING_MS:
            raise Invalid("The reading phase lasts from 0 to 300 seconds.")


def check_limit(limit_ms: int | None) -> None:
    """Raises Invalid."""
    if limit_ms is not None and not SHORTEST_LIMIT_MS <= limit_ms <= LONGEST_LIMIT_MS:
        raise Invalid("The limit is a number of minutes from 1 to 60, or none.")


class Attempt(NamedTuple):
    """A try in progress: its clock and what the log so far says about it."""

    id: str
    mode: Mode
    hint_count: int
    clock: Clock
    start_recorded: bool = False
    written: bool = False
    hints_taken: int = 0
    events: int = 0
    characters: int = 0
    latest_ms: int = 0
    listening_since: int = 0

    def phase(self, now: int) -> Phase:
        return self.clock.phase(now, self.listening_since)

    def take(self, event: Event, now: int, role: Role = Role.WRITER) -> Event:
        """The event as it is to be stored. Raises EventRefused, whose reason says which rule."""
        if event.code not in MAY_SEND[role]:
            raise EventRefused("forbidden", f"a {role} sends no {event.code}")
        if "by" in event.data:
            raise EventRefused("malformed", "who drew it is for the server to say")
        phase = self.phase(now)
        if phase is Phase.ENDED:
            raise EventRefused("ended", "the attempt is over")
        if event.code == "start":
            if phase is not Phase.READING:
                raise EventRefused("not-now", "the clock has started already")
            return Event(0, "start", {})
        if phase is Phase.READING:
            raise EventRefused("not-now", "the clock has not started")
        elapsed = self.clock.elapsed(now)
        self._check_time(event, phase, elapsed)
        self._check_by_code(event, phase)
        # An end is not before what was written. And a browser cannot be ahead of the server's
        # clock; if it says so, its estimate is off.
        t = max(event.t, self.latest_ms) if event.code == "end" else event.t
        t = max(0, min(t, elapsed))
        by_host = role is Role.HOST and event.code in DRAWING
        data = event.data | {"by": "host"} if by_host else event.data
        return event if (t, data) == (event.t, event.data) else Event(t, event.code, data)

    def _check_time(self, event: Event, phase: Phase, elapsed: int) -> None:
        if event.t > self.clock.runs_ms:
            raise EventRefused("deadline", "it was made after the deadline")
        # What was on its way when the clock was stopped is taken, as at the deadline.
        late = event.t > elapsed + ALLOWANCE_MS
        if phase is Phase.PAUSED and event.code in WRITING and late:
            raise EventRefused("not-now", "the clock stands still")

    def _check_by_code(self, event: Event, phase: Phase) -> None:
        if event.code == "end":
            if event.data["why"] == "time":
                raise EventRefused("not-now", "only the server's clock says that the time is out")
            return
        if event.code in ("pause", "resume") and (phase is Phase.PAUSED) == (event.code == "pause"):
            state = "stands" if phase is Phase.PAUSED else "runs"
            raise EventRefused("not-now", f"the clock {state} already")
        if event.code == "extend":
            self._check_extension(event.data["ms"])
        if self.events >= MAX_EVENTS or self.characters >= MAX_CHARACTERS:
            raise EventRefused("full", "the recording of this attempt is full")
        if event.code == "hint":
            if self.mode is not Mode.GUIDED:
                raise EventRefused("not-now", "there are no hints in a cold attempt")
            if event.data["number"] != self.hints_taken + 1 or self.hints_taken >= self.hint_count:
                raise EventRefused("not-now", "hints come one after the other, each once")

    def _check_extension(self, ms: int) -> None:
        limit = self.clock.limit_ms
        if limit is None:
            raise EventRefused("not-now", "there is no limit to extend")
        if limit + ms > LONGEST_LIMIT_MS:
            raise EventRefused("not-now", "the limit is 60 minutes at most")

    def due(self, now: int) -> list[Event]:
        """The events that the passing of time has brought and that the log does not hold yet."""
        events: list[Event] = []
        # It is asked for every message: mostly nothing is due, and that is quickly seen.
        next_due = self.next_due
        if next_due is None or now < next_due:
            return events
        over = self.clock.ended_at is None and self.phase(now) is Phase.ENDED
        begun = now >= self.clock.started_at and not self.clock.waits
        if not self.start_recorded and (begun or over):
            events.append(Event(0, "start", {}))
        if over:
            # On an empty board nothing was tried, and nobody derives for a whole day: such an
            # attempt is kept, and does not count.
            tried = self.written and self.clock.limit_ms is not None and not self.clock.stands
            why = "time" if tried else "abandoned"
            events.append(Event(self.clock.elapsed(now), "end", {"why": why}))
        return events

    @property
    def next_due(self) -> int | None:
        """When time alone will bring the next event; None when it will bring no more."""
        if self.clock.ended_at is not None:
            return None
        if not self.start_recorded and not self.clock.waits:
            return self.clock.started_at
        return self.clock.closes_at(self.listening_since)

    def after(self, event: Event, now: int) -> "Attempt":
        """The attempt once the event, which `take` or `due` gave, is in the log."""
        # Not `_replace`, which takes twice as long: this is done for every event.
        return Attempt(
            id=self.id,
            mode=self.mode,
            hint_count=self.hint_count,
            clock=self._clock_after(event, now) if event.code in CLOCK else self.clock,
            start_recorded=self.start_recorded or event.code == "start",
            written=self.written or event.code in WRITING,
            hints_taken=self.hints_taken + (event.code == "hint"),
            events=self.events + 1,
            characters=self.characters + len(event.encoded_data),
            latest_ms=max(self.latest_ms, event.t),
            listening_since=self.listening_since,
        )

    def _clock_after(self, event: Event, now: int) -> Clock:
        clock = self.clock
        match event.code:
            case "start" if now < clock.started_at:
                return replace(clock, started_at=now)
            case "start" | "resume":
                return clock.going_on(now)
            case "pause":
                return clock.paused(now)
            case "extend":
                return clock.extended(event.data["ms"])
            case "end":
                return clock.ended(event.t)
            case _:
                return clock

    def replayed(self, events: Sequence[Event]) -> "Attempt":
        """The attempt after what its log holds; the clock's times come from the stored attempt."""
        return self._replace(
            start_recorded=any(event.code == "start" for event in events),
            written=any(event.code in WRITING for event in events),
            hints_taken=sum(event.code == "hint" for event in events),
            events=len(events),
            characters=sum(len(event.encoded_data) for event in events),
            latest_ms=max((event.t for event in events), default=0),
        )
