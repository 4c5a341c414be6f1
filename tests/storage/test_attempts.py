import pytest
from sqlmodel import Session

from app.errors import NotFound
from app.storage.attempts import (
    delete_attempt,
    find_attempt,
    list_ended,
    list_open,
    restore_attempt,
)
from app.storage.recordings import read_log
from tests.helpers import NOON
from tests.storage.helpers import LOG, keep_attempt, keep_log, keep_running


def test_it_finds_an_attempt(session: Session) -> None:
    row = keep_attempt(session)

    assert find_attempt(session, "abcd") == row


def test_an_unknown_attempt_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        find_attempt(session, "abcd")
    with pytest.raises(NotFound):
        restore_attempt(session, "abcd")


def test_open_and_ended_attempts_are_listed_apart_and_newest_first(session: Session) -> None:
    for place, attempt_id in enumerate(["old1", "old2"]):
        keep_attempt(session, attempt_id, created_at=NOON + place)
    for place, attempt_id in enumerate(["run1", "run2"]):
        keep_running(session, attempt_id, created_at=NOON + place)

    assert [row.id for row in list_ended(session)] == ["old2", "old1"]
    assert [row.id for row in list_open(session)] == ["run2", "run1"]


def test_a_deleted_attempt_is_nowhere(session: Session) -> None:
    keep_attempt(session, "abcd")
    keep_running(session, "efgh")

    delete_attempt(session, "abcd", NOON)
    delete_attempt(session, "efgh", NOON)

    assert list_ended(session) == []
    assert list_open(session) == []
    with pytest.raises(NotFound):
        find_attempt(session, "abcd")
    with pytest.raises(NotFound):
        delete_attempt(session, "abcd", NOON)


def test_a_deleted_attempt_is_restored_with_its_log(session: Session) -> None:
    keep_attempt(session)
    keep_log(session)
    delete_attempt(session, "abcd", NOON)

    restore_attempt(session, "abcd")

    assert [row.id for row in list_ended(session)] == ["abcd"]
    assert len(read_log(session, "abcd")) == len(LOG)
