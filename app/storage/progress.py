"""What attempts add up to: days, slips and the latest runs, counted by the database.

Nothing here reads all steps of all attempts; how many runs were clean, `standings` knows.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, or_, select, true
from sqlmodel import Session, col

from app.practice.attempt import Mode
from app.storage.attempts import OWN
from app.storage.tables import AttemptRow, CheckedLineRow, TickRow


@dataclass(frozen=True, slots=True)
class SlipCount:
    """A slip that the checker found: in how many counted attempts, and the latest of
    them with the day on which it was begun."""

    derivation: str
    slip: str
    attempts: int
    last_on: date
    last_attempt: str


def count_cold(session: Session, derivation: str) -> int:
    """Counted cold attempts."""
    query = select(func.count()).select_from(AttemptRow).where(_is_cold())
    return int(session.execute(query, {"derivation": derivation}).scalar_one())


def latest_cold(session: Session, derivation: str, count: int) -> list[AttemptRow]:
    """The latest counted cold attempts, oldest first. Those whose lines nobody has looked at yet
    are left out, unless their writer ticked a step: what they reached is not known."""
    rows = session.execute(_LATEST_COLD, {"derivation": derivation, "count": count})
    return list(rows.scalars())[::-1]


def count_days(session: Session) -> dict[date, int]:
    """Counted attempts by the day on which they were begun, in the order of days."""
    return dict(iter(session.connection().execute(_DAYS)))


def first_days(session: Session, since: date, count: int) -> list[date]:
    """The first so many days of practice from one on."""
    return list(
        session.connection().execute(_FIRST_DAYS, {"since": since, "count": count}).scalars()
    )


def count_slips(session: Session, derivation: str | None = None) -> list[SlipCount]:
    """Those that came most often first; of all derivations if none is given."""
    if derivation is None:
        rows = session.connection().execute(_SLIPS)
    else:
        rows = session.connection().execute(_SLIPS_OF_ONE, {"derivation": derivation})
    return [SlipCount(*row) for row in rows]


def is_counted() -> ColumnElement[bool]:
    """Ended, not abandoned and not deleted, and of no live session."""
    return and_(
        OWN,
        col(AttemptRow.ended_at).is_not(None),
        col(AttemptRow.deleted_at).is_(None),
        col(AttemptRow.end_why) != "abandoned",
    )


def _is_cold() -> ColumnElement[bool]:
    return and_(
        col(AttemptRow.derivation) == bindparam("derivation"),
        col(AttemptRow.mode) == Mode.COLD.value,
        is_counted(),
    )


_DAYS = (
    select(col(AttemptRow.day), func.count())
    .where(is_counted())
    .group_by(col(AttemptRow.day))
    .order_by(col(AttemptRow.day))
)
_FIRST_DAYS = (
    select(col(AttemptRow.day))
    .where(is_counted(), col(AttemptRow.day) >= bindparam("since"))
    .distinct()
    .order_by(col(AttemptRow.day))
    .limit(bindparam("count"))
)
_NEWEST_FIRST = (col(AttemptRow.created_at).desc(), col(AttemptRow.id).desc())
_IS_KNOWN = or_(
    col(AttemptRow.checked_at).is_not(None),
    exists().where(col(TickRow.attempt_id) == AttemptRow.id, col(TickRow.reached).is_not(None)),
)
_LATEST_COLD = (
    select(AttemptRow)
    .where(_is_cold(), _IS_KNOWN)
    .order_by(*_NEWEST_FIRST)
    .limit(bindparam("count"))
)


def _slips(which: ColumnElement[bool]) -> Select[Any]:
    # Slips are rare among lines: to begin with them saves reading the other lines.
    line = (
        select(col(CheckedLineRow.attempt_id), col(CheckedLineRow.slip))
        .where(col(CheckedLineRow.slip).is_not(None))
        .distinct()
        .subquery()
        .c
    )
    same = (col(AttemptRow.derivation), line.slip)
    ranked = (
        select(
            *same,
            func.count().over(partition_by=same).label("attempts"),
            col(AttemptRow.day),
            col(AttemptRow.id),
            col(AttemptRow.created_at),
            func.row_number().over(partition_by=same, order_by=_NEWEST_FIRST).label("place"),
        )
        .join(AttemptRow, col(AttemptRow.id) == line.attempt_id)
        .where(is_counted(), which)
        .subquery()
        .c
    )
    return (
        select(*list(ranked)[:5])
        .where(ranked.place == 1)
        .order_by(ranked.attempts.desc(), ranked.created_at.desc(), ranked.slip)
    )


_SLIPS = _slips(true())
_SLIPS_OF_ONE = _slips(col(AttemptRow.derivation) == bindparam("derivation"))
