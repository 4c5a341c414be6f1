"""Events that are refused: for each, where the mistake is; and nothing ever breaks."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import EventRefused
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


def refusal(raw: object) -> EventRefused:
    with pytest.raises(EventRefused) as refused:
        read_event(raw)
    return refused.value


@pytest.mark.parametrize(
    "raw",
    [
        None,
        17,
        "mark",
        {},
        [],
        [0, "mark"],
        [0, "mark", {}, 1],
        ["0", "mark", {}],
        [0.0, "mark", {}],
        [True, "mark", {}],
        [None, "mark", {}],
        [-1, "mark", {}],
        [LONGEST_T + 1, "mark", {}],
        [10**400, "mark", {}],
        [float("nan"), "mark", {}],
        [0, 1, {}],
        [0, "mark", []],
        [0, "mark", None],
    ],
)
def test_an_event_is_a_time_a_code_and_an_object(raw: object) -> None:
    error = refusal(raw)

    assert error.reason == "malformed"
    assert error.detail.startswith("an event is [t, code, data]")


@pytest.mark.parametrize("code", ["", "Ink", "ink ", "scribble", "__class__", "\ud800", "x" * 999])
def test_an_unknown_code_is_named(code: str) -> None:
    error = refusal([0, code, {}])

    assert error.reason == "malformed"
    assert repr(code[:40]) in error.detail


NESTED: Any = {}
for _ in range(2_000):
    NESTED = {"a": NESTED}


@pytest.mark.parametrize(
    ("code", "data", "place"),
    [
        ("ink", {}, "ink.stroke"),
        ("ink", {"stroke": "a"}, "ink.points"),
        ("ink", ink_data(stroke=""), "ink.stroke"),
        ("ink", ink_data(stroke="A"), "ink.stroke"),
        ("ink", ink_data(stroke="-a"), "ink.stroke"),
        ("ink", ink_data(stroke="a\n"), "ink.stroke"),
        ("ink", ink_data(stroke="a" * 25), "ink.stroke"),
        ("ink", ink_data(stroke="../a"), "ink.stroke"),
        ("ink", {**ink_data(), "stroke": 7}, "ink.stroke"),
        ("ink", ink_data(pen=["pink", 50]), "ink.pen.0"),
        ("ink", ink_data(pen=["ink", 9]), "ink.pen.1"),
        ("ink", ink_data(pen=["ink", 401]), "ink.pen.1"),
        ("ink", ink_data(pen=["ink", 50.5]), "ink.pen.1"),
        ("ink", ink_data(pen=["ink", True]), "ink.pen.1"),
        ("ink", ink_data(pen=["ink"]), "ink.pen"),
        ("ink", ink_data(end=False), "ink.end"),
        ("ink", ink_data(colour="ink"), "ink.colour"),
        ("ink", {"stroke": "a", "points": []}, "ink.points"),
        ("ink", {"stroke": "a", "points": [1, 1, 1]}, "ink.points"),
        ("ink", {"stroke": "a", "points": [1, 1, 1, 0, 2]}, "ink.points"),
        ("ink", {"stroke": "a", "points": [-1, 1, 1, 0]}, "ink.points"),
        ("ink", {"stroke": "a", "points": [PAGE_WIDTH + 1, 1, 1, 0]}, "ink.points"),
        ("ink", {"stroke": "a", "points": [1, PAGE_HEIGHT, 1, 0, 0, 1, 0, 0]}, "ink.points"),
        ("ink", {"stroke": "a", "points": [1, 1, 256, 0]}, "ink.points"),
        ("ink", {"stroke": "a", "points": [1, 1, 1, 0, 0, 0, -2, 0]}, "ink.points"),
        ("ink", {"stroke": "a", "points": [1, 1, 1, 0, 0, 0, 0, -1]}, "ink.points"),
        ("ink", {"stroke": "a", "points": [1, 1, 1, 0] * 2 + [10**400] * 4}, "ink"),
        ("ink", {"stroke": "a", "points": [1, 1, 1, 1]}, "ink.points"),
        ("ink", {"stroke": "a", "points": [1, 1, 1, 0, 0, 0, 0, 5_001]}, "ink.points"),
        ("ink", {"stroke": "a", "points": [1.5, 1, 1, 0]}, "ink.points.0"),
        ("ink", {"stroke": "a", "points": [1, True, 1, 0]}, "ink.points.1"),
        ("ink", {"stroke": "a", "points": [1, 1, float("nan"), 0]}, "ink.points.2"),
        ("ink", {"stroke": "a", "points": [1, 1, 1, 0] * (MAX_POINTS + 1)}, "ink.points"),
        ("drop", {}, "drop.stroke"),
        ("drop", {"stroke": "a", "op": "a"}, "drop.op"),
        ("erase", {"op": "e"}, "erase.strokes"),
        ("erase", {"op": "e", "strokes": []}, "erase.strokes"),
        ("erase", {"op": "e", "strokes": "abc"}, "erase.strokes"),
        ("erase", {"op": "e", "strokes": ["a"] * 501}, "erase.strokes"),
        ("erase", {"op": "e", "strokes": ["a", "?"]}, "erase.strokes.1"),
        ("undo", {"stroke": "a"}, "undo."),
        ("redo", {"op": None}, "redo.op"),
        ("line", {"row": "r"}, "line."),
        ("line", {"row": "r", "gone": False}, "line."),
        ("line", {"row": "r", "gone": True, "text": "a", "at": 1}, "line."),
        ("line", line_data("a\nb"), "line."),
        ("line", line_data("a\r"), "line."),
        ("line", line_data("x" * (MAX_LINE_CHARACTERS + 1)), "line."),
        ("line", line_data(at=float("nan")), "line."),
        ("line", line_data(at=float("inf")), "line."),
        ("line", line_data(at=True), "line."),
        ("line", {**line_data(), "at": "1"}, "line."),
        ("line", {**line_data(), "text": None}, "line."),
        ("mark", {"step": "1"}, "mark.step"),
        ("hint", {}, "hint.number"),
        ("hint", {"number": 0}, "hint.number"),
        ("hint", {"number": 101}, "hint.number"),
        ("hint", {"number": True}, "hint.number"),
        ("hint", {"number": 1.0}, "hint.number"),
        ("hint", {"number": 10**30}, "hint.number"),
        ("start", {"t": 0}, "start.t"),
        ("end", {}, "end.why"),
        ("end", {"why": "bored"}, "end.why"),
        ("mark", NESTED, "mark"),
    ],
)
def test_the_refusal_says_where_the_mistake_is(code: str, data: dict[str, Any], place: str) -> None:
    error = refusal([0, code, data])

    assert error.reason == "malformed"
    assert error.detail.startswith(place)


@pytest.mark.parametrize("text", ["\ud800", "a\udfff", "\udc80 b"])
def test_half_a_character_is_refused(text: str) -> None:
    assert refusal([0, "line", line_data(text)]).detail == "line holds what JSON cannot carry"


def test_a_place_that_no_number_can_hold_is_refused() -> None:
    assert refusal([0, "line", {**line_data(), "at": 10**400}]).reason == "malformed"


def test_an_event_that_is_too_large_is_refused_before_it_is_looked_at() -> None:
    padding = "x" * (MAX_EVENT_BYTES - len('{"a":""}'))

    assert refusal([0, "mark", {"a": padding}]).reason == "malformed"
    assert refusal([0, "mark", {"a": padding + "x"}]).reason == "too-large"
    assert refusal([0, "mark", {"a": padding[:-1] + "é"}]).reason == "too-large"


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=8)
    | st.sampled_from(["\ud800", "r-1", 10**400]),
    lambda inner: (
        st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=6), inner, max_size=4)
    ),
    max_leaves=12,
)
field_names = st.sampled_from(
    ["stroke", "pen", "points", "end", "op", "strokes", "row", "at", "text", "gone", "number"]
)
near_misses = st.tuples(
    st.integers(-1, 5),
    st.sampled_from(list(DATA)),
    st.dictionaries(field_names, anything | st.sampled_from(["r-1", [1, 1, 1, 0]]), max_size=4),
).map(list)


@given(anything | st.lists(anything, min_size=3, max_size=3) | near_misses)
def test_whatever_json_can_hold_is_read_or_refused(raw: object) -> None:
    try:
        event = read_event(raw)
    except EventRefused as error:
        refused = error
    else:
        assert json.loads(event.encoded_data) == event.data
        return
    assert refused.reason in ("malformed", "too-large")
    refused.detail.encode()
