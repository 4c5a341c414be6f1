"""The bus carries every text to everybody, in order, and says when some may have been missed."""

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import Engine
from sqlmodel import create_engine, text

from app.live.bus import MAX_BYTES, MAX_WAITING, MISSED, Bus, MemoryBus, PostgresBus, bus_for
from tests.helpers import until
from tests.postgres import Postgres

pytestmark = pytest.mark.anyio


class Ear:
    """Keeps what it hears; `heard` leaves out that the bus began to listen."""

    def __init__(self, bus: Bus, topic: str = "talk") -> None:
        self.all: list[str] = []
        bus.subscribe(topic, self.all.append)

    @property
    def heard(self) -> list[str]:
        return [text for text in self.all if text != MISSED]

    async def listens(self, times: int = 1) -> None:
        await until(lambda: self.all.count(MISSED) >= times)


@contextlib.asynccontextmanager
async def running(*buses: Bus) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(bus.run()) for bus in buses]
    yield
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@pytest.fixture(params=["memory", "postgres"])
def bus(request: pytest.FixtureRequest) -> Bus:
    if request.param == "memory":
        return MemoryBus()
    postgres: Postgres = request.getfixturevalue("postgres")
    return PostgresBus(postgres.url)


def test_the_database_decides_which_bus_it_is(engine: Engine, postgres: Postgres) -> None:
    other = create_engine(postgres.url)

    assert isinstance(bus_for(engine), MemoryBus)
    assert isinstance(bus_for(other), PostgresBus)


async def test_everybody_hears_everything_in_order(bus: Bus) -> None:
    one, other, elsewhere = Ear(bus), Ear(bus), Ear(bus, "else")
    async with running(bus):
        await one.listens()
        said = [f"{number} ∇ words" for number in range(200)]
        for text_ in said:
            bus.publish("talk", text_)
        bus.publish("else", "{}")
        await until(lambda: elsewhere.heard == ["{}"])

    assert one.heard == other.heard == said


async def test_what_is_said_twice_is_heard_twice(bus: Bus) -> None:
    ear = Ear(bus)
    async with running(bus):
        await ear.listens()
        for said in ("left", "right", "left", "left"):
            bus.publish("talk", said)
        await until(lambda: len(ear.heard) == 4)

    assert ear.heard == ["left", "right", "left", "left"]


async def test_it_may_be_spoken_to_from_any_thread(bus: Bus) -> None:
    ear = Ear(bus)
    async with running(bus):
        await ear.listens()
        threads = [threading.Thread(target=bus.publish, args=("talk", word)) for word in "abc"]
        for thread in threads:
            thread.start()
        await until(lambda: len(ear.heard) == 3)

    assert set(ear.heard) == {"a", "b", "c"}


async def test_what_cannot_be_carried_holds_up_nothing(bus: Bus) -> None:
    ear = Ear(bus)
    async with running(bus):
        await ear.listens()
        for said in ("x" * (MAX_BYTES + 1), "\0", "\ud800", "", "∇" * (MAX_BYTES // 3), "good"):
            bus.publish("talk", said)
        await until(lambda: "good" in ear.heard)

    assert ear.heard == ["∇" * (MAX_BYTES // 3), "good"]


async def test_a_listener_that_fails_does_not_stop_the_others(bus: Bus) -> None:
    def fail(_: str) -> None:
        raise ValueError("it does not understand")

    bus.subscribe("talk", fail)
    ear = Ear(bus)
    async with running(bus):
        await ear.listens()
        bus.publish("talk", "one")
        bus.publish("talk", "two")
        await until(lambda: ear.heard == ["one", "two"])


async def test_what_was_said_too_early_is_carried_once_it_runs(bus: Bus) -> None:
    ear = Ear(bus)
    bus.publish("talk", "early")

    async with running(bus):
        await until(lambda: ear.heard == ["early"])


async def test_processes_hear_each_other(postgres: Postgres) -> None:
    here, there = PostgresBus(postgres.url), PostgresBus(postgres.url)
    ears = Ear(here), Ear(there)
    async with running(here, there):
        for ear in ears:
            await ear.listens()
        here.publish("talk", "from here")
        await until(lambda: all(ear.heard == ["from here"] for ear in ears))
        there.publish("talk", "from there")
        await until(lambda: all(ear.heard == ["from here", "from there"] for ear in ears))


def cut_all_lines(postgres: Postgres) -> None:
    """Ends every connection to the database, as a restart would."""
    engine = create_engine(postgres.url)
    with engine.begin() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
        )
    engine.dispose()


async def test_after_a_loss_it_comes_back_and_says_so(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.live.bus.FIRST_WAIT_S", 0.001)
    bus = PostgresBus(postgres.url)
    ear = Ear(bus)
    async with running(bus):
        await ear.listens()
        bus.publish("talk", "before")
        await until(lambda: ear.heard == ["before"])

        await asyncio.to_thread(cut_all_lines, postgres)
        bus.publish("talk", "meanwhile")
        await ear.listens(2)
        bus.publish("talk", "after")

        await until(lambda: ear.heard[-1] == "after")
    assert ear.all[:2] == [MISSED, "before"]


async def test_of_what_is_said_while_the_database_is_away_the_newest_is_kept(
    postgres: Postgres,
) -> None:
    away = PostgresBus("postgresql://nobody@/nothing?host=/nowhere")
    for number in range(MAX_WAITING + 10):
        away.publish("talk", str(number))
    async with running(away):
        await asyncio.sleep(0.05)
        away.publish("talk", "last")

    # The same bus, its database back.
    away._url = postgres.url
    ear = Ear(away)
    async with running(away):
        await until(lambda: ear.heard[-1:] == ["last"])
    assert len(ear.heard) == MAX_WAITING
