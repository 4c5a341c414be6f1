"""Deletion that is final: of one thing that was deleted before, or of everything."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from app.errors import Conflict
from app.practice.preferences import Preferences
from app.storage.database import scrub
from app.storage.deleted import (
    clear_attempt,
    clear_own,
    count_deleted,
    delete_everything,
)
from app.storage.tables import AttemptRow
from app.web.dependencies import SessionDep
from app.web.keep.stock import Running, Stock, StockDep
from app.web.templating import render

CONFIRMATION = "delete everything"

router = APIRouter(prefix="/keep")


@router.delete("/deleted/attempts/{attempt_id}")
def clear_one_attempt(request: Request, attempt_id: str, session: SessionDep) -> HTMLResponse:
    clear_attempt(session, attempt_id)
    return cleared(request, session)


@router.delete("/deleted/derivations/{derivation_id}")
def clear_one_derivation(request: Request, derivation_id: str, session: SessionDep) -> HTMLResponse:
    clear_own(session, derivation_id)
    return cleared(request, session)


def cleared(request: Request, session: Session) -> HTMLResponse:
    session.commit()
    scrub(request.app.state.engine)
    return render(request, "keep/_gone.html")


@router.get("/deletion")
def confirm_deletion(
    request: Request, session: SessionDep, running: Running, stock: StockDep
) -> HTMLResponse:
    return deletion_page(request, session, running, stock)


def deletion_page(
    request: Request,
    session: Session,
    running: Sequence[AttemptRow],
    stock: Stock,
    status: int = 200,
    problem: str = "",
) -> HTMLResponse:
    return render(
        request,
        "keep/deletion.html",
        status=status,
        stock=stock,
        deleted=count_deleted(session),
        running=running,
        confirmation=CONFIRMATION,
        problem=problem,
    )


@router.post("/deletion")
def delete_all(
    request: Request,
    session: SessionDep,
    running: Running,
    stock: StockDep,
    confirmation: Annotated[str, Form(max_length=100)] = "",
) -> HTMLResponse:
    """The answer says what is gone."""
    if running:
        raise Conflict("An attempt is running. End or abandon it first.", f"/a/{running[0].id}")
    if " ".join(confirmation.split()).lower() != CONFIRMATION:
        problem = f"Nothing was deleted. Type the two words “{CONFIRMATION}” to do it."
        return deletion_page(request, session, running, stock, 422, problem)
    deleted = count_deleted(session)
    delete_everything(session)
    session.commit()
    scrub(request.app.state.engine)
    request.state.preferences = Preferences()
    response = render(request, "keep/deleted.html", stock=stock, deleted=deleted)
    # Drafts and what was not sent yet are kept by the browser.
    response.headers["Clear-Site-Data"] = '"storage"'
    return response
