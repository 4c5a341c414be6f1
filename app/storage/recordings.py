"""Logs in the database: append, read, export, import."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import insert, update
from sqlmodel import Session, SQLModel, col, select

from app.errors import Conflict
from app.practice.attempt import Mode
from app.practice.events import Event
from app.practice.recording import Header
from app.practice.splits import Tick
from app.storage.attempts import find_attempt
from app.storage.steps import reached_of, set_tick
from app.storage.tables import AttemptRow, EventRow

# On the table, not the class: what is stored here is never read back as an object.
INSERT_EVENT = insert(SQLModel.metadata.tables["event"])


@dataclass(frozen=True, slots=True)
class Entry:
    """An event with its place in a log: `seq` by the server, `source` and `n` by the browser."""

    attempt_id: str
    seq: int
    event: Event
    source: str
    n: int
    received_at: int


def append_entries(session: Session, entries: Sequence[Entry]) -> None:
    """Adds entries to their logs; the caller's commit makes them durable."""
    session.execute(
        INSERT_EVENT,
        [
            {
                "attempt_id": entry.attempt_id,
                "seq": entry.seq,
                "t": entry.event.t,
                "code": entry.event.code,
                "data": entry.event.encoded_data,
                "source": entry.source,
                "n": entry.n,
                "received_at": entry.received_at,
            }
            for entry in entries
        ],
    )


def set_times(
    session: Session, attempt_id: str, started_at: int, ended_at: int | None, end_why: str | None
) -> None:
    """Repeats in the attempt's row what the log's clock events say."""
    session.execute(
        update(AttemptRow)
        .where(col(AttemptRow.id) == attempt_id)
        .values(started_at=started_at, ended_at=ended_at, end_why=end_why)
    )


def read_log(session: Session, attempt_id: str, code: str | None = None) -> Sequence[EventRow]:
    """The log of an attempt in its order; the events of one code if it is given."""
    query = select(EventRow).where(EventRow.attempt_id == attempt_id)
    if code is not None:
        query = query.where(EventRow.code == code)
    return session.exec(query.order_by(col(EventRow.seq))).all()


def export_recording(session: Session, attempt_id: str) -> tuple[Header, Iterable[Event]]:
    """Header and events of an ended attempt. Raises NotFound, and Conflict while it runs."""
    row = find_attempt(session, attempt_id)
    if row.ended_at is None or row.end_why is None:
        raise Conflict("The attempt is still running. End it first, then export it.")
    header = header_of(row, reached_of(session, [row.id])[row.id].ticks)
    return header, (stored_event(event) for event in read_log(session, attempt_id))


def header_of(row: AttemptRow, ticks: Mapping[str, Tick]) -> Header:
    """The header of an ended attempt's recording."""
    return Header.model_validate(
        {
            "attempt": row.id,
            **row.model_dump(exclude={"id", "mode", "deleted_at", "checked_at"}),
            "mode": Mode(row.mode),
            "steps": {step: tick.split_ms for step, tick in ticks.items() if tick.reached},
            "not_reached": [step for step, tick in ticks.items() if not tick.reached],
        }
    )


def encoded_log(session: Session, attempt_id: str) -> Iterator[tuple[int, str, str]]:
    """t, code and data of each event, the data as the JSON in which it is stored."""
    query = select(EventRow.t, EventRow.code, EventRow.data)
    query = query.where(EventRow.attempt_id == attempt_id).order_by(col(EventRow.seq))
    yield from session.exec(query)


def import_recording(session: Session, header: Header, events: Sequence[Event], now: int) -> bool:
    """Stores a recording under the id it had. False when that attempt is here already.

    An attempt that was deleted here comes back as it was.
    """
    present = session.get(AttemptRow, header.attempt)
    if present is not None:
        was_deleted = present.deleted_at is not None
        present.deleted_at = None
        return was_deleted
    session.add(
        AttemptRow(
            id=header.attempt,
            **header.model_dump(exclude={"coldboard", "attempt", "steps", "not_reached", "mode"}),
            mode=header.mode.value,
        )
    )
    session.flush()
    for step, split_ms in header.steps.items():
        set_tick(session, header.attempt, step, Tick(True, split_ms))
    for step in header.not_reached:
        set_tick(session, header.attempt, step, Tick(False))
    append_entries(
        session,
        [
            Entry(header.attempt, seq, event, "import", seq, now)
            for seq, event in enumerate(events, start=1)
        ],
    )
    return True


def stored_event(row: EventRow) -> Event:
    return Event(row.t, row.code, json.loads(row.data))
