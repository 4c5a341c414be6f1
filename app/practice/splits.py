"""Splits: which key steps were reached, when, and what that makes of a run.

The checker finds steps in the typed lines. The writer may know better, or have written on the
board: what the writer says of a step is kept beside it, and counts.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

# Step number -> its split in milliseconds on the clock, None where the moment was not set.
Splits = Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class Found:
    """A line that reaches a step: its place in the sheet, from 1, and when it was last edited."""

    line: int
    split_ms: int


@dataclass(frozen=True, slots=True)
class Tick:
    """What the writer says of a step; `split_ms` is None where no moment was set."""

    reached: bool
    split_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """What the writer says of a step, None where that was taken back, and when it was said: in
    milliseconds since 1970, 0 where nobody knows."""

    tick: Tick | None
    said_at: int

    @property
    def text(self) -> str:
        """The same for the same word, whenever it was said."""
        return json.dumps([self.tick.reached, self.tick.split_ms]) if self.tick else ""


@dataclass(frozen=True, slots=True)
class Reached:
    """Which key steps an attempt reached, by their numbers: what was found, and what was ticked."""

    found: Mapping[str, Found] = field(default_factory=dict)
    ticks: Mapping[str, Tick] = field(default_factory=dict)

    @property
    def splits(self) -> Splits:
        """The steps that count as reached."""
        splits: dict[str, int | None] = {step: one.split_ms for step, one in self.found.items()}
        for step, tick in self.ticks.items():
            if tick.reached:
                splits[step] = tick.split_ms
            else:
                splits.pop(step, None)
        return splits

    def overruling(self, step: str, tick: Tick) -> Tick | None:
        """What has to be kept of the writer's word: nothing where it repeats what was found."""
        found = self.found.get(step)
        same = Tick(False) if found is None else Tick(True, found.split_ms)
        return None if tick == same else tick


def first_found(pairs: Iterable[tuple[str, Found]]) -> dict[str, Found]:
    """Of the lines that reach a step, the one that did so first."""
    found: dict[str, Found] = {}
    for step, one in pairs:
        best = found.get(step)
        if best is None or (one.split_ms, one.line) < (best.split_ms, best.line):
            found[step] = one
    return found


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
    """The first mark that belongs to no step yet.

    A mark is set when a step is done. So a split that stands on a mark has taken it, and one that
    stands beside them, the last edit of a line, has taken the next.
    """
    free = sorted(marks)
    moments = sorted(t for t in splits.values() if t is not None)
    between = [t for t in moments if t not in free]
    for t in moments:
        if t in free:
            free.remove(t)
    for t in between:
        following = next((mark for mark in free if mark > t), None)
        if following is not None:
            free.remove(following)
    return free[0] if free else None
