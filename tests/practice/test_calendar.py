"""The plan as a calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.practice.calendar import (
    DAYS_AHEAD,
    Entry,
    PlannedDay,
    cards_by_day,
    due_day,
    escaped,
    folded,
    planned_days,
    write_calendar,
)
from app.practice.plan import Plan
from tests.helpers import NOON

ORDER = ("a", "b", "c")
MONDAY = date(2025, 10, 6)


def days_of(plan: Plan) -> str:
    """`0a0 1b1`: days after Monday, what is to be derived then, which step of the plan it is."""
    return " ".join(
        f"{(one.day - MONDAY).days}{one.derivation}{one.number}"
        for one in planned_days(plan, MONDAY)
    )


@pytest.mark.parametrize(
    ("plan", "days"),
    [
        (Plan(ORDER, 0, 0, None), "0a0 1b1 2c2 3a3 4b4 5c5 6a6 7b7"),
        (Plan(ORDER, 0, 1, "a"), "1b1 2c2 3a3 4b4 5c5 6a6 7b7 8c8"),
        # A missed day: what was for yesterday is for today.
        (Plan(ORDER, 0, 1, None), "0b1 1c2 2a3 3b4 4c5 5a6 6b7 7c8"),
        (Plan(ORDER, 2, 2, None), "0c8 1a9 2b10 3c11 4a12 5b13 6c14 7a15"),
        (Plan(("a",), 5, 0, "a"), "1a5 2a6 3a7 4a8 5a9 6a10 7a11 8a12"),
        (Plan((), 0, 0, None), ""),
    ],
)
def test_the_next_days_by_hand(plan: Plan, days: str) -> None:
    assert days_of(plan) == days


@given(st.integers(1, 9), st.integers(0, 5), st.data())
def test_a_missed_day_moves_everything_by_one_day(
    size: int, rounds: int, data: st.DataObject
) -> None:
    order = tuple("abcdefghi"[:size])
    plan = Plan(order, rounds, data.draw(st.integers(0, size - 1)), None)

    today, tomorrow = (planned_days(plan, MONDAY + timedelta(days=days)) for days in (0, 1))

    assert [
        PlannedDay(one.day + timedelta(days=1), one.derivation, one.number) for one in today
    ] == tomorrow
    assert len(today) == DAYS_AHEAD


def test_the_file_by_hand() -> None:
    entry = Entry("plan-0-ols@coldboard", MONDAY, "Derive a, b; c", "1\n2", "http://x/d/ols/try")

    assert write_calendar("Mine", [entry], NOON).split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Coldboard//Drill plan//EN",
        "CALSCALE:GREGORIAN",
        "NAME:Mine",
        "X-WR-CALNAME:Mine",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "BEGIN:VEVENT",
        "UID:plan-0-ols@coldboard",
        "DTSTAMP:20251009T090000Z",
        "DTSTART;VALUE=DATE:20251006",
        "DTEND;VALUE=DATE:20251007",
        "SUMMARY:Derive a\\, b\\; c",
        "DESCRIPTION:1\\n2",
        "URL:http://x/d/ols/try",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def test_an_entry_on_the_last_day_of_a_year_ends_in_the_next() -> None:
    entry = Entry("u", date(2025, 12, 31), "s", "d", "http://x/")

    assert "DTEND;VALUE=DATE:20260101\r\n" in write_calendar("Mine", [entry], NOON)


def unfolded(text: str) -> str:
    return text.replace("\r\n ", "")


def unescaped(text: str) -> str:
    """As RFC 5545 reads a text value."""
    read, rest = "", text
    while rest:
        taken = 2 if rest[0] == "\\" else 1
        read += {"\\n": "\n", "\\N": "\n"}.get(rest[:taken], rest[taken - 1])
        rest = rest[taken:]
    return read


anything = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"))


@given(anything)
def test_no_text_can_begin_another_line_and_all_of_it_is_read_again(text: str) -> None:
    calendar = write_calendar(text, [Entry("u", MONDAY, text, text, "http://x/")], NOON)

    lines = unfolded(calendar).split("\r\n")
    assert all("\n" not in line and "\r" not in line for line in lines)
    assert len(lines) == 19
    for name in ("NAME", "SUMMARY", "DESCRIPTION"):
        (value,) = [line for line in lines if line.startswith(f"{name}:")]
        assert unescaped(value.removeprefix(f"{name}:")) == text


@pytest.mark.parametrize("mark", ["\x00", "\x07", "\x1b", "\x7f"])
def test_control_characters_are_left_out(mark: str) -> None:
    assert escaped(f"a{mark}b") == "ab"


@given(anything.map(escaped))
def test_no_line_is_longer_than_75_bytes_and_no_character_is_cut(line: str) -> None:
    pieces = folded(line).split("\r\n")

    assert all(len(piece.encode()) <= 75 for piece in pieces)
    assert all(piece.startswith(" ") and len(piece) > 1 for piece in pieces[1:])
    assert unfolded(folded(line)) == line


def test_cards_are_counted_by_deck_on_their_day_and_what_is_late_today() -> None:
    rated = [("quick", -5), ("quick", 3), ("slow", 0), ("slow", 3), ("slow", 3), ("quick", 61)]

    days = cards_by_day(rated, lambda days: MONDAY + timedelta(days=days), MONDAY)

    assert days == {
        MONDAY: {"quick": 1, "slow": 1},
        MONDAY + timedelta(days=3): {"quick": 1, "slow": 2},
    }
    assert list(days) == sorted(days)


@pytest.mark.parametrize(("days", "expected"), [(-9, 0), (0, 0), (60, 60), (61, None)])
def test_what_is_due_stands_on_its_day_unless_that_is_past_or_far(
    days: int, expected: int | None
) -> None:
    day = due_day(MONDAY + timedelta(days=days), MONDAY)

    assert day == (None if expected is None else MONDAY + timedelta(days=expected))
