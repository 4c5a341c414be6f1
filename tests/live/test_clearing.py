"""What was deleted long ago is removed while the server runs."""

import asyncio

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app.live import clearing
from app.live.clearing import keep_clear
from app.storage.attempts import delete_attempt
from app.storage.deleted import KEPT_MS, list_deleted_attempts
from tests.helpers import NOON, Now, until
from tests.storage.helpers import keep_attempt

pytestmark = pytest.mark.anyio


def deleted(engine: Engine) -> list[str]:
    with Session(engine) as session:
        return [row.id for row in list_deleted_attempts(session)]


async def test_it_looks_again_and_goes_on_after_a_failure(
    engine: Engine, now: Now, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with Session(engine) as session:
        keep_attempt(session)
        delete_attempt(session, "abcd", NOON)
        session.commit()
    monkeypatch.setattr(clearing, "CLEAR_EVERY_S", 0)
    looks = 0

    def time() -> int:
        nonlocal looks
        looks += 1
        if looks == 2:
            raise OSError("no clock")
        return now()

    clearing_task = asyncio.create_task(keep_clear(engine, time))
    await until(lambda: looks > 3)
    assert deleted(engine) == ["abcd"]
    now.advance(KEPT_MS)
    await until(lambda: not deleted(engine))
    clearing_task.cancel()

    assert "could not be removed" in caplog.text
