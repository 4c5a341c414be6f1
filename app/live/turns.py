"""Turns: when readers are sent what there is for them.

A reader that has something to get asks for a turn, and all that ask are served one after the other.
Then the server does other things for as long as that took: the busier it is, the rarer the turns,
and the more goes into one message.
"""

import asyncio
import logging
from collections.abc import Iterable
from typing import Protocol

# Who was served sooner than this need not wait for the next turn, in seconds.
NO_TIME_S = 0.001

logger = logging.getLogger(__name__)


class Served(Protocol):
    def turn(self) -> None:
        """Sends what there is."""

    def close(self) -> None: ...


class Turns:
    def __init__(self) -> None:
        self._asking: set[Served] = set()
        self._coming = False

    def ask(self, reader: Served) -> None:
        self.ask_all((reader,))

    def ask_all(self, readers: Iterable[Served]) -> None:
        self._asking.update(readers)
        if self._asking and not self._coming:
            self._coming = True
            asyncio.get_running_loop().call_soon(self._serve)

    def _serve(self) -> None:
        loop = asyncio.get_running_loop()
        begin = loop.time()
        asking, self._asking = self._asking, set()
        for reader in asking:
            try:
                reader.turn()
            except Exception:  # the others are served all the same
                logger.exception("a reader could not be served")
                reader.close()
        took = loop.time() - begin
        if took < NO_TIME_S:
            self._go_on()
        else:
            loop.call_later(took, self._go_on)

    def _go_on(self) -> None:
        self._coming = False
        self.ask_all(())
