"""Two attempts on one derivation against each other: step by step, and as runs to choose from.

The first of the two is A, the second B. Times are milliseconds, each on its own attempt's clock.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from app.practice.splits import Run, Splits

Side = Literal["a", "b"]
SIDES: tuple[Side, Side] = ("a", "b")

SECOND_MS = 1_000


@dataclass(frozen=True, slots=True)
class PastRun:
    """An ended attempt, as far as another is measured by it; `counted`: not abandoned."""

    id: str
    cold: bool
    counted: bool
    run: Run
    splits: Splits


def best_run(runs: Iterable[PastRun]) -> PastRun | None:
    """The clean cold run with the least time; the first given of several."""
    clean = [one for one in runs if one.cold and one.counted and one.run.clean]
    return min(clean, key=lambda one: one.run.time_ms, default=None)


def last_run(runs: Iterable[PastRun]) -> PastRun | None:
    """The most recent counted run. The runs come newest first."""
    return next((one for one in runs if one.counted), None)


@dataclass(frozen=True, slots=True)
class SplitPair:
    """A key step in A and in B: whether it was reached, and when, None where that is not known."""

    step: str
    in_a: bool
    in_b: bool
    a_ms: int | None
    b_ms: int | None

    @property
    def difference_ms(self) -> int | None:
        """B less A; None unless both moments are known. In whole seconds, as clocks show them, so
        that what stands in a row adds up."""
        if self.a_ms is None or self.b_ms is None:
            return None
        return (self.b_ms // SECOND_MS - self.a_ms // SECOND_MS) * SECOND_MS

    @property
    def only(self) -> Side | None:
        """The attempt that alone reached the step."""
        if self.in_a == self.in_b:
            return None
        return "a" if self.in_a else "b"

    @property
    def first(self) -> Side | None:
        """Which of two that reached it was there earlier; None in the same second, or unknown."""
        difference = self.difference_ms
        if not difference:
            return None
        return "a" if difference > 0 else "b"


def pair_splits(a: Splits, b: Splits, steps: Sequence[str]) -> list[SplitPair]:
    """The splits of both, in the order of these steps."""
    return [SplitPair(step, step in a, step in b, a.get(step), b.get(step)) for step in steps]
