"""Splits: which key steps were reached, when, and what that makes of a run."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

# Step number -> its split in milliseconds on the clock, None where the moment was not set.
Splits = Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class Run:
    """What an ended attempt amounts to; times in milliseconds on the clock.

    clean:   every step that must be reached was, inside the limit (an untimed run has none to
             be inside of, and an abandoned one is not counted).
    time_ms: when the last step was reached; a step without a split was there by the end.
    """

    reached: int
    steps: int
    clean: bool
    time_ms: int


def run_of(
    splits: Splits,
    must_steps: Sequence[str],
    *,
    ended_ms: int,
    limit_ms: int | None,
    abandoned: bool,
) -> Run:
    reached = [step for step in must_steps if step in splits]
    whole = len(reached) == len(must_steps)
    times = [splits[step] for step in reached]
    time_ms = max((ended_ms if t is None else t for t in times), default=ended_ms)
    inside = limit_ms is not None and time_ms <= limit_ms
    return Run(
        reached=len(reached),
        steps=len(must_steps),
        clean=whole and inside and not abandoned,
        time_ms=time_ms if whole else ended_ms,
    )


def suggested_split(marks: Iterable[int], splits: Splits) -> int | None:
    """The first mark that no step has taken yet: marks are made in the order of the steps."""
    taken = {t for t in splits.values() if t is not None}
    return next((mark for mark in sorted(marks) if mark not in taken), None)
