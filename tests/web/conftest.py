from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app import main
from app.library.loader import load_library
from app.library.models import Library
from app.main import create_app
from app.settings import ROOT, Settings
from tests.helpers import Now
from tests.web.helpers import visitor


@pytest.fixture(autouse=True)
def shipped_library_is_read_once(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """It never changes, and reading it takes longer than most tests."""

    def load(folder: Path, own_folder: Path | None = None) -> Library:
        shipped = (folder, own_folder) == (ROOT / "content", None)
        return library if shipped else load_library(folder, own_folder)

    monkeypatch.setattr(main, "load_library", load)


@pytest.fixture
def app(database_url: str, now: Now) -> FastAPI:
    """The whole application with the content that is shipped."""
    return create_app(Settings(database_url=database_url), now=now)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """A browser on a page of the application."""
    with visitor(app) as client:
        yield client
