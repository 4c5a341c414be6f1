"""The clock of an attempt: the server's times, from which everything else about time follows.

reading ──started_at──▶ running ──deadline──▶ closing ──allowance──▶ ended
                           └──────── done, abandoned ────────────────▶ ended

Nothing ticks here: what is shown is always the difference between two times, so a closed tab, a
sleeping laptop and a restarted server change nothing. Times are milliseconds since 1970 by the
server's clock; durations are milliseconds.
"""

from dataclasses import dataclass
from enum import StrEnum

# What was on its way when the time ran out is still taken for this long.
ALLOWANCE_MS = 2_000


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
    def deadline_at(self) -> int | None:
        return None if self.limit_ms is None else self.started_at + self.limit_ms

    def closes_at(self, listening_since: int = 0) -> int | None:
        """Until when late events are taken; None when untimed.

        A server that was away at the deadline could not hear what was on its way, so the
        allowance counts from when it began to listen.
        """
        if self.deadline_at is None:
            return None
        return max(self.deadline_at, listening_since) + ALLOWANCE_MS

    def phase(self, now: int, listening_since: int = 0) -> Phase:
        closes_at = self.closes_at(listening_since)
        if self.ended_at is not None or (closes_at is not None and now >= closes_at):
            return Phase.ENDED
        if now < self.started_at:
            return Phase.READING
        if self.deadline_at is not None and now >= self.deadline_at:
            return Phase.CLOSING
        return Phase.RUNNING

    def elapsed(self, now: int) -> int:
        """Milliseconds on the clock: negative while reading, never past the limit or the end."""
        until = now if self.ended_at is None else self.ended_at
        elapsed = until - self.started_at
        return elapsed if self.limit_ms is None else min(elapsed, self.limit_ms)
