"""What the exercises of the ladder have in common: which there are, their addresses and pages.

What an exercise shows follows from the seed in its address. An answer is kept and leads to the
address of the page that judges it, so that a reload keeps nothing twice.
"""

import secrets
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from app.errors import NotFound
from app.library.models import Derivation
from app.practice.ladder import SEEDS, Rung, another, can_be_ordered
from app.web.templating import render

SeedQuery = Annotated[int | None, Query(ge=0, lt=SEEDS)]
SeedForm = Annotated[int, Form(ge=0, lt=SEEDS)]

NOT_THERE = {
    Rung.ORDER: "Any order of these steps is right, so there is nothing to put in order.",
    Rung.MISSING: "This derivation has no steps to fill in.",
    Rung.CORRUPTED: "No wrong line is known of this derivation, or there is no other to tell it "
    "from.",
}


def rungs_of(derivation: Derivation) -> list[Rung]:
    """The rungs below the board that there are for a derivation."""
    there = {
        Rung.ORDER: can_be_ordered(derivation.needs),
        Rung.MISSING: bool(derivation.steps),
        Rung.CORRUPTED: bool(derivation.slips) and len(derivation.steps) > 1,
    }
    return [rung for rung, is_there in there.items() if is_there]


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
