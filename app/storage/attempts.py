"""Attempts in the database: create, find, list, tick, note, delete and restore."""

from collections.abc import Sequence

from sqlalchemy import delete
from sqlmodel import Session, col, select

from app.errors import NotFound
from app.storage.tables import AttemptRow, EventRow, ReachedStepRow


def find_attempt(session: Session, attempt_id: str) -> AttemptRow:
    """The attempt, unless it was deleted. Raises NotFound."""
    row = session.get(AttemptRow, attempt_id)
    if row is None or row.deleted_at is not None:
        raise NotFound("There is no attempt at this address. It may have been deleted.")
    return row


def list_ended(session: Session) -> Sequence[AttemptRow]:
    """Ended attempts, newest first, those deleted left out."""
    query = select(AttemptRow).where(
        col(AttemptRow.ended_at).is_not(None), col(AttemptRow.deleted_at).is_(None)
    )
    return session.exec(query.order_by(col(AttemptRow.created_at).desc())).all()


def list_open(session: Session) -> Sequence[AttemptRow]:
    """Attempts that have not ended, newest first."""
    query = select(AttemptRow).where(
        col(AttemptRow.ended_at).is_(None), col(AttemptRow.deleted_at).is_(None)
    )
    return session.exec(query.order_by(col(AttemptRow.created_at).desc())).all()


def splits_of(session: Session, attempt_ids: Sequence[str]) -> dict[str, dict[str, int | None]]:
    """For each of these attempts: step number -> split in milliseconds, or None."""
    splits: dict[str, dict[str, int | None]] = {attempt_id: {} for attempt_id in attempt_ids}
    query = select(ReachedStepRow).where(col(ReachedStepRow.attempt_id).in_(attempt_ids))
    for row in session.exec(query):
        splits[row.attempt_id][row.step] = row.split_ms
    return splits


def marks_of(session: Session, attempt_id: str) -> list[int]:
    """The moments, in milliseconds on the clock, that the writer marked."""
    query = select(EventRow.t).where(EventRow.attempt_id == attempt_id, EventRow.code == "mark")
    return list(session.exec(query.order_by(col(EventRow.t))).all())


def set_step(session: Session, attempt_id: str, step: str, split_ms: int | None) -> None:
    session.merge(ReachedStepRow(attempt_id=attempt_id, step=step, split_ms=split_ms))


def clear_step(session: Session, attempt_id: str, step: str) -> None:
    session.execute(
        delete(ReachedStepRow).where(
            col(ReachedStepRow.attempt_id) == attempt_id, col(ReachedStepRow.step) == step
        )
    )


def delete_attempt(session: Session, attempt_id: str, now: int) -> AttemptRow:
    """Takes the attempt out of every list; `restore_attempt` brings it back."""
    row = find_attempt(session, attempt_id)
    row.deleted_at = now
    session.add(row)
    return row


def restore_attempt(session: Session, attempt_id: str) -> AttemptRow:
    row = session.get(AttemptRow, attempt_id)
    if row is None:
        raise NotFound("There is no attempt at this address, so it cannot be brought back.")
    row.deleted_at = None
    session.add(row)
    return row
