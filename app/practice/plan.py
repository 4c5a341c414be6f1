"""The drill plan: the derivations of the drill in their order, one a day, then again.

Only what was done moves it: a missed day is nothing to catch up with.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Done:
    """A counted cold attempt, on the local day on which it was made."""

    derivation: str
    day: date


@dataclass(frozen=True, slots=True)
class Plan:
    """`order`: the derivations of a round; `place`: how many of them are done in this round;
    `rounds`: whole rounds before it; `today`: what was done today as planned, None if nothing."""

    order: tuple[str, ...]
    rounds: int
    place: int
    today: str | None

    @property
    def next(self) -> str | None:
        """What comes next: today, or tomorrow if today's is done. None for an empty plan."""
        return self.order[self.place] if self.order else None


def plan_of(order: Sequence[str], done: Iterable[Done], today: date) -> Plan:
    """`done`, oldest first. The plan advances when the derivation that is next in it has been
    tried, at most once a day."""
    steps, last_day, last = 0, None, None
    for one in done:
        if order and one.derivation == order[steps % len(order)] and one.day != last_day:
            steps, last_day, last = steps + 1, one.day, one.derivation
    rounds, place = divmod(steps, len(order)) if order else (0, 0)
    return Plan(tuple(order), rounds, place, last if last_day == today else None)
