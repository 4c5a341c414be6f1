"""All attempts and card ratings, and where one stands with each derivation."""

from typing import get_args

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from app.library.cards import Card, Deck, cards_of
from app.library.models import Library
from app.storage.attempts import list_ended, place_of
from app.storage.ratings import count_ratings, latest_ratings
from app.storage.standings import count_ended
from app.storage.tables import RatingRow
from app.web.dependencies import LibraryDep, Sealed, SessionDep
from app.web.partners import comparable
from app.web.summaries import standings, summaries, title_of
from app.web.templating import render

LAST_RATINGS = 20
ATTEMPTS_SHOWN = 100

router = APIRouter()


@router.get("/history")
def history(
    request: Request,
    session: SessionDep,
    library: LibraryDep,
    sealed: Sealed,
    derivation: str = "",
    before: str = "",
) -> HTMLResponse:
    """`before`: the id of an attempt; those that are older than it are listed."""
    standing = standings(session, library)
    ended = count_ended(session)
    # One more than is shown says whether there are older ones.
    rows = list_ended(
        session,
        derivation or None,
        count=ATTEMPTS_SHOWN + 1,
        before=place_of(session, before) if before else None,
    )
    return render(
        request,
        "history/page.html",
        attempts=summaries(session, library, rows[:ATTEMPTS_SHOWN]),
        total=ended.get(derivation, 0) if derivation else sum(ended.values()),
        before=before,
        has_older=len(rows) > ATTEMPTS_SHOWN,
        comparable=comparable(ended),
        standings=standing,
        titles={name: title_of(name, library) for name in ended},
        chosen=derivation,
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
