"""The quick check of ink takes exactly what the model and the page take."""

from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.errors import EventRefused
from app.practice.events import (
    DATA,
    MAX_POINTS,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    _fits_the_page,
    compact_json,
    is_ink,
    read_event,
)
from tests.helpers import ink_data

ODD: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=30),
    st.lists(st.integers() | st.booleans() | st.text(max_size=3), max_size=5),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)
NAMES = st.from_regex(r"[a-z0-9][a-z0-9-]{0,24}\n?", fullmatch=True)
COLOURS = st.sampled_from(["ink", "blue", "red", "green", "pink"])
WIDTHS = st.sampled_from([9, 10, 50, 400, 401, 50.0, True])
PENS = st.none() | st.lists(COLOURS | WIDTHS, max_size=3) | st.tuples(COLOURS, WIDTHS).map(list)
SMALL = st.integers(-3, 260)
LARGE = st.sampled_from([-1, 0, PAGE_WIDTH, PAGE_WIDTH + 1, PAGE_HEIGHT, PAGE_HEIGHT + 1])
FIRST = st.tuples(SMALL | LARGE, SMALL | LARGE, SMALL, st.sampled_from([0, 0, 0, 1]))
STEP = st.tuples(SMALL, SMALL, st.integers(-9, 9), st.sampled_from([0, 4, 4, -1, 2_500]))
QUADRUPLES = st.tuples(FIRST, st.lists(STEP, max_size=4)).map(
    lambda drawn: [value for quadruple in (drawn[0], *drawn[1]) for value in quadruple]
)
CUT = st.tuples(QUADRUPLES, st.integers(0, 20), ODD)
POINTS = QUADRUPLES | CUT.map(lambda drawn: [*drawn[0][: drawn[1]], drawn[2]])
INK = st.fixed_dictionaries(
    {"stroke": NAMES, "points": POINTS},
    optional={
        "pen": PENS,
        "end": st.sampled_from([True, False, None, 1]),
        "by": st.sampled_from(["host", None, "guest", 0]),
    },
)
NEARLY = st.tuples(
    INK, st.sampled_from(["stroke", "points", "pen", "end", "by", "more", "Stroke"]), ODD
).map(lambda drawn: {**drawn[0], drawn[1]: drawn[2]})


def taken_by_the_model(data: dict[str, Any]) -> bool:
    try:
        DATA["ink"].validate_json(compact_json(data))
    except (ValidationError, ValueError):
        return False
    return _fits_the_page(data["points"])


@given(INK | NEARLY | st.dictionaries(st.text(max_size=6), ODD, max_size=4))
@example(ink_data(points=[0, 0, 0, 0] * MAX_POINTS))
@example(ink_data(points=[0, 0, 0, 0] * (MAX_POINTS + 1)))
@example(ink_data(points=[PAGE_WIDTH, PAGE_HEIGHT, 255, 0, -PAGE_WIDTH, -PAGE_HEIGHT, -255, 5_000]))
@example(ink_data(points=[0, 0, 0, 0, 0, 0, 0, 5_001]))
@example(ink_data(points=[0, 0, 0, False]))
@example(ink_data(points=[10**30, 0, 0, 0]))
@example(ink_data(pen=["ink", 50], end=None, by=None))
@example({})
def test_the_quick_check_agrees_with_the_model(data: dict[str, Any]) -> None:
    assert is_ink(data) == taken_by_the_model(data)


@given(INK)
def test_what_is_taken_quickly_is_encoded_as_everything_else(data: dict[str, Any]) -> None:
    try:
        event = read_event([7, "ink", data])
    except EventRefused:
        return

    assert event.encoded_data == compact_json(data)
