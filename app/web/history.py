"""All attempts and card ratings, and where one stands with each derivation."""

from typing import get_args

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from app.library.cards import Card, Deck, cards_of
from app.library.models import Library
from app.storage.ratings import count_ratings, latest_ratings
from app.storage.tables import RatingRow
from app.web.dependencies import LibraryDep, Sealed, SessionDep
from app.web.partners import comparable
from app.web.summaries import standings, summaries
from app.web.templating import render

LAST_RATINGS = 20

router = APIRouter()


@router.get("/history")
def history(
    request: Request,
    session: SessionDep,
    library: LibraryDep,
    sealed: Sealed,
    derivation: str | None = None,
) -> HTMLResponse:
    everything = summaries(session, library)
    titles = {summary.row.derivation: summary.title for summary in everything}
    return render(
        request,
        "history/page.html",
        attempts=[s for s in everything if derivation in (None, "", s.row.derivation)],
        comparable=comparable(everything),
        standings=standings(everything),
        titles=titles,
        chosen=derivation or "",
        grades=count_ratings(session),
        rated=rated_cards(session, library, sealed),
    )


def rated_cards(
    session: Session, library: Library, sealed: dict[str, str]
) -> list[tuple[RatingRow, Card]]:
    """The last ratings with their cards, as far as these are in the library and may be shown."""
    cards = {card.id: card for deck in get_args(Deck) for card in cards_of(library, deck)}
    found = [(row, cards.get(row.card)) for row in latest_ratings(session, LAST_RATINGS)]
    return [(row, card) for row, card in found if card and card.derivation not in sealed]
