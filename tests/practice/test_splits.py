import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.practice.splits import (
    Found,
    Reached,
    Run,
    Splits,
    Tick,
    first_found,
    run_of,
    suggested_split,
)
from tests.helpers import MINUTE

MUST = ["1", "2", "3"]
ALL: Splits = {"1": 60_000, "2": 120_000, "3": 200_000}


def run(
    splits: Splits,
    *,
    ended_ms: int = 4 * MINUTE,
    limit_ms: int | None = 5 * MINUTE,
    abandoned: bool = False,
) -> Run:
    return run_of(splits, MUST, ended_ms=ended_ms, limit_ms=limit_ms, abandoned=abandoned)


def test_a_run_is_clean_when_every_step_was_reached_inside_the_limit() -> None:
    assert run(ALL) == Run(reached=3, steps=3, clean=True, time_ms=200_000)


def test_a_missing_step_makes_it_not_clean_and_as_long_as_it_lasted() -> None:
    assert run({"1": 1, "3": 2}) == Run(reached=2, steps=3, clean=False, time_ms=4 * MINUTE)
    assert run({}) == Run(reached=0, steps=3, clean=False, time_ms=4 * MINUTE)


def test_a_step_without_a_split_was_there_by_the_end() -> None:
    assert run({**ALL, "2": None}).time_ms == 4 * MINUTE


def test_an_optional_step_counts_for_nothing() -> None:
    assert run({**ALL, "4": 230_000}) == run(ALL)
    assert run({"1": 1, "2": 2, "4": 3}).reached == 2


def test_a_step_at_zero_was_reached() -> None:
    assert run({"1": 0, "2": 0, "3": 0}) == Run(reached=3, steps=3, clean=True, time_ms=0)


@pytest.mark.parametrize(("last", "clean"), [(5 * MINUTE, True), (5 * MINUTE + 1, False)])
def test_the_limit_itself_is_inside(last: int, clean: bool) -> None:
    assert run({**ALL, "3": last}, ended_ms=6 * MINUTE).clean is clean


def test_an_untimed_run_is_never_clean() -> None:
    assert run(ALL, limit_ms=None) == Run(reached=3, steps=3, clean=False, time_ms=200_000)


def test_an_abandoned_run_is_never_clean() -> None:
    assert not run(ALL, abandoned=True).clean


splits = st.dictionaries(st.sampled_from([*MUST, "4"]), st.none() | st.integers(0, 4 * MINUTE))


@given(splits, st.sampled_from([None, MINUTE, 5 * MINUTE]), st.booleans())
def test_a_clean_run_reached_everything_in_time(
    splits: Splits, limit_ms: int | None, abandoned: bool
) -> None:
    made = run(splits, limit_ms=limit_ms, abandoned=abandoned)

    assert 0 <= made.reached <= made.steps == 3
    assert 0 <= made.time_ms <= 4 * MINUTE
    assert not made.clean or (made.reached == 3 and not abandoned and limit_ms is not None)


def test_marks_are_suggested_in_the_order_of_the_steps() -> None:
    marks = [90_000, 30_000, 150_000]

    assert suggested_split(marks, {}) == 30_000
    assert suggested_split(marks, {"1": 30_000}) == 90_000
    assert suggested_split(marks, {"1": 30_000, "2": 90_000, "3": 150_000}) is None
    assert suggested_split(marks, {"1": None}) == 30_000
    assert suggested_split([], {}) is None


def test_a_mark_belongs_to_the_step_that_was_written_before_it() -> None:
    """Splits that were found stand at the last edit of a line, marks a moment later."""
    marks = [30_000, 90_000, 150_000]

    assert suggested_split(marks, {"1": 28_000, "2": 85_000}) == 150_000
    assert suggested_split(marks, {"2": 85_000}) == 30_000
    assert suggested_split(marks, {"1": 29_000, "2": 30_000}) == 150_000
    assert suggested_split(marks, {"1": 160_000}) == 30_000
    assert suggested_split(marks, {"1": 1, "2": 2, "3": 3, "4": 4}) is None


FOUND = {"1": Found(line=2, split_ms=60_000), "2": Found(line=3, split_ms=90_000)}


def test_what_was_found_counts_until_the_writer_says_something() -> None:
    assert Reached(FOUND).splits == {"1": 60_000, "2": 90_000}
    assert Reached().splits == {}


def test_the_word_of_the_writer_counts_before_what_was_found() -> None:
    ticks = {"1": Tick(False), "2": Tick(True, 80_000), "3": Tick(True), "4": Tick(False)}

    assert Reached(FOUND, ticks).splits == {"2": 80_000, "3": None}


@pytest.mark.parametrize("tick", [Tick(False), Tick(True), Tick(True, 0), Tick(True, 60_001)])
def test_a_word_that_differs_from_what_was_found_is_kept(tick: Tick) -> None:
    assert Reached(FOUND).overruling("1", tick) == tick


def test_a_word_that_repeats_what_was_found_is_none() -> None:
    reached = Reached(FOUND, {"1": Tick(False), "3": Tick(True)})

    assert reached.overruling("1", Tick(True, 60_000)) is None
    assert reached.overruling("3", Tick(False)) is None
    assert reached.overruling("3", Tick(True)) == Tick(True)


def test_a_step_is_found_where_it_was_reached_first() -> None:
    lines = [("1", Found(1, 90_000)), ("1", Found(5, 60_000)), ("1", Found(4, 60_000))]

    assert first_found(lines) == {"1": Found(4, 60_000)}
    assert first_found([("2a", Found(1, 0)), *lines])["2a"] == Found(1, 0)
    assert first_found([]) == {}
