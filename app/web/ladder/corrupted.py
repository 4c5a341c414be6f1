"""Rung three: one of the lines is a slip, and has to be found."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from app.library.models import Slip, Step
from app.practice.ladder import Rung, picked
from app.storage.rungs import keep_rung
from app.web.dependencies import NowDep, OpenDerivation, SessionDep, find_step
from app.web.ladder.exercise import SeedForm, SeedQuery, address, begun, check_there, page

router = APIRouter()


@router.get("/d/{derivation_id}/ladder/corrupted", response_model=None)
def corrupted(
    request: Request, derivation: OpenDerivation, seed: SeedQuery = None, chosen: str = ""
) -> HTMLResponse | RedirectResponse:
    """`chosen`: the number of the step whose line is said to be wrong."""
    check_there(Rung.CORRUPTED, derivation)
    if seed is None:
        return begun(derivation, Rung.CORRUPTED)
    slip = picked(derivation.slips, seed)
    answer = find_step(derivation, chosen) if chosen else None
    return page(
        request,
        derivation,
        Rung.CORRUPTED,
        seed,
        slip=slip,
        spoilt=find_step(derivation, slip.step),
        chosen=answer,
        passed=answer is not None and is_spoilt(answer, slip),
    )


@router.post("/d/{derivation_id}/ladder/corrupted")
def answer_corrupted(
    derivation: OpenDerivation,
    session: SessionDep,
    now: NowDep,
    seed: SeedForm,
    chosen: Annotated[str, Form(max_length=10)],
) -> RedirectResponse:
    check_there(Rung.CORRUPTED, derivation)
    slip = picked(derivation.slips, seed)
    passed = is_spoilt(find_step(derivation, chosen), slip)
    id = derivation.question.id
    keep_rung(session, id, Rung.CORRUPTED, now, passed=passed, step=slip.step)
    session.commit()
    there = address(derivation, Rung.CORRUPTED, seed=seed, chosen=chosen)
    return RedirectResponse(there, status_code=303)


def is_spoilt(step: Step, slip: Slip) -> bool:
    return step.number == slip.step
