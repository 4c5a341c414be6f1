"""The step ladder of a derivation: order its steps, fill one in, find a wrong one, then the board.

An answer is kept and leads to the address of the page that judges it, so that a reload keeps
nothing twice. Nothing of it is shown while an attempt on the derivation runs.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlmodel import Session

from app.errors import Invalid, NotFound
from app.library.models import Derivation, Library, Slip, Step
from app.practice.attempt import Mode
from app.practice.ladder import (
    SEEDS,
    Rung,
    Standing,
    another,
    can_be_ordered,
    moved,
    picked,
    shuffled,
    too_early,
)
from app.storage.attempts import list_ended
from app.storage.rungs import keep_rung, standings_of
from app.web.api import CheckingDep
from app.web.dependencies import LibraryDep, NowDep, OpenDerivation, SessionDep
from app.web.one_line import LineForm, LineQuery, judge, on_one_line
from app.web.summaries import summaries
from app.web.templating import render

router = APIRouter()

SeedQuery = Annotated[int | None, Query(ge=0, lt=SEEDS)]
SeedForm = Annotated[int, Form(ge=0, lt=SEEDS)]


NOT_THERE = {
    Rung.ORDER: "Any order of these steps is right, so there is nothing to put in order.",
    Rung.MISSING: "This derivation has no steps to fill in.",
    Rung.CORRUPTED: "No wrong line is known of this derivation, or there is no other to tell it "
    "from.",
}


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


def rungs_of(derivation: Derivation) -> list[Rung]:
    """The rungs below the board that there are for a derivation."""
    there = {
        Rung.ORDER: can_be_ordered(derivation.needs),
        Rung.MISSING: bool(derivation.steps),
        Rung.CORRUPTED: bool(derivation.slips) and len(derivation.steps) > 1,
    }
    return [rung for rung, is_there in there.items() if is_there]


def board_standing(session: Session, library: Library, derivation_id: str) -> Standing:
    """When the derivation was last written cold, and last written clean."""
    cold = [
        summary
        for summary in summaries(session, library, list_ended(session, derivation_id))
        if summary.counted and summary.row.mode == Mode.COLD
    ]
    clean = [summary for summary in cold if summary.run is not None and summary.run.clean]
    return Standing(
        passed_at=clean[0].row.ended_at if clean else None,
        tried_at=cold[0].row.ended_at if cold else None,
    )


def check_there(rung: Rung, derivation: Derivation) -> None:
    """Raises NotFound."""
    if rung not in rungs_of(derivation):
        raise NotFound(NOT_THERE[rung], f"/d/{derivation.question.id}/ladder")


def address(derivation: Derivation, rung: Rung, **query: Any) -> str:
    return f"/d/{derivation.question.id}/ladder/{rung}?{urlencode(query, doseq=True)}"


def begun(derivation: Derivation, rung: Rung) -> RedirectResponse:
    """To an exercise with a seed of its own."""
    there = address(derivation, rung, seed=secrets.randbelow(SEEDS))
    return RedirectResponse(there, status_code=303)


def page(
    request: Request, derivation: Derivation, rung: Rung, seed: int, **context: Any
) -> HTMLResponse:
    return render(
        request,
        f"ladder/{rung}.html",
        derivation=derivation,
        question=derivation.question,
        rung=rung,
        seed=seed,
        another=address(derivation, rung, seed=another(seed)),
        **context,
    )


# --- the order of the steps ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """A step in the list that is put in order. `id` is its place in the list as it was dealt, which
    says nothing of where it belongs."""

    id: int
    step: Step
    too_early: bool


@router.get("/d/{derivation_id}/ladder/order", response_model=None)
def order(
    request: Request,
    derivation: OpenDerivation,
    seed: SeedQuery = None,
    row: Annotated[list[int] | None, Query()] = None,
    answered: bool = False,
    shown: bool = False,
) -> HTMLResponse | RedirectResponse:
    """`row`: the rows as they lie now; `answered`: they are judged."""
    check_there(Rung.ORDER, derivation)
    if seed is None:
        return begun(derivation, Rung.ORDER)
    dealt = dealt_steps(derivation, seed)
    ids = list(range(len(dealt))) if row is None else row
    lying = lying_steps(dealt, ids)
    early = too_early([step.number for step in lying], derivation.needs) if answered else ()
    return page(
        request,
        derivation,
        Rung.ORDER,
        seed,
        rows=[Row(id, step, step.number in early) for id, step in zip(ids, lying, strict=True)],
        early=len(early),
        answered=answered,
        passed=answered and not early,
        as_written=[step.number for step in lying] == [step.number for step in derivation.steps],
        shown=shown,
    )


@router.post("/d/{derivation_id}/ladder/order")
def answer_order(
    derivation: OpenDerivation,
    session: SessionDep,
    now: NowDep,
    seed: SeedForm,
    row: Annotated[list[int], Form()],
    move: Annotated[str, Form(max_length=20)] = "",
    show: Annotated[bool, Form()] = False,
) -> RedirectResponse:
    """`move`, such as `3:up`, is how rows are moved by a browser without our scripts."""
    check_there(Rung.ORDER, derivation)
    lying = lying_steps(dealt_steps(derivation, seed), row)
    query: dict[str, Any] = {"seed": seed, "row": row}
    if move:
        query["row"] = moved(row, *read_move(move, row))
        return RedirectResponse(address(derivation, Rung.ORDER, **query), status_code=303)
    passed = not show and not too_early([step.number for step in lying], derivation.needs)
    keep_rung(session, derivation.question.id, Rung.ORDER, now, passed=passed)
    session.commit()
    query |= {"shown": 1} if show else {"answered": 1}
    return RedirectResponse(address(derivation, Rung.ORDER, **query), status_code=303)


def dealt_steps(derivation: Derivation, seed: int) -> list[Step]:
    steps = {step.number: step for step in derivation.steps}
    return [
        steps[number] for number in shuffled(list(steps), derivation.needs, Random(seed).shuffle)
    ]


def lying_steps(dealt: Sequence[Step], ids: Sequence[int]) -> list[Step]:
    """The steps in the order of these rows. Raises Invalid."""
    if sorted(ids) != list(range(len(dealt))):
        raise Invalid("The steps have changed since this page was made. Start the rung again.")
    return [dealt[id] for id in ids]


def read_move(move: str, rows: Sequence[int]) -> tuple[int, int]:
    """A row, and by how many places it moves. Raises Invalid."""
    row, _, way = move.partition(":")
    if way not in ("up", "down") or row not in map(str, rows):
        raise Invalid("A move names a row and a way, up or down.")
    return int(row), -1 if way == "up" else 1


# --- the missing step ----------------------------------------------------------------------------


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


# --- the corrupted line --------------------------------------------------------------------------


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


def find_step(derivation: Derivation, number: str) -> Step:
    """Raises NotFound."""
    for step in derivation.steps:
        if step.number == number:
            return step
    raise NotFound(f"This derivation has no step {number}.")
