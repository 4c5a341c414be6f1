"""The target of a day, and when it is lowered."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.practice.preferences import Targets
from app.practice.target import target_of

MONDAY = date(2025, 10, 6)
FIVE, THREE = 300_000, 180_000


def day(number: int) -> date:
    return MONDAY + timedelta(days=number)


@pytest.mark.parametrize(
    ("met_on", "practised", "today", "ms", "days_left", "lowered_on"),
    [
        (None, [], 0, FIVE, None, None),
        (None, [0, 1, 2, 3, 4, 5, 6, 7, 8], 9, FIVE, None, None),
        (0, [0], 0, FIVE, 7, None),
        # Practice before the first clean run, and on its day, is not of the week after it.
        (3, [0, 1, 2, 3, 4], 4, FIVE, 6, None),
        (0, [0, 1, 2, 3, 4, 5, 6], 6, FIVE, 1, None),
        # The seventh day is today: it is announced for tomorrow.
        (0, [0, 1, 2, 3, 4, 5, 6, 7], 7, FIVE, 0, 8),
        (0, [0, 1, 2, 3, 4, 5, 6, 7], 8, THREE, 0, 8),
        # Missed days only move it.
        (0, [0, 2, 4, 6, 8, 10, 12], 40, FIVE, 1, None),
        (0, [0, 2, 4, 6, 8, 10, 12, 40], 41, THREE, 0, 41),
        (0, [0, 2, 4, 6, 8, 10, 12, 40, 41, 50], 60, THREE, 0, 41),
    ],
)
def test_the_target_by_hand(
    met_on: int | None,
    practised: list[int],
    today: int,
    ms: int,
    days_left: int | None,
    lowered_on: int | None,
) -> None:
    target = target_of(
        5, None if met_on is None else day(met_on), [day(d) for d in practised], day(today)
    )

    assert (target.ms, target.days_left) == (ms, days_left)
    assert target.lowered_on == (None if lowered_on is None else day(lowered_on))


@pytest.mark.parametrize(
    ("minutes", "first", "later"), [(5, FIVE, THREE), (2, 120_000, 72_000), (7, 420_000, 252_000)]
)
def test_other_minutes_have_targets_in_the_same_proportion(
    minutes: int, first: int, later: int
) -> None:
    target = target_of(minutes, None, [], MONDAY)

    assert (target.first_ms, target.later_ms) == (first, later)


@pytest.mark.parametrize(("days", "lowered_on"), [(0, 1), (1, 3), (3, 7), (4, None)])
def test_the_days_between_the_targets_can_be_chosen(days: int, lowered_on: int | None) -> None:
    practised = [day(d) for d in (0, 2, 4, 6)]

    target = target_of(5, day(0), practised, day(9), Targets(days=days))

    assert target.lowered_on == (None if lowered_on is None else day(lowered_on))
    assert target.ms == (FIVE if lowered_on is None else THREE)


def test_a_day_that_has_been_keeps_the_target_it_had() -> None:
    target = target_of(5, day(0), [day(d) for d in range(8)], day(20))

    assert [target.on(day(d)) for d in (0, 7, 8, 20)] == [FIVE, FIVE, THREE, THREE]


@given(st.sets(st.integers(0, 60)), st.integers(0, 60), st.integers(0, 60))
def test_more_practice_never_puts_the_later_target_off(
    practised: set[int], more: int, met_on: int
) -> None:
    before = target_of(5, day(met_on), [day(d) for d in sorted(practised)], day(61))
    after = target_of(5, day(met_on), [day(d) for d in sorted(practised | {more})], day(61))

    assert after.ms <= before.ms
    assert 0 <= (after.days_left or 0) <= (before.days_left or 0) <= 7
