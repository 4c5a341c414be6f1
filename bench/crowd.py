"""A load of rooms: in each one who writes and some who look on; and what became of it."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bench.server import HOST
from bench.services import WRITER, Running, Service
from bench.wire import Wire, connect, connect_deaf
from bench.writer import BATCHES_A_SECOND

AFTERWARDS_S = 5


@dataclass(slots=True)
class Viewer:
    """`sent`: when each batch of its room was; `took`: from then to having it, in ms."""

    service: Service
    sent: Sequence[float]
    took: list[float] = field(default_factory=list)
    newest: int = 0
    in_order: bool = True

    def hear(self, message: bytes) -> None:
        now = time.perf_counter()
        for n in self.service.found(message):
            self.in_order = self.in_order and n == self.newest + 1 <= len(self.sent)
            self.newest = n
            if not self.in_order:
                return
            self.took.append((now - self.sent[n - 1]) * 1000)


class Crowd:
    def __init__(self, service: Service, running: Running) -> None:
        self._service = service
        self._running = running
        self._opened_at = time.perf_counter()
        self._writers: list[Wire] = []
        self._sent: list[list[float]] = [[] for _ in running.paths]
        self._wires: list[Wire] = []
        self._deaf: list[socket.socket] = []
        self.viewers: list[Viewer] = []

    async def fill(self, viewers: int, deaf: int) -> None:
        """So many viewers come into each room, and so many who will never read."""
        for room, sent in enumerate(self._sent):
            self._writers.append(await self.join(room, WRITER, lambda _: None))
            for i in range(viewers):
                viewer = Viewer(self._service, sent)
                self.viewers.append(viewer)
                await self.join(room, f"viewer-{i}", viewer.hear)
            for i in range(deaf):
                path = self._running.path(room, f"deaf-{i}")
                opening = self._service.opening(self._running.paths[room])
                self._deaf.append(await connect_deaf(HOST, self._running.port, path, opening))

    async def join(self, room: int, page: str, hear: Callable[[bytes], None]) -> Wire:
        wire = await connect(HOST, self._running.port, self._running.path(room, page), hear)
        self._wires.append(wire)
        for message in self._service.opening(self._running.paths[room]):
            wire.send(*message)
        return wire

    async def write(self, seconds: float) -> None:
        """Everybody writes at a steady pace, evenly staggered, whether or not anything comes back;
        then what is on its way has some time to arrive, and to be stored."""
        rooms, begin = len(self._writers), time.perf_counter()
        for i in range(round(seconds * BATCHES_A_SECOND) * rooms):
            ahead = begin + i / BATCHES_A_SECOND / rooms - time.perf_counter()
            if ahead > 0 or i % rooms == 0:  # however late it is, what came is read
                await asyncio.sleep(max(ahead, 0))
            self._send(i % rooms)
        await asyncio.sleep(AFTERWARDS_S)

    def _send(self, room: int) -> None:
        now, sent = time.perf_counter(), self._sent[room]
        ms = int((now - self._opened_at) * 1000)
        sent.append(now)
        path = self._running.paths[room]
        self._writers[room].send(*self._service.batch(path, len(sent), ms))

    @property
    def sent(self) -> int:
        return sum(map(len, self._sent))

    def close(self) -> None:
        for wire in self._wires:
            wire.close()
        for deaf in self._deaf:
            deaf.close()


@asynccontextmanager
async def crowd(
    service: Service, running: Running, viewers: int, deaf: int = 0
) -> AsyncIterator[Crowd]:
    opened = Crowd(service, running)
    try:
        await opened.fill(viewers, deaf)
        yield opened
    finally:
        opened.close()
