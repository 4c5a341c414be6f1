"""Flashcards to take away; what is being attempted stays here until its end."""

from fastapi import APIRouter
from fastapi.responses import Response

from app.library.anki import package_of_all, package_of_one
from app.web.dependencies import (
    LibraryDep,
    NowDep,
    Sealed,
    check_unsealed,
    not_found_derivation,
)

MEDIA_TYPE = "application/x-apkg"

router = APIRouter()


@router.get("/anki.apkg")
def everything(library: LibraryDep, sealed: Sealed, now: NowDep) -> Response:
    # A variant shares gotchas and key steps with its derivation.
    closed = {one for running in sealed for one in library.family_of(running)}
    return download(package_of_all(library, now, without=closed), "coldboard.apkg")


@router.get("/d/{derivation_id}/anki.apkg")
def one(derivation_id: str, library: LibraryDep, sealed: Sealed, now: NowDep) -> Response:
    if derivation_id not in library.derivations:
        raise not_found_derivation(derivation_id)
    for relative in library.family_of(derivation_id):
        check_unsealed(relative, sealed)
    package = package_of_one(library, derivation_id, now)
    return download(package, f"coldboard-{derivation_id}.apkg")


def download(package: bytes, filename: str) -> Response:
    return Response(
        package,
        media_type=MEDIA_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{filename}"'},
    )
