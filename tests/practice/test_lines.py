"""The lines as they stand at the end, and when each was last edited."""

from typing import Any

from app.practice.events import Event
from app.practice.lines import Line, final_lines
from tests.helpers import ink, start


def typed(t: int, row: str, text: str, at: float = 1) -> Event:
    return Event(t, "line", {"row": row, "at": at, "text": text})


def gone(t: int, row: str) -> Event:
    return Event(t, "line", {"row": row, "gone": True})


def texts(*events: Event) -> list[str]:
    return [line.text for line in final_lines(events)]


def test_a_line_says_what_was_typed_last() -> None:
    assert final_lines([start(), typed(1, "a", "x"), ink(2), typed(3, "a", "xy")]) == [
        Line("a", "xy", 3)
    ]


def test_without_an_edit_there_is_no_line() -> None:
    assert final_lines([start(), ink(1)]) == []


def test_lines_stand_in_the_order_of_their_places() -> None:
    assert texts(typed(1, "c", "3", 2), typed(2, "a", "1", -1.5), typed(3, "b", "2", 1)) == [
        "1",
        "2",
        "3",
    ]
    assert texts(typed(1, "b", "2"), typed(2, "a", "1")) == ["1", "2"]


def test_the_later_event_of_the_log_wins_whatever_its_moment() -> None:
    assert final_lines([typed(9, "a", "late"), typed(4, "a", "on its way")]) == [
        Line("a", "on its way", 4)
    ]


def test_moving_a_line_is_no_edit_of_it() -> None:
    events = [typed(1, "a", "x", 1), typed(2, "b", "y", 2), typed(9, "a", "x", 3)]

    assert final_lines(events) == [Line("b", "y", 2), Line("a", "x", 1)]


def test_going_back_to_an_earlier_text_is_an_edit() -> None:
    assert final_lines([typed(1, "a", "x"), typed(2, "a", "y"), typed(3, "a", "x")]) == [
        Line("a", "x", 3)
    ]


def test_a_line_that_is_gone_is_not_there_until_it_is_typed_again() -> None:
    events = [typed(1, "a", "x"), gone(2, "a"), gone(3, "never")]

    assert final_lines(events) == []
    assert final_lines([*events, typed(4, "a", "x")]) == [Line("a", "x", 4)]


def test_places_are_compared_as_a_browser_does() -> None:
    """Beyond 2 ** 53 whole numbers fall together, and the id decides."""
    place: Any = 2**53

    assert texts(typed(1, "b", "2", place), typed(2, "a", "1", place + 1)) == ["1", "2"]
