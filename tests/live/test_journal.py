"""One writer, many in one commit: in order, and everybody hears how it went."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app.live.journal import Batch, Journal, Times
from app.practice.clock import Clock
from app.storage.recordings import Entry, read_log
from tests.helpers import NOON, mark, until
from tests.live.helpers import Disk, keep_running, stored_row

pytestmark = pytest.mark.anyio


class Waiter:
    """Appends batches, and notes which of them were answered, in which order, and how."""

    def __init__(self, journal: Journal) -> None:
        self.answers: list[tuple[str, Exception | None]] = []
        self._journal = journal

    def append(self, name: str, *numbers: int, times: Times | None = None) -> None:
        entries = [Entry.of("abcd", n, mark(n), "a", n, NOON) for n in numbers]
        self._journal.append(
            Batch(entries, times, lambda failure: self.answers.append((name, failure)))
        )

    async def answered(self, count: int) -> list[str]:
        await until(lambda: len(self.answers) >= count)
        return [name for name, _ in self.answers]


@contextlib.asynccontextmanager
async def kept(journal: Journal) -> AsyncIterator[Waiter]:
    task = asyncio.create_task(journal.run())
    yield Waiter(journal)
    journal.close()
    await task


def numbers_in(engine: Engine) -> list[int]:
    with Session(engine) as session:
        return [row.n for row in read_log(session, "abcd")]


async def test_an_answer_comes_after_the_commit(engine: Engine) -> None:
    keep_running(engine)
    async with kept(Journal(engine)) as waiter:
        waiter.append("one", 1, 2)

        await waiter.answered(1)

        assert waiter.answers == [("one", None)]
        assert numbers_in(engine) == [1, 2]


async def test_what_arrives_during_a_commit_is_stored_in_the_next_one(
    engine: Engine, disk: Disk
) -> None:
    keep_running(engine)
    disk.ready.clear()
    async with kept(Journal(engine)) as waiter:
        waiter.append("one", 1)
        await until(lambda: disk.commits == [1])
        for n in range(2, 12):
            waiter.append(f"batch {n}", n)
        assert waiter.answers == []

        disk.ready.set()
        names = await waiter.answered(11)

    assert disk.commits == [1, 10]
    assert names == ["one", *(f"batch {n}" for n in range(2, 12))]
    assert numbers_in(engine) == list(range(1, 12))


async def test_an_empty_batch_is_answered_in_its_turn(engine: Engine, disk: Disk) -> None:
    keep_running(engine)
    disk.ready.clear()
    async with kept(Journal(engine)) as waiter:
        waiter.append("one", 1)
        waiter.append("nothing to store")
        await until(lambda: disk.commits == [1])
        assert waiter.answers == []

        disk.ready.set()

        assert await waiter.answered(2) == ["one", "nothing to store"]


async def test_the_clock_is_stored_with_the_events(engine: Engine) -> None:
    keep_running(engine)
    async with kept(Journal(engine)) as waiter:
        clock = Clock(NOON + 5, 300_000, NOON + 60_005)
        waiter.append("end", 1, times=Times("abcd", clock, "done"))
        await waiter.answered(1)

    row = stored_row(engine)
    assert (row.started_at, row.ended_at, row.end_why) == (NOON + 5, NOON + 60_005, "done")


async def test_a_failure_tells_everyone_who_waits(engine: Engine, disk: Disk) -> None:
    keep_running(engine)
    disk.broken = True
    disk.ready.clear()
    async with kept(Journal(engine)) as waiter:
        waiter.append("in the commit", 1)
        await until(lambda: disk.commits == [1])
        waiter.append("behind it", 2)
        waiter.append("without entries")

        disk.ready.set()
        names = await waiter.answered(3)

    assert names == ["in the commit", "behind it", "without entries"]
    assert all(isinstance(failure, OSError) for _, failure in waiter.answers)
    assert disk.commits == [1]
    assert numbers_in(engine) == []


async def test_it_goes_on_after_a_failure(engine: Engine, disk: Disk) -> None:
    keep_running(engine)
    disk.broken = True
    async with kept(Journal(engine)) as waiter:
        waiter.append("lost", 1)
        await waiter.answered(1)
        disk.broken = False

        waiter.append("again", 1)
        await waiter.answered(2)

    assert waiter.answers[1] == ("again", None)
    assert numbers_in(engine) == [1]


async def test_one_entry_that_breaks_a_rule_undoes_its_whole_commit(
    engine: Engine, disk: Disk
) -> None:
    keep_running(engine)
    disk.ready.clear()
    async with kept(Journal(engine)) as waiter:
        waiter.append("first", 1)
        await until(lambda: disk.commits == [1])
        waiter.append("good", 2)
        waiter.append("twice", 1)
        disk.ready.set()
        await waiter.answered(3)

    assert [failure is None for _, failure in waiter.answers] == [True, False, False]
    assert numbers_in(engine) == [1]


async def test_what_was_appended_before_it_was_closed_is_stored(engine: Engine) -> None:
    keep_running(engine)
    journal = Journal(engine)
    Waiter(journal).append("one", 1)
    journal.close()

    await journal.run()

    assert numbers_in(engine) == [1]


async def test_closing_stores_what_waits(engine: Engine, disk: Disk) -> None:
    keep_running(engine)
    disk.ready.clear()
    async with kept(Journal(engine)) as waiter:
        waiter.append("one", 1)
        await until(lambda: disk.commits == [1])
        waiter.append("two", 2)
        disk.ready.set()

    assert await waiter.answered(2) == ["one", "two"]
    assert numbers_in(engine) == [1, 2]
