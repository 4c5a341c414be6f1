"""Turns: when readers are sent what there is for them.

A reader that has something to get asks for a turn. All that have asked are served one after the
other once the server has taken in what lies in its sockets: the busier it is, the more goes into
one message.
"""

import asyncio
import logging
from collections.abc import Iterable
from typing import Protocol

logger = logging.getLogger(__name__)


class Served(Protocol):
    def turn(self) -> None:
        """Sends what there is."""

    def close(self) -> None: ...


class Turns:
    def __init__(self) -> None:
        self._asking: set[Served] = set()

    def ask(self, reader: Served) -> None:
        self.ask_all((reader,))

    def ask_all(self, readers: Iterable[Served]) -> None:
        if not self._asking:
            asyncio.get_running_loop().call_soon(self._serve)
        self._asking.update(readers)

    def _serve(self) -> None:
        asking, self._asking = self._asking, set()
        for reader in asking:
            try:
                reader.turn()
            except Exception:  # the others are served all the same
                logger.exception("a reader could not be served")
                reader.close()
