"""Processes of the application on one PostgreSQL, as far as attempts go."""

import asyncio

from sqlalchemy import Engine
from sqlmodel import create_engine, text

from app.library.models import Library
from app.live.bus import Bus, MemoryBus, PostgresBus
from app.live.hub import Hub
from app.live.shelf import Shelf
from app.practice.events import Event
from app.practice.roles import Role
from tests.helpers import Now
from tests.live.helpers import Page

PAUSE, RESUME = Event(0, "pause", {}), Event(0, "resume", {})


class Process:
    """A process of the application as far as attempts go. A deaf one hears nothing of the others,
    as when the bus has lost its connection."""

    def __init__(self, url: str, library: Library, now: Now, *, deaf: bool = False) -> None:
        self.engine = create_engine(url)
        self.bus: Bus = MemoryBus() if deaf else PostgresBus(url)
        self.hub = Hub(self.engine, Shelf(library), now, self.bus)
        self._tasks = [asyncio.create_task(job) for job in (self.hub.run(), self.bus.run())]

    async def page(self, source: str, after: int = 0, role: Role = Role.WRITER) -> Page:
        return Page(await self.hub.open("abcd"), source, after, role)

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        self.engine.dispose()


class Processes:
    def __init__(self, url: str, library: Library, now: Now) -> None:
        self.engine = create_engine(url)
        self.running: list[Process] = []
        self._made_of = (url, library, now)

    def start(self, *, deaf: bool = False) -> Process:
        self.running.append(Process(*self._made_of, deaf=deaf))
        return self.running[-1]


def refusals(page: Page) -> list[tuple[int, str]]:
    return [(n, reason) for ack in page.of("ack") for n, reason, _ in ack["refused"]]


async def bus_listens(process: Process) -> None:
    heard = asyncio.Event()
    process.bus.subscribe("test", lambda _: heard.set())
    while not heard.is_set():
        process.bus.publish("test", "listening?")
        await asyncio.sleep(0.005)


def cut_lines(engine: Engine, of: str = "%") -> None:
    """Ends connections to the database whose last statement was like this."""
    with engine.begin() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND datname = current_database()"
                " AND query LIKE :of"
            ),
            {"of": of},
        )
