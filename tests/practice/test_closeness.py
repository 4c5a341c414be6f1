"""How much of the way from five minutes to three has been come."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.practice.closeness import closeness_of, overall
from app.practice.pace import pace_of
from app.practice.splits import Run


def clean(time_ms: int) -> Run:
    return Run(4, 4, True, time_ms)


def miss(time_ms: int) -> Run:
    return Run(3, 4, False, time_ms)


def closeness(runs: list[Run], minutes: int = 5) -> float:
    return closeness_of(pace_of([run.time_ms for run in runs if run.clean]), minutes)


@pytest.mark.parametrize(
    ("runs", "minutes", "percent"),
    [
        ([], 5, 0),
        ([miss(100_000)], 5, 0),
        ([clean(300_000)], 5, 0),
        ([clean(400_000)], 5, 0),
        ([clean(240_000)], 5, 50),
        ([clean(270_000), clean(210_000)], 5, 50),
        ([clean(180_000)], 5, 100),
        ([clean(60_000)], 5, 100),
        # The middle three of the last five: 3:30, 3:30, 4:00 make 3:40.
        ([clean(t) for t in (999_000, 60_000, 210_000, 240_000, 210_000, 299_000)], 5, 66.6667),
        ([clean(96_000)], 2, 50),
        ([clean(72_000)], 2, 100),
        ([clean(336_000)], 7, 50),
    ],
)
def test_closeness_by_hand(runs: list[Run], minutes: int, percent: float) -> None:
    assert closeness(runs, minutes) == pytest.approx(percent, abs=1e-4)


@pytest.mark.parametrize(
    ("each", "whole"), [([], 0), ([100], 100), ([100, 0], 50), ([25, 50, 0, 100], 43.75)]
)
def test_what_is_not_tried_counts_as_nothing_come(each: list[float], whole: float) -> None:
    assert overall(each) == whole


run = st.builds(
    lambda time_ms, is_clean: clean(time_ms) if is_clean else miss(time_ms),
    st.integers(0, 3_600_000),
    st.booleans(),
)


@given(st.lists(run), st.integers(0, 3_600_000), st.data())
def test_adding_a_miss_never_raises_closeness(
    runs: list[Run], time_ms: int, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(runs)))
    more = [*runs[:place], miss(time_ms), *runs[place:]]

    assert closeness(more) <= closeness(runs)


@given(st.lists(run), st.integers(1, 60))
def test_it_lies_between_nothing_and_all(runs: list[Run], minutes: int) -> None:
    assert 0 <= closeness(runs, minutes) <= 100


@given(st.lists(run, min_size=1), st.integers(0, 60_000))
def test_slower_runs_are_never_closer(runs: list[Run], slower: int) -> None:
    slow = [Run(r.reached, r.steps, r.clean, r.time_ms + slower) for r in runs]

    assert closeness(slow) <= closeness(runs)
