"""The start page: what to do now, what there is to derive, what was done last."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, PlainTextResponse
from sqlalchemy import text

from app.storage.attempts import list_open
from app.storage.standings import count_ended
from app.web.dependencies import HubDep, LibraryDep, NowDep, Sealed, SessionDep
from app.web.partners import comparable
from app.web.preferences import PreferencesDep
from app.web.summaries import recent_summaries, standings, summaries
from app.web.templating import render
from app.web.today import today_of

RECENT = 5

router = APIRouter()


@router.get("/")
def home(
    request: Request,
    session: SessionDep,
    library: LibraryDep,
    sealed: Sealed,
    preferences: PreferencesDep,
    now: NowDep,
) -> HTMLResponse:
    standing = standings(session, library)
    ended = recent_summaries(session, library)
    running = summaries(session, library, list_open(session))
    ids = [derivation.question.id for derivation in library.originals]
    return render(
        request,
        "home/page.html",
        questions=[library[name].question for name in preferences.arranged(ids)],
        standings=standing,
        today=today_of(session, library, sealed, preferences, ended, running, now),
        recent=ended[:RECENT],
        comparable=comparable(count_ended(session)),
        sealed=sealed,
        content_errors=library.errors,
    )


@router.get("/healthz")
def health(session: SessionDep, hub: HubDep) -> PlainTextResponse:
    session.execute(text("SELECT 1"))
    if not hub.running:
        return PlainTextResponse("the clocks are not watched\n", status_code=503)
    return PlainTextResponse("ok\n")
