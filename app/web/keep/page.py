"""The page itself: what can be taken out, brought in and deleted, and what was deleted."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from app.library.models import Library
from app.practice.archive.container import MAX_UNPACKED_BYTES
from app.storage.attempts import list_open
from app.storage.deleted import KEPT_MS, list_deleted_attempts, list_deleted_own
from app.web.dependencies import LibraryDep, Sealed, SessionDep
from app.web.keep.stock import stock_of
from app.web.templating import render

MAX_ARCHIVE_BYTES = 200 * 1024 * 1024

router = APIRouter(prefix="/keep")


@router.get("")
def keep(
    request: Request, session: SessionDep, library: LibraryDep, sealed: Sealed
) -> HTMLResponse:
    return keep_page(request, session, library, sealed)


def keep_page(
    request: Request,
    session: Session,
    library: Library,
    sealed: dict[str, str],
    status: int = 200,
    **context: Any,
) -> HTMLResponse:
    """`context`: after an import, `merged` and `unusable`, or `problem`."""
    deleted = list_deleted_attempts(session)
    titles = {
        row.derivation: library[row.derivation].question.title
        for row in deleted
        if row.derivation in library.derivations
    }
    return render(
        request,
        "keep/page.html",
        status=status,
        stock=stock_of(session, sealed),
        running=list_open(session),
        deleted_attempts=deleted,
        deleted_own=list_deleted_own(session),
        titles=titles,
        kept_ms=KEPT_MS,
        max_megabytes=MAX_ARCHIVE_BYTES // 1024**2,
        max_unpacked_gigabytes=MAX_UNPACKED_BYTES // 1024**3,
        **context,
    )
