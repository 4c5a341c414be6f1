"""Which key step costs most: the time for each step against one's best for it.

The leg of a step is the time from the step before it to its own split; of the first step, from the
start of the clock. It is known where both were reached, one after the other, with the moments set.
Two steps in one line have no time between them, so that leg is not known either.

    loss of a step = median of its last five legs - its shortest leg
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from app.practice.splits import Splits

RECENT_LEGS = 5


@dataclass(frozen=True, slots=True)
class Written:
    """A cold attempt: `steps` are the numbers of the derivation's key steps, in their order."""

    derivation: str
    steps: Sequence[str]
    splits: Splits


@dataclass(frozen=True, slots=True)
class Loss:
    """Times in milliseconds: what a step usually takes, and its best."""

    derivation: str
    step: str
    usual_ms: int
    best_ms: int

    @property
    def lost_ms(self) -> int:
        return self.usual_ms - self.best_ms


def legs_of(steps: Sequence[str], splits: Splits) -> Iterator[tuple[str, int]]:
    """Steps with the time that each took, as far as it is known."""
    before: int | None = 0
    for step in steps:
        split = splits.get(step)
        if before is not None and split is not None and split > before:
            yield step, split - before
        before = split


def worst_loss(attempts: Iterable[Written]) -> Loss | None:
    """The step with the largest loss, from attempts, oldest first; None where nothing was lost.
    Of equal losses the one that was met first."""
    legs: dict[tuple[str, str], list[int]] = {}
    for attempt in attempts:
        for step, leg in legs_of(attempt.steps, attempt.splits):
            legs.setdefault((attempt.derivation, step), []).append(leg)
    losses = [
        Loss(derivation, step, round(median(times[-RECENT_LEGS:])), min(times))
        for (derivation, step), times in legs.items()
    ]
    worst = max(losses, key=lambda loss: loss.lost_ms, default=None)
    return worst if worst is not None and worst.lost_ms > 0 else None
