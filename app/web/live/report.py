"""The report of a session: for its hosts, and, as far as they share it, for the candidate.

Both see the same page; what somebody may not see is not given to it.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup
from sqlmodel import Session

from app.errors import NotFound
from app.library.models import Derivation, Library
from app.practice.remarks import Kind
from app.practice.roles import Role
from app.practice.scorecard import ANCHORS, TITLES, Scorecard, may_read
from app.practice.splits import Reached
from app.storage.sessions import (
    REPORT,
    attempts_of,
    card_of,
    links_of,
    remarks_of,
    seats_of,
    was_host,
)
from app.storage.steps import CheckedLine, checked_lines, reached_of
from app.storage.tables import AttemptRow, LinkRow, RemarkRow, SeatRow
from app.web.dependencies import LibraryDep, NowDep, Sealed, SessionDep
from app.web.findings import LineCheckDep
from app.web.live.markdown import markdown
from app.web.live.viewing import LinkViewer, SeatViewer, Viewer, may_keep, own_work
from app.web.owner import OwnerDep
from app.web.summaries import Summary, summary_of, title_of
from app.web.templating import render

router = APIRouter()


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
    for seat in filter(was_host, seats_of(session, viewer.session.id)):
        own = viewer.seat is not None and seat.id == viewer.seat.row.id
        card, notes = card_of(seat), seat.notes
        # Not somebody whom the reader may have derived for.
        colleague = reader is not None and seat.role == Role.HOST
        if reader is not None and colleague:
            readable = may_read(
                own=own,
                submitted=seat.submitted_at is not None,
                reader_submitted=reader.submitted_at is not None,
            )
        else:
            readable = own or viewer.shared.has("card", seat.id)
        shows_notes = own or viewer.shared.has("notes", seat.id)
        said = card != Scorecard() or bool(notes.strip()) or own
        if said and (readable or shows_notes or colleague):
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
