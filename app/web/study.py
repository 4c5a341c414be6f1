"""Reading instead of deriving: the library, one derivation step by step, a sheet to print, search.

Nothing here is shown of a derivation while an attempt on it, or on a variant of it, runs."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from app.library.models import Derivation
from app.library.search import MAX_QUERY_CHARACTERS, search
from app.web.dependencies import LibraryDep, OpenDerivation, Sealed
from app.web.templating import render

router = APIRouter()


@router.get("/study")
def shelf(
    request: Request,
    library: LibraryDep,
    sealed: Sealed,
    q: Annotated[str, Query(max_length=MAX_QUERY_CHARACTERS)] = "",
) -> HTMLResponse:
    return render(
        request,
        "study/shelf.html",
        families=[
            (one.question, [v.question for v in library.variants_of(one.question.id)])
            for one in library.originals
        ],
        own=library.own,
        sealed=sealed,
        query=q,
        hits=search(library, q, leave_out=sealed) if q.strip() else None,
    )


@router.get("/d/{derivation_id}")
def study(request: Request, derivation: OpenDerivation, library: LibraryDep) -> HTMLResponse:
    return render(request, "study/page.html", **parts(derivation, library))


@router.get("/d/{derivation_id}/sheet")
def sheet(request: Request, derivation: OpenDerivation, library: LibraryDep) -> HTMLResponse:
    return render(request, "study/sheet.html", **parts(derivation, library))


def parts(derivation: Derivation, library: LibraryDep) -> dict[str, Any]:
    question = derivation.question
    return {
        "derivation": derivation,
        "question": question,
        "original": library[question.family].question,
        "variants": [one.question for one in library.variants_of(question.id)],
        "table_rows": [row for row in library.gotchas if row.derivation == question.family],
        "pictures": library.pictures,
    }
