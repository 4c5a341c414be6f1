"""Attempts to put into a database."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import event
from sqlmodel import Session

from app.practice.days import day_of
from app.practice.events import Event
from app.storage.recordings import Entry, append_entries
from app.storage.tables import AttemptRow
from tests.helpers import NOON, end, ink, line, mark, start

LOG = (start(), ink(1_000), line(2_000), mark(3_000), mark(9_000), end(60_000))


def keep_attempt(session: Session, attempt_id: str = "abcd", **more: Any) -> AttemptRow:
    """An attempt that was done after a minute."""
    row = AttemptRow(
        **{
            "id": attempt_id,
            "derivation": "ols",
            "mode": "cold",
            "limit_ms": 300_000,
            "reading_ms": 0,
            "created_at": NOON,
            "day": day_of(more.get("created_at", NOON), None),
            "started_at": NOON,
            "ended_at": NOON + 60_000,
            "end_why": "done",
            **more,
        }
    )
    session.add(row)
    session.flush()
    return row


def keep_running(session: Session, attempt_id: str = "abcd", **more: Any) -> AttemptRow:
    return keep_attempt(session, attempt_id, **{"ended_at": None, "end_why": None, **more})


def keep_log(session: Session, attempt_id: str = "abcd", log: Sequence[Event] = LOG) -> None:
    append_entries(
        session,
        [Entry.of(attempt_id, seq, event, "a", seq, NOON) for seq, event in enumerate(log, 1)],
    )


def plans_of(session: Session, ask: Callable[[], None]) -> list[list[str]]:
    """What SQLite does for each of the queries that are asked."""
    asked: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, query: str, values: Any, _x: Any, _many: bool) -> None:
        asked.append((query, values))

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    ask()
    event.remove(connection, "before_cursor_execute", note)
    return [
        [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", values)]
        for query, values in asked
    ]
