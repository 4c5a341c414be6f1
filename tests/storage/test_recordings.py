"""A recording leaves one database and arrives in another."""

import pytest
from sqlmodel import Session

from app.errors import Conflict, NotFound
from app.practice.clock import Clock
from app.practice.recording import read_recording, write_recording
from app.practice.splits import Tick
from app.storage.attempts import delete_attempt, find_attempt, write_note
from app.storage.recordings import (
    Outcome,
    export_recording,
    import_recording,
    read_log,
    set_times,
)
from app.storage.steps import CheckedLine, keep_checked, reached_of, set_tick
from tests.helpers import NOON
from tests.storage.helpers import LOG, keep_attempt, keep_log, keep_running

TICKS = {"1": Tick(True, 9_000), "2": Tick(True), "3a": Tick(False)}
FOUND = CheckedLine(1, "r-1", 2_000, "holds", "Holds.", steps=("3a", "4"))


@pytest.fixture
def kept(session: Session) -> Session:
    keep_attempt(session, note="Shapes first.\nThen signs.", reading_ms=15_000)
    keep_log(session)
    for step, tick in TICKS.items():
        set_tick(session, "abcd", step, tick, NOON)
    session.commit()
    return session


def carry(source: Session, target: Session) -> Outcome:
    header, events = export_recording(source, "abcd")
    file = list(write_recording(header, events))
    outcome = import_recording(target, *read_recording(file), now=NOON + 1)
    target.commit()
    return outcome


def test_an_attempt_arrives_as_it_was(kept: Session, elsewhere: Session) -> None:
    assert carry(kept, elsewhere) == "new"

    assert find_attempt(elsewhere, "abcd").model_dump() == find_attempt(kept, "abcd").model_dump()
    assert reached_of(elsewhere, ["abcd"])["abcd"].ticks == TICKS
    header, events = export_recording(elsewhere, "abcd")
    first_header, first_events = export_recording(kept, "abcd")
    assert header == first_header
    assert list(events) == list(first_events) == list(LOG)


def test_what_the_checker_found_stays_and_can_be_found_again(
    kept: Session, elsewhere: Session
) -> None:
    keep_checked(kept, "abcd", [FOUND], NOON)
    kept.commit()

    carry(kept, elsewhere)

    assert find_attempt(elsewhere, "abcd").checked_at is None
    assert reached_of(elsewhere, ["abcd"])["abcd"].found == {}
    assert reached_of(elsewhere, ["abcd"])["abcd"].ticks == TICKS
    assert keep_checked(elsewhere, "abcd", [FOUND], NOON)


def test_a_deleted_attempt_comes_back_as_the_file_has_it(kept: Session) -> None:
    keep_checked(kept, "abcd", [FOUND], NOON)
    header, events = export_recording(kept, "abcd")
    log = list(events)
    set_tick(kept, "abcd", "1", None, NOON + 9)
    delete_attempt(kept, "abcd", NOON)

    assert import_recording(kept, header, log, NOON) == "returned"

    assert reached_of(kept, ["abcd"])["abcd"].ticks == TICKS
    # What was found is not in a recording: it is found again.
    assert find_attempt(kept, "abcd").checked_at is None


def test_an_untimed_attempt_arrives_untimed(session: Session, elsewhere: Session) -> None:
    keep_attempt(session, limit_ms=None, mode="guided")
    keep_log(session)

    carry(session, elsewhere)

    row = find_attempt(elsewhere, "abcd")
    assert (row.limit_ms, row.mode) == (None, "guided")


def test_importing_twice_changes_nothing(kept: Session, elsewhere: Session) -> None:
    carry(kept, elsewhere)
    write_note(elsewhere, find_attempt(elsewhere, "abcd"), "Changed here.", NOON)

    assert carry(kept, elsewhere) == "same"

    assert find_attempt(elsewhere, "abcd").note == "Changed here."
    assert len(read_log(elsewhere, "abcd")) == len(LOG)


def test_what_was_said_last_counts_wherever_it_was_said(kept: Session, elsewhere: Session) -> None:
    carry(kept, elsewhere)
    write_note(elsewhere, find_attempt(elsewhere, "abcd"), "Changed there.", NOON + 1)
    write_note(kept, find_attempt(kept, "abcd"), "", NOON + 2)
    set_tick(kept, "abcd", "1", None, NOON + 1)
    set_tick(elsewhere, "abcd", "1", Tick(True, 7_000), NOON + 2)
    set_tick(elsewhere, "abcd", "2", None, NOON + 3)

    assert carry(kept, elsewhere) == carry(elsewhere, kept) == "changed"

    for session in (kept, elsewhere):
        assert find_attempt(session, "abcd").note == ""
        ticks = {"1": Tick(True, 7_000), "3a": Tick(False)}
        assert reached_of(session, ["abcd"])["abcd"].ticks == ticks
    assert carry(kept, elsewhere) == carry(elsewhere, kept) == "same"


def test_another_attempt_of_the_same_id_changes_nothing(kept: Session, elsewhere: Session) -> None:
    keep_attempt(elsewhere, derivation="rope", note="Mine.")
    keep_log(elsewhere)

    assert carry(kept, elsewhere) == "another"

    assert find_attempt(elsewhere, "abcd").note == "Mine."
    assert reached_of(elsewhere, ["abcd"])["abcd"].ticks == {}


def test_importing_a_deleted_attempt_brings_it_back(kept: Session) -> None:
    header, events = export_recording(kept, "abcd")
    log = list(events)
    delete_attempt(kept, "abcd", NOON)

    assert import_recording(kept, header, log, NOON) == "returned"

    assert find_attempt(kept, "abcd").note == "Shapes first.\nThen signs."
    assert len(read_log(kept, "abcd")) == len(LOG)


def test_a_running_attempt_is_not_exported(session: Session) -> None:
    keep_running(session)

    with pytest.raises(Conflict):
        export_recording(session, "abcd")


def test_what_is_not_here_is_not_exported(kept: Session) -> None:
    with pytest.raises(NotFound):
        export_recording(kept, "efgh")
    delete_attempt(kept, "abcd", NOON)
    with pytest.raises(NotFound):
        export_recording(kept, "abcd")


def test_the_row_repeats_what_the_clock_says(session: Session) -> None:
    keep_running(session)
    keep_running(session, "efgh")

    set_times(session, "abcd", Clock(NOON + 5, 90_000, NOON + 60_000), "time")
    session.commit()

    row = find_attempt(session, "abcd")
    assert (row.started_at, row.limit_ms, row.ended_at) == (NOON + 5, 90_000, NOON + 60_000)
    assert row.end_why == "time"
    assert find_attempt(session, "efgh").ended_at is None
