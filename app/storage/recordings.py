"""Logs in the database: append, read, export, import."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, update
from sqlmodel import Session, col, select

from app.errors import Conflict
from app.practice.attempt import Mode
from app.practice.clock import Clock
from app.practice.events import Event
from app.practice.merging import standing
from app.practice.recording import Header
from app.practice.splits import Word
from app.storage.attempts import find_attempt
from app.storage.ids import kept_id
from app.storage.preferences import read_preferences
from app.storage.steps import merge_words, words_of
from app.storage.tables import AttemptRow, EventRow


class Entry(NamedTuple):
    """An event with its place in a log, as the table has it: `seq` by the server, `source` and `n`
    by the browser, `data` in JSON. Many wait for a commit, so they hold nothing else."""

    attempt_id: str
    seq: int
    t: int
    code: str
    data: str
    source: str
    n: int
    received_at: int

    @classmethod
    def of(
        cls, attempt_id: str, seq: int, event: Event, source: str, n: int, received_at: int
    ) -> "Entry":
        return cls(attempt_id, seq, event.t, event.code, event.encoded_data, source, n, received_at)


# As the drivers take it, with their marks for a value: SQLAlchemy's own insert makes a dictionary
# of every row and takes it apart again.
INSERT_EVENT = f"INSERT INTO event ({', '.join(Entry._fields)}) VALUES ({{}})"
MARKS = {"sqlite": "?", "postgresql": "%s"}


Writable = Session | Connection
"""What statements can be given to: a session, or the bare connection, which costs less."""


def append_entries(session: Writable, entries: Sequence[Entry]) -> None:
    """Adds entries to their logs; the caller's commit makes them durable."""
    connection = session.connection() if isinstance(session, Session) else session
    marks = ", ".join([MARKS[connection.dialect.name]] * len(Entry._fields))
    connection.exec_driver_sql(INSERT_EVENT.format(marks), list(entries))


def set_times(session: Writable, attempt_id: str, clock: Clock, end_why: str | None) -> None:
    """Repeats in the attempt's row what the log's clock events say."""
    session.execute(
        update(AttemptRow)
        .where(col(AttemptRow.id) == attempt_id)
        .values(
            started_at=clock.started_at,
            limit_ms=clock.limit_ms,
            paused_at=clock.paused_at,
            ended_at=clock.ended_at,
            end_why=end_why,
        )
    )


class Stored(NamedTuple):
    """A row of a log: an object of the database's would cost many times as much."""

    seq: int
    t: int
    code: str
    data: str
    source: str
    n: int


_STORED = [getattr(EventRow, name) for name in Stored._fields]


def read_log(session: Session, attempt_id: str, code: str | None = None) -> Sequence[Stored]:
    """The log of an attempt in its order; the events of one code if it is given."""
    query = select(*_STORED).where(EventRow.attempt_id == attempt_id)
    if code is not None:
        query = query.where(EventRow.code == code)
    return [Stored._make(row) for row in session.exec(query.order_by(col(EventRow.seq)))]


def export_recording(session: Session, attempt_id: str) -> tuple[Header, Iterable[Event]]:
    """Header and events of an ended attempt of one's own. Raises NotFound, and Conflict while it
    runs."""
    return recording_of(session, find_attempt(session, attempt_id))


def recording_of(session: Session, row: AttemptRow) -> tuple[Header, Iterable[Event]]:
    """Raises Conflict while the attempt runs."""
    if row.ended_at is None or row.end_why is None:
        raise Conflict("The attempt is still running. End it first, then export it.")
    header = header_of(row, words_of(session, [row.id])[row.id])
    return header, (stored_event(event) for event in read_log(session, row.id))


def header_of(row: AttemptRow, words: Mapping[str, Word]) -> Header:
    """The header of an ended attempt's recording; `words` by step."""
    ticks = {step: word.tick for step, word in words.items()}
    return Header.model_validate(
        {
            "attempt": row.id,
            **row.model_dump(exclude=_OF_THIS_DEVICE),
            "mode": Mode(row.mode),
            "steps": {step: tick.split_ms for step, tick in ticks.items() if tick and tick.reached},
            "not_reached": [step for step, tick in ticks.items() if tick and not tick.reached],
            "taken_back": [step for step, tick in ticks.items() if tick is None],
            "said_at": {step: word.said_at for step, word in words.items() if word.said_at},
        }
    )


# `mode` is there in another form.
_OF_THIS_DEVICE = {
    "id",
    "mode",
    "deleted_at",
    "checked_at",
    "judged_by",
    "clean_ms",
    "paused_at",
    "session_id",
    "candidate",
}


def encoded_log(session: Session, attempt_id: str) -> Iterator[tuple[int, str, str]]:
    """t, code and data of each event, the data as the JSON in which it is stored."""
    query = select(EventRow.t, EventRow.code, EventRow.data)
    query = query.where(EventRow.attempt_id == attempt_id).order_by(col(EventRow.seq))
    yield from session.exec(query)


Outcome = Literal["new", "returned", "changed", "same", "another"]
"""What became of a recording that was brought in: its attempt is new here, or had been deleted and
is back; it was here, and what was said of it later has changed it, or nothing has; or there is
another attempt of this id, which stays as it is."""


def own_id(session: Session, attempt_id: str) -> str:
    """The id that an attempt has among one's own: another one where a live session has this."""
    row = session.get(AttemptRow, attempt_id)
    return attempt_id if row is None or row.session_id is None else kept_id(attempt_id)


def import_recording(
    session: Session, header: Header, events: Sequence[Event], now: int
) -> Outcome:
    """Stores a recording under the id it had. One that is here already is not stored again, and of
    what its writer says of it that counts which was said last. One of a live session that was held
    here becomes a copy of one's own."""
    header = header.model_copy(update={"attempt": own_id(session, header.attempt)})
    row = session.get(AttemptRow, header.attempt)
    if row is None:
        _store(session, header, events, now)
        return "new"
    if row.deleted_at is not None:
        # As the file has it: what was deleted here has no say.
        session.delete(row)
        session.flush()
        _store(session, header, events, now)
        return "returned"
    if row.ended_at is None or _set_up(header_of(row, {})) != _set_up(header):
        return "another"
    return "changed" if _merge_said(session, row, header) else "same"


def _store(session: Session, header: Header, events: Sequence[Event], now: int) -> None:
    session.add(
        AttemptRow(
            id=header.attempt,
            **header.model_dump(exclude={"coldboard", "attempt", "mode", "day", *_WORDS}),
            mode=header.mode.value,
            day=header.day or read_preferences(session).day_of(header.created_at),
        )
    )
    session.flush()
    merge_words(session, header.attempt, header.words)
    append_entries(
        session,
        [
            Entry.of(header.attempt, seq, event, "import", seq, now)
            for seq, event in enumerate(events, start=1)
        ],
    )


_WORDS = {"steps", "not_reached", "taken_back", "said_at"}


def _set_up(header: Header) -> dict[str, Any]:
    """What never changes about an attempt that has ended; of its day, earlier files say nothing."""
    return header.model_dump(exclude={*_WORDS, "note", "note_at", "day"})


def _merge_said(session: Session, row: AttemptRow, header: Header) -> bool:
    changed = merge_words(session, row.id, header.words) > 0
    if standing(header.note_at, header.note) > standing(row.note_at, row.note):
        row.note, row.note_at = header.note, header.note_at
        session.add(row)
        changed = True
    return changed


def stored_event(row: Stored | EventRow) -> Event:
    return Event(row.t, row.code, json.loads(row.data), row.data)
