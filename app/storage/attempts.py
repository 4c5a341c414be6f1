"""Attempts in the database: find, list, delete and restore."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, tuple_
from sqlmodel import Session, col, select

from app.errors import NotFound
from app.practice.merging import changed_now
from app.storage.tables import AttemptRow

Place = tuple[int, str]
"""Where an attempt stands in lists: when it was begun, in milliseconds since 1970, and its id."""


OWN: ColumnElement[bool] = col(AttemptRow.session_id).is_(None)
"""Of whoever keeps this library, and of no live session."""


def find_attempt(session: Session, attempt_id: str) -> AttemptRow:
    """An attempt of one's own, unless it was deleted. Raises NotFound: for one of a live session
    too, which only those who have a seat there may see."""
    row = find_any_attempt(session, attempt_id)
    if row.session_id is not None:
        raise NotFound("There is no attempt at this address. It may have been deleted.")
    return row


def find_any_attempt(session: Session, attempt_id: str) -> AttemptRow:
    """One's own, or one of a live session. Raises NotFound."""
    row = session.get(AttemptRow, attempt_id)
    if row is None or row.deleted_at is not None:
        raise NotFound("There is no attempt at this address. It may have been deleted.")
    return row


def list_ended(
    session: Session,
    derivation: str | None = None,
    *,
    count: int | None = None,
    before: Place | None = None,
) -> Sequence[AttemptRow]:
    """Ended attempts, on one derivation if it is given, newest first, those deleted left out; no
    more than `count`, and only those that come after the place `before`."""
    query = select(AttemptRow).where(
        col(AttemptRow.ended_at).is_not(None), col(AttemptRow.deleted_at).is_(None), OWN
    )
    if derivation is not None:
        query = query.where(AttemptRow.derivation == derivation)
    if before is not None:
        query = query.where(tuple_(col(AttemptRow.created_at), col(AttemptRow.id)) < before)
    newest_first = (col(AttemptRow.created_at).desc(), col(AttemptRow.id).desc())
    return session.exec(query.order_by(*newest_first).limit(count)).all()


def place_of(session: Session, attempt_id: str) -> Place:
    """Raises NotFound; an attempt that was deleted keeps its place."""
    row = session.get(AttemptRow, attempt_id)
    if row is None:
        raise NotFound("There is no attempt from which older ones could be listed.")
    return row.created_at, row.id


def list_open(session: Session) -> Sequence[AttemptRow]:
    """One's own attempts that have not ended, newest first."""
    return [row for row in list_all_open(session) if row.session_id is None]


def list_all_open(session: Session) -> Sequence[AttemptRow]:
    """Attempts that have not ended, those of live sessions too, newest first."""
    query = select(AttemptRow).where(
        col(AttemptRow.ended_at).is_(None), col(AttemptRow.deleted_at).is_(None)
    )
    return session.exec(query.order_by(col(AttemptRow.created_at).desc())).all()


def delete_attempt(session: Session, attempt_id: str, now: int) -> AttemptRow:
    """Takes the attempt out of every list; `restore_attempt` brings it back."""
    row = find_attempt(session, attempt_id)
    row.deleted_at = now
    session.add(row)
    return row


def restore_attempt(session: Session, attempt_id: str) -> AttemptRow:
    row = session.get(AttemptRow, attempt_id)
    if row is None or row.session_id is not None:
        raise NotFound("There is no attempt at this address, so it cannot be brought back.")
    row.deleted_at = None
    session.add(row)
    return row


def write_note(session: Session, row: AttemptRow, note: str, now: int) -> None:
    if note != row.note:
        row.note, row.note_at = note, changed_now(now, row.note_at)
        session.add(row)
