"""What processes say to each other through PostgreSQL: LISTEN and NOTIFY on one channel.

A notice is a short text. Those of one transaction are heard in order, and once it is committed; the
server drops one that repeats another of the same transaction.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import psycopg
from psycopg import AsyncConnection
from sqlalchemy import make_url, text
from sqlmodel import Session

CHANNEL = "coldboard"

LOST = (psycopg.Error, OSError)
"""What is raised when the server is away."""

# A server that vanished without a word is noticed within half a minute.
_NOTICES_LOSS: dict[str, Any] = {
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[AsyncConnection]:
    """A connection of its own, at the address that the engine uses."""
    place = make_url(url)
    _, options = place.get_dialect()().create_connect_args(place)
    connection = await AsyncConnection.connect(**{**_NOTICES_LOSS, **options}, autocommit=True)
    async with connection:
        yield connection


async def listen(connection: AsyncConnection) -> None:
    """From here on no notice is missed."""
    await connection.execute(f"LISTEN {CHANNEL}")


async def heard(connection: AsyncConnection) -> AsyncIterator[str]:
    async for notice in connection.notifies():
        yield notice.payload


async def notify(connection: AsyncConnection, notices: Sequence[str]) -> None:
    await connection.execute(
        "SELECT pg_notify(%s, notice) FROM unnest(%s::text[]) AS notice", [CHANNEL, list(notices)]
    )


def notify_with(session: Session, notices: Sequence[str]) -> None:
    """To be heard once this session commits."""
    session.connection().execute(
        text("SELECT pg_notify(:channel, notice) FROM unnest(CAST(:notices AS text[])) AS notice"),
        {"channel": CHANNEL, "notices": list(notices)},
    )
