"""Events that are taken, and what they may hold at most."""

from typing import Any

import pytest

from app.practice.events import (
    DATA,
    LONGEST_T,
    MAX_EVENT_BYTES,
    MAX_LINE_CHARACTERS,
    MAX_POINTS,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    read_event,
)
from tests.helpers import ink_data, line_data

LONG_NAME = "a" * 24

GOOD: list[tuple[str, dict[str, Any]]] = [
    ("ink", ink_data()),
    ("ink", ink_data(pen=["ink", 50])),
    ("ink", ink_data(pen=["green", 10], end=True)),
    ("ink", ink_data(pen=["red", 400])),
    ("ink", ink_data(stroke=LONG_NAME)),
    ("ink", {"stroke": "0", "points": [0, 0, 0, 0]}),
    ("ink", {"stroke": "0", "points": [PAGE_WIDTH, PAGE_HEIGHT, 255, 0]}),
    ("ink", {"stroke": "0", "points": [PAGE_WIDTH, 0, 255, 0, -PAGE_WIDTH, 1, -255, 0]}),
    ("ink", {"stroke": "0", "points": [1, 1, 1, 0] + [0, 0, 0, 4] * (MAX_POINTS - 1)}),
    ("drop", {"stroke": "a-1"}),
    ("erase", {"op": "e-1", "strokes": ["a-1", "b-2"]}),
    ("erase", {"op": "e-1", "strokes": [LONG_NAME] * 500}),
    ("undo", {"op": "a-1"}),
    ("redo", {"op": "a-1"}),
    ("line", line_data("")),
    ("line", line_data(r"X^\top X w = X^\top y", at=0.5)),
    ("line", line_data("x" * MAX_LINE_CHARACTERS, at=-3)),
    ("line", line_data("∇ 𝓛 \u2028 \x00")),
    ("line", {"row": "r-1", "gone": True}),
    ("mark", {}),
    ("hint", {"number": 1}),
    ("hint", {"number": 100}),
    ("start", {}),
    ("pause", {}),
    ("resume", {}),
    ("extend", {"ms": 60_000}),
    ("release", {"what": "hint", "number": "1"}),
    ("release", {"what": "step", "number": "2a"}),
    ("release", {"what": "all"}),
    ("end", {"why": "done"}),
    ("end", {"why": "time"}),
    ("end", {"why": "abandoned"}),
]


@pytest.mark.parametrize(("code", "data"), GOOD)
def test_an_event_is_read_as_it_was_sent(code: str, data: dict[str, Any]) -> None:
    event = read_event([1_234, code, data])

    assert (event.t, event.code, event.data) == (1_234, code, data)


def test_every_code_has_an_example_here() -> None:
    assert {code for code, _ in GOOD} == set(DATA)


@pytest.mark.parametrize("t", [0, 1, LONGEST_T])
def test_times_run_from_zero_to_a_week(t: int) -> None:
    assert read_event([t, "mark", {}]).t == t


def test_the_largest_events_that_the_rules_allow_fit_into_the_size() -> None:
    for code, data in GOOD:
        assert len(read_event([0, code, data]).encoded_data.encode()) < MAX_EVENT_BYTES


def test_data_is_encoded_without_blanks_and_with_its_own_letters() -> None:
    event = read_event([0, "line", {"row": "r", "at": 1, "text": "∇ a"}])

    assert event.encoded_data == '{"row":"r","at":1,"text":"∇ a"}'
