"""The bus: short texts from each process to all of them, itself included, by topic.

What is said goes to whoever listens at that moment and is kept nowhere. It is for what nobody
misses for long, and for waking those who then look at the database. One process talks to itself in
memory; several meet in PostgreSQL.
"""

import asyncio
import contextlib
import logging
from collections import defaultdict, deque
from collections.abc import Callable
from itertools import count
from typing import Protocol

from psycopg import AsyncConnection
from sqlalchemy import Engine

from app.storage import notices
from app.storage.database import is_shared

MAX_BYTES = 7_000
# While the database is away the newest are kept.
MAX_WAITING = 2_000
FIRST_WAIT_S = 0.1
LONGEST_WAIT_S = 5.0

Hear = Callable[[str], None]
"""Gets each text of a topic, on the event loop. The empty text means that the bus has just begun to
listen, at the start or again: what was said before that may have been missed."""

MISSED = ""

logger = logging.getLogger(__name__)


class Bus(Protocol):
    def publish(self, topic: str, text: str) -> None:
        """To every process, in order. Never blocks and never raises, from any thread; `text` is not
        empty and has at most MAX_BYTES bytes."""

    def subscribe(self, topic: str, hear: Hear) -> None: ...

    async def run(self) -> None:
        """Carries what is published, until cancelled."""


def bus_for(engine: Engine) -> Bus:
    """The bus that reaches every process on this database; where there is only one, it is in
    memory."""
    if is_shared(engine):
        return PostgresBus(engine.url.render_as_string(hide_password=False))
    return MemoryBus()


class _Bus:
    """What both have: subscribers, and texts that wait to be carried."""

    def __init__(self) -> None:
        self._subscribers: defaultdict[str, list[Hear]] = defaultdict(list)
        self._waiting: deque[tuple[str, str]] = deque(maxlen=MAX_WAITING)
        self._wake = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def publish(self, topic: str, text: str) -> None:
        if not _can_be_carried(text):
            logger.error("%d characters on %r cannot be carried", len(text), topic)
            return
        self._waiting.append((topic, text))
        if self._loop is not None:
            # The loop is closed when the process ends: then nobody listens any more.
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._wake.set)

    def subscribe(self, topic: str, hear: Hear) -> None:
        self._subscribers[topic].append(hear)

    def _begin(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._wake.set()

    async def _next(self) -> list[tuple[str, str]]:
        """What waits, once something does."""
        while not self._waiting:
            await self._wake.wait()
            self._wake.clear()
        # Others may append meanwhile.
        return [self._waiting.popleft() for _ in range(len(self._waiting))]

    def _deliver(self, topic: str, text: str) -> None:
        for hear in self._subscribers.get(topic, ()):
            try:
                hear(text)
            except Exception:
                # The bus goes on for the others.
                logger.exception("what was said on %r could not be dealt with", topic)

    def _begin_to_listen(self) -> None:
        for topic in list(self._subscribers):
            self._deliver(topic, MISSED)


class MemoryBus(_Bus):
    """Within one process."""

    async def run(self) -> None:
        self._begin()
        self._begin_to_listen()
        while True:
            for topic, text in await self._next():
                self._deliver(topic, text)


class PostgresBus(_Bus):
    """Between all processes on one PostgreSQL: one connection listens, another one speaks."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url
        self._number = count()
        self._unsent: list[str] = []
        self._wait_s = FIRST_WAIT_S

    async def run(self) -> None:
        self._begin()
        while True:
            try:
                await self._converse()
            except* notices.LOST as lost:
                logger.warning("the bus has lost its database: %s", lost.exceptions[0])
            await asyncio.sleep(self._wait_s)
            self._wait_s = min(2 * self._wait_s, LONGEST_WAIT_S)

    async def _converse(self) -> None:
        async with notices.connected(self._url) as ear, notices.connected(self._url) as mouth:
            await notices.listen(ear)
            self._wait_s = FIRST_WAIT_S
            self._begin_to_listen()
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._hear(ear))
                tasks.create_task(self._speak(mouth))

    async def _hear(self, ear: AsyncConnection) -> None:
        async for notice in notices.heard(ear):
            _, topic, text = notice.split(" ", 2)
            self._deliver(topic, text)

    async def _speak(self, mouth: AsyncConnection) -> None:
        while True:
            if not self._unsent:
                self._unsent = [self._notice(*said) for said in await self._next()]
            # If this fails they are said again: better twice than never.
            await notices.notify(mouth, self._unsent)
            self._unsent = []

    def _notice(self, topic: str, text: str) -> str:
        # The number tells it from an equal one, which would be dropped.
        return f"{next(self._number)} {topic} {text}"


def notice_from_database(topic: str, text: str) -> str:
    """As a transaction says it when it is committed; said twice in one, it is heard once."""
    return f"- {topic} {text}"


def _can_be_carried(text: str) -> bool:
    try:
        return 0 < len(text.encode()) <= MAX_BYTES and "\0" not in text
    except UnicodeEncodeError:
        return False
