"""Whatever happens on two processes, there is one log."""

import asyncio
import random
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app.practice.events import Event
from app.practice.roles import Role
from app.storage.recordings import read_log
from app.storage.shared_logs import clock_of
from tests.helpers import MINUTE, Now, ink, line, mark, until
from tests.live.helpers import Page, keep_running, stored_row
from tests.live.processes.helpers import PAUSE, RESUME, Processes

pytestmark = pytest.mark.anyio


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
