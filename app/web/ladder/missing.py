"""Rung two: one key step is blank, and a typed line has to state it."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from app.practice.ladder import Rung, picked
from app.storage.rungs import keep_rung
from app.web.api import CheckingDep
from app.web.dependencies import NowDep, OpenDerivation, SessionDep
from app.web.ladder.exercise import SeedForm, SeedQuery, address, begun, check_there, page
from app.web.ladder.one_line import LineForm, LineQuery, judge, on_one_line

router = APIRouter()


@router.get("/d/{derivation_id}/ladder/missing", response_model=None)
async def missing(
    request: Request,
    derivation: OpenDerivation,
    checking: CheckingDep,
    seed: SeedQuery = None,
    line: LineQuery = "",
    shown: bool = False,
) -> HTMLResponse | RedirectResponse:
    check_there(Rung.MISSING, derivation)
    if seed is None:
        return begun(derivation, Rung.MISSING)
    step = picked(derivation.steps, seed)
    judged = await judge(checking, derivation, step, line) if line else None
    return page(
        request,
        derivation,
        Rung.MISSING,
        seed,
        missing=step,
        line=line,
        judged=judged,
        shown=shown or (judged is not None and judged.passed),
    )


@router.post("/d/{derivation_id}/ladder/missing")
async def answer_missing(
    derivation: OpenDerivation,
    checking: CheckingDep,
    session: SessionDep,
    now: NowDep,
    seed: SeedForm,
    line: LineForm = "",
    show: Annotated[bool, Form()] = False,
) -> RedirectResponse:
    check_there(Rung.MISSING, derivation)
    step, line = picked(derivation.steps, seed), on_one_line(line)
    query: dict[str, Any] = {"seed": seed} | ({"line": line} if line else {})
    if show or line:
        session.close()  # its connection would be held while the line waits for the checker
        passed = not show and (await judge(checking, derivation, step, line)).passed
        id, number = derivation.question.id, step.number
        keep_rung(session, id, Rung.MISSING, now, passed=passed, step=number)
        session.commit()
    query |= {"shown": 1} if show else {}
    return RedirectResponse(address(derivation, Rung.MISSING, **query), status_code=303)
