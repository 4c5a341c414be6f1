"""When storing fails: nothing is acknowledged, pages come back, and what was stored is there."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine

from app.errors import Unavailable
from app.live.hub import Hub
from app.storage import recordings
from tests.helpers import MINUTE, Now, ink, mark, start, until
from tests.live.helpers import Page, keep_running, stored_log, stored_row

pytestmark = pytest.mark.anyio

Break = Callable[[bool], None]


@pytest.fixture
def breaks(monkeypatch: pytest.MonkeyPatch) -> Break:
    """Breaks the disk, or mends it."""
    broken = False

    def append(*arguments: Any) -> None:
        if broken:
            raise OSError("no space left on device")
        recordings.append_entries(*arguments)

    def set_broken(value: bool) -> None:
        nonlocal broken
        broken = value

    monkeypatch.setattr("app.live.journal.append_entries", append)
    return set_broken


async def test_every_page_is_disconnected_and_nothing_is_acknowledged(
    hub: Hub, engine: Engine, breaks: Break
) -> None:
    room = await hub.open(keep_running(engine))
    writer, watcher = Page(room, "a"), Page(room, "b")
    writer.send(mark())
    await writer.hears("ack")
    breaks(True)

    writer.send(ink())
    await until(lambda: writer.closed and watcher.closed)

    assert len(writer.of("ack")) == 1
    assert stored_log(engine) == [start(), mark()]


async def test_who_was_shown_what_is_lost_can_tell(hub: Hub, engine: Engine, breaks: Break) -> None:
    """By another life of the log, and by how much of it they know to be stored."""
    room = await hub.open(keep_running(engine))
    writer, watcher = Page(room, "a"), Page(room, "b")
    writer.send(mark())
    await writer.hears("ack")
    watcher.say(type="ping")
    await until(lambda: [clock["stored"] for clock in watcher.of("clock")][-1:] == [2])
    breaks(True)
    writer.send(ink())
    await until(lambda: watcher.closed)
    breaks(False)

    back = Page(await hub.open("abcd"), "b", after=3)

    assert [event[0] for event in watcher.seen][-1] == 3
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
    hub: Hub, engine: Engine, breaks: Break
) -> None:
    room = await hub.open(keep_running(engine))
    page = Page(room, "a")
    page.send(mark())
    await page.hears("ack")
    breaks(True)
    page.send(ink())
    page.send(mark())
    await until(lambda: page.closed)
    breaks(False)

    again = await hub.open("abcd")
    back = Page(again, "a", after=1)
    back.send(ink(), mark(), first=2)
    ack = await back.hears("ack")

    assert again is not room
    assert (await back.hears("welcome"))["stored"] == 2
    assert ack["through"] == 3
    assert stored_log(engine) == [start(), mark(), ink(), mark()]


async def test_other_attempts_go_on(hub: Hub, engine: Engine, breaks: Break) -> None:
    lost = Page(await hub.open(keep_running(engine, "abcd")), "a")
    breaks(True)
    lost.send(mark())
    await until(lambda: lost.closed)
    breaks(False)

    page = Page(await hub.open(keep_running(engine, "efgh")), "a")
    page.send(mark())

    assert (await page.hears("ack"))["through"] == 1
    assert stored_log(engine, "efgh") == [start(), mark()]


async def test_ending_says_that_it_could_not_be_stored(
    hub: Hub, engine: Engine, now: Now, breaks: Break
) -> None:
    await hub.settle(keep_running(engine))
    now.advance(MINUTE)
    breaks(True)
    with pytest.raises(Unavailable):
        await hub.end("abcd", "abandoned")
    assert stored_row(engine).ended_at is None

    breaks(False)
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
