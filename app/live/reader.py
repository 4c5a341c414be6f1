"""A reader of a log: one connection, an offset into the log, and a few messages of its own.

Joining, reconnecting and falling behind are one path: whatever lies between the offset and the end
of the log is sent next. A reader that stops reading holds up nobody: only its own offset stands.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from app.live.log import Log
from app.practice.roles import Role

MAX_WAITING_MESSAGES = 1_000


class Reader:
    """`role`: what it may write; `seat`: whose it is, in a live session."""

    def __init__(
        self, log: Log, source: str, after: int, role: Role = Role.WRITER, seat: str | None = None
    ) -> None:
        self.role = role
        self.seat = seat
        # Until when, by the server's clock, a host's drawing is not taken.
        self.quiet_until = 0
        self._log = log
        self._source = source
        self._offset = after
        self._own: deque[str] = deque()
        self._sleeping: asyncio.Future[None] | None = None
        self._closed = False

    def tell(self, message: str) -> None:
        """Queues a message for this reader alone; one that lets too many pile up is closed."""
        if len(self._own) >= MAX_WAITING_MESSAGES:
            self.close()
            return
        self._own.append(message)
        self.wake()

    def wake(self) -> None:
        """The log has grown."""
        if self._sleeping is not None and not self._sleeping.done():
            self._sleeping.set_result(None)

    def close(self) -> None:
        self._closed = True
        self.wake()

    async def pump(self, send: Callable[[str | bytes], Awaitable[None]]) -> None:
        """Sends what there is, then waits for more, until closed."""
        loop = asyncio.get_running_loop()
        while not self._closed:
            if self._own:
                await send(self._own.popleft())
            elif self._offset < self._log.committed:
                chunk = self._log.after(self._offset, self._source)
                self._offset = chunk.last
                if chunk.message is not None:
                    await send(chunk.message)
            else:
                self._sleeping = loop.create_future()
                await self._sleeping
