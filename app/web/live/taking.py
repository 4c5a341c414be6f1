"""What the candidate takes along: the recording as a file, or a copy in the history here."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, StreamingResponse
from sqlmodel import Session

from app.errors import Forbidden
from app.practice.recording import write_recording
from app.practice.report import Shared
from app.storage.recordings import import_recording, own_id, recording_of
from app.storage.sessions import (
    attempt_in,
)
from app.storage.tables import AttemptRow
from app.web.dependencies import NowDep, SessionDep
from app.web.live.seats import Seat
from app.web.live.viewing import LinkViewer, SeatViewer, Viewer, may_keep, own_work
from app.web.owner import OwnerDep

router = APIRouter()

# A header without what was said of the steps.
NOTHING_SAID: dict[str, Any] = {"steps": {}, "not_reached": [], "taken_back": [], "said_at": {}}


@router.get("/s/{seat_id}/attempts/{attempt_id}/recording.ndjson")
def recording(seat: Seat, attempt_id: str, session: SessionDep) -> StreamingResponse:
    """For hosts, and for whoever derived, as soon as the attempt has ended."""
    row = attempt_in(session, seat.session.id, attempt_id)
    viewer = Viewer(f"/s/{seat.row.id}", seat.session, Shared.read(seat.session.shared), seat)
    return file_of(row, viewer, session)


@router.get("/r/{token}/attempts/{attempt_id}/recording.ndjson")
def shared_recording(viewer: LinkViewer, attempt_id: str, session: SessionDep) -> StreamingResponse:
    return file_of(attempt_in(session, viewer.session.id, attempt_id), viewer, session)


def file_of(row: AttemptRow, viewer: Viewer, session: Session) -> StreamingResponse:
    """Raises Forbidden, and Conflict while the attempt runs."""
    if not (viewer.sees("replay", row) or own_work(viewer, row)):
        raise Forbidden("The host does not share the recording.")
    header, events = recording_of(session, row)
    if not viewer.sees("steps", row):
        # Which steps were ticked is the host's to say.
        header = header.model_copy(update=NOTHING_SAID)
    return StreamingResponse(
        write_recording(header, list(events)),
        media_type="application/x-ndjson",
        headers={"Content-Disposition": f'attachment; filename="coldboard-{row.id}.ndjson"'},
    )


@router.post("/s/{seat_id}/attempts/{attempt_id}/keep")
def keep_own(
    viewer: SeatViewer, attempt_id: str, session: SessionDep, now: NowDep, owner: OwnerDep
) -> RedirectResponse:
    return keep_copy(viewer, attempt_id, session, now, owner)


@router.post("/r/{token}/attempts/{attempt_id}/keep")
def keep_shared(
    viewer: LinkViewer, attempt_id: str, session: SessionDep, now: NowDep, owner: OwnerDep
) -> RedirectResponse:
    return keep_copy(viewer, attempt_id, session, now, owner)


def keep_copy(
    viewer: Viewer, attempt_id: str, session: Session, now: int, owner: bool
) -> RedirectResponse:
    """Puts a copy of the attempt into the history of this server: once, however often it is asked
    for. Raises Forbidden."""
    row = attempt_in(session, viewer.session.id, attempt_id)
    if not owner:
        raise Forbidden("The history here is somebody else's. Take the recording as a file along.")
    if not may_keep(viewer, row):
        raise Forbidden("Only whoever derived may keep the attempt.")
    header, events = recording_of(session, row)
    if not viewer.sees("steps", row):
        header = header.model_copy(update=NOTHING_SAID)
    import_recording(session, header, list(events), now)
    session.commit()
    return RedirectResponse(f"/a/{own_id(session, row.id)}", status_code=303)
