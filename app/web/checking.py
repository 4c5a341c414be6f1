"""The thread in which lines are checked while somebody waits for the answer."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from app.errors import Unavailable

Result = TypeVar("Result")

MAX_WAITING = 20


class CheckingThread:
    """One thread for all checks: they only compute, so that more of them would be no quicker, and
    a checker keeps what it has computed, which two threads must not do at once."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="checking")
        self._waiting = 0

    @property
    def waiting(self) -> int:
        """How much is to be done, the work that is being done included."""
        return self._waiting

    async def run(self, work: Callable[[], Result]) -> Result:
        """What `work` gives, which meanwhile does not hold up the event loop. Raises Unavailable
        when too much is waiting already."""
        if self._waiting >= MAX_WAITING:
            raise Unavailable("Too many lines are waiting to be checked. Try again in a moment.")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """What is being checked comes to its end; what is waiting is given up."""
        self._thread.shutdown(wait=False, cancel_futures=True)
