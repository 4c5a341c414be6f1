import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.practice.pace import Pace, pace_of


def test_there_is_no_pace_before_the_first_run() -> None:
    assert pace_of([]) is None


@pytest.mark.parametrize(
    ("times", "best", "mean", "provisional"),
    [
        ([300_000], 300_000, 300_000, True),
        ([300_000, 200_000], 200_000, 250_000, True),
        ([1, 2], 1, 2, True),
        ([4, 3, 2, 1], 1, 2, True),
        ([100, 200, 300, 400, 500], 100, 300, False),
        ([290, 250, 600, 240, 100], 100, 260, False),
        ([5, 5, 5, 5, 5], 5, 5, False),
        # The best of all is older than the last five, and counts as the best alone.
        ([10, 100, 200, 300, 400, 500], 10, 300, False),
        ([900, 300, 310, 290, 280, 270], 270, 290, False),
    ],
)
def test_pace_by_hand(times: list[int], best: int, mean: int, provisional: bool) -> None:
    assert pace_of(times) == Pace(best, mean, provisional, len(times))


times = st.lists(st.integers(0, 3_600_000), min_size=1, max_size=12)


@given(times)
def test_the_pace_lies_between_the_best_and_the_worst_of_the_last_five(times: list[int]) -> None:
    pace = pace_of(times)

    assert pace is not None
    assert pace.best_ms <= min(times[-5:]) <= pace.mean_ms <= max(times[-5:])


@given(times)
def test_runs_before_the_last_five_only_count_for_the_best(times: list[int]) -> None:
    pace, recent = pace_of(times), pace_of(times[-5:])

    assert pace is not None
    assert recent is not None
    assert (pace.mean_ms, pace.provisional) == (recent.mean_ms, recent.provisional)


@given(st.lists(st.integers(0, 3_600_000), min_size=5, max_size=5), st.integers(0, 3_600_000))
def test_one_very_slow_run_among_five_does_not_change_the_pace(
    times: list[int], slower: int
) -> None:
    worst = times.index(max(times))
    slow = [time + slower if i == worst else time for i, time in enumerate(times)]
    pace, slow_pace = pace_of(times), pace_of(slow)

    assert pace is not None
    assert slow_pace is not None
    assert pace.mean_ms == slow_pace.mean_ms
