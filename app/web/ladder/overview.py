"""The step ladder of a derivation: order its steps, fill one in, find a wrong one, then the board.

Nothing of it is shown while an attempt on the derivation runs.
"""

from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from app.library.models import Derivation, Library
from app.practice.attempt import Mode
from app.practice.ladder import Rung, Standing
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
    rungs = rung_standings(session, derivation)
    return render(
        request,
        "ladder/page.html",
        derivation=derivation,
        question=question,
        rungs=rungs,
        board=board_standing(session, library, question.id),
        next=next_rung(rungs),
    )


def rung_standings(session: Session, derivation: Derivation) -> list[tuple[Rung, Standing]]:
    """The rungs that the derivation has, from the lowest, each with how it went."""
    reached = standings_of(session, derivation.question.id)
    return [(rung, reached.get(rung, Standing())) for rung in rungs_of(derivation)]


def next_rung(rungs: Sequence[tuple[Rung, Standing]]) -> Rung | None:
    return next((rung for rung, standing in rungs if not standing.passed_at), None)


def rung_to_go_on_with(session: Session, derivation: Derivation) -> Rung | None:
    """The next rung of a ladder that was begun and not climbed yet."""
    rungs = rung_standings(session, derivation)
    begun = any(standing.tried_at for _, standing in rungs)
    return next_rung(rungs) if begun else None


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
