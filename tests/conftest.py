from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from app.library.loader import load_library
from app.library.models import Library
from app.settings import ROOT
from app.storage.database import open_database
from tests.helpers import Now


@pytest.fixture
def now() -> Now:
    return Now()


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'coldboard.sqlite3'}"


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A new database with all its tables."""
    engine = open_database(database_url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def library() -> Library:
    """The content that is shipped."""
    return load_library(ROOT / "content")
