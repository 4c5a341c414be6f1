"""Who is in a live session, across processes, and what they are told."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from app.live.bus import Bus, MemoryBus, PostgresBus
from app.live.circle import (
    ANNOUNCE_EVERY_MS,
    EXPIRES_AFTER_MS,
    MAX_WAITING_MESSAGES,
    Circles,
    Person,
)
from app.practice.roles import Role
from tests.helpers import Now, until
from tests.postgres import Postgres

pytestmark = pytest.mark.anyio

ALICE = Person("s1", "Alice", Role.HOST)
BOB = Person("s2", "Bob", Role.CANDIDATE)
CHARLIE = Person("s3", "Charlie", Role.WATCHER)
EVERYBODY = list(Role)


@pytest.fixture(autouse=True)
def _quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.live.circle.LOOK_EVERY_S", 0.005)


class Process:
    """A process of the application, as far as circles go."""

    def __init__(self, bus: Bus, now: Now) -> None:
        self.circles = Circles(bus, now)
        self._task = asyncio.create_task(self.circles.run())

    async def kill(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


class Connection:
    """What a browser hears over its connection to a process."""

    def __init__(self, process: Process, person: Person, session: str = "live") -> None:
        self.messages: list[dict[str, Any]] = []
        self.reads = asyncio.Event()
        self.reads.set()
        self.circles = process.circles
        self.session = session
        self.member = self.circles.join(session, person)
        self._pump = asyncio.create_task(self.member.pump(self._show))

    async def _show(self, text: str) -> None:
        await self.reads.wait()
        self.messages.append(json.loads(text))

    def leave(self) -> None:
        self.circles.leave(self.session, self.member)

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [message for message in self.messages if message["type"] == kind]

    @property
    def names(self) -> list[str]:
        """Who is there, as it was told last."""
        told = self.of("people")
        return [person["name"] for person in told[-1]["people"]] if told else []

    async def sees(self, *names: str) -> None:
        await until(lambda: self.names == list(names))

    @property
    def closed(self) -> bool:
        return self._pump.done()


@pytest.fixture(params=["memory", "postgres"])
async def buses(request: pytest.FixtureRequest) -> AsyncIterator[tuple[Bus, Bus]]:
    """Those of two processes: the same one in memory, or two that meet in PostgreSQL."""
    here: Bus = MemoryBus()
    there = here
    if request.param == "postgres":
        postgres: Postgres = request.getfixturevalue("postgres")
        here, there = PostgresBus(postgres.url), PostgresBus(postgres.url)
    begun: list[str] = []
    for bus in {here, there}:
        bus.subscribe("begin", begun.append)
    tasks = [asyncio.create_task(bus.run()) for bus in {here, there}]
    await until(lambda: len(begun) == len(tasks))
    yield here, there
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@pytest.fixture
async def here(buses: tuple[Bus, Bus], now: Now) -> AsyncIterator[Process]:
    process = Process(buses[0], now)
    yield process
    await process.kill()


@pytest.fixture
async def there(buses: tuple[Bus, Bus], now: Now) -> AsyncIterator[Process]:
    process = Process(buses[1], now)
    yield process
    await process.kill()


async def test_whoever_comes_is_told_who_is_there(here: Process, there: Process, now: Now) -> None:
    alice = Connection(here, ALICE)
    now.advance(1)
    bob = Connection(there, BOB)

    await alice.sees("Alice", "Bob")
    await bob.sees("Alice", "Bob")
    assert bob.of("people")[-1]["people"] == [
        {"seat": "s1", "name": "Alice", "role": "host"},
        {"seat": "s2", "name": "Bob", "role": "candidate"},
    ]
    assert here.circles.people("live") == there.circles.people("live") == [ALICE, BOB]


async def test_whoever_goes_is_gone_everywhere(here: Process, there: Process, now: Now) -> None:
    alice = Connection(here, ALICE)
    now.advance(1)
    bob = Connection(there, BOB)
    await alice.sees("Alice", "Bob")

    bob.leave()
    bob.leave()

    await alice.sees("Alice")
    await until(lambda: bob.closed)
    assert there.circles.people("live") == [ALICE]


async def test_sessions_do_not_mix(here: Process, there: Process) -> None:
    alice = Connection(here, ALICE, "one")
    bob = Connection(there, BOB, "other")
    here.circles.signal("one", {"type": "laser"}, to=EVERYBODY)
    await until(lambda: len(alice.of("laser")) == 1)

    assert (alice.names, bob.names, bob.of("laser")) == (["Alice"], ["Bob"], [])


async def test_two_tabs_of_a_seat_are_one_person(here: Process, there: Process, now: Now) -> None:
    alice = Connection(here, ALICE)
    now.advance(1)
    first, second = Connection(there, BOB), Connection(here, BOB)
    await alice.sees("Alice", "Bob")
    await second.sees("Alice", "Bob")
    told = len(alice.of("people"))

    first.leave()
    third = Connection(there, CHARLIE)
    await third.sees("Alice", "Bob", "Charlie")
    await alice.sees("Alice", "Bob", "Charlie")

    assert here.circles.people("live") == [ALICE, BOB, CHARLIE]
    assert len(alice.of("people")) == told + 1


async def test_a_seat_is_what_its_newest_connection_says(
    here: Process, there: Process, now: Now
) -> None:
    alice = Connection(here, ALICE)
    now.advance(1)
    bob = Connection(there, BOB)
    await alice.sees("Alice", "Bob")
    now.advance(1)

    Connection(there, Person("s2", "Robert", Role.WATCHER))
    await alice.sees("Alice", "Robert")
    bob.leave()
    here.circles.changed("live")
    await until(lambda: len(alice.of("changed")) == 1)

    assert there.circles.people("live")[1] == Person("s2", "Robert", Role.WATCHER)
    assert here.circles.people("live") == there.circles.people("live")


async def test_a_process_that_was_killed_leaves_nobody_behind(
    here: Process, there: Process, now: Now
) -> None:
    alice = Connection(here, ALICE)
    now.advance(1)
    Connection(there, BOB)
    await alice.sees("Alice", "Bob")

    await there.kill()
    now.advance(EXPIRES_AFTER_MS - 1)
    assert here.circles.people("live") == [ALICE, BOB]
    now.advance(1)

    assert here.circles.people("live") == [ALICE]
    await alice.sees("Alice")


async def test_whoever_stays_is_announced_again(here: Process, there: Process, now: Now) -> None:
    alice = Connection(here, ALICE)
    now.advance(1)
    Connection(there, BOB)
    await alice.sees("Alice", "Bob")

    def latest() -> int:
        return max(bob.until or 0 for bob in here.circles._others["live"].values())

    for _ in range(2 * EXPIRES_AFTER_MS // ANNOUNCE_EVERY_MS):
        now.advance(ANNOUNCE_EVERY_MS)
        await until(lambda: latest() == now() + EXPIRES_AFTER_MS)

    assert here.circles.people("live") == [ALICE, BOB]
    assert len(alice.of("people")) == 2


async def test_a_process_that_comes_later_learns_who_is_there(postgres: Postgres, now: Now) -> None:
    first, second = PostgresBus(postgres.url), PostgresBus(postgres.url)
    early = Process(first, now)
    Connection(early, ALICE)
    tasks = [asyncio.create_task(first.run())]
    await early.kill()  # it announces nothing by itself any more, but answers

    late = Process(second, now)
    tasks.append(asyncio.create_task(second.run()))

    await until(lambda: late.circles.people("live") == [ALICE])
    for task in tasks:
        task.cancel()
    await late.kill()


async def test_many_people_fit(here: Process, there: Process, now: Now) -> None:
    names = [f"{number:02} " + "∇" * 47 for number in range(60)]
    for number, name in enumerate(names):
        now.advance(1)
        Connection(there, Person(f"seat-{number}", name, Role.WATCHER))
    await until(lambda: len(here.circles.people("live")) == 60)
    here.circles._others.clear()

    now.advance(ANNOUNCE_EVERY_MS)

    await until(lambda: len(here.circles.people("live")) == 60)
    assert [person.name for person in here.circles.people("live")] == names


async def test_a_signal_reaches_those_whom_it_is_for(here: Process, there: Process) -> None:
    hosts = [Connection(process, ALICE) for process in (here, there)]
    bob, charlie = Connection(there, BOB), Connection(there, CHARLIE)

    here.circles.signal("live", {"type": "laser", "x": 1}, to={Role.HOST, Role.CANDIDATE}, by="s1")
    here.circles.signal("live", {"type": "laser", "x": 2}, to={Role.HOST, Role.WATCHER})
    await until(lambda: all(host.of("laser") for host in hosts) and len(charlie.of("laser")) == 1)

    assert bob.of("laser") == [{"type": "laser", "x": 1}]
    assert charlie.of("laser") == [{"type": "laser", "x": 2}]
    assert [host.of("laser") for host in hosts] == [[{"type": "laser", "x": 2}]] * 2


async def test_signals_keep_their_order(here: Process, there: Process) -> None:
    bob = Connection(there, BOB)

    for x in range(100):
        here.circles.signal("live", {"type": "laser", "x": x}, to=[Role.CANDIDATE])
    await until(lambda: len(bob.of("laser")) == 100)

    assert [message["x"] for message in bob.of("laser")] == list(range(100))


async def test_of_a_change_everybody_hears_after_their_server(
    here: Process, there: Process
) -> None:
    alice, bob = Connection(here, ALICE), Connection(there, BOB)
    closed: list[str] = []

    def close_bob(session_id: str) -> None:
        assert bob.of("changed") == []
        closed.append(session_id)
        bob.member.close()

    there.circles.on_change.append(close_bob)
    here.circles.changed("live")
    await until(lambda: bob.closed and len(alice.of("changed")) == 1)

    assert closed == ["live"]
    assert bob.of("changed") == []


async def test_a_change_may_be_told_from_a_thread(here: Process, there: Process) -> None:
    bob = Connection(there, BOB)

    await asyncio.to_thread(here.circles.changed, "live")

    await until(lambda: bob.of("changed") == [{"type": "changed"}])


async def test_one_that_stops_reading_is_closed_and_holds_up_nobody(
    here: Process, there: Process
) -> None:
    stuck, bob = Connection(there, ALICE), Connection(there, BOB)
    await stuck.sees("Alice", "Bob")
    stuck.reads.clear()

    for x in range(MAX_WAITING_MESSAGES + 10):
        here.circles.signal("live", {"type": "laser", "x": x}, to=EVERYBODY)
        if x % 100 == 0:
            await until(lambda: len(bob.of("laser")) == x + 1)  # noqa: B023
    await until(lambda: len(bob.of("laser")) == MAX_WAITING_MESSAGES + 10)

    stuck.reads.set()
    await until(lambda: stuck.closed)
    assert not bob.closed


async def test_when_the_bus_comes_back_everybody_looks_again(
    here: Process, there: Process, now: Now
) -> None:
    alice = Connection(here, ALICE)
    now.advance(1)
    Connection(there, BOB)
    await alice.sees("Alice", "Bob")
    here.circles._others.clear()
    seen: list[str] = []
    here.circles.on_change.append(seen.append)

    here.circles._hear("")

    await until(lambda: here.circles.people("live") == [ALICE, BOB])
    await until(lambda: len(alice.of("changed")) == 1)
    assert seen == ["live"]
