"""Turns: everybody who asks is served."""

import pytest

from app.live.turns import Turns
from tests.helpers import until

pytestmark = pytest.mark.anyio


class Asker:
    """Counts its turns, or breaks."""

    def __init__(self, *, breaks: bool = False) -> None:
        self.turns = 0
        self.closed = False
        self._breaks = breaks

    def turn(self) -> None:
        self.turns += 1
        if self._breaks:
            raise OSError("the connection is broken")

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
