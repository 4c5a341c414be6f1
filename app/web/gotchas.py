"""The gotcha table; a row about a derivation that is being attempted stays closed."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from app.web.dependencies import LibraryDep, Sealed
from app.web.templating import render

router = APIRouter()


@router.get("/gotchas")
def gotchas(request: Request, library: LibraryDep, sealed: Sealed) -> HTMLResponse:
    return render(
        request,
        "gotchas/page.html",
        rows=[row for row in library.gotchas if row.derivation not in sealed],
        closed=sum(row.derivation in sealed for row in library.gotchas),
    )
