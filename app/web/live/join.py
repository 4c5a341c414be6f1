"""Following a link into a session."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlmodel import Session

from app.errors import Conflict, Forbidden, NotFound
from app.practice.roles import Role
from app.storage.sessions import REPORT, find_link, find_session, seats_of, take_seat
from app.storage.tables import LinkRow
from app.web.dependencies import NowDep, SessionDep
from app.web.live.seats import NO_WATCHERS, TAKEN, as_a_guest, give_seat, remember_seat
from app.web.live.start import read_name
from app.web.live.wiring import CirclesDep
from app.web.templating import render

router = APIRouter()

MOST_WAITING = 20
MOST_SEATS = 200


@router.get("/join/{token}")
def invitation(request: Request, token: str, session: SessionDep, now: NowDep) -> HTMLResponse:
    link = _seat_link(find_link(session, token, now))
    as_a_guest(request)
    return render(
        request,
        "live/join.html",
        link=link,
        taken=request.cookies.get(TAKEN),
        over=find_session(session, link.session_id).ended_at is not None,
    )


@router.post("/join/{token}")
def join(
    request: Request,
    token: str,
    session: SessionDep,
    circles: CirclesDep,
    now: NowDep,
    name: Annotated[str, Form()] = "",
) -> RedirectResponse:
    link = _seat_link(find_link(session, token, now))
    row = find_session(session, link.session_id)
    if row.ended_at is not None:
        raise Forbidden("This session has ended.")
    if link.role == Role.WATCHER and not row.watchers:
        raise Forbidden(NO_WATCHERS)
    check_room(session, row.id)
    seat, secret = take_seat(session, row.id, Role(link.role), read_name(name), now, token)
    session.commit()
    circles.changed(row.id)
    response = RedirectResponse(f"/s/{seat.id}", status_code=303)
    give_seat(request, response, seat.id, secret)
    remember_seat(response, seat.id, f"/join/{token}")
    return response


def check_room(session: Session, session_id: str) -> None:
    """A link may get into many hands. Raises Conflict."""
    seats = seats_of(session, session_id)
    waiting = sum(seat.admitted_at is None for seat in seats)
    if waiting >= MOST_WAITING or len(seats) >= MOST_SEATS:
        raise Conflict("The session is full. Ask its host to make room, then try again.")


def _seat_link(link: LinkRow) -> LinkRow:
    if link.role == REPORT:
        raise NotFound("This link opens a report, at /r and not at /join.")
    return link
