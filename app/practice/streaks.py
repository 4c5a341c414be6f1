"""Days of practice: streaks, and the weeks of a calendar.

A day is a local one. Which moment belongs to which day is for the caller to say: moments are
stored without the place where they were lived.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
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


def count_days(moments: Iterable[int], local_day: Callable[[int], date]) -> dict[date, int]:
    """Attempts by local day, in the order of days. `moments`: when attempts were begun, and what
    `local_day` takes: milliseconds since 1970."""
    return dict(sorted(Counter(map(local_day, moments)).items()))


def first_days(moments: Iterable[int], local_day: Callable[[int], date], count: int) -> list[date]:
    """The first so many local days of moments that come in their order; no more are taken than
    it needs."""
    days: list[date] = []
    for moment in moments:
        day = local_day(moment)
        if not days or day != days[-1]:
            if len(days) == count:
                break
            days.append(day)
    return days


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
