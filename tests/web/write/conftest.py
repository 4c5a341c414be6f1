"""Another start of the application."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from tests.helpers import Now
from tests.web.helpers import visitor


@pytest.fixture
def restarted(database_url: str, now: Now) -> Iterator[TestClient]:
    """A browser on another start of the application, with the same database."""
    with visitor(create_app(Settings(database_url=database_url), now=now)) as client:
        yield client
