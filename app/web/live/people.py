"""Who has a seat, who waits in the lobby, and the links by which people come."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from app.errors import Conflict, Invalid
from app.practice.roles import Role
from app.storage.sessions import (
    admit,
    candidate_of,
    links_of,
    make_link,
    remove_seat,
    revoke_link,
    seat_in,
    seats_of,
)
from app.storage.tables import AttemptRow
from app.web.dependencies import (
    NowDep,
    SessionDep,
)
from app.web.live.changes import check_open
from app.web.live.seats import Host, Seated
from app.web.live.wiring import CirclesDep
from app.web.templating import render

router = APIRouter(prefix="/s/{seat_id}")


def people_of(seat: Seated, session: Session, now: int) -> dict[str, Any]:
    """Who has a seat, who waits in the lobby, and by which links people come."""
    seats = seats_of(session, seat.session.id)
    links = {link.role: link for link in links_of(session, seat.session.id, now)}
    return {
        "seats": [one for one in seats if one.admitted_at is not None],
        "waiting": [one for one in seats if one.admitted_at is None],
        "candidate": candidate_of(session, seat.session.id),
        "links": {role: links.get(role) for role in (Role.CANDIDATE, Role.WATCHER, Role.HOST)},
    }


@router.get("/people")
def people(request: Request, seat: Host, session: SessionDep, now: NowDep) -> HTMLResponse:
    return render(request, "live/_people.html", seat=seat, **people_of(seat, session, now))


@router.post("/links")
def invite(
    request: Request,
    seat: Host,
    session: SessionDep,
    now: NowDep,
    role: Annotated[Role, Form()],
) -> HTMLResponse:
    """A new link for this role; the one that there was stops working."""
    if role is Role.WRITER:
        raise Invalid("A link is for a candidate, a watcher or a host.")
    check_open(seat)
    for link in links_of(session, seat.session.id, now):
        if link.role == role:
            revoke_link(session, seat.session.id, link.token, now)
    make_link(session, seat.session.id, role, now)
    session.commit()
    return people(request, seat, session, now)


@router.delete("/links/{token}")
def uninvite(
    request: Request, token: str, seat: Host, session: SessionDep, circles: CirclesDep, now: NowDep
) -> HTMLResponse:
    revoke_link(session, seat.session.id, token, now)
    session.commit()
    circles.changed(seat.session.id)
    return people(request, seat, session, now)


@router.post("/seats/{other_id}/admission")
def let_in(
    request: Request,
    other_id: str,
    seat: Host,
    session: SessionDep,
    circles: CirclesDep,
    now: NowDep,
) -> HTMLResponse:
    admit(session, seat_in(session, seat.session.id, other_id), now)
    session.flush()
    name_candidate(session, seat)
    session.commit()
    circles.changed(seat.session.id)
    return people(request, seat, session, now)


def name_candidate(session: Session, seat: Seated) -> None:
    """Whoever derives belongs to the attempt that is on the board."""
    current = session.get(AttemptRow, seat.session.attempt_id) if seat.session.attempt_id else None
    candidate = candidate_of(session, seat.session.id)
    if current is not None and current.candidate is None and candidate is not None:
        current.candidate = candidate.id
        session.add(current)


@router.delete("/seats/{other_id}")
def send_away(
    request: Request,
    other_id: str,
    seat: Host,
    session: SessionDep,
    circles: CirclesDep,
    now: NowDep,
) -> HTMLResponse:
    other = seat_in(session, seat.session.id, other_id)
    if other.id == seat.row.id:
        raise Conflict("You cannot send yourself away. End the session instead.")
    remove_seat(session, other, now)
    session.commit()
    circles.changed(seat.session.id)
    return people(request, seat, session, now)
