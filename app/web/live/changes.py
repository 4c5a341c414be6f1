"""What follows a change of a session: it is stored, and every page of it looks again."""

from fastapi import Response
from sqlmodel import Session

from app.errors import Conflict
from app.practice.roles import Role
from app.web.live.seats import Seated
from app.web.live.wiring import CirclesDep


def check_open(seat: Seated) -> None:
    """Raises Conflict."""
    if seat.session.ended_at is not None:
        raise Conflict("This session has ended. Begin another one.")


def keep(session: Session, circles: CirclesDep, seat: Seated) -> Response:
    """Stores what has changed, and has every page of the session look again."""
    session.add(seat.session)
    session.commit()
    return told(circles, seat)


def keep_noted(session: Session, circles: CirclesDep, seat: Seated) -> Response:
    """As `keep`, for what hosts alone see: not even that something was noted is told to others."""
    session.add(seat.session)
    session.commit()
    circles.signal(seat.session.id, {"type": "changed"}, to=(Role.HOST,))
    return Response(status_code=204)


def told(circles: CirclesDep, seat: Seated) -> Response:
    circles.changed(seat.session.id)
    return Response(status_code=204)
