"""Whole accounts, furnished by hand or by Hypothesis, and all that one holds."""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import create_engine, event, select
from sqlmodel import Session, SQLModel

from app.library.own import older_version
from app.practice.archive.parts import CardRating, Choice, RungAnswer
from app.practice.archive.reader import open_archive
from app.practice.ladder import Rung
from app.practice.spacing import Grade, Rating
from app.practice.splits import Tick, Word
from app.storage.archives import Merged, export_all, import_all
from app.storage.preferences import merge_choices
from app.storage.ratings import merge_ratings
from app.storage.rungs import merge_rungs
from app.storage.steps import CheckedLine, merge_words, replace_checked
from app.storage.tables import OwnDerivationRow
from tests.helpers import MINUTE, NOON, end, ink, line, mark, start
from tests.library.helpers import HALF_SQUARE
from tests.storage.helpers import keep_attempt, keep_log

MINE = HALF_SQUARE.replace("drill = 8\n", "")
NEWER = MINE.replace("Derivative of a square", "A square")

# What a device reckons for itself: numbers in the order of arrival, and how events came in.
OF_THE_DEVICE = {
    "event": {"source", "n", "received_at"},
    "rating": {"id"},
    "rung": {"id"},
    "own_derivation": {"saves"},
}
Account = dict[str, Any]


def exported(session: Session, sealed: Sequence[str] = ()) -> bytes:
    file = io.BytesIO()
    export_all(session, file, sealed, NOON)
    return file.getvalue()


def brought_in(session: Session, file: bytes) -> Merged:
    with open_archive(io.BytesIO(file)) as archive:
        merged = import_all(session, archive, NOON + 1)
    session.commit()
    return merged


@contextmanager
def empty() -> Iterator[Session]:
    """Another database."""
    engine = create_engine("sqlite://")
    event.listen(engine, "connect", lambda one, _: one.execute("PRAGMA foreign_keys=ON"))
    SQLModel.metadata.create_all(engine)
    with Session(engine) as session:
        yield session
    engine.dispose()


def contents(session: Session) -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables, without what is deleted and what only this device knows."""
    session.flush()
    found: dict[str, list[dict[str, Any]]] = {}
    gone: set[str] = set()
    for table in SQLModel.metadata.sorted_tables:
        rows = [dict(row) for row in session.execute(select(table)).mappings()]
        if table.name == "attempt":
            gone = {row["id"] for row in rows if row["deleted_at"] is not None}
        kept = [
            {key: row[key] for key in row if key not in OF_THE_DEVICE.get(table.name, ())}
            for row in rows
            if row.get("deleted_at") is None and row.get("attempt_id") not in gone
        ]
        found[table.name] = sorted(kept, key=lambda row: repr(sorted(row.items())))
    return found


# --- accounts of any kind ---

# An attempt that has ended is the same wherever it is: only what is said of it later differs.
ATTEMPTS: dict[str, dict[str, Any]] = {
    "aaaa": {"derivation": "ols", "mode": "cold"},
    "bbbb": {"derivation": "gone-from-the-library", "mode": "guided", "limit_ms": None},
    "cccc": {"derivation": "half-square", "created_at": NOON + 1},
}
LOGS = {
    "aaaa": [start(), ink(1_000), line(2_000, "ŷ"), mark(3_000), end(60_000)],
    "bbbb": [start(), end(60_000)],
    "cccc": [start(), line(1), end(60_000)],
}
OWN_IDS = ["half-square", "mine", older_version("half-square", MINE)[0]]
TEXTS = [MINE, NEWER, "a = 1", older_version("half-square", MINE)[1]]

VALUES: dict[str, list[Any]] = {
    "theme": ["dark", "light"],
    "limit_ms": [60_000, 240_000],
    "zone": ["Europe/Berlin", "Mars/Olympus"],
    "targets": [{"from_ms": 400_000, "to_ms": 200_000}],
    "plan_on": [[], ["ols"]],
}

moments = st.sampled_from([0, NOON, NOON + 1])
notes = st.sampled_from(["", "First.", "Other.", "ŷ\n"]) | st.text(
    st.characters(exclude_categories=["Cs"]), max_size=8
)
steps = st.sampled_from(["1", "2a"])
words = st.dictionaries(
    steps,
    st.builds(
        Word,
        st.none()
        | st.just(Tick(False))
        | st.builds(Tick, st.just(True), st.none() | st.just(1_000)),
        moments,
    ),
)
found_lines = st.lists(
    st.tuples(st.sampled_from(["holds", "fails"]), notes, st.sets(steps)), max_size=2
).map(
    lambda lines: [
        CheckedLine(place, "r-1", 5, verdict, message, tuple(sorted(reached)), None, (5, 6))
        for place, (verdict, message, reached) in enumerate(lines, start=1)
    ]
)
said = st.fixed_dictionaries(
    {
        "note": notes,
        "note_at": moments,
        "words": words,
        "found": st.none() | st.tuples(st.sampled_from([NOON, NOON + 1]), found_lines),
        "deleted_at": st.sampled_from([None, None, None, NOON]),
    }
)
ratings = st.lists(
    st.builds(
        CardRating,
        st.sampled_from(["cafe", "beef"]),
        st.builds(
            Rating,
            st.sampled_from([NOON, NOON + 1, NOON + 20 * MINUTE]),
            st.sampled_from(Grade),
        ),
    ),
    max_size=5,
)
answers = st.lists(
    st.builds(
        RungAnswer,
        st.sampled_from([NOON, NOON + 1]),
        st.sampled_from(["ols", "rope"]),
        st.sampled_from([Rung.ORDER, Rung.REDO]),
        st.sampled_from([None, "2"]),
        st.booleans(),
    ),
    max_size=4,
)
choices = st.fixed_dictionaries(
    {},
    optional={
        key: st.builds(Choice, value=st.none() | st.sampled_from(values), changed_at=moments)
        for key, values in VALUES.items()
    },
)
own = st.dictionaries(
    st.sampled_from(OWN_IDS),
    st.tuples(
        st.sampled_from(TEXTS), st.sampled_from([0, 1]), st.sampled_from([1, 2, 3]), st.booleans()
    ),
)
accounts = st.fixed_dictionaries(
    {
        "attempts": st.dictionaries(st.sampled_from(sorted(ATTEMPTS)), said),
        "ratings": ratings,
        "answers": answers,
        "choices": choices,
        "own": own,
    }
)


def furnish(session: Session, account: Account) -> None:
    for attempt_id, one in account["attempts"].items():
        columns = {key: one[key] for key in ("note", "note_at", "deleted_at")}
        keep_attempt(session, attempt_id, **ATTEMPTS[attempt_id], **columns)
        keep_log(session, attempt_id, LOGS[attempt_id])
        merge_words(session, attempt_id, one["words"])
        if one["found"] is not None:
            checked_at, lines = one["found"]
            replace_checked(session, attempt_id, lines, checked_at)
    merge_ratings(session, account["ratings"])
    merge_rungs(session, account["answers"])
    merge_choices(session, account["choices"])
    for own_id, (source, created, changed, is_deleted) in account["own"].items():
        session.add(
            OwnDerivationRow(
                id=own_id,
                source=source,
                created_at=NOON + created,
                changed_at=NOON + changed,
                deleted_at=NOON if is_deleted else None,
                saves=1,
            )
        )
    session.commit()
