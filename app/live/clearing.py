"""Removes what was deleted thirty days ago, at the start and then every hour."""

import asyncio
import logging
from collections.abc import Callable

from sqlalchemy import Engine
from sqlmodel import Session

from app.storage.deleted import clear_old

CLEAR_EVERY_S = 3600

logger = logging.getLogger(__name__)


async def keep_clear(engine: Engine, now: Callable[[], int]) -> None:
    """Goes on until it is cancelled; `now` gives milliseconds since 1970."""
    while True:
        try:
            await asyncio.to_thread(_clear, engine, now())
        except Exception:
            # What is still there goes the next time.
            logger.exception("what was deleted long ago could not be removed")
        await asyncio.sleep(CLEAR_EVERY_S)


def _clear(engine: Engine, now: int) -> None:
    with Session(engine) as session:
        if clear_old(session, now):
            session.commit()
