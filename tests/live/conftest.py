from collections.abc import AsyncIterator

import pytest
from sqlalchemy import Engine

from app.library.models import Library
from app.live.hub import Hub
from app.live.shelf import Shelf
from tests.helpers import Now
from tests.live.helpers import Disk, running


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(autouse=True)
def _quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.live.hub.LOOK_EVERY_S", 0.005)
    monkeypatch.setattr("app.live.journal.Journal.pause_s", 0)


@pytest.fixture
async def hub(engine: Engine, library: Library, now: Now) -> AsyncIterator[Hub]:
    async with running(Hub(engine, Shelf(library), now)) as hub:
        yield hub


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(monkeypatch)
