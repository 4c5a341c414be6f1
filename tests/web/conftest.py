from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app import main
from app.library.examples import Topic, load_examples
from app.library.loader import load_library
from app.library.models import Library
from app.main import create_app
from app.settings import ROOT, Settings
from app.web.checker_page import CheckedExamples
from tests.helpers import Now
from tests.web.helpers import visitor


@pytest.fixture(autouse=True)
def shipped_library_is_read_once(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """It never changes, and reading it takes longer than most tests."""

    def load(folder: Path, own_folder: Path | None = None) -> Library:
        shipped = (folder, own_folder) == (ROOT / "content", None)
        return library if shipped else load_library(folder, own_folder)

    monkeypatch.setattr(main, "load_library", load)


@pytest.fixture(scope="session")
def shipped_topics() -> tuple[Topic, ...]:
    return load_examples(ROOT / "content")


@pytest.fixture(scope="session")
def shipped_examples(shipped_topics: tuple[Topic, ...], library: Library) -> CheckedExamples:
    return CheckedExamples(shipped_topics, library)


@pytest.fixture(autouse=True)
def shipped_examples_are_checked_once(
    library: Library,
    shipped_topics: tuple[Topic, ...],
    shipped_examples: CheckedExamples,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By the first test that looks at them: checking takes longer than most tests as well."""

    def load(folder: Path) -> tuple[Topic, ...]:
        return shipped_topics if folder == ROOT / "content" else load_examples(folder)

    def checked(topics: tuple[Topic, ...], of: Library) -> CheckedExamples:
        shipped = of is library and topics is shipped_topics
        return shipped_examples if shipped else CheckedExamples(topics, of)

    monkeypatch.setattr(main, "load_examples", load)
    monkeypatch.setattr(main, "CheckedExamples", checked)


@pytest.fixture
def app(database_url: str, now: Now) -> FastAPI:
    """The whole application with the content that is shipped."""
    return create_app(Settings(database_url=database_url), now=now)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """A browser on a page of the application."""
    with visitor(app) as client:
        yield client
