"""What to aim for: five minutes until the first clean run, three after a week of practice more.

A derivation that deserves five minutes has two targets: 5:00 first and 3:00 later, or what somebody
has chosen instead. Derivations and variants with other minutes have theirs in the same proportion.

The first target is met by a clean cold run that took no longer. The later one begins on the day
after the seventh day of practice that follows, or after as many as were chosen; a day of practice
is a local day with at least one counted attempt, on whatever derivation. A day without one is no
debt: the later target only comes later.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.practice.preferences import Targets

MINUTE_MS = 60_000
# The targets that are chosen are those of a derivation that deserves five minutes.
USUAL_MINUTES = 5


@dataclass(frozen=True, slots=True)
class Target:
    """The target of today, `ms`, between `first_ms` and `later_ms`.

    lowered_on: the first day of the later target, None as long as it is not known.
    days_left:  the days of practice before the later target, None before the first is met and 0
                when the days are over.
    """

    first_ms: int
    later_ms: int
    lowered_on: date | None = None
    days_left: int | None = None
    lowered: bool = False

    @property
    def ms(self) -> int:
        return self.later_ms if self.lowered else self.first_ms

    def on(self, day: date) -> int:
        """The target of a day that has been, in milliseconds."""
        lowered = self.lowered_on is not None and day >= self.lowered_on
        return self.later_ms if lowered else self.first_ms


def targets_of(minutes: int, chosen: Targets) -> tuple[int, int]:
    """The two targets of a derivation that deserves so many minutes, in milliseconds."""
    return chosen.from_ms * minutes // USUAL_MINUTES, chosen.to_ms * minutes // USUAL_MINUTES


def scaled(minutes: int, chosen: Targets) -> Targets:
    """The same as `targets_of`, to measure a time by."""
    first_ms, later_ms = targets_of(minutes, chosen)
    # Checked as they were chosen; those of a long derivation may lie beyond what can be chosen.
    return Targets.model_construct(from_ms=first_ms, to_ms=later_ms)


def target_of(
    minutes: int,
    met_on: date | None,
    practised: Sequence[date],
    today: date,
    chosen: Targets = Targets(),  # noqa: B008, it is frozen
) -> Target:
    """`met_on`: the local day on which the first target was met; `practised`: the local days of
    practice, each once, in order. Today's practice counts, from tomorrow on."""
    first_ms, later_ms = targets_of(minutes, chosen)
    if met_on is None:
        return Target(first_ms, later_ms)
    after = practised[bisect_right(practised, met_on) :]
    days_left = max(chosen.days - len(after), 0)
    if days_left:
        return Target(first_ms, later_ms, days_left=days_left)
    lowered_on = [met_on, *after][chosen.days] + timedelta(days=1)
    return Target(first_ms, later_ms, lowered_on, 0, lowered=lowered_on <= today)
