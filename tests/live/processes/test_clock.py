"""Several processes have one clock of an attempt, and one end."""

import asyncio

import pytest
from sqlalchemy import Engine

from app.errors import Conflict
from app.practice.clock import ALLOWANCE_MS
from app.practice.events import Event
from app.practice.roles import Role
from tests.helpers import MINUTE, NOON, SECOND, Now, end, ink, mark, start, until
from tests.live.helpers import LIMIT, keep_running, stored_log, stored_row
from tests.live.processes.helpers import PAUSE, RESUME, Processes, bus_listens, refusals

pytestmark = pytest.mark.anyio


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
    other.send(start())  # refused at once; after all for another reason
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
