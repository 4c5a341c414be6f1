"""The ghost: where one's best or last run was, as notches on the bar of a running clock.

It is made of step numbers and moments and knows nothing else of that run, since it is shown while
the same derivation is attempted cold.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.practice.comparison import PastRun, best_run, last_run
from app.practice.splits import Splits

GhostKind = Literal["best", "last"]

# As a share of the bar: notches that are closer would lie on each other on a phone.
CLOSE = 0.045


@dataclass(frozen=True, slots=True)
class Notch:
    """Steps with their splits in milliseconds, earliest first; `left`: the share of the limit that
    is left at the first of them, which is where the bar of the clock then ends."""

    moments: tuple[tuple[str, int], ...]
    left: float


@dataclass(frozen=True, slots=True)
class Ghost:
    """`moments`: all its steps with their splits; `notches`: those inside the limit."""

    kind: GhostKind
    moments: tuple[tuple[str, int], ...]
    notches: tuple[Notch, ...]


def ghost_of(runs: Sequence[PastRun], kind: GhostKind, limit_ms: int | None) -> Ghost | None:
    """The ghost among the runs of a derivation, newest first, for an attempt with this limit.

    None where there is no such run, or no limit: then the clock has no bar."""
    chosen = haunting(runs, kind)
    if chosen is None or limit_ms is None:
        return None
    moments = moments_of(chosen.splits)
    return Ghost(kind, moments, notches_of(moments, limit_ms))


def haunting(runs: Sequence[PastRun], kind: GhostKind) -> PastRun | None:
    """The best or the last of those runs that reached a step at a known moment."""
    known = [one for one in runs if moments_of(one.splits)]
    return best_run(known) if kind == "best" else last_run(known)


def moments_of(splits: Splits) -> tuple[tuple[str, int], ...]:
    """Steps whose moment is known, with it; earliest first, else in the order given."""
    known = [(step, t) for step, t in splits.items() if t is not None]
    return tuple(sorted(known, key=lambda one: one[1]))


def notches_of(moments: Sequence[tuple[str, int]], limit_ms: int) -> tuple[Notch, ...]:
    """One notch for each moment inside the limit, and for those close after it."""
    notches: list[Notch] = []
    for step, t in moments:
        left = 1 - t / limit_ms
        if left < 0:
            break
        if notches and notches[-1].left - left < CLOSE:
            notches[-1] = Notch((*notches[-1].moments, (step, t)), notches[-1].left)
        else:
            notches.append(Notch(((step, t),), left))
    return tuple(notches)
