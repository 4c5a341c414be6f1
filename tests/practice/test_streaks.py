"""Streaks and the calendar, by local day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.practice.streaks import Streak, streak_of, weeks_of

MONDAY = date(2025, 10, 6)
HOUR_MS = 3_600_000


def day(number: int) -> date:
    return MONDAY + timedelta(days=number)


@pytest.mark.parametrize(
    ("days", "today", "streak"),
    [
        ([], 0, Streak(0, 0, 0)),
        ([0], 0, Streak(1, 1, 1)),
        # Today is not over yet.
        ([0], 1, Streak(1, 1, 1)),
        ([0], 2, Streak(0, 1, 1)),
        ([0, 1, 2], 2, Streak(3, 3, 3)),
        ([0, 1, 2, 4], 4, Streak(1, 3, 4)),
        ([0, 2, 3, 4, 9], 10, Streak(1, 3, 5)),
        ([4, 3, 3, 2, 0], 4, Streak(3, 3, 4)),
    ],
)
def test_streaks_by_hand(days: list[int], today: int, streak: Streak) -> None:
    assert streak_of([day(d) for d in days], day(today)) == streak


@given(st.lists(st.integers(0, 30)), st.integers(0, 31), st.randoms(use_true_random=False))
def test_order_and_repetition_of_days_do_not_matter(
    days: list[int], today: int, random: object
) -> None:
    mixed = [*days, *days[:3]]
    random.shuffle(mixed)  # type: ignore[attr-defined]

    assert streak_of([day(d) for d in mixed], day(today)) == streak_of(
        [day(d) for d in sorted(set(days))], day(today)
    )


@given(st.sets(st.integers(0, 30)), st.integers(0, 30))
def test_practice_today_never_ends_a_streak(days: set[int], today: int) -> None:
    until = {d for d in days if d < today}
    before = streak_of(map(day, until), day(today))
    after = streak_of(map(day, until | {today}), day(today))

    assert after.current == before.current + 1
    assert after.longest >= before.longest


def test_the_calendar_ends_today_and_darkens_with_the_attempts() -> None:
    counts = {day(2): 7, day(1): 1, day(0): 2, day(-1): 3, day(-2): 4, day(-200): 9}

    weeks = weeks_of(counts, day(2))

    assert len(weeks) == 26
    assert [len(week) for week in weeks] == [7] * 25 + [3]
    assert all(week[0].day.weekday() == 0 for week in weeks)
    assert [(one.attempts, one.shade) for one in weeks[-1]] == [(2, 2), (1, 1), (7, 4)]
    assert [(one.attempts, one.shade) for one in weeks[-2][-2:]] == [(4, 3), (3, 2)]
    assert sum(one.attempts for week in weeks for one in week) == 17
