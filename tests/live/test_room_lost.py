"""When storing fails: nothing is acknowledged, pages come back, and what was stored is there."""

import asyncio

import pytest
from sqlalchemy import Engine

from app.errors import Unavailable
from app.live.hub import Hub
from tests.helpers import MINUTE, Now, ink, mark, start, until
from tests.live.helpers import Disk, Page, keep_running, stored_log, stored_row

pytestmark = pytest.mark.anyio


async def test_every_page_is_disconnected_and_nothing_is_acknowledged(
    hub: Hub, engine: Engine, disk: Disk
) -> None:
    room = await hub.open(keep_running(engine))
    writer, watcher = Page(room, "a"), Page(room, "b")
    writer.send(mark())
    await writer.hears("ack")
    disk.broken = True

    writer.send(ink())
    await until(lambda: writer.closed and watcher.closed)

    assert len(writer.of("ack")) == 1
    assert stored_log(engine) == [start(), mark()]


async def test_who_was_shown_what_is_lost_can_tell(hub: Hub, engine: Engine, disk: Disk) -> None:
    """By another life of the log, and by how much of it they know to be stored."""
    room = await hub.open(keep_running(engine))
    writer, watcher = Page(room, "a"), Page(room, "b")
    writer.send(mark())
    await writer.hears("ack")
    watcher.say(type="ping")
    await until(lambda: [clock["stored"] for clock in watcher.of("clock")][-1:] == [2])
    disk.broken = True
    disk.ready.clear()
    writer.send(ink())
    shown = await watcher.sees(3)
    disk.ready.set()
    await until(lambda: watcher.closed)
    disk.broken = False

    back = Page(await hub.open("abcd"), "b", after=3)

    assert [event[2] for event in shown] == ["start", "mark", "ink"]
    assert (await back.hears("welcome"))["life"] != watcher.of("welcome")[0]["life"]


async def test_a_room_that_was_left_and_is_opened_again_has_lost_nothing(
    hub: Hub, engine: Engine
) -> None:
    first = Page(await hub.open(keep_running(engine)), "a")
    first.send(mark())
    await first.hears("ack")
    await first.leave()
    hub.close_if_idle("abcd")

    again = Page(await hub.open("abcd"), "a")

    assert again.room is not first.room
    assert (await again.hears("welcome"))["life"] == first.of("welcome")[0]["life"]


async def test_a_new_room_has_what_was_stored_and_takes_the_rest_again(
    hub: Hub, engine: Engine, disk: Disk
) -> None:
    room = await hub.open(keep_running(engine))
    page = Page(room, "a")
    page.send(mark())
    await page.hears("ack")
    disk.broken = True
    page.send(ink())
    page.send(mark())
    await until(lambda: page.closed)
    disk.broken = False

    again = await hub.open("abcd")
    back = Page(again, "a", after=1)
    back.send(ink(), mark(), first=2)
    ack = await back.hears("ack")

    assert again is not room
    assert (await back.hears("welcome"))["stored"] == 2
    assert ack["through"] == 3
    assert stored_log(engine) == [start(), mark(), ink(), mark()]


async def test_other_attempts_go_on(hub: Hub, engine: Engine, disk: Disk) -> None:
    lost = Page(await hub.open(keep_running(engine, "abcd")), "a")
    disk.broken = True
    lost.send(mark())
    await until(lambda: lost.closed)
    disk.broken = False

    page = Page(await hub.open(keep_running(engine, "efgh")), "a")
    page.send(mark())

    assert (await page.hears("ack"))["through"] == 1
    assert stored_log(engine, "efgh") == [start(), mark()]


async def test_ending_says_that_it_could_not_be_stored(
    hub: Hub, engine: Engine, now: Now, disk: Disk
) -> None:
    await hub.settle(keep_running(engine))
    now.advance(MINUTE)
    disk.broken = True
    with pytest.raises(Unavailable):
        await hub.end("abcd", "abandoned")
    assert stored_row(engine).ended_at is None

    disk.broken = False
    await hub.end("abcd", "abandoned")

    assert stored_row(engine).end_why == "abandoned"


async def test_a_request_that_is_given_up_does_not_stop_the_journal(
    hub: Hub, engine: Engine
) -> None:
    page = Page(await hub.open(keep_running(engine)), "a")
    waiting = asyncio.create_task(page.room.stored())
    await asyncio.sleep(0)
    waiting.cancel()

    page.send(mark())

    assert await page.hears("ack")
