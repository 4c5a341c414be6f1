"""All gotchas: the table across derivations, then those of each. What belongs to a derivation that
is being attempted stays closed."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from app.web.dependencies import LibraryDep, Sealed
from app.web.templating import render

router = APIRouter()


@router.get("/gotchas")
def gotchas(request: Request, library: LibraryDep, sealed: Sealed) -> HTMLResponse:
    families = [one for one in library.originals if one.gotchas]
    closed = sum(row.derivation in sealed for row in library.gotchas)
    closed += sum(len(one.gotchas) for one in families if one.question.id in sealed)
    return render(
        request,
        "gotchas/page.html",
        rows=[row for row in library.gotchas if row.derivation not in sealed],
        families=[one for one in families if one.question.id not in sealed],
        closed=closed,
    )
