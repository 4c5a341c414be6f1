"""Where the time of a run goes: to each key step the time since the one before it.

A segment is the time from the latest earlier split of the run (its start, if there is none) to the
split of the step, in milliseconds. Steps that one line reached together share its time equally. So
the segments of a run add up to its time, in whatever order it was written.

Only whole runs tell segments: every step that must be reached was, each at a known moment. In the
others the time of a missing step hides in the segment of the next.

    gold          the shortest segment of a step, of all whole runs given
    median        the median segment of a step, of the latest of them: RECENT_RUNS
    possible save median − gold, not below 0
    sum of golds  what a run would take that does each step as well as it ever went; by the above
                  it is never more than the best whole run
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median

from app.practice.splits import Splits

RECENT_RUNS = 20


@dataclass(frozen=True, slots=True)
class StepTimes:
    """Segments of one step in milliseconds; `gold_run`: the place of the run, in the order given,
    that has the gold, the first if there are several."""

    step: str
    median_ms: int
    gold_ms: int
    gold_run: int

    @property
    def save_ms(self) -> int:
        return max(self.median_ms - self.gold_ms, 0)


@dataclass(frozen=True, slots=True)
class Segments:
    """`runs`: how many whole runs there were. In the order of the steps."""

    steps: tuple[StepTimes, ...]
    runs: int

    @property
    def sum_of_golds_ms(self) -> int:
        return sum(step.gold_ms for step in self.steps)

    @property
    def save_ms(self) -> int:
        return sum(step.save_ms for step in self.steps)

    @property
    def worst(self) -> StepTimes | None:
        """The step with the most to save; None where nothing can be."""
        best = max(self.steps, key=lambda step: step.save_ms, default=None)
        return best if best is not None and best.save_ms else None


def segments_of(runs: Sequence[Splits], must_steps: Sequence[str]) -> Segments | None:
    """From the splits of runs, oldest first; None before the first whole one."""
    measured = [(place, segments_in(splits, must_steps)) for place, splits in enumerate(runs)]
    whole = [(place, segments) for place, segments in measured if segments]
    if not whole:
        return None
    recent = [segments for _, segments in whole[-RECENT_RUNS:]]
    steps = []
    for step in must_steps:
        gold_ms, place = min((segments[step], place) for place, segments in whole)
        middle = median(segments[step] for segments in recent)
        # Rounded down, so that their sum stays below the best run.
        steps.append(StepTimes(step, round(middle), int(gold_ms), place))
    return Segments(tuple(steps), len(whole))


def segments_in(splits: Splits, must_steps: Sequence[str]) -> Mapping[str, float]:
    """The segment of each step in milliseconds; empty where the run is not whole."""
    moments = {step: splits.get(step) for step in must_steps}
    known = sorted((t, step) for step, t in moments.items() if t is not None)
    if len(known) < len(moments):
        return {}
    segments: dict[str, float] = {}
    before = 0
    for moment, together in groupby(known, key=lambda one: one[0]):
        steps = [step for _, step in together]
        segments |= dict.fromkeys(steps, (moment - before) / len(steps))
        before = moment
    return segments
