"""When a card is due again: the free spaced repetition scheduler, fed with one's own ratings.

A card's memory is what its ratings, one after the other, make of it; nothing else is kept.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum

import fsrs


class Grade(IntEnum):
    MISSED = 1
    HARD = 2
    KNEW = 3
    EASY = 4


@dataclass(frozen=True, slots=True)
class Rating:
    """`at`: milliseconds since 1970."""

    at: int
    grade: Grade


# Fuzzing would spread the dates at random; here the same ratings give the same dates.
_SCHEDULER = fsrs.Scheduler(enable_fuzzing=False)


def due_after(ratings: Iterable[Rating]) -> int:
    """When a card with these ratings, oldest first, is due again, in milliseconds since 1970.

    A card that was missed comes back after a minute, one that was known after ten, a day or
    more later, the longer the better it has been known.
    """
    return list(dues_after(ratings))[-1]


def dues_after(ratings: Iterable[Rating]) -> Iterator[int]:
    """After each of these ratings, oldest first: when the card was due again then."""
    card = fsrs.Card(card_id=1)  # without a number it would wait a millisecond to find one
    for rating in ratings:
        moment = datetime.fromtimestamp(rating.at / 1000, UTC)
        card, _ = _SCHEDULER.review_card(card, fsrs.Rating(int(rating.grade)), moment)
        yield round(card.due.timestamp() * 1000)


@dataclass(frozen=True, slots=True)
class Queue:
    """`due` by the time at which it became due, `new` in the order given, and `later`, the soonest
    moment at which something else is due; None if nothing waits."""

    due: tuple[str, ...]
    new: tuple[str, ...]
    later: int | None

    @property
    def next(self) -> str | None:
        """What is due comes before what is new."""
        return next(iter((*self.due, *self.new)), None)


def queue_of(cards: Sequence[str], due_at: Mapping[str, int], now: int) -> Queue:
    """`cards`: ids in the order in which they are learnt; `due_at`: of those rated before."""
    rated = sorted((card for card in cards if card in due_at), key=lambda card: due_at[card])
    waiting = [due_at[card] for card in rated if due_at[card] > now]
    return Queue(
        due=tuple(card for card in rated if due_at[card] <= now),
        new=tuple(card for card in cards if card not in due_at),
        later=min(waiting, default=None),
    )
