"""What may be chosen, and what it means."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.practice.preferences import Preferences, Targets, accepted
from tests.helpers import MINUTE

IDS = ["a", "b", "c", "d"]


def test_the_defaults_by_hand() -> None:
    chosen = Preferences()

    assert (chosen.zone, chosen.time_zone, chosen.theme) == ("", None, "system")
    assert chosen.limit_for(5) == 5 * MINUTE
    assert chosen.limit_for(2.5) == 150_000
    assert chosen.reading_ms == 0
    assert (chosen.targets.from_ms, chosen.targets.to_ms) == (5 * MINUTE, 3 * MINUTE)
    assert (chosen.clock_shown, chosen.sounds, chosen.ghost) == (True, False, "off")
    assert (chosen.paper, chosen.pen_width) == ("plain", 50)
    assert chosen.planned(IDS, ["a", "b"]) == ["a", "b"]


def test_a_limit_that_was_chosen_holds_for_all() -> None:
    assert Preferences(limit_ms=4 * MINUTE).limit_for(7) == 4 * MINUTE


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("zone", "Europe/Atlantis", "There is no time zone 'Europe/Atlantis'"),
        ("zone", "../../etc/passwd", "There is no time zone"),
        ("zone", "Europe", "There is no time zone"),
        ("theme", "sepia", "'system', 'light' or 'dark'"),
        ("limit_ms", MINUTE - 1, "from 1 to 60"),
        ("limit_ms", 60 * MINUTE + 1, "from 1 to 60"),
        ("reading_ms", -1, "from 0 to 300 seconds"),
        ("reading_ms", 300_001, "from 0 to 300 seconds"),
        ("targets", {"from_ms": 3 * MINUTE, "to_ms": 3 * MINUTE}, "The targets go down"),
        ("targets", {"from_ms": 61 * MINUTE, "to_ms": 3 * MINUTE}, "The targets go down"),
        ("targets", {"from_ms": 5 * MINUTE, "to_ms": 29_999}, "The targets go down"),
        ("targets", {"days": 61}, "from 0 to 60 days of practice"),
        ("targets", {"days": -1}, "from 0 to 60 days of practice"),
        ("ghost", "first", "'off', 'best' or 'last'"),
        ("pen_width", 51, "30, 50 or 90"),
        ("shoes", "brown", "not permitted"),
    ],
)
def test_what_does_not_fit_is_said_and_the_rest_is_taken(key: str, value: Any, said: str) -> None:
    preferences, problems = accepted({"sounds": True, key: value})

    assert list(problems) == [key]
    assert said in problems[key]
    assert preferences == Preferences(sounds=True)


@pytest.mark.parametrize(
    ("ms", "way"), [(300_000, 0), (240_000, 0.5), (180_000, 1), (360_000, -0.5), (150_000, 1.25)]
)
def test_the_way_runs_from_five_minutes_to_three(ms: int, way: float) -> None:
    assert Targets().way(ms) == way


def test_the_way_runs_between_other_targets() -> None:
    assert Targets(from_ms=8 * MINUTE, to_ms=4 * MINUTE).way(5 * MINUTE) == 0.75


@pytest.mark.parametrize(
    ("order", "on", "plan"),
    [
        ((), None, ["a", "b"]),
        (("b", "a"), None, ["b", "a"]),
        (("d", "a"), ("a", "d"), ["d", "a"]),
        (("d", "c", "b", "a"), ("a", "c"), ["c", "a"]),
        # One that is gone from the library, one that came to it.
        (("x", "b"), ("x", "b"), ["b"]),
        (("b",), ("c", "b", "a"), ["b", "a", "c"]),
        ((), (), []),
    ],
)
def test_plans_by_hand(order: tuple[str, ...], on: tuple[str, ...] | None, plan: list[str]) -> None:
    assert Preferences(plan_order=order, plan_on=on).planned(IDS, ["a", "b"]) == plan


names = st.lists(st.sampled_from("abcdxy"), unique=True).map(tuple)


@given(names, st.one_of(st.none(), names))
def test_a_plan_has_nothing_twice_and_nothing_that_is_not_there(
    order: tuple[str, ...], on: tuple[str, ...] | None
) -> None:
    chosen = Preferences(plan_order=order, plan_on=on)
    plan = chosen.planned(IDS, ["a", "b"])

    assert sorted(chosen.arranged(IDS)) == IDS
    assert plan == [name for name in chosen.arranged(IDS) if name in plan]
    assert set(plan) == set(IDS) & set(["a", "b"] if on is None else on)
