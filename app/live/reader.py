"""A reader of a log: one connection, an offset into the log, and a few messages of its own.

Joining, reconnecting and falling behind are one path: whatever lies between the offset and the end
of the log is sent next. A reader that stops reading holds up nobody: only its own offset stands.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import NamedTuple, Protocol

from app.live.log import Log
from app.live.turns import Turns
from app.practice.roles import Role

MAX_WAITING_MESSAGES = 1_000


class Outlet(Protocol):
    """The way out to a reader: a connection."""

    @property
    def free(self) -> bool:
        """Whether it takes a message now. When it does again, it gives the reader a turn."""

    def write(self, message: str | bytes) -> None: ...


class Own(NamedTuple):
    """A message for one reader alone; see `Reader.tell`."""

    message: str | Callable[[], str]
    instead: str | None


class Reader:
    """`role`: what it may write; `seat`: whose it is, in a live session. `closed`: it is sent
    nothing more, and its connection is to be closed."""

    def __init__(
        self,
        log: Log,
        turns: Turns,
        source: str,
        after: int,
        role: Role = Role.WRITER,
        seat: str | None = None,
    ) -> None:
        self.role = role
        self.seat = seat
        # Until when, by the server's clock, a host's drawing is not taken.
        self.quiet_until = 0
        self.closed = asyncio.Event()
        self._log = log
        self._turns = turns
        self._source = source
        self._offset = after
        self._own: deque[Own] = deque()
        self._outlet: Outlet | None = None

    def attach(self, outlet: Outlet) -> None:
        """From now on what there is goes out there."""
        self._outlet = outlet
        self._turns.ask(self)

    def tell(self, message: str | Callable[[], str], instead: str | None = None) -> None:
        """Queues a message for this reader alone, or what puts it together when it is sent; one
        that lets too many pile up is closed. It takes the place of the message before it if that
        has not gone yet and was told `instead` of the same."""
        if instead is not None and self._own and self._own[-1].instead == instead:
            self._own[-1] = Own(message, instead)
            return  # it has asked for its turn already
        if len(self._own) >= MAX_WAITING_MESSAGES:
            self.close()
            return
        self._own.append(Own(message, instead))
        self._turns.ask(self)

    def close(self) -> None:
        self.closed.set()

    def turn(self) -> None:
        """Sends what there is, as long as the connection takes it."""
        outlet = self._outlet
        while outlet is not None and outlet.free and not self.closed.is_set():
            message = self._next()
            if message is None:
                return
            outlet.write(message)

    def _next(self) -> str | bytes | None:
        if self._own:
            message = self._own.popleft().message
            return message if isinstance(message, str) else message()
        while self._offset < self._log.ready:
            chunk = self._log.after(self._offset, self._source)
            self._offset = chunk.last
            if chunk.message is not None:
                return chunk.message
        return None
