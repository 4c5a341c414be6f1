"""Clocks run when nobody looks, and a server that comes back goes on where it stopped."""

import asyncio

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app.errors import Conflict, NotFound
from app.library.models import Library
from app.live.hub import Hub
from app.live.shelf import Shelf
from app.practice.clock import ALLOWANCE_MS, RETURN_ALLOWANCE_MS
from app.storage.attempts import delete_attempt
from tests.helpers import MINUTE, NOON, Now, end, hint, ink, mark, start, until
from tests.live.helpers import (
    LIMIT,
    Page,
    keep_running,
    running,
    stored_log,
    stored_row,
)

pytestmark = pytest.mark.anyio


def is_over(engine: Engine, attempt_id: str = "abcd") -> bool:
    return stored_row(engine, attempt_id).ended_at is not None


async def test_an_unknown_attempt_has_no_room(hub: Hub) -> None:
    with pytest.raises(NotFound):
        await hub.open("nobody")


async def test_everybody_comes_into_the_same_room(hub: Hub, engine: Engine) -> None:
    keep_running(engine)

    one, other = await asyncio.gather(hub.open("abcd"), hub.open("abcd"))

    assert one is other


async def test_a_clock_starts_when_nobody_is_connected(hub: Hub, engine: Engine, now: Now) -> None:
    hub.watch(keep_running(engine, started_at=NOON + 30_000))
    now.advance(30_000)

    await until(lambda: stored_log(engine) == [start()])


async def test_a_clock_runs_out_when_nobody_is_connected(
    hub: Hub, engine: Engine, now: Now
) -> None:
    hub.watch(keep_running(engine))
    page = Page(await hub.open("abcd"))
    page.send(ink())
    await page.hears("ack")
    await page.leave()
    hub.close_if_idle("abcd")

    now.advance(LIMIT + ALLOWANCE_MS)
    await until(lambda: is_over(engine))

    assert stored_log(engine) == [start(), ink(), end(LIMIT, "time")]
    row = stored_row(engine)
    assert (row.ended_at, row.end_why) == (NOON + LIMIT, "time")


async def test_a_clock_runs_out_before_the_eyes_of_every_page(
    hub: Hub, engine: Engine, now: Now
) -> None:
    room = await hub.open(keep_running(engine))
    pages = [Page(room, source) for source in "abc"]
    pages[0].send(ink())
    await pages[0].hears("ack")

    now.advance(LIMIT + ALLOWANCE_MS)

    for page in pages:
        await until(lambda: page.seen[-1][1:] == [LIMIT, "end", {"why": "time"}])  # noqa: B023


async def test_clocks_of_many_attempts_run_out_together(hub: Hub, engine: Engine, now: Now) -> None:
    names = [f"abc{letter}" for letter in "defghijk"]
    for name in names:
        hub.watch(keep_running(engine, name))
    now.advance(LIMIT + ALLOWANCE_MS)

    # Pages are asked for in the same moment in which the clocks are looked at.
    await asyncio.gather(*(hub.settle(name) for name in reversed(names)))
    await until(lambda: all(is_over(engine, name) for name in names))

    hub.watch(keep_running(engine, "next"))
    await until(lambda: is_over(engine, "next"))


async def test_a_page_opened_while_clocks_are_rung_does_not_stop_the_watch(
    hub: Hub, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle = hub.settle

    async def settle_slowly(attempt_id: str) -> None:
        if attempt_id == "efgh":
            await hub.open("ijkl")
        await settle(attempt_id)

    for name in ("efgh", "ijkl"):
        keep_running(engine, name)
    monkeypatch.setattr(hub, "settle", settle_slowly)
    hub.watch("efgh")
    hub.watch("ijkl")
    await until(lambda: len(stored_log(engine, "efgh")) == len(stored_log(engine, "ijkl")) == 1)

    hub.watch(keep_running(engine))

    await until(lambda: stored_log(engine) == [start()])


async def test_a_deleted_attempt_does_not_stop_the_watch(hub: Hub, engine: Engine) -> None:
    keep_running(engine, "gone")
    with Session(engine) as session:
        delete_attempt(session, "gone", NOON)
        session.commit()
    hub.watch("gone")

    hub.watch(keep_running(engine))

    await until(lambda: stored_log(engine) == [start()])


async def test_an_attempt_is_ended_from_outside(hub: Hub, engine: Engine, now: Now) -> None:
    page = Page(await hub.open(keep_running(engine)))
    now.advance(MINUTE)

    await hub.end("abcd", "abandoned")

    assert stored_log(engine) == [start(), end(MINUTE, "abandoned")]
    assert (await page.sees(2))[1] == [2, MINUTE, "end", {"why": "abandoned"}]
    row = stored_row(engine)
    assert (row.ended_at, row.end_why) == (NOON + MINUTE, "abandoned")


async def test_ending_while_reading_starts_the_clock_first(
    hub: Hub, engine: Engine, now: Now
) -> None:
    keep_running(engine, started_at=NOON + 30_000)
    now.advance(10_000)

    await hub.end("abcd", "abandoned")

    assert stored_log(engine) == [start(), end(0, "abandoned")]
    row = stored_row(engine)
    assert (row.started_at, row.ended_at) == (NOON + 10_000, NOON + 10_000)


async def test_what_is_over_is_not_ended_again(hub: Hub, engine: Engine) -> None:
    await hub.end(keep_running(engine), "abandoned")

    with pytest.raises(Conflict):
        await hub.end("abcd", "abandoned")

    assert len(stored_log(engine)) == 2


async def test_a_refused_ending_leaves_no_room_behind(hub: Hub, engine: Engine) -> None:
    await hub.end(keep_running(engine), "abandoned")
    with pytest.raises(Conflict):
        await hub.end("abcd", "abandoned")
    first = await hub.open("abcd")
    hub.close_if_idle("abcd")

    assert await hub.open("abcd") is not first


async def test_a_room_stays_open_while_somebody_is_in_it(hub: Hub, engine: Engine) -> None:
    room = await hub.open(keep_running(engine))
    page = Page(room)
    await room.stored()

    hub.close_if_idle("abcd")
    assert await hub.open("abcd") is room

    await page.leave()
    hub.close_if_idle("abcd")
    assert await hub.open("abcd") is not room


async def test_a_new_server_goes_on_where_the_old_one_stopped(
    engine: Engine, library: Library, now: Now
) -> None:
    keep_running(engine, mode="guided")
    async with running(Hub(engine, Shelf(library), now)) as old:
        page = Page(await old.open("abcd"), "a")
        now.advance(10_000)
        page.send(hint(1_000, 1), mark(2_000))
        await page.hears("ack")

    async with running(Hub(engine, Shelf(library), now)) as new:
        back = Page(await new.open("abcd"), "a", after=2)
        other = Page(await new.open("abcd"), "b")
        now.advance(10_000)
        back.send(mark(2_000), hint(12_000, 2), hint(12_500, 1), first=2)
        ack = await back.hears("ack")
        seen = await other.sees(4)

    assert [(n, reason) for n, reason, _ in ack["refused"]] == [(4, "not-now")]
    assert stored_log(engine) == [start(), hint(1_000, 1), mark(2_000), hint(12_000, 2)]
    assert [event[0] for event in seen] == [1, 2, 3, 4]
    assert seen[1][3]["prose"]


async def test_a_new_server_watches_the_clocks_of_the_old_one(
    engine: Engine, library: Library, now: Now
) -> None:
    keep_running(engine)
    now.advance(LIMIT + 10 * MINUTE)

    async with running(Hub(engine, Shelf(library), now)):
        await until(lambda: stored_log(engine) == [start()])
        now.advance(RETURN_ALLOWANCE_MS)
        await until(lambda: is_over(engine))

    assert stored_log(engine) == [start(), end(LIMIT, "abandoned")]
    assert stored_row(engine).ended_at == NOON + LIMIT


async def test_a_server_that_was_away_at_the_deadline_takes_what_was_on_its_way(
    engine: Engine, library: Library, now: Now
) -> None:
    keep_running(engine)
    now.advance(LIMIT + 10 * MINUTE)

    async with running(Hub(engine, Shelf(library), now)) as hub:
        page = Page(await hub.open("abcd"))
        now.advance(ALLOWANCE_MS - 1)
        page.send(ink(LIMIT - 500))
        ack = await page.hears("ack")

    assert ack["refused"] == []
    assert stored_log(engine) == [start(), ink(LIMIT - 500)]


async def test_stopping_stores_what_was_sent(engine: Engine, library: Library, now: Now) -> None:
    keep_running(engine)
    async with running(Hub(engine, Shelf(library), now)) as hub:
        page = Page(await hub.open("abcd"))
        for _ in range(20):
            page.send(mark())

    assert len(stored_log(engine)) == 1 + 20


async def test_an_attempt_whose_content_is_gone_keeps_its_clock(engine: Engine, now: Now) -> None:
    empty = Library(derivations={}, gotchas=(), errors=())
    keep_running(engine, mode="guided")

    async with running(Hub(engine, Shelf(empty), now)) as hub:
        page = Page(await hub.open("abcd"))
        page.send(hint(0, 1), mark())
        ack = await page.hears("ack")

    assert [reason for _, reason, _ in ack["refused"]] == ["not-now"]
    assert (await page.hears("welcome"))["hints"] == 0
