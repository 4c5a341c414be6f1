"""What the database promises: settings that outlive a power cut, and constraints."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from app.storage.database import open_database
from app.storage.recordings import Entry, append_entries, read_log
from app.storage.tables import EventRow
from tests.helpers import NOON, ink
from tests.storage.helpers import LOG, keep_attempt, keep_log

FULL = 2


@pytest.mark.parametrize(
    ("name", "value"),
    [("journal_mode", "wal"), ("synchronous", FULL), ("foreign_keys", 1), ("busy_timeout", 5000)],
)
def test_every_connection_to_sqlite_is_set_to_keep_what_was_committed(
    tmp_path: Path, name: str, value: Any
) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'coldboard.sqlite3'}")
    with engine.connect() as one, engine.connect() as other:
        assert one.execute(text(f"PRAGMA {name}")).scalar() == value
        assert other.execute(text(f"PRAGMA {name}")).scalar() == value
    engine.dispose()


def test_a_reader_is_not_held_up_by_a_writer(engine: Engine, session: Session) -> None:
    keep_attempt(session)
    session.commit()
    keep_log(session)

    with Session(engine) as reader:
        assert read_log(reader, "abcd") == []
    session.commit()
    with Session(engine) as reader:
        assert len(read_log(reader, "abcd")) == len(LOG)


@pytest.mark.parametrize(
    ("seq", "source", "n"),
    [(7, "a", 1), (1, "b", 1)],
    ids=["the browser's number", "the log's number"],
)
def test_the_same_event_is_not_stored_twice(
    session: Session, seq: int, source: str, n: int
) -> None:
    keep_attempt(session)
    append_entries(session, [Entry.of("abcd", 1, ink(), "a", 1, NOON)])

    with pytest.raises(IntegrityError):
        append_entries(session, [Entry.of("abcd", seq, ink(), source, n, NOON)])


def test_another_source_and_another_attempt_have_their_own_numbers(session: Session) -> None:
    keep_attempt(session, "abcd")
    keep_attempt(session, "efgh")

    append_entries(
        session,
        [
            Entry.of("abcd", 1, ink(), "a", 1, NOON),
            Entry.of("abcd", 2, ink(), "b", 1, NOON),
            Entry.of("efgh", 1, ink(), "a", 1, NOON),
        ],
    )

    assert len(read_log(session, "abcd")) == 2


def test_an_event_belongs_to_an_attempt(session: Session) -> None:
    with pytest.raises(IntegrityError):
        keep_log(session, "nobody")


def test_what_was_not_committed_is_not_there(engine: Engine, session: Session) -> None:
    keep_attempt(session)
    keep_log(session)
    session.rollback()

    with Session(engine) as another:
        assert another.get(EventRow, ("abcd", 1)) is None
