import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.practice.records import records_of
from app.practice.splits import Run


def runs(*times: int) -> list[Run]:
    """A negative time is that of a run that missed a step."""
    return [Run(4, 4, t > 0, abs(t)) for t in times]


@pytest.mark.parametrize(
    ("times", "records"),
    [
        ([], ()),
        ([-100], ()),
        ([300], (0,)),
        ([300, 300, 301], (0,)),
        ([300, 250, 260, 249], (0, 1, 3)),
        ([-10, 300, -20, 200], (1, 3)),
    ],
)
def test_records_by_hand(times: list[int], records: tuple[int, ...]) -> None:
    assert records_of(runs(*times)) == records


@given(st.lists(st.integers(-1000, 1000).filter(bool)))
def test_the_last_record_is_the_best_of_all(times: list[int]) -> None:
    found = records_of(runs(*times))
    clean = [t for t in times if t > 0]

    assert [times[place] for place in found] == sorted({times[place] for place in found})[::-1]
    assert (times[found[-1]] if found else None) == min(clean, default=None)


@given(st.lists(st.integers(-1000, 1000).filter(bool)), st.integers(0, 9))
def test_of_the_runs_before_only_the_best_is_needed(times: list[int], cut: int) -> None:
    before, after = times[:cut], times[cut:]
    best = min((t for t in before if t > 0), default=None)

    found = records_of(runs(*after), best)

    assert [place + len(before) for place in found] == [
        place for place in records_of(runs(*times)) if place >= len(before)
    ]
