"""The drill: the plan of the days, and cards to answer aloud, reveal and rate."""

from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Path, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlmodel import Session

from app.errors import Conflict, Invalid, NotFound
from app.library.cards import Card, Deck, cards_of
from app.library.models import Library
from app.practice.spacing import Grade, Queue, queue_of
from app.storage.ratings import due_times, rate, take_back
from app.web.dependencies import LibraryDep, NowDep, Sealed, SessionDep
from app.web.ladder.redo import queue_now
from app.web.plans import current_plan
from app.web.preferences import PreferencesDep
from app.web.summaries import recent_summaries, standings
from app.web.templating import render

DECKS: tuple[Deck, ...] = ("gotchas", "followups")
NAMES = {"gotchas": "Rapid fire", "followups": "Recite"}

router = APIRouter()


@dataclass(frozen=True)
class Dealt:
    """A deck as it lies now. `closed`: cards of derivations that are being attempted."""

    deck: Deck
    card: Card | None
    queue: Queue
    closed: int

    @property
    def name(self) -> str:
        return NAMES[self.deck]


def deal(
    session: Session, library: Library, sealed: dict[str, str], deck: Deck, chosen: str, now: int
) -> Dealt:
    """`chosen`: a derivation to take cards of alone; all if it is empty."""
    cards = [card for card in cards_of(library, deck) if chosen in ("", card.derivation)]
    shown = {card.id: card for card in cards if card.derivation not in sealed}
    queue = queue_of(list(shown), due_times(session), now)
    card = shown[queue.next] if queue.next else None
    return Dealt(deck, card, queue, len(cards) - len(shown))


@router.get("/drill")
def drill(
    request: Request,
    session: SessionDep,
    library: LibraryDep,
    sealed: Sealed,
    preferences: PreferencesDep,
    now: NowDep,
) -> HTMLResponse:
    standing = standings(session, library)
    ended = recent_summaries(session, library)
    questions = [one.question for one in library.originals]
    plan = current_plan(session, library, preferences, now)
    return render(
        request,
        "drill/page.html",
        plan=plan,
        questions={question.id: question for question in questions},
        extras=[question for question in questions if question.id not in plan.order],
        standings=standing,
        sealed=sealed,
        redo=queue_now(session, library, sealed, ended),
        decks=[deal(session, library, sealed, deck, "", now) for deck in DECKS],
    )


@router.get("/drill/{deck}")
def deck_page(
    request: Request,
    deck: Deck,
    session: SessionDep,
    library: LibraryDep,
    sealed: Sealed,
    now: NowDep,
    derivation: str = "",
) -> HTMLResponse:
    return render(
        request,
        "drill/deck.html",
        dealt=deal(session, library, sealed, deck, derivation, now),
        chosen=derivation,
        questions=[one.question for one in library.originals],
    )


@router.post("/drill/{deck}/ratings")
def rate_card(
    request: Request,
    deck: Deck,
    session: SessionDep,
    library: LibraryDep,
    sealed: Sealed,
    now: NowDep,
    card: Annotated[str, Form(max_length=64)],
    grade: Annotated[int, Form()],
    derivation: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    """Keeps the rating; the answer is the next card."""
    known = {one.id: one for one in cards_of(library, deck)}
    if card not in known:
        raise NotFound("This card is no longer in the library. Reload the page for the next one.")
    if known[card].derivation in sealed:
        raise Conflict("An attempt on this card's derivation is running: it is closed until then.")
    if grade not in list(Grade):
        raise Invalid("A rating is a number from 1, missed, to 4, easy.")
    rated = rate(session, card, Grade(grade), now)
    session.commit()
    return card_or_page(
        request,
        dealt=deal(session, library, sealed, deck, derivation, now),
        chosen=derivation,
        rated=rated,
        rated_card=known[card],
    )


@router.post("/drill/{deck}/ratings/{rating_id}/withdrawal")
def withdraw(
    request: Request,
    deck: Deck,
    rating_id: Annotated[int, Path(lt=2**31)],  # more does not fit into a database
    session: SessionDep,
    library: LibraryDep,
    sealed: Sealed,
    now: NowDep,
    derivation: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    """Takes the last rating of a card back, and shows the card again."""
    card_id = take_back(session, rating_id)
    session.commit()
    dealt = deal(session, library, sealed, deck, derivation, now)
    again = [card for card in cards_of(library, deck) if card.id == card_id]
    if again and again[0].derivation not in sealed:
        dealt = Dealt(deck, again[0], dealt.queue, dealt.closed)
    return card_or_page(request, dealt=dealt, chosen=derivation)


def card_or_page(request: Request, *, dealt: Dealt, chosen: str, **context: Any) -> Response:
    """The next card for the page that asked; a browser without our scripts gets a page again."""
    if "HX-Request" not in request.headers:
        query = urlencode({"derivation": chosen} if chosen else {})
        return RedirectResponse(f"/drill/{dealt.deck}?{query}".rstrip("?"), status_code=303)
    return render(request, "drill/_card.html", dealt=dealt, chosen=chosen, **context)
