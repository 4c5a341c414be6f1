"""Derivations that users wrote, as content files in the database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sqlmodel import Session, col, select

from app.library.own import older_version
from app.practice.archive.parts import OwnDerivation
from app.practice.merging import changed_now, standing
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
    row.source, row.changed_at = source, changed_now(now, row.changed_at)
    row.deleted_at = None
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
    older one of two is kept as `kept_as`, if that is new."""

    id: str
    what: Literal["added", "same", "replaced", "older"]
    kept_as: str | None = None


def merge_own(session: Session, arriving: Sequence[OwnDerivation]) -> list[Arrival]:
    """Takes in derivations from another device. One that was deleted here comes back in the text
    that is brought; of two that differ the one that was saved last keeps the id."""
    here = {row.id: _own(row) for row in list_own(session)}
    after = merged([*here.values(), *arriving])
    for own in after.values():
        if own != here.get(own.id):
            _put(session, own)
    return [_arrival(one, here, after) for one in arriving]


def merged(versions: Iterable[OwnDerivation]) -> dict[str, OwnDerivation]:
    """By id, the newest of these versions, and each other text under an id of its own. The same
    in whatever order they come."""
    waiting: dict[str, list[OwnDerivation]] = {}
    for one in versions:
        waiting.setdefault(one.id, []).append(one)
    result: dict[str, OwnDerivation] = {}
    while waiting:
        # An id of an older version is longer than that of the newer one: when the shorter ones are
        # done, all versions that meet under a longer one are there.
        own_id = min(waiting, key=lambda name: (len(name), name))
        met = waiting.pop(own_id) + ([result[own_id]] if own_id in result else [])
        result[own_id], *older = _newest_first(met)
        for one in older:
            kept = _as_older(one)
            waiting.setdefault(kept.id, []).append(kept)
    return result


def _newest_first(versions: Sequence[OwnDerivation]) -> list[OwnDerivation]:
    """The last saved version of each text."""
    in_order = sorted(versions, key=_standing, reverse=True)
    texts = dict.fromkeys(one.source for one in in_order)
    return [next(one for one in in_order if one.source == text) for text in texts]


def _standing(own: OwnDerivation) -> tuple[tuple[int, int, str], int]:
    return standing(own.changed_at, own.source), -own.created_at


def _as_older(own: OwnDerivation) -> OwnDerivation:
    kept_id, source = older_version(own.id, own.source)
    return replace(own, id=kept_id, source=source)


def _arrival(
    arriving: OwnDerivation,
    here: Mapping[str, OwnDerivation],
    after: Mapping[str, OwnDerivation],
) -> Arrival:
    before = here.get(arriving.id)
    if before is None:
        return Arrival(arriving.id, "added")
    if before.source == arriving.source:
        return Arrival(arriving.id, "same")
    is_newer = after[arriving.id].source == arriving.source
    kept_id = _as_older(before if is_newer else arriving).id
    kept_as = kept_id if kept_id in after and kept_id not in here else None
    return Arrival(arriving.id, "replaced" if is_newer else "older", kept_as)


def _own(row: OwnDerivationRow) -> OwnDerivation:
    return OwnDerivation(row.id, row.source, row.created_at, row.changed_at)


def _put(session: Session, own: OwnDerivation) -> None:
    row = session.get(OwnDerivationRow, own.id)
    if row is None:
        row = OwnDerivationRow(id=own.id, source=own.source, created_at=own.created_at, saves=0)
    row.source, row.created_at, row.changed_at = own.source, own.created_at, own.changed_at
    row.deleted_at = None
    row.saves += 1
    session.add(row)
