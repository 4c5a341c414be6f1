"""Derivations that users wrote, as content files in the database."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sqlmodel import Session, col, select

from app.library.own import older_version
from app.practice.archive import OwnDerivation
from app.storage.tables import OwnDerivationRow

Stamp = tuple[tuple[str, int, int], ...]
"""Differs whenever something was saved, deleted, brought in or cleared away: of each derivation,
how often that was, and when the last time."""


def list_own(session: Session) -> Sequence[OwnDerivationRow]:
    """In the order in which they were first saved, those deleted left out."""
    query = select(OwnDerivationRow).where(col(OwnDerivationRow.deleted_at).is_(None))
    in_order = (col(OwnDerivationRow.created_at), col(OwnDerivationRow.id))
    return session.exec(query.order_by(*in_order)).all()


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
    query = select(OwnDerivationRow.id, OwnDerivationRow.saves, OwnDerivationRow.changed_at)
    rows = session.exec(query.order_by(col(OwnDerivationRow.id)))
    return tuple((one, saves, changed_at) for one, saves, changed_at in rows)


@dataclass(frozen=True, slots=True)
class Arrival:
    """What became of a derivation that was brought in: it was `added`, was there in the same text
    (`same`), was put in the place of an older one (`replaced`) or is older itself (`older`). The
    older one of two is kept as `kept_as`, unless it has been deleted there before."""

    id: str
    what: Literal["added", "same", "replaced", "older"]
    kept_as: str | None = None


def merge_own(session: Session, arriving: OwnDerivation) -> Arrival:
    """Takes in a derivation from another device. One that was deleted here comes back in the text
    that is brought; of two that differ the one that was saved last keeps the id."""
    row = session.get(OwnDerivationRow, arriving.id)
    if row is None or row.deleted_at is not None:
        _put(session, row, arriving)
        return Arrival(arriving.id, "added")
    if row.source == arriving.source:
        return Arrival(arriving.id, "same")
    here = OwnDerivation(row.id, row.source, row.created_at, row.changed_at)
    if arriving.changed_at <= here.changed_at:
        return Arrival(arriving.id, "older", _keep_older(session, arriving))
    _put(session, row, arriving)
    return Arrival(arriving.id, "replaced", _keep_older(session, here))


def _put(session: Session, row: OwnDerivationRow | None, own: OwnDerivation) -> None:
    if row is None:
        row = OwnDerivationRow(id=own.id, source=own.source, created_at=own.created_at, saves=0)
    row.source, row.created_at, row.changed_at = own.source, own.created_at, own.changed_at
    row.deleted_at = None
    row.saves += 1
    session.add(row)


def _keep_older(session: Session, own: OwnDerivation) -> str | None:
    kept_id, source = older_version(own.id, own.source)
    if session.get(OwnDerivationRow, kept_id) is None:
        _put(session, None, replace(own, id=kept_id, source=source))
        session.flush()
        return kept_id
    return None if find_own(session, kept_id) is None else kept_id
