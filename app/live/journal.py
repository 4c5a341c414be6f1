"""The journal: one writer that stores the entries of all attempts, many in one commit.

While a commit waits for the disk, what arrives gathers for the next: the busier it is, the larger
the commits, and an acknowledgement never waits for more than two. It waits a little between
commits: each has a price of its own, which larger ones share; those who look on do not wait for
it. Entries are stored in the order in which they were appended.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Engine

from app.practice.clock import Clock
from app.storage.recordings import Entry, Writable, append_entries, set_times
from app.storage.shared_logs import Appended

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Times:
    """The clock of an attempt as its log has it now, to be repeated in the attempt's row; when time
    alone will bring the next event."""

    attempt_id: str
    clock: Clock
    end_why: str | None
    next_due: int | None = None


class Tail(Protocol):
    """The end of a log that is open here, while other processes append to it too."""

    @property
    def attempt_id(self) -> str: ...

    @property
    def head(self) -> int:
        """The number of the last event that is known to be stored."""

    def overtaken(self, appended: Appended) -> None:
        """Others have stored these events after `head`: numbers what waits here after them, so
        far as it still may be stored."""


@dataclass(slots=True)
class Batch:
    """What is to be stored together, and what to do once it is: `stored(None)` or the failure.
    Where other processes append to the log too, `tail` is its end here; without `writes` it is
    only looked at. `urgent`: somebody waits for it. `open`: more entries may be added still."""

    entries: list[Entry]
    times: Times | None
    stored: Callable[[Exception | None], None]
    tail: Tail | None = None
    writes: bool = True
    urgent: bool = True
    open: bool = True


class Journal:
    # After a commit.
    pause_s = 0.080

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._waiting: list[Batch] = []
        self._wake = asyncio.Event()
        self._hurry = asyncio.Event()
        self._closing = False
        # Kept open: to take it out of the pool and put it back costs as much as a small commit.
        self._connection: Writable | None = None

    def append(self, batch: Batch) -> None:
        self._waiting.append(batch)
        self._wake.set()
        if batch.urgent:
            self.hurry()

    def hurry(self) -> None:
        """Somebody waits for what was appended: it is stored without a rest before."""
        self._hurry.set()

    async def run(self) -> None:
        """Stores until `close` is called and nothing waits."""
        while not (self._closing and not self._waiting):
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                batches, self._waiting = self._waiting, []
                if not self._closing:
                    self._hurry.clear()
                await self._store(batches)
                await self._rest()
        self._disconnect()

    def close(self) -> None:
        self._closing = True
        self._wake.set()
        self._hurry.set()

    async def _rest(self) -> None:
        """Lets more come before the next commit, unless somebody waits for it."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self.pause_s):
                await self._hurry.wait()

    async def _store(self, batches: list[Batch]) -> None:
        failure: Exception | None = None
        for batch in batches:
            batch.open = False
        try:
            await self.keep(batches)
        except Exception as error:  # the disk is full, the file is gone: tell every waiter
            logger.exception("%d batches could not be stored", len(batches))
            failure = error
            # What waits was numbered after what is lost now: it would leave a gap in its log.
            batches, self._waiting = batches + self._waiting, []
        for batch in batches:
            batch.stored(failure)

    async def keep(self, batches: Sequence[Batch]) -> None:
        """Makes all of it durable, or raises."""
        if any(batch.entries for batch in batches):
            await asyncio.to_thread(self._commit, batches)

    def _commit(self, batches: Sequence[Batch]) -> None:
        # Not a session: it would double what a small commit costs.
        connection = self._connection = self._connection or self.engine.connect()
        try:
            write(connection, batches)
            connection.commit()
        except BaseException:
            self._disconnect()
            raise

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def write(to: Writable, batches: Sequence[Batch]) -> None:
    append_entries(to, [entry for batch in batches for entry in batch.entries])
    for batch in batches:
        if batch.times is not None:
            set_times(to, batch.times.attempt_id, batch.times.clock, batch.times.end_why)
