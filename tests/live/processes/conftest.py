"""Processes that end with the test."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import Engine

from app.library.models import Library
from tests.helpers import Now
from tests.live.processes.helpers import Processes
from tests.postgres import Postgres


@pytest.fixture
async def processes(postgres: Postgres, library: Library, now: Now) -> AsyncIterator[Processes]:
    postgres.empty()
    processes = Processes(postgres.url, library, now)
    yield processes
    for process in processes.running:
        await process.stop()
    processes.engine.dispose()


@pytest.fixture
def engine(processes: Processes) -> Engine:
    return processes.engine
