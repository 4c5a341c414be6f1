"""The order of key steps: which have to stand before which.

A step that says nothing comes after the one before it; `after` says otherwise, so that steps that
have nothing to do with each other may stand in either order.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Protocol

Needs = Mapping[str, tuple[str, ...]]
"""By the number of a step, in order: the numbers of the steps that it needs directly."""


class Placed(Protocol):
    """What a step says of its place; see `app.library.models.Step`."""

    @property
    def number(self) -> str: ...
    @property
    def after(self) -> tuple[str, ...] | None: ...


def needs_of(steps: Iterable[Placed]) -> Needs:
    """`steps` in the order of their numbers."""
    needs: dict[str, tuple[str, ...]] = {}
    before: tuple[str, ...] = ()
    for step in steps:
        needs[step.number] = before if step.after is None else step.after
        before = (step.number,)
    return needs


def nearest(number: str, needs: Needs, there: Collection[str]) -> tuple[str, ...]:
    """What a step needs where only some steps are `there`: in place of one that is not, what that
    one needs."""
    found: dict[str, None] = {}
    waiting, seen = list(needs.get(number, ())), {number}
    while waiting:
        one = waiting.pop(0)
        if one in there:
            found[one] = None
        elif one not in seen:
            waiting += needs.get(one, ())
        seen.add(one)
    return tuple(found)


def circle_in(needs: Needs) -> tuple[str, ...]:
    """Steps each of which needs the next, the last one the first; none if an order can be found.

    >>> circle_in({"1": ("3",), "2": ("1",), "3": ("2",)})
    ('1', '3', '2')
    >>> circle_in({"1": (), "2": ("1",), "3": ("1", "2")})
    ()
    """
    left = dict(needs)
    while placed := [one for one, needed in left.items() if left.keys().isdisjoint(needed)]:
        for one in placed:
            del left[one]
    # Whatever is left needs something that is left: following that comes around at last.
    way: list[str] = []
    at = next(iter(left), None)
    while at is not None and at not in way:
        way.append(at)
        at = next(one for one in left[at] if one in left)
    return tuple(way[way.index(at) :]) if at is not None else ()
