"""Opens the database: SQLite by default, safe against a killed process, migrated to the newest."""

from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from app.errors import SettingsError

MIGRATIONS = Path(__file__).parent / "migrations"
# Any number, the same in every process.
MIGRATION_LOCK = 7_262_654


def open_database(url: str) -> Engine:
    """An engine on a database whose tables are up to date; creates what is not there.

    Raises SettingsError when the address makes no sense or the place cannot be used.
    """
    shown: object = url
    try:
        shown = place = make_url(url)  # shown, it leaves its password out
        if place.get_backend_name() == "sqlite" and place.database:
            Path(place.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(url)
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _make_durable)
        migrate(engine)
    except (SQLAlchemyError, OSError, ImportError) as error:
        reason = getattr(error, "orig", None) or error
        message = f"COLDBOARD_DATABASE_URL: {shown} cannot be opened: {reason}"
        raise SettingsError(message) from error
    return engine


def is_shared(engine: Engine) -> bool:
    """Whether several processes may serve this database at the same time."""
    return engine.dialect.name == "postgresql"


def migrate(engine: Engine, revision: str = "head") -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        if is_shared(engine):
            # Processes that start together do it one after the other.
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")
        # Usually there is nothing to do, and finding out by running the migrations takes longer.
        if MigrationContext.configure(connection).get_current_revision() == _newest():
            return
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def read_as_of_now(session: Session) -> None:
    """What this session reads from here on is of one moment, whatever others write meanwhile.
    (Where nobody else writes, it is so by itself.)"""
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


@cache
def _newest() -> str | None:
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


def scrub(engine: Engine) -> None:
    """After a deletion for good: nothing of it stays in the log of changes that SQLite keeps beside
    its file. Where somebody is reading at this moment, it goes with the next changes."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _make_durable(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    # WAL lets readers go on while an attempt is being recorded; FULL makes a commit survive
    # a power cut, not only a killed process: what was acknowledged is never lost.
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA busy_timeout=5000")
    # What was deleted for good is written over, not only forgotten.
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.close()
