"""The step ladder, from reading a derivation to writing it cold, and the queue of missed steps.

What an exercise shows follows from a seed in its address: a reload and a way back show the same.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import gcd
from typing import TypeVar

SEEDS = 2**31
"""Seeds run from 0 to one less."""

Candidate = TypeVar("Candidate")
Needs = Mapping[str, Sequence[str]]
"""By the number of a step: the numbers of the steps that have to stand before it."""
StepKey = tuple[str, str]
"""A derivation and the number of one of its steps."""


class Rung(StrEnum):
    """What a result is of. The last rung, a blank board, is an attempt and kept as one; `redo` is a
    missed step practised alone."""

    ORDER = "order"
    MISSING = "missing"
    CORRUPTED = "corrupted"
    REDO = "redo"


@dataclass(frozen=True, slots=True)
class Standing:
    """When a rung was passed last, and tried last, in milliseconds since 1970."""

    passed_at: int | None = None
    tried_at: int | None = None


def another(seed: int) -> int:
    """The seed of the next exercise."""
    return (seed + 1) % SEEDS


def picked(candidates: Sequence[Candidate], seed: int) -> Candidate:
    """One of them. The seeds after it pick every other one before it comes again, in strides
    instead of one after the other."""
    count = len(candidates)
    # Strides near the golden section go far from where one was; without a common factor they get
    # everywhere.
    stride = next(n for n in range(round(0.618 * count) or 1, 2 * count) if gcd(n, count) == 1)
    return candidates[seed * stride % count]


def shuffled(
    numbers: Sequence[str], needs: Needs, shuffle: Callable[[list[str]], None]
) -> tuple[str, ...]:
    """The steps in an order that is not solved already, if any order is not."""
    order = list(numbers)
    shuffle(order)
    if not too_early(order, needs):
        # Turned around, each step that needs another stands before it.
        order.reverse()
    return tuple(order)


def too_early(order: Sequence[str], needs: Needs) -> tuple[str, ...]:
    """The steps that stand before one that they need; none in a valid order.

    >>> too_early(["2", "1", "3"], {"1": [], "2": ["1"], "3": []})
    ('2',)
    """
    place = {number: at for at, number in enumerate(order)}
    return tuple(
        number
        for number in order
        if any(place.get(needed, -1) > place[number] for needed in needs.get(number, ()))
    )


def can_be_ordered(needs: Needs) -> bool:
    """Whether there is an order that is not valid."""
    return any(needs.values())


def moved(order: Sequence[int], row: int, by: int) -> tuple[int, ...]:
    """The rows after one of them has moved by some places, at most to the first or the last."""
    others = [one for one in order if one != row]
    at = max(0, min(len(others), list(order).index(row) + by))
    return (*others[:at], row, *others[at:])


@dataclass(frozen=True, slots=True)
class LastTry:
    """The last counted attempt on a derivation, when it ended, and the must-steps it missed."""

    derivation: str
    ended_at: int
    missed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Missed:
    """A key step to redo; `missed_at` in milliseconds since 1970."""

    derivation: str
    step: str
    missed_at: int


def redo_queue(
    lasts: Iterable[LastTry], failed: Mapping[StepKey, int], redone: Mapping[StepKey, int]
) -> tuple[Missed, ...]:
    """The steps that are to be redone: those that the last attempts missed, in the order given and
    that of the steps, then those that only the ladder has shown to be missing, the newest first.

    `failed`: when a step was last failed on the ladder, which counts until the next attempt.
    `redone`: when it was last passed or looked at; the next miss puts it on the queue again.
    """
    missed: dict[StepKey, int] = {}
    ended: dict[str, int] = {}
    for last in lasts:
        ended[last.derivation] = last.ended_at
        missed |= {(last.derivation, step): last.ended_at for step in last.missed}
    for key, at in sorted(failed.items(), key=lambda one: one[1], reverse=True):
        if at > ended.get(key[0], -1):
            missed[key] = at
    return tuple(Missed(*key, at) for key, at in missed.items() if redone.get(key, -1) < at)
