"""A reader of a log: one connection, an offset into the log, and a few messages of its own.

Joining, reconnecting and falling behind are one path: whatever lies between the offset and the end
of the log is sent next. A reader that stops reading holds up nobody: only its own offset stands.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from app.live import messages
from app.live.log import Log
from app.practice.roles import Role

EVENTS_A_CHUNK = 500
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
        self._wake = asyncio.Event()
        self._closed = False

    def tell(self, message: str) -> None:
        """Queues a message for this reader alone; one that lets too many pile up is closed."""
        if len(self._own) >= MAX_WAITING_MESSAGES:
            self.close()
            return
        self._own.append(message)
        self._wake.set()

    def wake(self) -> None:
        """The log has grown."""
        self._wake.set()

    def close(self) -> None:
        self._closed = True
        self._wake.set()

    async def pump(self, send: Callable[[str], Awaitable[None]]) -> None:
        """Sends what there is, then waits for more, until closed."""
        while not self._closed:
            while self._own and not self._closed:
                await send(self._own.popleft())
            while self._offset < self._log.committed and not self._closed:
                chunk = self._log.after(self._offset, EVENTS_A_CHUNK)
                self._offset = chunk[-1].seq
                encoded = [entry.encoded for entry in chunk if entry.source != self._source]
                if encoded:
                    await send(messages.events(encoded))
            if not self._own:
                await self._wake.wait()
                self._wake.clear()
