"""Best and pace of a derivation, from its clean cold runs."""

from collections.abc import Sequence
from dataclasses import dataclass

RECENT_RUNS = 5


@dataclass(frozen=True, slots=True)
class Pace:
    """`mean_ms` is the mean of the last five times without the best and the worst.

    With fewer than five runs it is the mean of what there is, and provisional.
    """

    best_ms: int
    mean_ms: int
    provisional: bool
    runs: int


def pace_of(times_ms: Sequence[int]) -> Pace | None:
    """Pace from the times of clean cold runs, oldest first; None when there is none yet."""
    if not times_ms:
        return None
    return pace_from(times_ms[-RECENT_RUNS:], best_ms=min(times_ms), runs=len(times_ms))


def pace_from(latest_ms: Sequence[int], *, best_ms: int, runs: int) -> Pace:
    """The same from the last five times, or what there is, and the best and the number of all."""
    recent = sorted(latest_ms)
    provisional = len(recent) < RECENT_RUNS
    counted = recent if provisional else recent[1:-1]
    return Pace(best_ms, round(sum(counted) / len(counted)), provisional, runs)
