import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import Engine

from app.library.loader import load_library
from app.library.models import Library
from app.settings import ROOT
from app.storage.database import open_database
from tests.helpers import Now
from tests.postgres import Postgres, running

# A busy machine is no reason to fail.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests last: they are slow, and Playwright keeps an event loop running behind them."""
    items.sort(key=lambda item: "browser" in item.path.parts)


@pytest.fixture
def now() -> Now:
    return Now()


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database without attempts: copying it is quicker than making another."""
    path = tmp_path_factory.mktemp("database") / "empty.sqlite3"
    open_database(f"sqlite:///{path}").dispose()
    return path


@pytest.fixture
def database_url(tmp_path: Path, empty_database: Path) -> str:
    path = shutil.copy(empty_database, tmp_path / "coldboard.sqlite3")
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """Started by the first test that asks for it."""
    with running(tmp_path_factory.mktemp("postgres")) as postgres:
        yield postgres


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
