"""What the checker found and what the writer says, side by side."""

import pytest
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from app.practice.splits import Found, Reached, Tick
from app.storage.attempts import find_attempt
from app.storage.steps import (
    CheckedLine,
    checked_lines,
    keep_checked,
    marks_of,
    reached_of,
    set_tick,
)
from app.storage.tables import AttemptRow, CheckedStepRow, TickRow
from tests.helpers import NOON
from tests.storage.helpers import keep_attempt, keep_log

LINES = [
    CheckedLine(1, "r-1", 9_000, "holds", "Holds.", ("1a", "3", "10")),
    CheckedLine(2, "r-2", 7_000, "fails", "Left is 1, right is 2.", (), "factor-two", (3, 9)),
    CheckedLine(3, "r-3", 0, "remark", "Prose claims nothing."),
    CheckedLine(4, "r-4", 8_000, "holds", "Holds at the optimum.", ("3",)),
]


def test_what_was_found_is_kept_as_it_was(session: Session) -> None:
    keep_attempt(session)

    assert keep_checked(session, "abcd", LINES, NOON + 5)
    session.commit()

    assert checked_lines(session, "abcd") == LINES
    assert find_attempt(session, "abcd").checked_at == NOON + 5
    assert checked_lines(session, "efgh") == []


def test_it_is_kept_once(session: Session) -> None:
    keep_attempt(session)
    keep_checked(session, "abcd", LINES, NOON)

    assert not keep_checked(session, "abcd", LINES[:1], NOON + 1)
    session.commit()

    assert checked_lines(session, "abcd") == LINES
    assert find_attempt(session, "abcd").checked_at == NOON


def test_a_sheet_without_a_line_is_checked_too(session: Session) -> None:
    keep_attempt(session)

    assert keep_checked(session, "abcd", [], NOON)
    assert not keep_checked(session, "abcd", [], NOON)


def test_a_step_is_found_in_the_line_that_reached_it_first(session: Session) -> None:
    keep_attempt(session)
    keep_checked(session, "abcd", LINES, NOON)

    found = {"1a": Found(1, 9_000), "3": Found(4, 8_000), "10": Found(1, 9_000)}
    assert reached_of(session, ["abcd"]) == {"abcd": Reached(found=found)}


def test_a_step_is_ticked_moved_and_unticked(session: Session) -> None:
    keep_attempt(session)

    set_tick(session, "abcd", "1", Tick(True), NOON)
    set_tick(session, "abcd", "2a", Tick(True, 5_000), NOON)
    set_tick(session, "abcd", "3", Tick(False), NOON)
    ticks = {"1": Tick(True), "2a": Tick(True, 5_000), "3": Tick(False)}
    assert reached_of(session, ["abcd"]) == {"abcd": Reached(ticks=ticks)}

    set_tick(session, "abcd", "1", Tick(True, 4_000), NOON)
    set_tick(session, "abcd", "2a", None, NOON)
    set_tick(session, "abcd", "7", None, NOON)
    ticks = {"1": Tick(True, 4_000), "3": Tick(False)}
    assert reached_of(session, ["abcd"]) == {"abcd": Reached(ticks=ticks)}


def test_attempts_do_not_mix(session: Session) -> None:
    for attempt_id in ("abcd", "efgh", "ijkl"):
        keep_attempt(session, attempt_id)
    set_tick(session, "abcd", "1", Tick(True, 1), NOON)
    set_tick(session, "efgh", "1", Tick(False), NOON)
    keep_checked(session, "abcd", LINES[:1], NOON)

    assert reached_of(session, ["efgh", "ijkl"]) == {
        "efgh": Reached(ticks={"1": Tick(False)}),
        "ijkl": Reached(),
    }
    assert reached_of(session, []) == {}


def test_nothing_stays_of_an_attempt_that_is_gone_for_good(session: Session) -> None:
    keep_attempt(session)
    keep_checked(session, "abcd", LINES, NOON)
    set_tick(session, "abcd", "1", Tick(False), NOON)
    session.commit()

    session.execute(delete(AttemptRow).where(col(AttemptRow.id) == "abcd"))

    assert checked_lines(session, "abcd") == []
    assert list(session.exec(select(CheckedStepRow))) == []
    assert list(session.exec(select(TickRow))) == []


def test_a_step_belongs_to_a_line(session: Session) -> None:
    keep_attempt(session)
    session.add(CheckedStepRow(attempt_id="abcd", line=1, step="1"))

    with pytest.raises(IntegrityError):
        session.flush()


def test_marks_come_in_the_order_of_the_clock(session: Session) -> None:
    keep_attempt(session)
    keep_log(session)

    assert marks_of(session, "abcd") == [3_000, 9_000]
    assert marks_of(session, "efgh") == []
