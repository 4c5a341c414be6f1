"""Derivations that users wrote, as content files in the database."""

from collections.abc import Sequence

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.storage.tables import OwnDerivationRow

Stamp = tuple[int, int]
"""Differs whenever something was saved or deleted: how many saves there were, and when the last."""


def list_own(session: Session) -> Sequence[OwnDerivationRow]:
    """In the order in which they were first saved, those deleted left out."""
    query = select(OwnDerivationRow).where(col(OwnDerivationRow.deleted_at).is_(None))
    return session.exec(query.order_by(col(OwnDerivationRow.created_at))).all()


def find_own(
    session: Session, derivation_id: str, *, deleted: bool = False
) -> OwnDerivationRow | None:
    """One that is there, or with `deleted` one that was deleted."""
    row = session.get(OwnDerivationRow, derivation_id)
    return row if row is not None and (row.deleted_at is not None) == deleted else None


def save_own(session: Session, derivation_id: str, source: str, now: int) -> OwnDerivationRow:
    """Keeps the source under this id; the attempts on it stay with it."""
    row = session.get(OwnDerivationRow, derivation_id)
    if row is None:
        row = OwnDerivationRow(id=derivation_id, source=source, created_at=now, saves=0)
    row.source, row.changed_at, row.deleted_at = source, now, None
    row.saves += 1
    session.add(row)
    return row


def delete_own(session: Session, derivation_id: str, now: int) -> None:
    """Takes it off the shelf. The row stays, so that what was written can be brought back."""
    row = session.get(OwnDerivationRow, derivation_id)
    if row is not None and row.deleted_at is None:
        row.deleted_at = row.changed_at = now
        row.saves += 1
        session.add(row)


def restore_own(session: Session, derivation_id: str, now: int) -> None:
    row = session.get(OwnDerivationRow, derivation_id)
    if row is not None and row.deleted_at is not None:
        row.deleted_at = None
        row.changed_at = now
        row.saves += 1
        session.add(row)


def stamp_of_own(session: Session) -> Stamp:
    query = select(
        func.coalesce(func.sum(OwnDerivationRow.saves), 0),
        func.coalesce(func.max(OwnDerivationRow.changed_at), 0),
    )
    saves, changed_at = session.exec(query).one()
    return int(saves), int(changed_at)
