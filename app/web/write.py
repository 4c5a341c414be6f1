"""Writing a derivation of one's own: a form that is checked while it is filled in, kept in the
database, taken out as a content file and brought in as one."""

from collections.abc import Container
from typing import Annotated, Any

from fastapi import APIRouter, Body, Form, Request, Response, UploadFile
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from sqlmodel import Session

from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.library.models import DerivationFile
from app.library.own import RESERVED_IDS
from app.library.places import located
from app.library.reading import MAX_FILE_BYTES, Broken, decoded, parse, read_source
from app.library.verifying.drafts import DraftReport, report_of
from app.library.writing import source_of_derivation
from app.storage.own import delete_own, find_own, list_own, restore_own, save_own
from app.storage.tables import OwnDerivationRow
from app.web.api import Asked, AskedDep, CheckingDep, JsonRoute
from app.web.dependencies import (
    LibraryDep,
    NowDep,
    Sealed,
    SessionDep,
    check_unsealed,
    get_library,
    get_sealed,
)
from app.web.templating import refreshed, render

router = APIRouter()
json_router = APIRouter(route_class=JsonRoute)

Draft = Annotated[dict[str, Any], Body()]


@router.get("/write")
def desk(request: Request, session: SessionDep) -> HTMLResponse:
    return desk_page(request, session)


def desk_page(
    request: Request, session: Session, *, pasted: str = "", problems: tuple[str, ...] = ()
) -> HTMLResponse:
    library = get_library(request, session)
    rows = [
        (row, library[row.id].question if row.id in library.own else None)
        for row in list_own(session)
    ]
    return render(
        request,
        "write/desk.html",
        status=422 if problems else 200,
        rows=rows,
        sealed=get_sealed(session, library),
        pasted=pasted,
        problems=problems,
    )


@router.get("/write/new")
def begin(request: Request) -> HTMLResponse:
    return render(request, "write/page.html", draft={}, saved_id=None)


@router.get("/write/{derivation_id}")
def go_on(
    request: Request, derivation_id: str, session: SessionDep, sealed: Sealed
) -> HTMLResponse:
    check_unsealed(derivation_id, sealed)
    file = own_file(session, derivation_id)
    draft = file.model_dump(mode="json", exclude_defaults=True)
    return render(request, "write/page.html", draft=draft, saved_id=derivation_id)


@router.get("/write/{derivation_id}/file.toml")
def take_out(derivation_id: str, session: SessionDep, sealed: Sealed) -> Response:
    check_unsealed(derivation_id, sealed)
    row = own_row(session, derivation_id)
    return Response(
        row.source,
        media_type="application/toml",
        headers={"Content-Disposition": f'attachment; filename="{derivation_id}.toml"'},
    )


@json_router.post("/write/draft")
async def look_over(draft: Draft, asked: AskedDep, checking: CheckingDep) -> JSONResponse:
    """What is wrong with a draft, as it stands; nothing is kept."""
    check_not_cold(asked)
    report = await checking.run(lambda: report_of(draft, asked.library.pictures))
    return JSONResponse({"problems": report.problems, "judged": report.judged})


@json_router.put("/write/{derivation_id}")
async def save(
    request: Request,
    derivation_id: str,
    draft: Draft,
    session: SessionDep,
    asked: AskedDep,
    checking: CheckingDep,
    now: NowDep,
) -> JSONResponse:
    """Keeps a draft in which nothing is wrong, under its id. A draft with an id of its own that is
    not saved yet comes as `new`."""
    check_not_cold(asked)
    file = whole(await checking.run(lambda: report_of(draft, asked.library.pictures)))
    if derivation_id not in ("new", file.id):
        raise Conflict("The address of a saved derivation stays: its attempts are found by it.")
    check_place(file, request, session, replaces=derivation_id)
    save_own(session, file.id, source_of_derivation(file), now)
    session.commit()
    return JSONResponse({"id": file.id})


def whole(report: DraftReport) -> DerivationFile:
    """The draft as a file, if nothing is wrong with it. Raises Invalid."""
    if report.file is None or report.problems:
        raise Invalid(f"This cannot be saved yet: {report.problems[0]}.")
    return report.file


def check_not_cold(asked: Asked) -> None:
    """Raises Forbidden: the lines of a cold attempt could be written into a draft."""
    if asked.cold:
        raise Forbidden(
            "A cold attempt is running: formulas are checked and saved again when it has ended. "
            "What you write here meanwhile stays in this browser."
        )


def check_place(file: DerivationFile, request: Request, session: Session, *, replaces: str) -> None:
    """Looks at the library as it is by now. `replaces`: the derivation of one's own that may give
    its ids to this one. Raises Conflict for an id that something else has, Forbidden for one that
    is attempted."""
    if file.id in RESERVED_IDS:
        raise Conflict(f"The id '{file.id}' is the name of a page here: choose another.")
    library = get_library(request, session)
    check_unsealed(file.id, get_sealed(session, library))
    is_own = replaces in library.own
    for one in (file.id, *(variant.id for variant in file.variants)):
        taken = library.derivations.get(one)
        if taken is not None and not (is_own and taken.question.family == replaces):
            raise Conflict(f"There is a derivation called '{one}' already: choose another id.")


@router.post("/write/import")
async def bring_in(
    request: Request,
    session: SessionDep,
    asked: AskedDep,
    checking: CheckingDep,
    now: NowDep,
    file: UploadFile | None = None,
    text: Annotated[str, Form(max_length=MAX_FILE_BYTES)] = "",
) -> Response:
    """A content file, uploaded or pasted. One with mistakes is not taken; each is named with its
    line, and a pasted text stays where it is."""
    try:
        check_not_cold(asked)
        source = await source_from(file, text)
        derivation = await checking.run(lambda: checked_file(source, asked.library.pictures))
        check_place(derivation, request, session, replaces=derivation.id)
    except Broken as broken:
        return desk_page(request, session, pasted=text, problems=broken.problems)
    except (Conflict, Forbidden) as in_the_way:
        return desk_page(request, session, pasted=text, problems=(str(in_the_way),))
    save_own(session, derivation.id, source, now)
    session.commit()
    return RedirectResponse(f"/write/{derivation.id}", status_code=303)


async def source_from(file: UploadFile | None, text: str) -> str:
    """Raises Broken."""
    if file is None or not file.filename:
        if not text.strip():
            raise Broken("nothing was given: choose a file, or paste its text")
        return text.replace("\r\n", "\n")
    data = await file.read(MAX_FILE_BYTES + 1)
    return decoded(data)


def checked_file(source: str, pictures: Container[str]) -> DerivationFile:
    """Raises Broken."""
    report = report_of(parse(source), pictures)
    if report.file is None or report.problems:
        raise Broken(*(located(source, problem) for problem in report.problems))
    return report.file


@router.delete("/write/{derivation_id}")
def delete(
    request: Request, derivation_id: str, session: SessionDep, sealed: Sealed, now: NowDep
) -> HTMLResponse:
    check_unsealed(derivation_id, sealed)
    row = own_row(session, derivation_id)
    delete_own(session, derivation_id, now)
    session.commit()
    return render(request, "write/_deleted.html", row=row)


@router.post("/write/{derivation_id}/restoration")
def restore(
    request: Request, derivation_id: str, session: SessionDep, library: LibraryDep, now: NowDep
) -> Response:
    """Brings a deleted one back, unless something else has one of its ids by now."""
    row = find_own(session, derivation_id, deleted=True)
    if row is None:
        own_row(session, derivation_id)  # pressed twice, it is back already
    else:
        for one in ids_of(row):
            if one in library.derivations:
                raise Conflict(f"There is a derivation called {one!r} already.")
        restore_own(session, derivation_id, now)
        session.commit()
    return refreshed(request)


def ids_of(row: OwnDerivationRow) -> list[str]:
    """Its own id and those of its variants, as far as it can be read."""
    try:
        file = read_source(row.source, DerivationFile)
    except Broken:
        return [row.id]
    return [row.id, *(variant.id for variant in file.variants)]


def own_row(session: Session, derivation_id: str) -> OwnDerivationRow:
    row = find_own(session, derivation_id)
    if row is None:
        raise NotFound(f"You have written no derivation called {derivation_id!r}.")
    return row


def own_file(session: Session, derivation_id: str) -> DerivationFile:
    try:
        return read_source(own_row(session, derivation_id).source, DerivationFile)
    except Broken as broken:
        raise Conflict(
            f"This derivation cannot be read any more: {broken.problems[0]}. "
            "Take its file out, correct it, and bring it in again.",
            f"/write/{derivation_id}/file.toml",
        ) from broken
