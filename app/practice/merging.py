"""What becomes of the records of two devices that are brought together.

A merge is a law: taken in twice, a file changes nothing the second time, and two devices that take
in each other's files hold the same. So nothing may depend on which of the two is asked.

What happened stays: ratings and answers of both are there, and what both have is there once. What
can be said again, a note, a tick, a setting, the text of a derivation, is what was said last; and
of two that were said at the same moment, or at moments that nobody knows, the longer one, then the
one that is later in the alphabet. That is no better than the other, but the same on both sides.

What was deleted on a device is not there, as if it had never been: it comes back as the file has
it.
"""

from collections import Counter
from collections.abc import Hashable, Iterable
from typing import TypeVar

LAST_MOMENT = 7_258_118_400_000
"""The year 2200, the last moment, in milliseconds since 1970, at which anything happens: the dates
on which something is due again after it must fit into a calendar too, in every time zone."""

Happened = TypeVar("Happened", bound=Hashable)


def changed_now(now: int, before: int) -> int:
    """The moment of a change at `now` of what was changed at `before`: never at or before that, so
    that the last change counts after a clock was set back, or another one was ahead."""
    return min(max(now, before + 1), LAST_MOMENT)


def missing(here: Iterable[Happened], arriving: Iterable[Happened]) -> list[Happened]:
    """What has to be added here, in the order in which it arrives. What is there several times
    on a device is several things.

    >>> missing("aab", "abbc")
    ['b', 'c']
    """
    known = Counter(here)
    added = []
    for one in arriving:
        if known[one]:
            known[one] -= 1
        else:
            added.append(one)
    return added


def standing(at: int, text: str) -> tuple[int, int, str]:
    """The greater of two counts: of what was said at these moments in these words."""
    return at, len(text), text
