"""The clock of an attempt: the server's times, from which everything else about time follows.

reading ──started_at──▶ running ──deadline──▶ closing ──allowance──▶ ended
                         │  ▲ └──── done, abandoned ─────────────────▶ ended
                         ▼  └ resume
                        paused

The clock of a live attempt waits at zero until a host starts it, and a host may pause it: while it
stands it shows the same time, and `started_at` moves on by as long as it stood.

Nothing ticks here: what is shown is always the difference between two times, so a closed tab, a
sleeping laptop and a restarted server change nothing. Times are milliseconds since 1970 by the
server's clock; durations are milliseconds.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

# What was on its way when the time ran out is still taken for this long; after the server was
# away, for as long as browsers take to find it again.
ALLOWANCE_MS = 2_000
RETURN_ALLOWANCE_MS = 10_000

# An untimed attempt that was left open ends by itself after a day.
LONGEST_UNTIMED_MS = 24 * 3600 * 1000


class Phase(StrEnum):
    READING = "reading"
    RUNNING = "running"
    PAUSED = "paused"
    CLOSING = "closing"
    ENDED = "ended"


@dataclass(frozen=True)
class Clock:
    """When the clock starts (or started), how long it runs (None: untimed), when it ended, and
    since when it stands still (None: it does not). What follows from that is asked for with every
    event and computed once."""

    started_at: int
    limit_ms: int | None
    ended_at: int | None = None
    paused_at: int | None = None

    @cached_property
    def runs_ms(self) -> int:
        return LONGEST_UNTIMED_MS if self.limit_ms is None else self.limit_ms

    @cached_property
    def deadline_at(self) -> int:
        return self.started_at + self.runs_ms

    def closes_at(self, listening_since: int = 0) -> int:
        """Until when late events are taken.

        A server that was away at the deadline could not hear what was on its way. A clock that
        nobody has let go on for a day will not go on.
        """
        if self.paused_at is not None:
            return self.paused_at + LONGEST_UNTIMED_MS
        return max(self.deadline_at + ALLOWANCE_MS, listening_since + RETURN_ALLOWANCE_MS)

    @cached_property
    def waits(self) -> bool:
        """Whether it stands at zero until somebody starts it."""
        return self.ended_at is None and self.paused_at == self.started_at

    @cached_property
    def stands(self) -> bool:
        return self.ended_at is None and self.paused_at is not None

    def phase(self, now: int, listening_since: int = 0) -> Phase:
        if self.ended_at is not None or now >= self.closes_at(listening_since):
            return Phase.ENDED
        if self.stands:
            return Phase.READING if self.waits else Phase.PAUSED
        if now < self.started_at:
            return Phase.READING
        if now >= self.deadline_at:
            return Phase.CLOSING
        return Phase.RUNNING

    def elapsed(self, now: int) -> int:
        """Milliseconds on the clock: negative while reading, never past the limit or the end."""
        until = self.ended_at or self.paused_at or now
        return min(until - self.started_at, self.runs_ms)

    def paused(self, now: int) -> "Clock":
        # Never at zero: that is where a clock stands that nobody has started.
        return replace(self, paused_at=max(now, self.started_at + 1))

    def going_on(self, now: int) -> "Clock":
        """Started, or resumed: the time that it stood does not count."""
        stood = max(0, now - (self.paused_at or now))
        return replace(self, started_at=self.started_at + stood, paused_at=None)

    def ended(self, t: int) -> "Clock":
        """`t`: when on the clock."""
        return replace(self, ended_at=self.started_at + t, paused_at=None)

    def extended(self, ms: int) -> "Clock":
        return replace(self, limit_ms=None if self.limit_ms is None else self.limit_ms + ms)


def waiting_clock(now: int, limit_ms: int | None) -> Clock:
    """A clock that somebody will start."""
    return Clock(now, limit_ms, paused_at=now)
