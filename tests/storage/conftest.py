from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app.storage.database import open_database


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
