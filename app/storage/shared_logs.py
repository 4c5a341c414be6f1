"""Logs to which several processes append: each in a transaction that holds the attempts it writes
to, so that the order in which they commit is the order of the log."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Integer, bindparam, func
from sqlmodel import Session, col, select

from app.practice.clock import Clock
from app.practice.events import Event
from app.storage.recordings import stored_event
from app.storage.tables import AttemptRow, EventRow

# A process that stands still while it holds attempts loses them after this: the others wait.
LONGEST_HOLD_MS = 10_000


@dataclass(frozen=True, slots=True)
class Numbered:
    """An event that is stored: what a log says of it."""

    seq: int
    event: Event
    source: str
    n: int


@dataclass(frozen=True, slots=True)
class Appended:
    """What a log holds after a number, and the clock of its attempt at the same moment."""

    entries: Sequence[Numbered]
    clock: Clock


def hold(session: Session, attempt_ids: Collection[str]) -> None:
    """Until the transaction ends nobody else holds these attempts; waits for whoever does."""
    # By id: two processes that want the same attempts never wait for each other.
    query = (
        select(
            AttemptRow.id,
            func.set_config("idle_in_transaction_session_timeout", str(LONGEST_HOLD_MS), True),
        )
        .where(col(AttemptRow.id).in_(sorted(attempt_ids)))
        .order_by(AttemptRow.id)
        # Rows that refer to the attempt may still be added by others.
        .with_for_update(key_share=True)
    )
    session.exec(query).all()


def heads_of(session: Session, attempt_ids: Collection[str]) -> dict[str, int]:
    """The number of the last event of each log, 0 for an empty one.

    A query of its own: it has to see what was committed while `hold` waited.
    """
    # One look at the end of the index for each: a log may be long.
    head = (
        select(func.max(EventRow.seq))
        .where(EventRow.attempt_id == AttemptRow.id)
        .correlate(AttemptRow)
        .scalar_subquery()
    )
    query = select(AttemptRow.id, head).where(col(AttemptRow.id).in_(sorted(attempt_ids)))
    return {attempt_id: seq or 0 for attempt_id, seq in session.exec(query)}


def read_after(session: Session, attempt_id: str, seq: int) -> Appended | None:
    """What the log holds after number `seq`; None if that is nothing."""
    # One query, so that the clock is the one that these events leave.
    query = (
        select(EventRow, AttemptRow)
        .join(AttemptRow, col(AttemptRow.id) == EventRow.attempt_id)
        .where(
            EventRow.attempt_id == attempt_id, col(EventRow.seq) > bindparam("seq", seq, Integer)
        )
        .order_by(col(EventRow.seq))
    )
    rows = session.exec(query).all()
    if not rows:
        return None
    attempt = rows[-1][1]
    return Appended(
        [Numbered(row.seq, stored_event(row), row.source, row.n) for row, _ in rows],
        clock_of(attempt),
    )


def clock_of(row: AttemptRow) -> Clock:
    return Clock(row.started_at, row.limit_ms, row.ended_at, row.paused_at)
