"""The start page: what is running, what there is to derive, what was done last."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, PlainTextResponse
from sqlalchemy import text

from app.storage.attempts import list_open
from app.web.dependencies import LibraryDep, SessionDep
from app.web.summaries import standings, summaries
from app.web.templating import render

RECENT = 5

router = APIRouter()


@router.get("/")
def home(request: Request, session: SessionDep, library: LibraryDep) -> HTMLResponse:
    ended = summaries(session, library)
    return render(
        request,
        "home/page.html",
        questions=[derivation.question for derivation in library.derivations.values()],
        standings=standings(ended),
        running=summaries(session, library, list_open(session)),
        recent=ended[:RECENT],
        content_errors=library.errors,
    )


@router.get("/healthz")
def health(session: SessionDep) -> PlainTextResponse:
    session.execute(text("SELECT 1"))
    return PlainTextResponse("ok\n")
