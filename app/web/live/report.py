"""The report of a session: for its hosts, and, as far as they share it, for the candidate.

Both see the same page; what somebody may not see is not given to it.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse, StreamingResponse
from markupsafe import Markup
from sqlmodel import Session

from app.errors import Conflict, Forbidden, NotFound
from app.library.models import Derivation, Library
from app.practice.recording import write_recording
from app.practice.remarks import Kind
from app.practice.report import Shared
from app.practice.roles import Role
from app.practice.scorecard import ANCHORS, TITLES, Scorecard, may_read
from app.practice.splits import Reached
from app.storage.recordings import import_recording, own_id, recording_of
from app.storage.sessions import (
    REPORT,
    attempt_in,
    attempts_of,
    card_of,
    clear_session,
    find_link,
    find_session,
    links_of,
    make_link,
    remarks_of,
    revoke_link,
    seats_of,
)
from app.storage.steps import CheckedLine, checked_lines, reached_of
from app.storage.tables import AttemptRow, LinkRow, RemarkRow, SeatRow, SessionRow
from app.web.dependencies import LibraryDep, NowDep, Sealed, SessionDep
from app.web.findings import LineCheckDep
from app.web.live.console import told
from app.web.live.markdown import markdown
from app.web.live.seats import Host, Seat, Seated
from app.web.live.wiring import CirclesDep
from app.web.owner import OwnerDep
from app.web.summaries import Summary, summary_of, title_of
from app.web.templating import render

router = APIRouter()

# A header without what was said of the steps.
NOTHING_SAID: dict[str, Any] = {"steps": {}, "not_reached": [], "taken_back": [], "said_at": {}}


@dataclass(frozen=True)
class Viewer:
    """Who reads a report: `base` is the address below which everything of theirs lies; `seat` is
    None for somebody with a link."""

    base: str
    session: SessionRow
    shared: Shared
    seat: Seated | None = None

    @property
    def is_host(self) -> bool:
        return self.seat is not None and self.seat.role is Role.HOST

    def sees(self, part: str, attempt: AttemptRow) -> bool:
        """Whether this part of an attempt is theirs to see."""
        judges = self.seat is not None and self.seat.judges(attempt)
        return judges or part in self.shared


@dataclass(frozen=True)
class Part:
    """One attempt with what may be seen of it; no `derivation` where its key steps may not."""

    row: AttemptRow
    title: str
    summary: Summary | None
    derivation: Derivation | None
    reached: Reached
    lines: list[dict[str, Any]]
    remarks: Sequence[RemarkRow]
    replay: bool
    closed: bool


@dataclass(frozen=True)
class Judgement:
    """What one host says: the card, or None where it may not be read yet; notes as HTML."""

    seat: SeatRow
    card: Scorecard | None
    notes: Markup | None


def viewer_with_seat(seat: Seated) -> Viewer:
    """Raises Forbidden: a candidate has no report before the session is over."""
    if not seat.admitted or seat.role is Role.WATCHER:
        raise Forbidden("The report is for those who held the session.")
    if seat.role is not Role.HOST and seat.session.ended_at is None:
        raise Forbidden("The report opens when the session has ended.")
    shared = Shared.read(seat.session.shared)
    return Viewer(f"/s/{seat.row.id}", seat.session, shared, seat)


def get_seat_viewer(seat: Seat) -> Viewer:
    return viewer_with_seat(seat)


def get_link_viewer(token: str, session: SessionDep, now: NowDep) -> Viewer:
    link = find_link(session, token, now)
    if link.role != REPORT:
        raise NotFound("This link opens no report.")
    row = find_session(session, link.session_id)
    if row.ended_at is None:
        raise Forbidden("The report opens when the session has ended.")
    return Viewer(f"/r/{token}", row, Shared.read(row.shared))


SeatViewer = Annotated[Viewer, Depends(get_seat_viewer)]
LinkViewer = Annotated[Viewer, Depends(get_link_viewer)]


@router.get("/s/{seat_id}/report")
async def report(
    request: Request,
    viewer: SeatViewer,
    session: SessionDep,
    library: LibraryDep,
    sealed: Sealed,
    check: LineCheckDep,
    now: NowDep,
    owner: OwnerDep,
    attempt: str | None = None,
) -> HTMLResponse:
    return await report_page(request, viewer, session, library, sealed, check, now, owner, attempt)


@router.get("/r/{token}")
async def shared_report(
    request: Request,
    viewer: LinkViewer,
    session: SessionDep,
    library: LibraryDep,
    sealed: Sealed,
    check: LineCheckDep,
    now: NowDep,
    owner: OwnerDep,
    attempt: str | None = None,
) -> HTMLResponse:
    return await report_page(request, viewer, session, library, sealed, check, now, owner, attempt)


async def report_page(
    request: Request,
    viewer: Viewer,
    session: Session,
    library: Library,
    sealed: dict[str, str],
    check: LineCheckDep,
    now: int,
    owner: bool,
    attempt_id: str | None,
) -> HTMLResponse:
    rows = [row for row in attempts_of(session, viewer.session.id) if row.ended_at is not None]
    for row in rows:
        await check(row)
    parts = [part_of(row, viewer, session, library, sealed) for row in rows]
    shown = next((part for part in parts if part.row.id == attempt_id), parts[0] if parts else None)
    if attempt_id is not None and (shown is None or shown.row.id != attempt_id):
        raise NotFound("This session has no such attempt, or it has not ended.")
    names = {seat.id: seat.name for seat in seats_of(session, viewer.session.id)}
    return render(
        request,
        "live/report.html",
        viewer=viewer,
        parts=parts,
        shown=shown,
        names=names,
        people=seats_of(session, viewer.session.id),
        judgements=judgements_for(viewer, session),
        link=report_link(session, viewer, now) if viewer.is_host else None,
        titles=TITLES,
        anchors=ANCHORS,
        may_keep=owner and shown is not None and may_keep(viewer, shown.row),
    )


def part_of(
    row: AttemptRow,
    viewer: Viewer,
    session: Session,
    library: Library,
    sealed: dict[str, str],
) -> Part:
    # Another attempt on the derivation may be running here: then nothing may answer it.
    closed = row.derivation in sealed
    steps = viewer.sees("steps", row) and not closed
    reached = reached_of(session, [row.id])[row.id] if steps else Reached()
    verdicts = viewer.sees("verdicts", row) and not closed
    lines = checked_lines(session, row.id) if verdicts else []
    return Part(
        row=row,
        title=title_of(row.derivation, library),
        summary=summary_of(row, reached.splits, library) if steps else None,
        derivation=library.derivations.get(row.derivation) if steps else None,
        reached=reached,
        lines=[line_for(line, steps=steps) for line in lines],
        remarks=remarks_for(viewer, row, session, steps=steps),
        replay=viewer.sees("replay", row) or own_work(viewer, row),
        closed=closed,
    )


def own_work(viewer: Viewer, row: AttemptRow) -> bool:
    return viewer.seat is not None and viewer.seat.row.id == row.candidate


def line_for(line: CheckedLine, *, steps: bool) -> dict[str, Any]:
    """Where the steps are not shared, neither is which of them a line reaches."""
    return asdict(line) if steps else {**asdict(line), "steps": (), "slip": None}


def remarks_for(
    viewer: Viewer, row: AttemptRow, session: Session, *, steps: bool
) -> Sequence[RemarkRow]:
    if not viewer.sees("remarks", row):
        return ()
    found = remarks_of(session, row.id)
    return found if steps else [one for one in found if one.kind not in (Kind.TICK, Kind.UNTICK)]


def judgements_for(viewer: Viewer, session: Session) -> list[Judgement]:
    """By the rules between hosts; of what is shared, whatever its host ticked."""
    reader = viewer.seat.row if viewer.is_host and viewer.seat else None
    found = []
    for seat in seats_of(session, viewer.session.id):
        own = reader is not None and seat.id == reader.id
        card, notes = card_of(seat), seat.notes
        if reader is not None:
            readable = may_read(
                own=own,
                submitted=seat.submitted_at is not None,
                reader_submitted=reader.submitted_at is not None,
            )
        else:
            readable = viewer.shared.has("card", seat.id)
        shows_notes = own or viewer.shared.has("notes", seat.id)
        said = card != Scorecard() or bool(notes.strip()) or own
        if said and seat.role == Role.HOST and (readable or shows_notes or reader is not None):
            found.append(
                Judgement(
                    seat,
                    card if readable else None,
                    markdown(notes) if shows_notes and notes.strip() else None,
                )
            )
    return found


def report_link(session: Session, viewer: Viewer, now: int) -> LinkRow | None:
    links = links_of(session, viewer.session.id, now)
    return next((link for link in links if link.role == REPORT), None)


# Sharing


@router.post("/s/{seat_id}/report/sharing")
def share(
    seat: Host,
    session: SessionDep,
    circles: CirclesDep,
    parts: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """What the candidate may see from now on: the parts that are ticked."""
    shared = Shared.read(seat.session.shared).chosen(parts or [], seat.row.id)
    seat.session.shared = shared.text
    session.add(seat.session)
    session.commit()
    return told(circles, seat)


@router.post("/s/{seat_id}/report/link")
def make_report_link(seat: Host, session: SessionDep, now: NowDep) -> RedirectResponse:
    """A new address at which what is shared can be read; the one that there was stops working."""
    drop_report_links(session, seat, now)
    make_link(session, seat.session.id, REPORT, now)
    session.commit()
    return RedirectResponse(f"/s/{seat.row.id}/report#sharing", status_code=303)


@router.post("/s/{seat_id}/report/link/withdrawal")
def withdraw_report_link(seat: Host, session: SessionDep, now: NowDep) -> RedirectResponse:
    drop_report_links(session, seat, now)
    session.commit()
    return RedirectResponse(f"/s/{seat.row.id}/report#sharing", status_code=303)


def drop_report_links(session: Session, seat: Seated, now: int) -> None:
    for link in links_of(session, seat.session.id, now):
        if link.role == REPORT:
            revoke_link(session, seat.session.id, link.token, now)


@router.post("/s/{seat_id}/report/deletion")
def delete(seat: Host, session: SessionDep, circles: CirclesDep) -> RedirectResponse:
    """Removes the session for good, with everything in it. Raises Conflict while it goes on."""
    if seat.session.ended_at is None:
        raise Conflict("This session is still open. End it, then delete it.")
    session_id = seat.session.id
    clear_session(session, session_id)
    session.commit()
    circles.changed(session_id)
    return RedirectResponse("/sessions", status_code=303)


# What the candidate takes along


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


def may_keep(viewer: Viewer, row: AttemptRow) -> bool:
    return own_work(viewer, row) or (viewer.seat is None and viewer.sees("replay", row))


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
