"""The start page: what is running, what there is to derive, what was done last."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, PlainTextResponse
from sqlalchemy import text

from app.storage.attempts import list_open
from app.web.dependencies import HubDep, LibraryDep, Sealed, SessionDep
from app.web.summaries import standings, summaries
from app.web.templating import render

RECENT = 5

router = APIRouter()


@router.get("/")
def home(
    request: Request, session: SessionDep, library: LibraryDep, sealed: Sealed
) -> HTMLResponse:
    ended = summaries(session, library)
    return render(
        request,
        "home/page.html",
        questions=[derivation.question for derivation in library.originals],
        standings=standings(ended),
        running=summaries(session, library, list_open(session)),
        recent=ended[:RECENT],
        sealed=sealed,
        content_errors=library.errors,
    )


@router.get("/healthz")
def health(session: SessionDep, hub: HubDep) -> PlainTextResponse:
    session.execute(text("SELECT 1"))
    if not hub.running:
        return PlainTextResponse("the clocks are not watched\n", status_code=503)
    return PlainTextResponse("ok\n")
