"""The plan as a calendar to subscribe to."""

from fastapi import APIRouter, Request, Response

from app.practice.calendar import Entry, planned_days, write_calendar
from app.web.dependencies import LibraryDep, NowDep, SessionDep
from app.web.keep.files import attachment
from app.web.plans import current_plan
from app.web.preferences import PreferencesDep
from app.web.summaries import summaries
from app.web.templating import clock_time

router = APIRouter(prefix="/keep")


@router.get("/plan.ics")
def plan_feed(
    request: Request,
    session: SessionDep,
    library: LibraryDep,
    now: NowDep,
    preferences: PreferencesDep,
) -> Response:
    plan = current_plan(library, summaries(session, library), preferences, now)
    entries = []
    for one in planned_days(plan, preferences.day_of(now)):
        question = library[one.derivation].question
        rounds, place = divmod(one.number, len(plan.order))
        limit = clock_time(question.minutes * 60_000)
        entries.append(
            Entry(
                uid=f"plan-{one.number}-{one.derivation}@coldboard",
                day=one.day,
                summary=f"Derive {question.title}, {limit} cold",
                description=f"Day {place + 1} of {len(plan.order)}, round {rounds + 1}.",
                url=f"{request.base_url}d/{one.derivation}/try",
            )
        )
    return Response(
        write_calendar("Coldboard", entries, now),
        media_type="text/calendar",
        headers=attachment("coldboard-plan.ics"),
    )
