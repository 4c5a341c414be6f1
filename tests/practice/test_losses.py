"""Which key step costs most."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.practice.losses import Loss, Written, legs_of, worst_loss

STEPS = ("1", "2", "3")


def run(*splits: int | None, derivation: str = "a") -> Written:
    """An attempt with these splits in seconds; -1 stands for a step that was not reached."""
    reached = {
        step: None if split is None else split * 1000
        for step, split in zip(STEPS, splits, strict=False)
        if split != -1
    }
    return Written(derivation, STEPS, reached)


@pytest.mark.parametrize(
    ("splits", "legs"),
    [
        ((10, 40, 90), {"1": 10, "2": 30, "3": 50}),
        ((), {}),
        # Missed, without a moment, in one line, out of order.
        ((10, -1, 90), {"1": 10}),
        ((10, None, 90), {"1": 10}),
        ((-1, 40, 90), {"3": 50}),
        ((10, 10, 90), {"1": 10, "3": 80}),
        ((50, 40, 90), {"1": 50, "3": 50}),
    ],
)
def test_legs_by_hand(splits: tuple[int | None, ...], legs: dict[str, int]) -> None:
    found = dict(legs_of(STEPS, run(*splits).splits))

    assert found == {step: leg * 1000 for step, leg in legs.items()}


def test_the_worst_by_hand() -> None:
    """Legs of 1: 10 20 10; of 2: 30 60 70; of 3: 50 40 45. Medians 10, 60, 45; best 10, 30, 40."""
    attempts = [run(10, 40, 90), run(20, 80, 120), run(10, 80, 125)]

    assert worst_loss(attempts) == Loss("a", "2", 60_000, 30_000)


def test_losses_of_several_derivations_are_compared() -> None:
    attempts = [run(10), run(30), run(10, derivation="b"), run(60, derivation="b")]

    worst = worst_loss(attempts)

    # (10 + 60) / 2 - 10 against (10 + 30) / 2 - 10.
    assert worst == Loss("b", "1", 35_000, 10_000)
    assert worst.lost_ms == 25_000


def test_only_the_last_five_are_usual_and_all_count_for_the_best() -> None:
    attempts = [run(10), *(run(40) for _ in range(5))]

    assert worst_loss(attempts) == Loss("a", "1", 40_000, 10_000)


@pytest.mark.parametrize("attempts", [[], [run()], [run(10, 40, 90)], [run(10), run(10)]])
def test_where_nothing_was_lost_there_is_none(attempts: list[Written]) -> None:
    assert worst_loss(attempts) is None


histories = st.lists(
    st.lists(st.one_of(st.none(), st.integers(-1, 300)), max_size=3).map(lambda one: run(*one)),
    max_size=12,
)


@given(histories)
def test_a_loss_is_never_negative_and_its_best_was_written(past: list[Written]) -> None:
    worst = worst_loss(past)

    if worst is not None:
        legs = [
            leg
            for one in past
            for step, leg in legs_of(one.steps, one.splits)
            if step == worst.step
        ]
        assert worst.best_ms == min(legs)
        assert worst.best_ms < worst.usual_ms <= max(legs)


@given(histories, st.integers(-1, 300))
def test_another_derivation_never_makes_the_worst_smaller(past: list[Written], split: int) -> None:
    before = worst_loss(past)
    after = worst_loss([*past, run(split, derivation="z")])

    assert (after.lost_ms if after else 0) >= (before.lost_ms if before else 0)
