"""Flashcards to take away; what is being attempted stays here until its end."""

from fastapi import APIRouter
from fastapi.responses import Response

from app.library.anki import package_of_all, package_of_one
from app.web.dependencies import LibraryDep, NowDep, OpenDerivation, Sealed

MEDIA_TYPE = "application/x-apkg"

router = APIRouter()


@router.get("/anki.apkg")
def everything(library: LibraryDep, sealed: Sealed, now: NowDep) -> Response:
    return download(package_of_all(library, now, without=set(sealed)), "coldboard.apkg")


@router.get("/d/{derivation_id}/anki.apkg")
def one(derivation: OpenDerivation, library: LibraryDep, now: NowDep) -> Response:
    derivation_id = derivation.question.id
    package = package_of_one(library, derivation_id, now)
    return download(package, f"coldboard-{derivation_id}.apkg")


def download(package: bytes, filename: str) -> Response:
    return Response(
        package,
        media_type=MEDIA_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{filename}"'},
    )
