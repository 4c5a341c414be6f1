"""What is mine to keep: everything out and in as one file, tables, the plan as a calendar, and
deletion that is final."""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, BinaryIO

from fastapi import APIRouter, Depends, Form, Request, Response, UploadFile
from fastapi.responses import HTMLResponse, StreamingResponse
from sqlmodel import Session

from app.errors import ArchiveError, Conflict
from app.library.models import Library
from app.practice.archive import open_archive
from app.practice.calendar import Entry, planned_days, write_calendar
from app.practice.sheets import write_sheet
from app.storage.archives import Merged, export_all, import_all
from app.storage.attempts import list_ended, list_open
from app.storage.database import scrub
from app.storage.deleted import (
    KEPT_MS,
    clear_attempt,
    clear_own,
    delete_everything,
    list_deleted_attempts,
    list_deleted_own,
)
from app.storage.own import list_own
from app.storage.ratings import count_ratings
from app.storage.tables import AttemptRow
from app.web.dependencies import HubDep, LibraryDep, NowDep, Sealed, SessionDep, get_library
from app.web.plans import current_plan
from app.web.preferences import PreferencesDep
from app.web.sheets import ATTEMPT_COLUMNS, SPLIT_COLUMNS, attempt_rows, split_rows
from app.web.summaries import summaries
from app.web.templating import clock_time, render

MAX_ARCHIVE_BYTES = 200 * 1024 * 1024
CONFIRMATION = "delete everything"
CHUNK_BYTES = 256 * 1024

router = APIRouter(prefix="/keep")


async def get_running(session: SessionDep, hub: HubDep) -> Sequence[AttemptRow]:
    """The attempts that are running, those left out whose time has run out by now."""
    for row in list_open(session):
        await hub.settle(row.id)
    session.expire_all()
    return list_open(session)


Running = Annotated[Sequence[AttemptRow], Depends(get_running)]


@dataclass(frozen=True, slots=True)
class Stock:
    """How much there is to take away; `closed`: attempts that stay here as long as one on the same
    derivation is running."""

    attempts: int
    closed: int
    ratings: int
    derivations: int


def stock_of(session: Session, sealed: dict[str, str]) -> Stock:
    ended = list_ended(session)
    closed = sum(row.derivation in sealed for row in ended)
    own = sum(row.id not in sealed for row in list_own(session))
    return Stock(len(ended) - closed, closed, sum(count_ratings(session).values()), own)


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
        **context,
    )


@router.get("/coldboard.zip")
def take_out(
    session: SessionDep, sealed: Sealed, now: NowDep, preferences: PreferencesDep
) -> StreamingResponse:
    file = tempfile.TemporaryFile()  # noqa: SIM115  (closed when it has been sent)
    export_all(session, file, sealed, now)
    size = file.tell()
    return StreamingResponse(
        sent(file),
        media_type="application/zip",
        headers=attachment(f"coldboard-{preferences.day_of(now)}.zip")
        | {"Content-Length": str(size)},
    )


def sent(file: BinaryIO) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


def attachment(filename: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{filename}"'}


@router.post("/import", max_body_size=MAX_ARCHIVE_BYTES)
def bring_in(
    request: Request,
    session: SessionDep,
    library: LibraryDep,
    sealed: Sealed,
    running: Running,
    now: NowDep,
    file: UploadFile | None = None,
) -> HTMLResponse:
    """Takes in the whole file or nothing of it."""
    if running:
        # It may take long, and an attempt that is being recorded must never wait for the database.
        raise Conflict(
            "An attempt is running. Bring the file in when it has ended.", f"/a/{running[0].id}"
        )
    if file is None or not file.filename:
        return keep_page(request, session, library, sealed, 422, problem="no file was chosen")
    try:
        with open_archive(file.file) as archive:
            merged = import_all(session, archive, now)
    except ArchiveError as error:
        session.rollback()
        return keep_page(request, session, library, sealed, 422, problem=str(error))
    session.commit()
    library = get_library(request, session)
    unusable = unusable_of(merged, library)
    return keep_page(request, session, library, sealed, merged=merged, unusable=unusable)


def unusable_of(merged: Merged, library: Library) -> list[str]:
    """Derivations that were kept and cannot be practised: they cannot be read, or their id is that
    of another."""
    arrived = [one.id for one in merged.derivations if one.what in ("added", "replaced")]
    arrived += [one.kept_as for one in merged.derivations if one.kept_as]
    return [one for one in arrived if one not in library.own]


@router.get("/attempts.csv")
def attempts_sheet(session: SessionDep, library: LibraryDep, sealed: Sealed) -> StreamingResponse:
    ended = [one for one in summaries(session, library) if one.row.derivation not in sealed]
    return sheet(write_sheet(ATTEMPT_COLUMNS, attempt_rows(ended)), "coldboard-attempts.csv")


@router.get("/splits.csv")
def splits_sheet(session: SessionDep, library: LibraryDep, sealed: Sealed) -> StreamingResponse:
    rows = [row for row in list_ended(session) if row.derivation not in sealed]
    found = list(split_rows(session, library, rows))
    return sheet(write_sheet(SPLIT_COLUMNS, found), "coldboard-splits.csv")


def sheet(lines: Iterator[str], filename: str) -> StreamingResponse:
    return StreamingResponse(lines, media_type="text/csv", headers=attachment(filename))


@router.get("/plan.ics")
def plan_feed(
    request: Request,
    session: SessionDep,
    library: LibraryDep,
    now: NowDep,
    preferences: PreferencesDep,
) -> Response:
    plan = current_plan(library, summaries(session, library), preferences, now)
    entries = []
    for one in planned_days(plan, preferences.day_of(now)):
        question = library[one.derivation].question
        rounds, place = divmod(one.number, len(plan.order))
        limit = clock_time(question.minutes * 60_000)
        entries.append(
            Entry(
                uid=f"plan-{one.number}-{one.derivation}@coldboard",
                day=one.day,
                summary=f"Derive {question.title}, {limit} cold",
                description=f"Day {place + 1} of {len(plan.order)}, round {rounds + 1}.",
                url=f"{request.base_url}d/{one.derivation}/try",
            )
        )
    return Response(
        write_calendar("Coldboard", entries, now),
        media_type="text/calendar",
        headers=attachment("coldboard-plan.ics"),
    )


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
    request: Request, session: SessionDep, sealed: Sealed, running: Running
) -> HTMLResponse:
    return deletion_page(request, session, sealed, running)


def deletion_page(
    request: Request,
    session: Session,
    sealed: dict[str, str],
    running: Sequence[AttemptRow],
    status: int = 200,
    problem: str = "",
) -> HTMLResponse:
    return render(
        request,
        "keep/deletion.html",
        status=status,
        stock=stock_of(session, sealed),
        deleted=len(list_deleted_attempts(session)) + len(list_deleted_own(session)),
        running=running,
        confirmation=CONFIRMATION,
        problem=problem,
    )


@router.post("/deletion")
def delete_all(
    request: Request,
    session: SessionDep,
    sealed: Sealed,
    running: Running,
    confirmation: Annotated[str, Form(max_length=100)] = "",
) -> HTMLResponse:
    if running:
        raise Conflict("An attempt is running. End or abandon it first.", f"/a/{running[0].id}")
    if " ".join(confirmation.split()).lower() != CONFIRMATION:
        problem = f"Nothing was deleted. Type the two words “{CONFIRMATION}” to do it."
        return deletion_page(request, session, sealed, running, 422, problem)
    delete_everything(session)
    session.commit()
    scrub(request.app.state.engine)
    response = render(request, "keep/deleted.html")
    # Drafts and what was not sent yet are kept by the browser.
    response.headers["Clear-Site-Data"] = '"storage"'
    return response
