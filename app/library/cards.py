"""Gotchas and follow-ups as cards: a question to answer aloud, and what answers it."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Literal

from app.library.models import Derivation, Followup, Gotcha, Library

Deck = Literal["gotchas", "followups"]


@dataclass(frozen=True)
class Card:
    """`id` stays the same as long as derivation and question do, wherever the card stands, so that
    a better answer keeps what is known about how well it is remembered."""

    id: str
    deck: Deck
    derivation: str
    title: str
    content: Gotcha | Followup


def cards_of(library: Library, deck: Deck) -> list[Card]:
    """In the order of the drill, what is easier first."""
    return [card for one in library.originals for card in _cards(one, library, deck)]


def _cards(derivation: Derivation, library: Library, deck: Deck) -> Iterator[Card]:
    question = derivation.question
    rows = [row for row in library.gotchas if row.derivation == question.id]
    contents: Iterable[Gotcha | Followup] = (*rows, *derivation.gotchas)
    if deck == "followups":
        contents = sorted(derivation.followups, key=attrgetter("difficulty"))
    for content in contents:
        card_id = _card_id(deck, question.id, content.question)
        yield Card(card_id, deck, question.id, question.title, content)


def _card_id(deck: Deck, derivation_id: str, question: str) -> str:
    named = f"{deck}/{derivation_id}/{question}"
    return hashlib.sha256(named.encode()).hexdigest()[:16]
