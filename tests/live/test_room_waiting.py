"""What waits for the same commit: it is stored together and answered together."""

import pytest
from sqlalchemy import Engine

from app.live.hub import Hub
from app.live.journal import Journal
from tests.helpers import NOON, Now, end, ink, mark, start, until
from tests.live.helpers import Disk, Page, keep_running, stored_log, stored_row

pytestmark = pytest.mark.anyio


@pytest.fixture
async def page(hub: Hub, engine: Engine, disk: Disk, now: Now) -> Page:
    """What it sends waits until the disk is ready; its second mark is being stored already."""
    page = Page(await hub.open(keep_running(engine)))
    now.advance(10_000)
    page.send(mark(1))
    await page.hears("ack")
    disk.ready.clear()
    disk.commits.clear()
    page.send(mark(2))
    await until(lambda: disk.commits == [1])
    return page


async def test_one_commit_and_one_answer(page: Page, engine: Engine, disk: Disk) -> None:
    page.send(mark(3))
    page.send(mark(4), mark(5))
    disk.ready.set()
    await page.acknowledged(5)

    assert [ack["through"] for ack in page.of("ack")] == [1, 2, 5]
    assert disk.commits == [1, 3]
    assert stored_log(engine) == [start(), *map(mark, range(1, 6))]


async def test_the_answer_lists_what_is_refused_of_all_of_them(page: Page, disk: Disk) -> None:
    page.send(start(), mark(3))
    page.send(mark(4), start())
    disk.ready.set()
    await page.acknowledged(6)

    refused = page.of("ack")[-1]["refused"]
    assert [number for number, *_ in refused] == [3, 6]


async def test_what_is_refused_is_told_even_if_the_page_reads_late(page: Page, disk: Disk) -> None:
    page.free = False
    page.send(start())
    disk.ready.set()
    await page.room.stored()
    page.send(mark(4))
    await page.room.stored()
    page.read_on()

    assert [len(ack["refused"]) for ack in page.of("ack")[1:]] == [0, 1, 0]


async def test_what_is_sent_again_takes_nothing_back(page: Page, disk: Disk) -> None:
    page.send(mark(3), mark(4))
    page.send(mark(2), first=2)
    disk.ready.set()
    await page.acknowledged(4)

    assert page.of("ack")[-1]["through"] == 4


async def test_pages_that_wait_together_are_told_each_of_their_own(page: Page, disk: Disk) -> None:
    other = Page(page.room, "b")
    page.send(mark(3))
    other.send(mark(3), start())
    disk.ready.set()
    await other.acknowledged(2)
    await page.acknowledged(3)

    assert [number for number, *_ in other.of("ack")[-1]["refused"]] == [2]
    assert page.of("ack")[-1]["refused"] == []


async def test_the_clock_is_stored_with_what_it_came_with(
    page: Page, engine: Engine, disk: Disk
) -> None:
    page.send(ink(6_000))
    page.send(end(7_000))
    page.send(mark(7_000))
    disk.ready.set()
    await page.acknowledged(5)

    row = stored_row(engine)
    assert (row.ended_at, row.end_why) == (NOON + 7_000, "done")


async def test_nobody_who_waits_is_kept_waiting_for_more(
    hub: Hub, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = Page(await hub.open(keep_running(engine)))
    monkeypatch.setattr(Journal, "pause_s", 3_600)
    page.send(mark(1))
    await page.hears("ack")

    page.send(mark(2))
    page.send(mark(1), first=1)  # stored long ago: only the answer was lost
    await page.acknowledged(2)
    page.send(mark(3), first=3)
    page.send(end(3))
    await page.acknowledged(4)

    assert stored_row(engine).end_why == "done"
