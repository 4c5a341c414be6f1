from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from tests.helpers import Now
from tests.web.helpers import visitor


@pytest.fixture
def app(database_url: str, now: Now) -> FastAPI:
    """The whole application with the content that is shipped."""
    return create_app(Settings(database_url=database_url), now=now)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """A browser on a page of the application."""
    with visitor(app) as client:
        yield client
