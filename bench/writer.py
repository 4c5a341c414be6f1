"""Writers that send ink as a page does, and time how long each batch takes to be acknowledged."""

import asyncio
import json
import math
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

BATCHES_A_SECOND = 60
POINTS_A_BATCH = 4
BATCHES_A_STROKE = 15
MS_A_POINT = 4
LATEST_ANSWER_S = 5


@dataclass(slots=True)
class Tally:
    """What became of the batches that were sent; `took`: round trips in milliseconds."""

    sent: int = 0
    took: list[float] = field(default_factory=list)
    refused: int = 0
    slow: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.sent + other.sent,
            self.took + other.took,
            self.refused + other.refused,
            self.slow + other.slow,
        )


async def write_all(writers: Sequence["Writer"], seconds: float) -> Tally:
    """All write for so long, evenly staggered within a frame, and wait for the last answers."""
    begin = time.perf_counter() + 0.1
    frame = 1 / BATCHES_A_SECOND
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(writer.write(begin + frame * i / len(writers), seconds))
            for i, writer in enumerate(writers)
        ]
    return sum((task.result() for task in tasks), Tally())


@asynccontextmanager
async def open_writers(addresses: Sequence[str], origin: str) -> AsyncIterator[list["Writer"]]:
    """A writer on each address of a socket."""
    async with AsyncExitStack() as stack:
        yield [
            await stack.enter_async_context(open_writer(address, origin, f"writer-{i}"))
            for i, address in enumerate(addresses)
        ]


@asynccontextmanager
async def open_writer(address: str, origin: str, source: str) -> AsyncIterator["Writer"]:
    url = f"{address}?source={source}&after=0"
    async with connect(url, origin=Origin(origin), compression=None, proxy=None) as socket:
        writer = Writer(socket, source)
        listening = asyncio.create_task(writer.listen())
        yield writer
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


class Writer:
    """One page of one attempt. A socket that only echoes acknowledges by what it sends back."""

    def __init__(self, socket: ClientConnection, source: str) -> None:
        self._socket = socket
        self._source = source
        self._opened_at = time.perf_counter()
        self._last = 0
        self._waiting: dict[int, float] = {}
        self._all_answered = asyncio.Event()
        self._tally = Tally()

    async def write(self, begin: float, seconds: float) -> Tally:
        """Sends at a steady pace, whether answers come or not; `begin` by time.perf_counter."""
        self._tally = Tally()
        for i in range(round(seconds * BATCHES_A_SECOND)):
            await asyncio.sleep(begin + i / BATCHES_A_SECOND - time.perf_counter())
            self._last += 1
            message = self._message(self._last)
            self._tally.sent += 1
            self._all_answered.clear()
            self._waiting[self._last] = time.perf_counter()
            await self._socket.send(message)
        try:
            await asyncio.wait_for(self._all_answered.wait(), LATEST_ANSWER_S)
        except TimeoutError:
            self._waiting.clear()
        return self._tally

    async def listen(self) -> None:
        async for text in self._socket:
            now = time.perf_counter()
            message = json.loads(text)
            match message:
                case {"type": "ack", "through": through, "refused": refused}:
                    self._tally.refused += len(refused)
                    self._answered(through, now)
                case {"type": "events", "first": first}:
                    self._answered(first, now)
                case {"type": "slow"}:
                    self._tally.slow += 1

    def _answered(self, through: int, now: float) -> None:
        for n in [n for n in self._waiting if n <= through]:
            self._tally.took.append((now - self._waiting.pop(n)) * 1000)
        if not self._waiting:
            self._all_answered.set()

    def _message(self, n: int) -> str:
        # The attempt's clock runs since before the socket was opened: t is never ahead of it.
        t = int((time.perf_counter() - self._opened_at) * 1000)
        event = [t, "ink", ink(n)]
        message = {"type": "events", "source": self._source, "first": n, "events": [event]}
        return json.dumps(message, separators=(",", ":"))


def ink(n: int) -> dict[str, Any]:
    """The n-th batch of looping handwriting, from 1: the data of its event."""
    stroke, batch = divmod(n - 1, BATCHES_A_STROKE)
    left, top = 400 + stroke * 613 % 14_800, 500 + stroke * 173 % 19_000
    spots = []
    for i in range(batch * POINTS_A_BATCH, (batch + 1) * POINTS_A_BATCH):
        x = left + i * 9 + round(90 * math.sin(i * 0.35))
        y = top + round(220 * math.sin(i * 0.23 + stroke))
        spots.append((x, y, 128 + i % 7, MS_A_POINT))
    points = [*spots[0][:3], 0]
    for (x0, y0, p0, _), (x, y, p, dt) in pairwise(spots):
        points += [x - x0, y - y0, p - p0, dt]
    data: dict[str, Any] = {"stroke": f"writer-{stroke}", "points": points}
    if batch == 0:
        data["pen"] = ["ink", 50]
    if batch == BATCHES_A_STROKE - 1:
        data["end"] = True
    return data
