"""Processes that wait for each other, stand still or die in the middle of a commit."""

import asyncio
import threading
from collections.abc import Sequence

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, text

from app.errors import Unavailable
from app.live.journal import Batch, write
from tests.helpers import ink, line, mark, until
from tests.live.helpers import keep_running, stored_log
from tests.live.processes.helpers import Processes, cut_lines

pytestmark = pytest.mark.anyio


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
