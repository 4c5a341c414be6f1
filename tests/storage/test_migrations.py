"""The tables as migrations make them: nothing is lost on the way, and the code agrees."""

from datetime import date
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import UniqueConstraint, create_engine, inspect, text
from sqlmodel import Session, SQLModel

from app.practice.archive.parts import Choice
from app.practice.preferences import Preferences
from app.practice.splits import Reached, Tick, Word
from app.storage.attempts import find_attempt
from app.storage.database import migrate, open_database
from app.storage.preferences import all_choices, find_preferences, save_preferences
from app.storage.ratings import due_times
from app.storage.recordings import read_log, stored_event
from app.storage.steps import CheckedLine, keep_checked, reached_of, set_tick, words_of
from tests.helpers import NOON, ink

OLD_ATTEMPT = text(
    "INSERT INTO attempt (id, derivation, mode, limit_ms, reading_ms, created_at, started_at,"
    " ended_at, end_why) VALUES ('abcd', 'ols', 'cold', 300000, 0, :noon, :noon, NULL, NULL)"
)
OLD_EVENT = text(
    "INSERT INTO event (attempt_id, seq, t, code, data, source, n, received_at)"
    " VALUES ('abcd', 1, 1000, 'ink', :data, 'a', 1, :noon)"
)


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Where there is no database yet."""
    return f"sqlite:///{tmp_path / 'coldboard.sqlite3'}"


def test_a_database_of_the_first_version_keeps_what_it_holds(url: str) -> None:
    old = create_engine(url)
    migrate(old, "0001")
    with old.begin() as connection:
        connection.execute(OLD_ATTEMPT, {"noon": NOON})
        connection.execute(OLD_EVENT, {"noon": NOON, "data": ink(1_000).encoded_data})
    old.dispose()

    engine = open_database(url)

    with Session(engine) as session:
        row = find_attempt(session, "abcd")
        assert (row.derivation, row.created_at, row.limit_ms) == ("ols", NOON, 300_000)
        assert row.note == ""
        assert [stored_event(event) for event in read_log(session, "abcd")] == [ink(1_000)]
        assert row.checked_at is None
        assert reached_of(session, ["abcd"]) == {"abcd": Reached()}
    engine.dispose()


def test_steps_ticked_in_the_second_version_stay_ticked(url: str) -> None:
    old = create_engine(url)
    migrate(old, "0002")
    with old.begin() as connection:
        connection.execute(OLD_ATTEMPT, {"noon": NOON})
        connection.execute(text("INSERT INTO reached_step VALUES ('abcd', '1', 9000)"))
        connection.execute(text("INSERT INTO reached_step VALUES ('abcd', '2a', NULL)"))
    old.dispose()

    engine = open_database(url)

    with Session(engine) as session:
        ticks = {"1": Tick(True, 9_000), "2a": Tick(True)}
        assert reached_of(session, ["abcd"]) == {"abcd": Reached(ticks=ticks)}
        line = CheckedLine(1, "r-1", 5_000, "holds", "Holds.", ("2a", "3"))
        assert keep_checked(session, "abcd", [line], NOON)
        assert reached_of(session, ["abcd"])["abcd"].splits == {"1": 9_000, "2a": None, "3": 5_000}
    engine.dispose()


@pytest.mark.parametrize(
    ("zone", "day"), [("Pacific/Honolulu", date(2025, 10, 8)), ("Europe/Berlin", date(2025, 10, 9))]
)
def test_attempts_stay_on_the_days_of_the_zone_that_was_set(url: str, zone: str, day: date) -> None:
    old = create_engine(url)
    migrate(old, "0007")
    with old.begin() as connection:
        connection.execute(OLD_ATTEMPT, {"noon": NOON})
        connection.execute(OLD_EVENT, {"noon": NOON, "data": ink(1_000).encoded_data})
        connection.execute(
            text("INSERT INTO preference VALUES ('zone', :zone)"), {"zone": f'"{zone}"'}
        )
    old.dispose()

    engine = open_database(url)

    with Session(engine) as session:
        assert find_attempt(session, "abcd").day == day
        assert len(read_log(session, "abcd")) == 1
    engine.dispose()


def test_a_database_without_preferences_has_the_defaults(url: str) -> None:
    old = create_engine(url)
    migrate(old, "0004")
    with old.begin() as connection:
        connection.execute(
            text("INSERT INTO rating VALUES (1, 'card', :noon, 3, :noon)"), {"noon": NOON}
        )
    old.dispose()

    engine = open_database(url)

    assert find_preferences(engine) == Preferences()
    with Session(engine) as session:
        assert due_times(session) == {"card": NOON}
        save_preferences(session, Preferences(theme="dark"), NOON)
        session.commit()
    assert find_preferences(engine) == Preferences(theme="dark")
    engine.dispose()


def test_what_was_said_before_times_were_kept_is_older_than_everything(url: str) -> None:
    old = create_engine(url)
    migrate(old, "0007")
    with old.begin() as connection:
        connection.execute(OLD_ATTEMPT, {"noon": NOON})
        connection.execute(text("UPDATE attempt SET note = 'Shapes first.'"))
        connection.execute(text("INSERT INTO tick VALUES ('abcd', '1', 9000, 1)"))
        connection.execute(text("INSERT INTO tick VALUES ('abcd', '2', NULL, 0)"))
        connection.execute(text("INSERT INTO preference VALUES ('theme', '\"dark\"')"))
    old.dispose()

    engine = open_database(url)

    assert find_preferences(engine) == Preferences(theme="dark")
    with Session(engine) as session:
        row = find_attempt(session, "abcd")
        assert (row.note, row.note_at) == ("Shapes first.", 0)
        words = {"1": Word(Tick(True, 9_000), 0), "2": Word(Tick(False), 0)}
        assert words_of(session, ["abcd"]) == {"abcd": words}
        assert all_choices(session) == {"theme": Choice(value="dark", changed_at=0)}
        set_tick(session, "abcd", "1", None, NOON)
        save_preferences(session, Preferences(), NOON)
        session.commit()
        session.delete(row)
        session.commit()
        assert words_of(session, ["abcd"]) == {"abcd": {}}
    engine.dispose()


def test_models_and_migrations_describe_the_same_tables(url: str) -> None:
    engine = open_database(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)

        differences = compare_metadata(context, SQLModel.metadata)

    assert differences == []
    engine.dispose()


def test_models_and_migrations_agree_on_what_is_unique(url: str) -> None:
    """Alembic passes over unique constraints without a name in SQLite."""
    engine = open_database(url)
    inspector = inspect(engine)

    for name, table in SQLModel.metadata.tables.items():
        declared = [
            sorted(column.name for column in constraint.columns)
            for constraint in table.constraints
            if isinstance(constraint, UniqueConstraint)
        ]
        found = [sorted(one["column_names"]) for one in inspector.get_unique_constraints(name)]
        assert found == declared
    engine.dispose()


def test_opening_again_changes_nothing(url: str) -> None:
    first = open_database(url)
    before = inspect(first).get_table_names()
    first.dispose()

    second = open_database(url)

    assert inspect(second).get_table_names() == before
    second.dispose()


def test_it_makes_the_folder_that_is_missing(tmp_path: Path) -> None:
    place = tmp_path / "not" / "here" / "yet.sqlite3"

    open_database(f"sqlite:///{place}").dispose()

    assert place.exists()
