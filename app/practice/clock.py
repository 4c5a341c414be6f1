"""The clock of an attempt: the server's times, from which everything else about time follows.

reading ──started_at──▶ running ──deadline──▶ closing ──allowance──▶ ended
                           └──────── done, abandoned ────────────────▶ ended

Nothing ticks here: what is shown is always the difference between two times, so a closed tab, a
sleeping laptop and a restarted server change nothing. Times are milliseconds since 1970 by the
server's clock; durations are milliseconds.
"""

from dataclasses import dataclass
from enum import StrEnum

# What was on its way when the time ran out is still taken for this long; after the server was
# away, for as long as browsers take to find it again.
ALLOWANCE_MS = 2_000
RETURN_ALLOWANCE_MS = 10_000

# An untimed attempt that was left open ends by itself after a day.
LONGEST_UNTIMED_MS = 24 * 3600 * 1000


class Phase(StrEnum):
    READING = "reading"
    RUNNING = "running"
    CLOSING = "closing"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Clock:
    """When the clock starts (or started), how long it runs (None: untimed), when it ended."""

    started_at: int
    limit_ms: int | None
    ended_at: int | None = None

    @property
    def runs_ms(self) -> int:
        return LONGEST_UNTIMED_MS if self.limit_ms is None else self.limit_ms

    @property
    def deadline_at(self) -> int:
        return self.started_at + self.runs_ms

    def closes_at(self, listening_since: int = 0) -> int:
        """Until when late events are taken.

        A server that was away at the deadline could not hear what was on its way.
        """
        return max(self.deadline_at + ALLOWANCE_MS, listening_since + RETURN_ALLOWANCE_MS)

    def phase(self, now: int, listening_since: int = 0) -> Phase:
        if self.ended_at is not None or now >= self.closes_at(listening_since):
            return Phase.ENDED
        if now < self.started_at:
            return Phase.READING
        if now >= self.deadline_at:
            return Phase.CLOSING
        return Phase.RUNNING

    def elapsed(self, now: int) -> int:
        """Milliseconds on the clock: negative while reading, never past the limit or the end."""
        until = now if self.ended_at is None else self.ended_at
        return min(until - self.started_at, self.runs_ms)
