"""Whose ghost it is, and where it stands on the bar."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.practice.comparison import PastRun
from app.practice.ghost import CLOSE, Ghost, Notch, ghost_of, moments_of, notches_of
from app.practice.splits import Run, Splits
from tests.helpers import MINUTE

LIMIT = 5 * MINUTE
SPLITS: Splits = {"1": MINUTE, "2": None, "3": 2 * MINUTE}


def past_run(name: str, splits: Splits = SPLITS, **more: bool) -> PastRun:
    """A clean cold run unless `more` says otherwise."""
    said = {"cold": True, "counted": True, "clean": True} | more
    time_ms = max((t for t in splits.values() if t is not None), default=0)
    run = Run(3, 3, said["clean"], time_ms)
    return PastRun(name, said["cold"], said["counted"], run, splits)


def moments(runs: list[PastRun], kind: str) -> tuple[tuple[str, int], ...] | None:
    found = ghost_of(runs, kind, LIMIT)  # type: ignore[arg-type]
    return None if found is None else found.moments


def test_a_ghost_has_the_known_moments_of_its_run_and_nothing_else() -> None:
    assert ghost_of([past_run("a")], "best", LIMIT) == Ghost(
        "best",
        (("1", MINUTE), ("3", 2 * MINUTE)),
        (Notch((("1", MINUTE),), 0.8), Notch((("3", 2 * MINUTE),), 0.6)),
    )


def test_best_and_last_are_chosen_among_the_runs() -> None:
    runs = [
        past_run("abandoned", {"1": 1}, counted=False),
        past_run("guided, the last", {"1": 2}, cold=False),
        past_run("not clean", {"1": 3}, clean=False),
        past_run("slower", {"1": 5}),
        past_run("the best", {"1": 4}),
    ]

    assert moments(runs, "last") == (("1", 2),)
    assert moments(runs, "best") == (("1", 4),)
    assert moments(runs[:3], "best") is None
    assert moments(runs[:1], "last") is None
    assert moments([], "last") is None


def test_a_run_without_any_known_moment_has_no_ghost() -> None:
    runs = [past_run("blank", {}), past_run("by the end", {"1": None}), past_run("c", {"1": 7})]

    assert moments(runs, "last") == moments(runs, "best") == (("1", 7),)
    assert moments(runs[:2], "last") is None


def test_without_a_limit_there_is_no_bar_to_stand_on() -> None:
    assert ghost_of([past_run("a")], "best", None) is None


def test_what_came_after_the_limit_is_said_and_not_drawn() -> None:
    late = past_run("a", {"1": MINUTE, "2": LIMIT, "3": LIMIT + 1})
    ghost = ghost_of([late], "last", LIMIT)

    assert ghost is not None
    assert [step for step, _ in ghost.moments] == ["1", "2", "3"]
    assert [notch.left for notch in ghost.notches] == [0.8, 0]


@pytest.mark.parametrize(
    ("times", "steps"),
    [
        ([100, 100, 300], [("1", "2"), ("3",)]),
        ([100, 144, 189], [("1", "2"), ("3",)]),
        ([100, 146, 800], [("1",), ("2",), ("3",)]),
    ],
)
def test_steps_at_one_moment_share_a_notch(times: list[int], steps: list[tuple[str, ...]]) -> None:
    given = [(str(number), t) for number, t in enumerate(times, start=1)]

    notches = notches_of(given, 1_000)

    assert [tuple(step for step, _ in notch.moments) for notch in notches] == steps


splits = st.dictionaries(
    st.sampled_from(["1", "2", "3", "4", "5"]), st.none() | st.integers(0, 2 * LIMIT)
)


@given(splits)
def test_every_moment_inside_the_limit_is_on_the_bar_once_and_notches_keep_apart(
    given: Splits,
) -> None:
    known = moments_of(given)
    notches = notches_of(known, LIMIT)

    drawn = [one for notch in notches for one in notch.moments]
    lefts = [notch.left for notch in notches]
    assert drawn == [one for one in known if one[1] <= LIMIT]
    assert all(0 <= left <= 1 for left in lefts)
    gaps = [one - other for one, other in pairwise(lefts)]
    assert all(gap >= CLOSE for gap in gaps)
