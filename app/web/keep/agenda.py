"""The calendar to subscribe to: the plan of the next days, and what is due when."""

from collections.abc import Iterator, Sequence
from datetime import date

from fastapi import APIRouter, Request, Response
from sqlmodel import Session

from app.library.cards import cards_of
from app.library.models import Library, Question
from app.practice.calendar import (
    Entry,
    PlannedDay,
    cards_by_day,
    due_day,
    planned_days,
    write_calendar,
)
from app.practice.due import Due
from app.practice.plan import Plan
from app.practice.preferences import Preferences
from app.storage.ratings import due_times
from app.web.dependencies import LibraryDep, NowDep, Sealed, SessionDep
from app.web.drill import DECKS, NAMES
from app.web.keep.files import attachment
from app.web.plans import current_plan, days_due
from app.web.preferences import PreferencesDep
from app.web.summaries import recent_summaries
from app.web.templating import clock_time

router = APIRouter(prefix="/keep")


@router.get("/plan.ics")
def plan_feed(
    request: Request,
    session: SessionDep,
    library: LibraryDep,
    sealed: Sealed,
    now: NowDep,
    preferences: PreferencesDep,
) -> Response:
    """Days are those of the zone in the preferences. Nothing of what is sealed is said to be due:
    it is being written."""
    site, today = str(request.base_url), preferences.day_of(now)
    ended = recent_summaries(session, library)
    plan = current_plan(session, library, preferences, now)
    days = planned_days(plan, today)
    due = [one for one in days_due(library, ended, preferences) if one.derivation not in sealed]
    entries = [
        *(_planned(one, plan, library[one.derivation].question, site) for one in days),
        *_due_again(due, days, library, today, site),
        *_cards(session, library, sealed, preferences, today, site),
    ]
    return Response(
        write_calendar("Coldboard", entries, now),
        media_type="text/calendar",
        headers=attachment("coldboard-plan.ics"),
    )


def _planned(one: PlannedDay, plan: Plan, question: Question, site: str) -> Entry:
    rounds, place = divmod(one.number, len(plan.order))
    return Entry(
        uid=f"plan-{one.number}-{one.derivation}@coldboard",
        day=one.day,
        summary=f"Derive {question.title}, {_limit(question)} cold",
        description=f"Day {place + 1} of {len(plan.order)}, round {rounds + 1}.",
        url=f"{site}d/{one.derivation}/try",
    )


def _due_again(
    due: Sequence[Due], planned: Sequence[PlannedDay], library: Library, today: date, site: str
) -> Iterator[Entry]:
    """An entry for each derivation that is due, unless the plan has it on that day anyway."""
    in_plan = {(one.derivation, one.day) for one in planned}
    for one in due:
        day = due_day(one.day, today)
        if day is None or (one.derivation, day) in in_plan:
            continue
        question = library[one.derivation].question
        yield Entry(
            uid=f"again-{one.derivation}@coldboard",
            day=day,
            summary=f"Again: {question.title}, {_limit(question)} cold",
            description="Due by how well it went the last times.",
            url=f"{site}d/{one.derivation}/try",
        )


def _cards(
    session: Session,
    library: Library,
    sealed: dict[str, str],
    preferences: Preferences,
    today: date,
    site: str,
) -> Iterator[Entry]:
    due_at = due_times(session)
    rated = [
        (deck, due_at[card.id])
        for deck in DECKS
        for card in cards_of(library, deck)
        if card.id in due_at and card.derivation not in sealed
    ]
    for day, decks in cards_by_day(rated, preferences.day_of, today).items():
        count = decks.total()
        yield Entry(
            uid=f"cards-{day:%Y%m%d}@coldboard",
            day=day,
            summary=f"{count} card{'' if count == 1 else 's'} to answer",
            description=", ".join(f"{NAMES[deck]}: {decks[deck]}" for deck in DECKS if decks[deck]),
            url=f"{site}drill",
        )


def _limit(question: Question) -> str:
    return clock_time(question.minutes * 60_000)
