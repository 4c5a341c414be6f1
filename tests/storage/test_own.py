"""Derivations that users wrote, in the database."""

import pytest
from sqlmodel import Session

from app.storage.own import (
    Stamp,
    delete_own,
    find_own,
    list_own,
    restore_own,
    save_own,
    stamp_of_own,
)
from tests.helpers import NOON, SECOND


def shelf(session: Session) -> dict[str, str]:
    return {row.id: row.source for row in list_own(session)}


def test_what_was_saved_is_found(session: Session) -> None:
    row = save_own(session, "mine", "id = 'mine'", NOON)

    assert find_own(session, "mine") == row
    assert (row.source, row.created_at, row.changed_at) == ("id = 'mine'", NOON, NOON)
    assert find_own(session, "yours") is None


def test_saving_again_replaces_it_where_it_stands(session: Session) -> None:
    save_own(session, "first", "1", NOON)
    save_own(session, "second", "2", NOON + SECOND)

    row = save_own(session, "first", "3", NOON + 2 * SECOND)

    assert shelf(session) == {"first": "3", "second": "2"}
    assert list(shelf(session)) == ["first", "second"]
    assert (row.created_at, row.changed_at) == (NOON, NOON + 2 * SECOND)


def test_a_deleted_one_is_nowhere(session: Session) -> None:
    save_own(session, "mine", "1", NOON)

    delete_own(session, "mine", NOON)

    assert find_own(session, "mine") is None
    assert shelf(session) == {}


def test_a_deleted_one_is_restored_as_it_was(session: Session) -> None:
    save_own(session, "mine", "1", NOON)
    delete_own(session, "mine", NOON)

    restore_own(session, "mine", NOON)

    assert shelf(session) == {"mine": "1"}


def test_saving_under_the_id_of_a_deleted_one_brings_it_back(session: Session) -> None:
    save_own(session, "mine", "1", NOON)
    delete_own(session, "mine", NOON)

    save_own(session, "mine", "2", NOON)

    assert shelf(session) == {"mine": "2"}


def test_what_is_not_there_is_neither_deleted_nor_restored(session: Session) -> None:
    save_own(session, "mine", "1", NOON)
    before = stamp_of_own(session)

    delete_own(session, "yours", NOON)
    restore_own(session, "yours", NOON)
    restore_own(session, "mine", NOON)

    assert shelf(session) == {"mine": "1"}
    assert stamp_of_own(session) == before


def test_a_second_deletion_changes_nothing(session: Session) -> None:
    save_own(session, "mine", "1", NOON)
    delete_own(session, "mine", NOON)
    before = stamp_of_own(session)

    delete_own(session, "mine", NOON + SECOND)

    assert stamp_of_own(session) == before


def test_nothing_has_a_stamp_too(session: Session) -> None:
    assert stamp_of_own(session) == ()


@pytest.mark.parametrize("tick", [SECOND, 0, -SECOND])
def test_the_stamp_changes_with_everything_that_happens(session: Session, tick: int) -> None:
    """Also within a millisecond, and with a clock that is set back."""
    stamps: list[Stamp] = [stamp_of_own(session)]
    now = NOON
    for action in ("save", "save", "save other", "delete", "restore", "delete", "save"):
        verb, _, other = action.partition(" ")
        if verb == "save":
            save_own(session, other or "mine", "same", now)
        else:
            {"delete": delete_own, "restore": restore_own}[verb](session, "mine", now)
        stamps.append(stamp_of_own(session))
        now += tick

    assert len(set(stamps)) == len(stamps)
