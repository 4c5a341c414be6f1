"""The step ladder of a derivation: order its steps, fill one in, find a wrong one, then the board.

Nothing of it is shown while an attempt on the derivation runs.
"""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from app.library.models import Library
from app.practice.attempt import Mode
from app.practice.ladder import Standing
from app.storage.attempts import list_ended
from app.storage.rungs import standings_of
from app.web.dependencies import LibraryDep, OpenDerivation, SessionDep
from app.web.ladder.exercise import rungs_of
from app.web.summaries import RECENT_ATTEMPTS, summaries
from app.web.templating import render

router = APIRouter()


@router.get("/d/{derivation_id}/ladder")
def ladder(
    request: Request, derivation: OpenDerivation, session: SessionDep, library: LibraryDep
) -> HTMLResponse:
    question = derivation.question
    reached = standings_of(session, question.id)
    board = board_standing(session, library, question.id)
    rungs = rungs_of(derivation)
    standings = [reached.get(rung, Standing()) for rung in rungs]
    open_rungs = [rung for rung, one in zip(rungs, standings, strict=True) if not one.passed_at]
    return render(
        request,
        "ladder/page.html",
        derivation=derivation,
        question=question,
        rungs=list(zip(rungs, standings, strict=True)),
        board=board,
        next=open_rungs[0] if open_rungs else None,
    )


def board_standing(session: Session, library: Library, derivation_id: str) -> Standing:
    """When the derivation was last written cold, and last written clean."""
    rows = list_ended(session, derivation_id, count=RECENT_ATTEMPTS)
    cold = [
        summary
        for summary in summaries(session, library, rows)
        if summary.counted and summary.row.mode == Mode.COLD
    ]
    clean = [summary for summary in cold if summary.run is not None and summary.run.clean]
    return Standing(
        passed_at=clean[0].row.ended_at if clean else None,
        tried_at=cold[0].row.ended_at if cold else None,
    )
