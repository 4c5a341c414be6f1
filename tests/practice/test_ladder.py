"""The step ladder: what an exercise shows for a seed, what a right order is, what is to redo."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.practice.ladder import (
    SEEDS,
    LastTry,
    Missed,
    StepKey,
    another,
    can_be_ordered,
    moved,
    picked,
    redo_queue,
    shuffled,
    too_early,
)

# Two independent steps, what needs both, and what needs the first alone.
NEEDS = {"1a": (), "1b": (), "2": ("1a", "1b"), "3": ("1a",)}
SEED = st.integers(0, SEEDS - 1)


@st.composite
def needs_of_steps(draw: st.DrawFn) -> dict[str, tuple[str, ...]]:
    """Steps in a valid order, each with some of those before it."""
    count = draw(st.integers(1, 7))
    return {
        str(n): tuple(str(m) for m in range(1, n) if draw(st.booleans()))
        for n in range(1, count + 1)
    }


@pytest.mark.parametrize(
    ("order", "early"),
    [
        ("1a 1b 2 3", ""),
        ("1b 1a 2 3", ""),
        ("1a 3 1b 2", ""),
        ("1b 1a 3 2", ""),
        ("1a 2 1b 3", "2"),
        ("3 1a 1b 2", "3"),
        ("2 3 1a 1b", "2 3"),
        ("1b 3 2 1a", "3 2"),
    ],
)
def test_the_order_by_hand(order: str, early: str) -> None:
    assert too_early(order.split(), NEEDS) == tuple(early.split())


@given(needs_of_steps(), SEED)
def test_what_is_dealt_is_all_steps_and_never_solved(
    needs: dict[str, tuple[str, ...]], seed: int
) -> None:
    dealt = shuffled(list(needs), needs, Random(seed).shuffle)

    assert sorted(dealt) == sorted(needs)
    assert bool(too_early(dealt, needs)) == can_be_ordered(needs)
    assert dealt == shuffled(list(needs), needs, Random(seed).shuffle)


@given(needs_of_steps(), st.randoms(use_true_random=False))
def test_an_order_is_right_exactly_if_each_step_has_all_that_it_needs_before_it(
    needs: dict[str, tuple[str, ...]], random: Random
) -> None:
    order = list(needs)
    random.shuffle(order)

    complete = all(set(needs[one]) <= set(order[: order.index(one)]) for one in order)

    assert (too_early(order, needs) == ()) == complete


def test_independent_steps_cannot_be_out_of_order() -> None:
    assert not can_be_ordered({"1": (), "2": ()})
    assert too_early(["2", "1"], {"1": (), "2": ()}) == ()


@given(st.integers(1, 40), SEED)
def test_every_one_comes_once_before_one_comes_again(count: int, seed: int) -> None:
    if seed + count > SEEDS:
        seed -= count
    found = []
    for _ in range(count):
        found.append(picked(range(count), seed))
        seed = another(seed)

    assert sorted(found) == list(range(count))


def test_they_do_not_come_one_after_the_other() -> None:
    assert [picked("abcdefgh", seed) for seed in range(8)] == list("afchebgd")


def test_after_the_last_seed_comes_the_first() -> None:
    assert another(0) == 1
    assert another(SEEDS - 1) == 0


@pytest.mark.parametrize(
    ("row", "by", "after"),
    [
        (2, -1, (2, 0, 1)),
        (0, 1, (2, 0, 1)),
        (0, -1, (0, 2, 1)),
        (1, 1, (0, 2, 1)),
        (1, -1, (0, 1, 2)),
    ],
)
def test_a_row_moves_as_far_as_there_is_room(row: int, by: int, after: tuple[int, ...]) -> None:
    assert moved([0, 2, 1], row, by) == after


LASTS = [LastTry("ols", 5_000, ("2", "3")), LastTry("rope", 4_000, ("4",)), LastTry("dpo", 1, ())]


@pytest.mark.parametrize(
    ("redone", "left"),
    [
        ({}, "ols2 ols3 rope4"),
        ({("ols", "2"): 5_001}, "ols3 rope4"),
        # At the very moment of the end, as far as milliseconds tell.
        ({("ols", "3"): 5_000}, "ols2 rope4"),
        # Before the attempt that missed it again.
        ({("ols", "3"): 4_999, ("rope", "4"): 4_001}, "ols2 ols3"),
        # The same number of another derivation.
        ({("rope", "2"): 9_000, ("dpo", "4"): 9_000}, "ols2 ols3 rope4"),
        ({("ols", "2"): 9_000, ("ols", "3"): 9_000, ("rope", "4"): 9_000}, ""),
    ],
)
def test_the_queue_by_hand(redone: dict[StepKey, int], left: str) -> None:
    queue = redo_queue(LASTS, {}, redone)

    assert [f"{one.derivation}{one.step}" for one in queue] == left.split()


def test_a_missed_step_says_since_when() -> None:
    assert redo_queue(LASTS[1:], {}, {}) == (Missed("rope", "4", 4_000),)


@pytest.mark.parametrize(
    ("failed", "redone", "queue"),
    [
        # Missed by the attempt and failed since: once, in its place, missed then.
        ({("ols", "2"): 6_000}, {}, [("ols", "2", 6_000), ("ols", "3", 5_000)]),
        ({("ols", "2"): 6_000}, {("ols", "2"): 5_500}, [("ols", "2", 6_000), ("ols", "3", 5_000)]),
        ({("ols", "2"): 6_000}, {("ols", "2"): 6_000}, [("ols", "3", 5_000)]),
        # Before the attempt, which reached it.
        ({("ols", "1"): 4_999}, {}, [("ols", "2", 5_000), ("ols", "3", 5_000)]),
        # Reached by the attempt, or of what was never attempted: the newest first.
        (
            {("dpo", "1"): 1, ("ols", "4"): 7_000},
            {},
            [("ols", "2", 5_000), ("ols", "3", 5_000), ("ols", "4", 7_000), ("dpo", "1", 1)],
        ),
    ],
)
def test_what_is_failed_on_the_ladder_counts_until_the_next_attempt(
    failed: dict[StepKey, int], redone: dict[StepKey, int], queue: list[tuple[str, str, int]]
) -> None:
    assert redo_queue(LASTS[:1], failed, redone) == tuple(Missed(*one) for one in queue)


@given(
    st.dictionaries(
        st.tuples(st.sampled_from(["ols", "rope"]), st.sampled_from("1234")), st.integers(0, 9_000)
    )
)
def test_redoing_never_puts_a_step_on_the_queue(redone: dict[StepKey, int]) -> None:
    assert set(redo_queue(LASTS, {}, redone)) <= set(redo_queue(LASTS, {}, {}))
