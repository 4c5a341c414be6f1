"""What was deleted: it can be brought back for thirty days, or be gone at once."""

from collections.abc import Sequence

from sqlalchemy import delete
from sqlmodel import Session, SQLModel, col, select

from app.errors import Conflict, NotFound
from app.storage.attempts import OWN
from app.storage.tables import AttemptRow, OwnDerivationRow

KEPT_MS = 30 * 24 * 3600 * 1000
"""How long what was deleted can be brought back."""


def list_deleted_attempts(session: Session) -> Sequence[AttemptRow]:
    """The last to be deleted first."""
    query = select(AttemptRow).where(col(AttemptRow.deleted_at).is_not(None), OWN)
    return session.exec(query.order_by(col(AttemptRow.deleted_at).desc())).all()


def list_deleted_own(session: Session) -> Sequence[OwnDerivationRow]:
    """The last to be deleted first."""
    query = select(OwnDerivationRow).where(col(OwnDerivationRow.deleted_at).is_not(None))
    return session.exec(query.order_by(col(OwnDerivationRow.deleted_at).desc())).all()


def count_deleted(session: Session) -> int:
    """Attempts and derivations."""
    return len(list_deleted_attempts(session)) + len(list_deleted_own(session))


def clear_attempt(session: Session, attempt_id: str) -> None:
    """Removes a deleted attempt with its log and all that was said of it. Raises NotFound."""
    _clear(session, AttemptRow, attempt_id)


def clear_own(session: Session, derivation_id: str) -> None:
    """Removes a deleted derivation of one's own. Raises NotFound."""
    _clear(session, OwnDerivationRow, derivation_id)


def _clear(session: Session, table: type[AttemptRow] | type[OwnDerivationRow], row_id: str) -> None:
    session.flush()
    found = session.connection().execute(
        delete(table).where(col(table.id) == row_id, col(table.deleted_at).is_not(None))
    )
    if not found.rowcount:
        raise NotFound("There is nothing deleted of this name. It may be gone already, or back.")


def clear_old(session: Session, now: int) -> int:
    """Removes what was deleted thirty days ago or earlier, and says how much that was."""
    session.flush()
    cleared = 0
    for table in (AttemptRow, OwnDerivationRow):
        old = col(table.deleted_at) <= now - KEPT_MS
        cleared += session.connection().execute(delete(table).where(old)).rowcount
    return cleared


def delete_everything(session: Session) -> None:
    """Empties every table. Raises Conflict while an attempt is running, which needs its log."""
    for table in reversed(SQLModel.metadata.sorted_tables):
        if table.name != "attempt":
            session.execute(delete(table))
    session.execute(
        delete(AttemptRow).where(
            col(AttemptRow.ended_at).is_not(None) | col(AttemptRow.deleted_at).is_not(None)
        )
    )
    # Asked last, so that an attempt that is begun meanwhile is seen.
    running = session.exec(select(AttemptRow)).first()
    if running is not None and running.session_id is None:
        raise Conflict("An attempt is running. End or abandon it first.", f"/a/{running.id}")
    if running is not None:
        raise Conflict("A live session goes on. End it first.", "/sessions")
