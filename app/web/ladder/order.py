"""Rung one: the key steps of a derivation, to be put in order."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from app.errors import Invalid
from app.library.models import Derivation, Step
from app.practice.ladder import Rung, moved, shuffled, too_early
from app.storage.rungs import keep_rung
from app.web.dependencies import NowDep, OpenDerivation, SessionDep
from app.web.ladder.exercise import SeedForm, SeedQuery, address, begun, check_there, page

router = APIRouter()


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
