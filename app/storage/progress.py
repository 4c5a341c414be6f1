"""What attempts add up to: clean runs, days, slips and cards, counted by the database.

Nothing here reads all steps of all attempts. The last whole runs of a derivation are found by
walking back from its newest attempt until there are enough of them, on `attempt_by_derivation`.
Queries that are asked once a derivation are built once: building one takes longer than asking it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    distinct,
    exists,
    func,
    or_,
    select,
    true,
    union_all,
)
from sqlmodel import Session, col

from app.practice.attempt import Mode
from app.storage.attempts import OWN
from app.storage.tables import AttemptRow, CheckedLineRow, CheckedStepRow, TickRow


@dataclass(frozen=True, slots=True)
class TriedDerivation:
    """A derivation with counted attempts; `cold`: how many of them were cold."""

    id: str
    attempts: int
    cold: int


@dataclass(frozen=True, slots=True)
class SlipCount:
    """A slip that the checker found: in how many counted attempts, and the latest of them."""

    derivation: str
    slip: str
    attempts: int
    last_at: int
    last_attempt: str


def list_tried(session: Session) -> list[TriedDerivation]:
    cold = func.count().filter(col(AttemptRow.mode) == Mode.COLD.value)
    query = (
        select(col(AttemptRow.derivation), func.count(), cold)
        .where(is_counted())
        .group_by(col(AttemptRow.derivation))
    )
    return [TriedDerivation(*row) for row in session.execute(query)]


def count_cold(session: Session, derivation: str) -> int:
    """Counted cold attempts."""
    query = select(func.count()).select_from(AttemptRow).where(_is_cold())
    return int(session.execute(query, {"derivation": derivation}).scalar_one())


def latest_cold(session: Session, derivation: str, count: int) -> list[AttemptRow]:
    """The latest counted cold attempts, oldest first. Those whose lines nobody has looked at yet
    are left out, unless their writer ticked a step: what they reached is not known."""
    rows = session.execute(_LATEST_COLD, {"derivation": derivation, "count": count})
    return list(rows.scalars())[::-1]


def latest_whole(
    session: Session, must_steps: Mapping[str, Sequence[str]], count: int
) -> dict[str, list[AttemptRow]]:
    """By derivation, the latest counted cold attempts with a limit that reached all the steps
    that must be reached; oldest first. `must_steps`: by derivation."""
    found = {
        derivation: _ask_whole(session, _LATEST_WHOLE, derivation, steps, count=count)
        for derivation, steps in must_steps.items()
    }
    wanted = [attempt_id for ids in found.values() for attempt_id in ids]
    query = select(AttemptRow).where(col(AttemptRow.id).in_(wanted))
    rows = {row.id: row for row in session.execute(query).scalars()}
    return {derivation: [rows[one] for one in reversed(ids)] for derivation, ids in found.items()}


def first_whole_on(
    session: Session, derivation: str, must_steps: Sequence[str], longest_limit_ms: int
) -> date | None:
    """The day on which all these steps were first reached cold inside a limit that is not longer;
    None if never."""
    found = _ask_whole(
        session, _FIRST_WHOLE, derivation, must_steps, longest_limit_ms=longest_limit_ms
    )
    return found[0] if found else None


def _ask_whole(
    session: Session, query: Select[Any], derivation: str, must_steps: Sequence[str], **more: int
) -> list[Any]:
    named = {"derivation": derivation, "steps": must_steps, "all": len(must_steps), **more}
    return list(session.connection().execute(query, named).scalars())


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


def _is_whole() -> ColumnElement[bool]:
    """A counted cold attempt with a limit, and all steps that must be reached: those that its
    writer ticked, and those that were found and that the writer did not untick."""
    ticked = select(col(TickRow.step)).where(
        col(TickRow.attempt_id) == AttemptRow.id,
        col(TickRow.reached).is_(True),
        col(TickRow.step).in_(bindparam("steps", expanding=True)),
    )
    word_given = exists().where(
        col(TickRow.attempt_id) == CheckedStepRow.attempt_id,
        col(TickRow.step) == CheckedStepRow.step,
        col(TickRow.reached).is_not(None),
    )
    found = select(col(CheckedStepRow.step)).where(
        col(CheckedStepRow.attempt_id) == AttemptRow.id,
        col(CheckedStepRow.step).in_(bindparam("steps", expanding=True)),
        ~word_given,
    )
    reached = union_all(ticked.correlate(AttemptRow), found.correlate(AttemptRow)).subquery()
    count = select(func.count(distinct(reached.c.step))).scalar_subquery()
    return and_(_is_cold(), col(AttemptRow.limit_ms).is_not(None), count == bindparam("all"))


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
_LATEST_WHOLE = (
    select(col(AttemptRow.id)).where(_is_whole()).order_by(*_NEWEST_FIRST).limit(bindparam("count"))
)
_FIRST_WHOLE = (
    select(col(AttemptRow.day))
    .where(_is_whole(), col(AttemptRow.limit_ms) <= bindparam("longest_limit_ms"))
    .order_by(col(AttemptRow.created_at))
    .limit(1)
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
            col(AttemptRow.created_at),
            col(AttemptRow.id),
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
