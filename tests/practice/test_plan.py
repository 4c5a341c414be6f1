"""Which derivation is the one of today."""

from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.practice.plan import Done, Plan, plan_of

ORDER = ("a", "b", "c")
MONDAY = date(2025, 10, 6)


def day(number: int) -> date:
    return MONDAY + timedelta(days=number)


def done(*attempts: str) -> list[Done]:
    """`a0 b0 c3`: what was done, each with the number of its day."""
    return [Done(one[0], day(int(one[1:]))) for one in attempts]


@pytest.mark.parametrize(
    ("attempts", "today", "rounds", "place", "of_today", "following"),
    [
        ("", 0, 0, 0, None, "a"),
        ("a0", 0, 0, 1, "a", "b"),
        ("a0", 1, 0, 1, None, "b"),
        ("a0 b1", 1, 0, 2, "b", "c"),
        # Another derivation than the one that is next, and one beside the plan.
        ("b0", 0, 0, 0, None, "a"),
        ("z0", 0, 0, 0, None, "a"),
        ("b0 a0", 0, 0, 1, "a", "b"),
        # The same one twice a day, and the next one on the same day.
        ("a0 a0", 0, 0, 1, "a", "b"),
        ("a0 b0", 0, 0, 1, "a", "b"),
        ("a0 b0 b1", 1, 0, 2, "b", "c"),
        # A week without one.
        ("a0 b7", 7, 0, 2, "b", "c"),
        ("a0", 300, 0, 1, None, "b"),
        # A round is over, then the next.
        ("a0 b1 c2", 2, 1, 0, "c", "a"),
        ("a0 b1 c2 a3", 4, 1, 1, None, "b"),
        ("a0 b1 c2 a3 b4 c5", 5, 2, 0, "c", "a"),
    ],
)
def test_the_plan_by_hand(
    attempts: str, today: int, rounds: int, place: int, of_today: str | None, following: str
) -> None:
    plan = plan_of(ORDER, done(*attempts.split()), day(today))

    assert plan == Plan(ORDER, rounds, place, of_today)
    assert plan.next == following


def test_a_plan_without_derivations_asks_for_nothing() -> None:
    plan = plan_of([], done("a0"), day(0))

    assert plan == Plan((), 0, 0, None)
    assert plan.next is None


def test_a_plan_of_one_derivation_is_a_round_a_day() -> None:
    plan = plan_of(["a"], done("a0", "a0", "a1"), day(1))

    assert (plan.rounds, plan.place, plan.next) == (2, 0, "a")


history = st.lists(
    st.tuples(st.sampled_from("abcz"), st.integers(0, 12)).map(
        lambda one: Done(one[0], day(one[1]))
    ),
    max_size=30,
).map(lambda found: sorted(found, key=lambda one: one.day))


def steps(past: list[Done]) -> int:
    plan = plan_of(ORDER, past, day(12))
    return plan.rounds * len(ORDER) + plan.place


@given(history)
def test_it_never_makes_more_than_one_step_a_day(past: list[Done]) -> None:
    assert steps(past) <= len({one.day for one in past})
    for count in range(len(past)):
        assert steps(past[: count + 1]) - steps(past[:count]) in (0, 1)


@given(history)
def test_doing_what_is_next_on_a_new_day_is_one_step(past: list[Done]) -> None:
    following = plan_of(ORDER, past, day(13)).next
    assert following is not None

    plan = plan_of(ORDER, [*past, Done(following, day(13))], day(13))

    assert plan.rounds * len(ORDER) + plan.place == steps(past) + 1
    assert plan.today == following


@given(history, st.randoms(use_true_random=False))
def test_the_order_of_other_attempts_does_not_matter(past: list[Done], random: Random) -> None:
    """Those of a day that the plan did not ask for may lie anywhere in that day."""
    counted = [
        one for place, one in enumerate(past) if steps(past[: place + 1]) > steps(past[:place])
    ]
    others = [Done("z", one.day) for one in past if one not in counted]
    mixed = [*counted, *others]
    random.shuffle(mixed)
    mixed.sort(key=lambda one: one.day)

    assert steps(mixed) == steps(counted) == steps(past)


@given(history, st.integers(0, 13), st.integers(1, 400))
def test_a_missed_day_changes_nothing(past: list[Done], pause_at: int, missed: int) -> None:
    later = [
        Done(one.derivation, one.day + timedelta(days=missed if one.day >= day(pause_at) else 0))
        for one in past
    ]

    assert steps(later) == steps(past)


@given(history, st.integers(0, 12))
def test_today_is_done_if_a_step_was_made_today(past: list[Done], today: int) -> None:
    until_today = [one for one in past if one.day <= day(today)]
    before = [one for one in past if one.day < day(today)]
    plan = plan_of(ORDER, until_today, day(today))

    assert (plan.today is not None) == (steps(until_today) > steps(before))
    assert plan.today in (None, plan_of(ORDER, before, day(today)).next)
