"""All attempts, and where one stands with each derivation."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from app.web.dependencies import LibraryDep, SessionDep
from app.web.summaries import standings, summaries
from app.web.templating import render

router = APIRouter()


@router.get("/history")
def history(
    request: Request, session: SessionDep, library: LibraryDep, derivation: str | None = None
) -> HTMLResponse:
    everything = summaries(session, library)
    titles = {summary.row.derivation: summary.title for summary in everything}
    return render(
        request,
        "history/page.html",
        attempts=[s for s in everything if derivation in (None, "", s.row.derivation)],
        standings=standings(everything),
        titles=titles,
        chosen=derivation or "",
    )
