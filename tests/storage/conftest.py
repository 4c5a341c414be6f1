from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app.storage.database import open_database
from tests.postgres import Postgres


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, database_url: str) -> str:
    """What is stored is stored alike by both."""
    if request.param == "sqlite":
        return database_url
    postgres: Postgres = request.getfixturevalue("postgres")
    postgres.empty()
    return postgres.url


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with Session(engine) as session:
        yield session


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Session]:
    """A session on another database."""
    engine = open_database(f"sqlite:///{tmp_path / 'elsewhere.sqlite3'}")
    with Session(engine) as session:
        yield session
    engine.dispose()
