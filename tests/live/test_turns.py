"""Turns: everybody who asks is served, and the busier it is, the rarer."""

import asyncio
import time

import pytest

from app.live.turns import NO_TIME_S, Turns
from tests.helpers import until

pytestmark = pytest.mark.anyio


class Asker:
    """Counts its turns; each takes so many seconds, or breaks."""

    def __init__(self, takes_s: float = 0, *, breaks: bool = False) -> None:
        self.turns = 0
        self.closed = False
        self._takes_s = takes_s
        self._breaks = breaks

    def turn(self) -> None:
        self.turns += 1
        if self._breaks:
            raise OSError("the connection is broken")
        end = time.monotonic() + self._takes_s
        while time.monotonic() < end:
            pass

    def close(self) -> None:
        self.closed = True


async def test_all_that_ask_are_served_once() -> None:
    turns, first, second = Turns(), Asker(), Asker()

    turns.ask(first)
    turns.ask_all([first, second])
    assert first.turns == 0
    await until(lambda: second.turns > 0)

    assert (first.turns, second.turns) == (1, 1)


async def test_one_that_asks_in_its_turn_gets_another() -> None:
    turns = Turns()

    class Insatiable(Asker):
        def turn(self) -> None:
            super().turn()
            if self.turns < 3:
                turns.ask(self)

    asker = Insatiable()
    turns.ask(asker)
    await until(lambda: asker.turns == 3)


async def test_one_that_breaks_is_closed_and_the_others_are_served() -> None:
    turns, broken, other = Turns(), Asker(breaks=True), Asker()

    turns.ask_all([broken, other])
    await until(lambda: other.turns == 1)

    assert broken.closed
    turns.ask(other)
    await until(lambda: other.turns == 2)


async def test_after_turns_that_took_long_other_things_come_first() -> None:
    """What asks meanwhile is served together, and not before as much time has passed."""
    turns, slow = Turns(), Asker(takes_s=10 * NO_TIME_S)
    turns.ask(slow)
    await until(lambda: slow.turns == 1)

    for _ in range(5):
        turns.ask(slow)
        await asyncio.sleep(0)

    assert slow.turns == 1
    await until(lambda: slow.turns == 2)
