"""Several processes have one log of an attempt."""

import asyncio

import pytest
from sqlalchemy import Engine

from app.practice.events import Event
from tests.helpers import MINUTE, Now, ink, line, mark
from tests.live.helpers import keep_running, stored_log
from tests.live.processes.helpers import Processes, bus_listens, cut_lines, refusals

pytestmark = pytest.mark.anyio


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
