"""Several processes on one database: one log, one order, and nothing lost or stored twice."""

import asyncio
import random
import threading
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, create_engine, text

from app.errors import Conflict, Unavailable
from app.library.models import Library
from app.live.bus import Bus, MemoryBus, PostgresBus
from app.live.hub import Hub
from app.live.journal import Batch, write
from app.live.shelf import Shelf
from app.practice.clock import ALLOWANCE_MS
from app.practice.events import Event
from app.practice.roles import Role
from app.storage.recordings import read_log
from app.storage.shared_logs import clock_of
from tests.helpers import MINUTE, NOON, SECOND, Now, end, ink, line, mark, start, until
from tests.live.helpers import LIMIT, Page, keep_running, stored_log, stored_row
from tests.postgres import Postgres

pytestmark = pytest.mark.anyio

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


def refusals(page: Page) -> list[tuple[int, str]]:
    return [(n, reason) for ack in page.of("ack") for n, reason, _ in ack["refused"]]


async def test_what_one_process_stores_is_read_at_the_other(
    processes: Processes, engine: Engine, now: Now
) -> None:
    keep_running(engine)
    writer = await processes.start().page("a")
    reader = await processes.start().page("b")
    now.advance(MINUTE)

    writer.send(ink(1_000), line(2_000))

    assert await reader.sees(3) == [
        [1, 0, "start", {}],
        [2, 1_000, "ink", ink().data],
        [3, 2_000, "line", line().data],
    ]
    assert (await writer.hears("ack"))["refused"] == []
    writer.send(mark(3_000))
    assert (await reader.sees(4))[3] == [4, 3_000, "mark", {}]


async def test_both_append_and_every_reader_sees_one_order(
    processes: Processes, engine: Engine, now: Now
) -> None:
    keep_running(engine)
    here, there = processes.start(), processes.start()
    writers = [await here.page("a"), await there.page("b")]
    readers = [await here.page("x"), await there.page("y")]
    now.advance(MINUTE)

    for number in range(50):
        for writer in writers:
            writer.send(mark(number), mark(number))
        if number % 7 == 0:
            await asyncio.sleep(0.001)
    for writer in writers:
        await writer.acknowledged(100)
    seen = [await reader.sees(201) for reader in readers]

    assert seen[0] == seen[1]
    assert [event[0] for event in seen[0]] == list(range(1, 202))
    assert refusals(writers[0]) == refusals(writers[1]) == []
    assert stored_log(engine) == [Event(t, code, data) for _, t, code, data in seen[0]]


async def test_a_page_that_moves_on_to_another_process_loses_and_doubles_nothing(
    processes: Processes, engine: Engine
) -> None:
    keep_running(engine)
    here, there = processes.start(deaf=True), processes.start(deaf=True)
    before, reader = await here.page("a"), await there.page("x")
    before.send(mark(), mark())
    await before.hears("ack")

    # It was not heard here yet that the first two are stored there.
    before.send(mark())
    after = await there.page("a", after=3)
    after.send(mark(), mark(), mark(), mark(), first=1)
    await before.acknowledged(3)
    await after.hears("ack")

    assert len(stored_log(engine)) == 1 + 4
    assert refusals(before) == refusals(after) == []
    assert [event[0] for event in await reader.sees(5)] == [1, 2, 3, 4, 5]


async def test_an_end_on_one_process_stops_the_other(
    processes: Processes, engine: Engine, now: Now
) -> None:
    keep_running(engine)
    one, other = await processes.start().page("a"), await processes.start().page("b")
    now.advance(MINUTE)

    one.send(end(MINUTE))
    assert (await other.sees(2))[1] == [2, MINUTE, "end", {"why": "done"}]
    now.advance(SECOND)
    other.send(mark(1))

    assert (await other.hears("ack"))["elapsed"] == MINUTE
    assert refusals(other) == [(1, "ended")]


async def test_what_was_taken_without_knowing_of_the_end_is_refused_after_all(
    processes: Processes, engine: Engine, now: Now
) -> None:
    keep_running(engine)
    one = await processes.start(deaf=True).page("a")
    other = await processes.start(deaf=True).page("b")
    now.advance(MINUTE)
    other.send(mark(1))
    await other.hears("ack")
    one.send(end(MINUTE))
    await one.hears("ack")

    other.send(mark(2), mark(3))
    other.send(mark(4))
    await other.acknowledged(4)

    assert refusals(other) == [(2, "ended"), (3, "ended"), (4, "ended")]
    assert stored_log(engine) == [start(), mark(1), end(MINUTE)]
    assert [event[2] for event in await other.sees(2)] == ["start", "end"]
    assert other.of("clock")[-1]["elapsed"] == MINUTE
    row = stored_row(engine)
    assert (row.ended_at, row.end_why) == (NOON + MINUTE, "done")


async def test_a_pause_stops_the_clock_of_every_process(
    processes: Processes, engine: Engine, now: Now
) -> None:
    keep_running(engine, mode="live")
    host = await processes.start().page("a", role=Role.HOST)
    candidate = await processes.start().page("b", role=Role.CANDIDATE)
    now.advance(MINUTE)

    host.send(PAUSE)
    await until(lambda: [clock.get("stands") for clock in candidate.of("clock")][-1:] == [True])
    assert candidate.of("clock")[-1].items() >= {"elapsed": MINUTE, "limit": LIMIT}.items()
    now.advance(MINUTE)
    candidate.send(ink(2 * MINUTE), mark())
    await candidate.hears("ack")
    host.send(RESUME, Event(0, "extend", {"ms": MINUTE}))
    await until(lambda: candidate.of("clock")[-1]["limit"] == LIMIT + MINUTE)
    assert candidate.of("clock")[-1]["elapsed"] == MINUTE
    assert "stands" not in candidate.of("clock")[-1]
    now.advance(SECOND)
    candidate.send(ink(MINUTE + SECOND))
    await candidate.acknowledged(3)

    assert refusals(candidate) == [(1, "not-now")]
    assert candidate.of("ack")[-1]["elapsed"] == MINUTE + SECOND
    row = stored_row(engine)
    assert (row.started_at, row.limit_ms, row.paused_at) == (NOON + MINUTE, LIMIT + MINUTE, None)


async def test_of_two_that_pause_in_the_same_moment_one_is_told_that_it_stands(
    processes: Processes, engine: Engine, now: Now
) -> None:
    keep_running(engine, mode="live")
    hosts = [await processes.start(deaf=True).page(source, role=Role.HOST) for source in ("a", "b")]
    now.advance(MINUTE)

    for host in hosts:
        host.send(PAUSE, ink(1_000))
    for host in hosts:
        await host.hears("ack")

    assert sorted(refusals(hosts[0]) + refusals(hosts[1])) == [(1, "not-now")]
    assert [event.code for event in stored_log(engine)] == ["start", "pause", "ink", "ink"]


async def test_two_that_see_the_time_run_out_write_one_end(
    processes: Processes, engine: Engine, now: Now
) -> None:
    keep_running(engine)
    pages = [await processes.start().page(source) for source in "abc"]
    pages[0].send(ink())
    await pages[0].hears("ack")

    now.advance(LIMIT + ALLOWANCE_MS)
    for page in pages:
        await until(lambda: page.seen[-1:] == [[3, LIMIT, "end", {"why": "time"}]])  # noqa: B023
        await page.room.stored()

    assert stored_log(engine) == [start(), ink(), end(LIMIT, "time")]


async def test_of_two_that_end_it_one_is_told_that_it_is_over(
    processes: Processes, engine: Engine, now: Now
) -> None:
    keep_running(engine)
    hubs = [processes.start(deaf=True).hub for _ in range(3)]
    now.advance(MINUTE)

    ended = await asyncio.gather(
        *(hub.end("abcd", "abandoned") for hub in hubs), return_exceptions=True
    )

    assert [type(outcome) for outcome in ended if outcome is not None] == [Conflict, Conflict]
    assert stored_log(engine) == [start(), end(MINUTE, "abandoned")]


async def test_a_clock_that_another_process_started_is_watched_too(
    processes: Processes, engine: Engine, now: Now
) -> None:
    here, there = processes.start(), processes.start()
    await until(lambda: here.hub.running and there.hub.running)
    await asyncio.gather(*(bus_listens(process) for process in (here, there)))
    here.hub.watch(keep_running(engine, started_at=NOON + MINUTE))
    await until(lambda: there.hub._alarms.get("abcd") == NOON + MINUTE)
    await here.stop()

    now.advance(MINUTE)
    await until(lambda: stored_log(engine) == [start()])
    now.advance(LIMIT + ALLOWANCE_MS)
    await until(lambda: stored_row(engine).ended_at is not None)

    assert stored_log(engine) == [start(), end(LIMIT, "abandoned")]


async def bus_listens(process: Process) -> None:
    heard = asyncio.Event()
    process.bus.subscribe("test", lambda _: heard.set())
    while not heard.is_set():
        process.bus.publish("test", "listening?")
        await asyncio.sleep(0.005)


async def test_an_alarm_follows_what_others_do_to_the_clock(
    processes: Processes, engine: Engine
) -> None:
    keep_running(engine, mode="live")
    here, there = processes.start(), processes.start()
    await asyncio.gather(*(bus_listens(process) for process in (here, there)))
    host = await here.page("a", role=Role.HOST)
    due = NOON + LIMIT + ALLOWANCE_MS
    await until(lambda: there.hub._alarms.get("abcd") == due)

    host.send(Event(0, "extend", {"ms": MINUTE}))
    await until(lambda: there.hub._alarms.get("abcd") == due + MINUTE)
    host.send(end(0))

    await until(lambda: "abcd" not in there.hub._alarms)


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


async def test_what_was_not_heard_is_made_up_for_when_the_bus_is_back(
    processes: Processes, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.live.bus.FIRST_WAIT_S", 0.05)
    keep_running(engine)
    here, there = processes.start(), processes.start()
    await bus_listens(there)
    writer, reader = await here.page("a"), await there.page("b")

    await asyncio.to_thread(cut_lines, engine, "LISTEN %")
    writer.send(mark(), mark())
    await writer.hears("ack")

    assert [event[0] for event in await reader.sees(3)] == [1, 2, 3]


class Slow:
    """Holds up the commits of a process once it holds its attempts, from the moment it is told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, engine: Engine) -> None:
        self.holds = threading.Event()
        self.goes_on = threading.Event()
        self._engine = engine
        monkeypatch.setattr("app.live.shared_journal.write", self._hold)

    def _hold(self, session: Session, batches: Sequence[Batch]) -> None:
        if session.get_bind() is self._engine:
            self.holds.set()
            assert self.goes_on.wait(10)
        write(session, batches)


async def test_others_wait_for_one_that_commits_and_come_after_it(
    processes: Processes, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_running(engine)
    here, there = processes.start(), processes.start()
    first, second = await here.page("a"), await there.page("b")
    await first.room.stored()
    slow = Slow(monkeypatch, here.engine)

    first.send(mark(), line())
    await until(slow.holds.is_set)
    second.send(mark(), ink())
    await asyncio.sleep(0.02)
    assert second.of("ack") == []
    slow.goes_on.set()
    await first.hears("ack")
    await second.hears("ack")

    assert [event.code for event in stored_log(engine)] == ["start", "mark", "line", "mark", "ink"]
    assert [event[0] for event in await second.sees(3)] == [1, 2, 3]
    assert [event[0] for event in await first.sees(3)] == [1, 4, 5]


async def test_a_process_that_dies_in_the_middle_leaves_nothing_half_done(
    processes: Processes, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_running(engine)
    here, there = processes.start(), processes.start()
    dying, other = await here.page("a"), await there.page("b")
    await dying.room.stored()
    slow = Slow(monkeypatch, here.engine)

    dying.send(mark(), mark())
    await until(slow.holds.is_set)
    other.send(line())
    # What the database sees of a process that was killed: its connection is gone.
    await asyncio.to_thread(cut_lines, engine, "SELECT attempt.id, (SELECT max%")
    slow.goes_on.set()
    await until(lambda: dying.closed)
    await other.hears("ack")
    again = await there.page("a", after=1)
    again.send(mark(), mark(), first=1)
    await again.hears("ack")

    assert dying.of("ack") == []
    assert [event.code for event in stored_log(engine)] == ["start", "line", "mark", "mark"]


async def test_one_that_stands_still_does_not_hold_up_the_others_for_ever(
    processes: Processes, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.storage.shared_logs.LONGEST_HOLD_MS", 50)
    keep_running(engine)
    here, there = processes.start(), processes.start()
    still, other = await here.page("a"), await there.page("b")
    await still.room.stored()
    slow = Slow(monkeypatch, here.engine)

    still.send(mark())
    await until(slow.holds.is_set)
    other.send(line())
    await other.hears("ack")
    slow.goes_on.set()
    await until(lambda: still.closed)

    assert [event.code for event in stored_log(engine)] == ["start", "line"]


async def test_a_room_whose_log_has_shrunk_is_made_anew(
    processes: Processes, engine: Engine
) -> None:
    keep_running(engine)
    process = processes.start(deaf=True)
    page = await process.page("a")
    page.send(mark(), mark())
    await page.hears("ack")
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM event WHERE seq = 3"))

    with pytest.raises(Unavailable):
        await process.page("b")

    again = await process.page("b")
    assert [event[0] for event in await again.sees(2)] == [1, 2]


class Story:
    """Two processes, in each the same hosts and candidates, and somebody who looks on. They do what
    chance says; as browsers do, they send again, here or there, what was not acknowledged."""

    def __init__(self, seed: int, processes: Processes, now: Now) -> None:
        self.chance = random.Random(seed)
        self.processes = processes
        self.now = now
        self.sent: dict[str, list[Event]] = {source: [] for source in ("h1", "h2", "c1", "c2")}
        self.pages: list[Page] = []
        self.watchers: list[Page] = []

    async def begin(self) -> None:
        for deaf in (self.chance.random() < 0.3, self.chance.random() < 0.3):
            process = self.processes.start(deaf=deaf)
            for source in self.sent:
                role = Role.HOST if source.startswith("h") else Role.CANDIDATE
                self.pages.append(await process.page(source, role=role))
            self.watchers.append(await process.page("w", role=Role.WATCHER))

    async def go_on(self) -> None:
        page = self.chance.choice(self.pages)
        self.sent[page.source].extend(self._events(page.reader.role))
        self.send(page, self.chance.randrange(6))
        if self.chance.random() < 0.3:
            self.now.advance(self.chance.randrange(2_000))
        for _ in range(self.chance.randrange(4)):
            await asyncio.sleep(self.chance.random() * 0.003)

    def _events(self, role: Role) -> list[Event]:
        usual = [ink(0), mark(0), line(0)] if role is Role.CANDIDATE else [ink(0)]
        clock = [PAUSE, RESUME, Event(0, "extend", {"ms": 1_000})] if role is Role.HOST else []
        return self.chance.choices(usual * 3 + clock, k=self.chance.randrange(1, 4))

    def send(self, page: Page, again: int = 0) -> None:
        sent = self.sent[page.source]
        first = max(1, self.acknowledged(page.source) + 1 - again)
        if len(sent) >= first:
            page.send(*sent[first - 1 :], first=first)

    def acks(self, source: str) -> list[dict[str, Any]]:
        return [ack for page in self.pages for ack in page.of("ack") if ack["source"] == source]

    def acknowledged(self, source: str) -> int:
        return max((ack["through"] for ack in self.acks(source)), default=0)

    def refused(self, source: str) -> set[int]:
        return {n for ack in self.acks(source) for n, _, _ in ack["refused"]}

    async def finish(self) -> None:
        for page in self.pages:
            self.send(page)
        for source, sent in self.sent.items():
            await until(lambda: self.acknowledged(source) == len(sent))  # noqa: B023
        # Who is deaf hears of the others when it looks.
        for page in self.pages:
            await page.room.caught_up()


@pytest.mark.parametrize("seed", range(12))
async def test_whatever_happens_there_is_one_log(
    processes: Processes, engine: Engine, now: Now, seed: int
) -> None:
    keep_running(engine, mode="live", limit_ms=50 * MINUTE)
    now.advance(MINUTE)
    story = Story(seed, processes, now)
    await story.begin()

    for _ in range(60):
        await story.go_on()
    await story.finish()

    with Session(engine) as session:
        rows = read_log(session, "abcd")
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
    log = [(row.seq, row.t, row.code) for row in rows]
    for watcher in story.watchers:
        assert [tuple(event[:3]) for event in await watcher.sees(len(rows))] == log
    for source, sent in story.sent.items():
        stored = [(row.n, row.code) for row in rows if row.source == source]
        assert stored == [(n, sent[n - 1].code) for n, _ in sorted(stored)]
        missing = set(range(1, len(sent) + 1)) - {n for n, _ in stored}
        assert missing <= story.refused(source)
    stands = [row.code for row in rows if row.code in ("pause", "resume")]
    assert stands == ["pause", "resume"] * (len(stands) // 2) + ["pause"] * (len(stands) % 2)
    for page in story.pages:
        assert page.room.attempt.clock == clock_of(stored_row(engine))
