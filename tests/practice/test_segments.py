"""Where the time of runs goes: medians, golds, and what could be saved."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.practice.segments import RECENT_RUNS, StepTimes, segments_in, segments_of
from app.practice.splits import Splits, run_of

STEPS = ("1", "2", "3")


@pytest.mark.parametrize(
    ("splits", "segments"),
    [
        ({"1": 10, "2": 30, "3": 70}, {"1": 10, "2": 20, "3": 40}),
        # In another order: the time since whatever came before.
        ({"1": 70, "2": 30, "3": 10}, {"1": 40, "2": 20, "3": 10}),
        # One line that reached two steps; then all three.
        ({"1": 20, "2": 20, "3": 50}, {"1": 10, "2": 10, "3": 30}),
        ({"1": 30, "2": 30, "3": 30}, {"1": 10, "2": 10, "3": 10}),
        ({"1": 0, "2": 0, "3": 9}, {"1": 0, "2": 0, "3": 9}),
        # A step that need not be reached takes no part.
        ({"1": 10, "2": 30, "3": 70, "3a": 40}, {"1": 10, "2": 20, "3": 40}),
        ({"1": 10, "3": 70}, {}),
        ({"1": 10, "2": None, "3": 70}, {}),
        ({}, {}),
    ],
)
def test_the_segments_of_a_run(splits: Splits, segments: dict[str, float]) -> None:
    assert segments_in(splits, STEPS) == segments


def test_median_gold_and_save_by_hand() -> None:
    runs: list[Splits] = [
        {"1": 40, "2": 60, "3": 100},
        {"1": 10},
        {"1": 20, "2": 70, "3": 90},
        {"1": 30, "2": 60, "3": 65},
    ]

    found = segments_of(runs, STEPS)

    assert found is not None
    # Segments: 40 20 40, 20 50 20, 30 30 5.
    assert found.steps == (
        StepTimes("1", 30, 20, 2),
        StepTimes("2", 30, 20, 0),
        StepTimes("3", 20, 5, 3),
    )
    assert (found.runs, found.sum_of_golds_ms, found.save_ms) == (3, 45, 35)
    assert found.worst == StepTimes("3", 20, 5, 3)


def test_before_the_first_whole_run_there_is_nothing_to_say() -> None:
    assert segments_of([], STEPS) is None
    assert segments_of([{"1": 3}], STEPS) is None


def test_one_run_leaves_nothing_to_save() -> None:
    found = segments_of([{"1": 10, "2": 30, "3": 70}], STEPS)

    assert found is not None
    assert (found.save_ms, found.worst) == (0, None)


def test_the_median_is_of_the_latest_runs_and_the_gold_of_all() -> None:
    old: list[Splits] = [{"1": 1, "2": 2, "3": 3}]
    new: list[Splits] = [{"1": 100, "2": 200, "3": 300}] * RECENT_RUNS

    found = segments_of([*old, *new], STEPS)

    assert found is not None
    assert [(step.median_ms, step.gold_ms) for step in found.steps] == [(100, 1)] * 3


moment = st.integers(0, 300_000)
splits = st.fixed_dictionaries(dict.fromkeys(STEPS, moment))
incomplete = st.dictionaries(st.sampled_from(STEPS), st.one_of(st.none(), moment), max_size=3)


@given(splits)
def test_the_segments_of_a_run_add_up_to_its_time(run: Splits) -> None:
    time_ms = run_of(run, STEPS, ended_ms=300_000, limit_ms=300_000, abandoned=False).time_ms

    assert sum(segments_in(run, STEPS).values()) == pytest.approx(time_ms)


@given(st.lists(splits, min_size=1, max_size=8))
def test_the_sum_of_golds_is_never_more_than_the_best_run(runs: list[Splits]) -> None:
    found = segments_of(runs, STEPS)
    best = min(max(t for t in run.values() if t is not None) for run in runs)

    assert found is not None
    assert found.sum_of_golds_ms <= best


@given(st.lists(splits, min_size=1, max_size=8), splits)
def test_another_run_never_makes_a_gold_worse(runs: list[Splits], more: Splits) -> None:
    before, after = segments_of(runs, STEPS), segments_of([*runs, more], STEPS)

    assert before is not None
    assert after is not None
    for old, new in zip(before.steps, after.steps, strict=True):
        assert new.gold_ms <= old.gold_ms


@given(st.lists(splits, min_size=1, max_size=6), incomplete)
def test_a_run_with_a_gap_changes_nothing(runs: list[Splits], gap: Splits) -> None:
    if len(gap) == len(STEPS) and None not in gap.values():
        return

    assert segments_of([*runs, gap], STEPS) == segments_of(runs, STEPS)
