"""What of a report its hosts share, the link to it, and the end of all of it."""

from collections.abc import Iterable
from typing import Annotated

from fastapi import APIRouter, Form, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from app.errors import Conflict, Forbidden
from app.practice.report import OWN, WHOLE, WRITTEN, Shared
from app.practice.roles import Role
from app.storage.sessions import (
    REPORT,
    attempt_in,
    attempts_of,
    clear_session,
    links_of,
    make_link,
    revoke_link,
)
from app.web.dependencies import NowDep, SessionDep
from app.web.live.changes import told
from app.web.live.seats import FormerHost, Host, Seated
from app.web.live.wiring import CirclesDep

router = APIRouter()


Ticked = Annotated[list[str] | None, Form()]


@router.post("/s/{seat_id}/attempts/{attempt_id}/sharing")
def share_attempt(
    seat: FormerHost,
    attempt_id: str,
    session: SessionDep,
    circles: CirclesDep,
    parts: Ticked = None,
) -> Response:
    """What the candidate may see of this attempt from now on. Raises NotFound and Forbidden."""
    row = attempt_in(session, seat.session.id, attempt_id)
    if seat.role is not Role.HOST and not seat.judges(row):
        raise Forbidden("You did not host this attempt: what of it is shared is its host's to say.")
    before = Shared.read(seat.session.shared).apart(
        [one.id for one in attempts_of(session, seat.session.id)]
    )
    theirs = WHOLE if seat.judges(row) else WRITTEN
    check_theirs(part for part in parts or [] if not (part in theirs or before.has(part, row.id)))
    return keep_shared_parts(before.chosen(parts or [], row.id, theirs), seat, session, circles)


def check_theirs(refused: Iterable[str]) -> None:
    """After a swap of roles a host would share with themselves, by a link, what was noted of them.
    Raises Forbidden."""
    if any(part in WHOLE for part in refused):
        raise Forbidden("You did not host this attempt: what was noted of it is another host's.")


@router.post("/s/{seat_id}/report/sharing")
def share_own(
    seat: FormerHost, session: SessionDep, circles: CirclesDep, parts: Ticked = None
) -> Response:
    """What the candidate may see from now on of this host's own scorecard and notes."""
    shared = Shared.read(seat.session.shared).chosen(parts or [], seat.row.id, OWN)
    return keep_shared_parts(shared, seat, session, circles)


def keep_shared_parts(
    shared: Shared, seat: Seated, session: Session, circles: CirclesDep
) -> Response:
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
