"""Everything out as one file, and in from one."""

import tempfile
from collections.abc import Iterator
from typing import BinaryIO

from fastapi import APIRouter, Request, UploadFile
from fastapi.responses import HTMLResponse, StreamingResponse
from sqlmodel import Session

from app.errors import ArchiveError, Conflict, RecordingError
from app.library.models import Library
from app.practice.archive.reader import open_archive
from app.storage.archives import Merged, export_all, import_all, import_one
from app.storage.preferences import read_preferences
from app.web.dependencies import LibraryDep, NowDep, Sealed, SessionDep, get_library
from app.web.keep.files import attachment
from app.web.keep.page import MAX_ARCHIVE_BYTES, keep_page
from app.web.keep.stock import Running
from app.web.preferences import PreferencesDep

CHUNK_BYTES = 256 * 1024

router = APIRouter(prefix="/keep")


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
    """Takes in the whole file, an archive or the recording of one attempt, or nothing of it."""
    if running:
        # It may take long, and an attempt that is being recorded must never wait for the database.
        raise Conflict(
            "An attempt is running. Bring the file in when it has ended.", f"/a/{running[0].id}"
        )
    if file is None or not file.filename:
        return keep_page(request, session, library, sealed, 422, problem="no file was chosen")
    try:
        merged = merge_file(session, file.file, now)
    except (ArchiveError, RecordingError) as error:
        session.rollback()
        return keep_page(request, session, library, sealed, 422, problem=str(error))
    session.commit()
    request.state.preferences = read_preferences(session)
    library = get_library(request, session)
    unusable = unusable_of(merged, library)
    return keep_page(request, session, library, sealed, merged=merged, unusable=unusable)


def merge_file(session: Session, file: BinaryIO, now: int) -> Merged:
    """Raises ArchiveError and RecordingError."""
    begins_like_a_recording = file.read(1) == b"{"
    file.seek(0)
    if begins_like_a_recording:
        # What is no UTF-8 is no JSON either, and is refused with its line.
        lines = (line.decode(errors="replace") for line in file)
        return import_one(session, lines, now)
    with open_archive(file) as archive:
        return import_all(session, archive, now)


def unusable_of(merged: Merged, library: Library) -> list[str]:
    """Derivations that were kept and cannot be practised: they cannot be read, or their id is that
    of another."""
    arrived = [one.id for one in merged.derivations if one.what in ("added", "replaced")]
    arrived += [one.kept_as for one in merged.derivations if one.kept_as]
    return [one for one in arrived if one not in library.own]
