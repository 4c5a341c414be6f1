"""Splits against each other, and the runs that an attempt is compared with."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.practice.comparison import PastRun, SplitPair, best_run, last_run, pair_splits
from app.practice.splits import Run, Splits

STEPS = ["1", "2", "3"]


def past_run(
    name: str, time_ms: int = 60_000, *, clean: bool = True, cold: bool = True, counted: bool = True
) -> PastRun:
    return PastRun(name, cold, counted, Run(1, 1, clean, time_ms), {"1": time_ms})


def pair(a: Splits, b: Splits) -> SplitPair:
    return pair_splits(a, b, ["1"])[0]


def test_every_step_has_a_row_in_the_order_of_the_steps() -> None:
    pairs = pair_splits({"2": 5, "1": 9}, {"2": 7, "x": 1}, STEPS)

    assert pairs == [
        SplitPair("1", True, False, 9, None),
        SplitPair("2", True, True, 5, 7),
        SplitPair("3", False, False, None, None),
    ]


@pytest.mark.parametrize(
    ("a", "b", "difference", "first", "only"),
    [
        ({"1": 60_000}, {"1": 75_000}, 15_000, "a", None),
        ({"1": 75_000}, {"1": 60_000}, -15_000, "b", None),
        # Clocks show whole seconds, and so does the difference: 1:00 and 1:01, then 1:00 twice.
        ({"1": 60_900}, {"1": 61_100}, 1_000, "a", None),
        ({"1": 60_100}, {"1": 60_900}, 0, None, None),
        ({"1": 0}, {"1": 0}, 0, None, None),
        ({"1": 60_000}, {}, None, None, "a"),
        ({}, {"1": 60_000}, None, None, "b"),
        ({}, {}, None, None, None),
        # Reached by both, by one at a moment that nobody knows.
        ({"1": None}, {"1": 60_000}, None, None, None),
        ({"1": None}, {}, None, None, "a"),
    ],
)
def test_a_step_by_hand(
    a: Splits, b: Splits, difference: int | None, first: str | None, only: str | None
) -> None:
    one = pair(a, b)

    assert (one.difference_ms, one.first, one.only) == (difference, first, only)


splits = st.dictionaries(st.sampled_from(STEPS), st.none() | st.integers(0, 600_000))


@given(splits, splits)
def test_swapped_the_signs_turn_and_the_sides_change(a: Splits, b: Splits) -> None:
    other = {"a": "b", "b": "a", None: None}
    for one, turned in zip(pair_splits(a, b, STEPS), pair_splits(b, a, STEPS), strict=True):
        difference = one.difference_ms
        assert turned.difference_ms == (None if difference is None else -difference)
        assert turned.first == other[one.first]
        assert turned.only == other[one.only]


@given(splits, splits)
def test_what_a_row_shows_adds_up(a: Splits, b: Splits) -> None:
    for one in pair_splits(a, b, STEPS):
        if one.difference_ms is not None:
            assert one.a_ms is not None
            assert one.b_ms is not None
            assert one.a_ms // 1000 + one.difference_ms // 1000 == one.b_ms // 1000


def test_the_best_is_the_fastest_clean_cold_run() -> None:
    runs = [
        past_run("guided", 1, cold=False),
        past_run("not clean", 2, clean=False),
        past_run("abandoned", 3, counted=False),
        past_run("slow", 90_000),
        past_run("fast", 80_000),
        past_run("as fast", 80_000),
    ]

    assert best_run(runs) == runs[4]
    assert best_run(runs[:3]) is None


def test_the_last_is_the_newest_that_counts() -> None:
    runs = [past_run("abandoned", counted=False), past_run("guided", cold=False), past_run("old")]

    assert last_run(runs) == runs[1]
    assert last_run(runs[:1]) is None
