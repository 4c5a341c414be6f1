"""Days of practice: streaks, and the weeks of a calendar.

A day is the local one on which an attempt was begun, kept with the attempt: who travels has lived
every day where they were, and no change of the time zone breaks a streak.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)
WEEKS_SHOWN = 26
# More attempts than these on one day make the day one shade darker.
SHADES = (0, 1, 3, 6)


@dataclass(frozen=True, slots=True)
class Streak:
    """Days in a row with practice. `current` ends today, or yesterday as long as today may still
    go on with it; `days` counts all days of practice."""

    current: int
    longest: int
    days: int


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar; `shade` from 0, nothing, to 4."""

    day: date
    attempts: int
    shade: int


def streak_of(days: Iterable[date], today: date) -> Streak:
    """`days` in any order, and as often as one likes."""
    practised = sorted(set(days))
    longest = length = 0
    before = None
    for day in practised:
        length = length + 1 if before is not None and day - before == DAY else 1
        longest, before = max(longest, length), day
    goes_on = before is not None and before >= today - DAY
    return Streak(length if goes_on else 0, longest, len(practised))


def weeks_of(counts: Mapping[date, int], today: date) -> list[list[Day]]:
    """The last weeks, from Monday to Sunday, the current one last and only until today."""
    monday = today - timedelta(days=today.weekday(), weeks=WEEKS_SHOWN - 1)
    weeks: list[list[Day]] = []
    for number in range((today - monday).days + 1):
        day = monday + timedelta(days=number)
        attempts = counts.get(day, 0)
        if number % 7 == 0:
            weeks.append([])
        weeks[-1].append(Day(day, attempts, sum(attempts > least for least in SHADES)))
    return weeks
