"""Who asks: the seat behind a request, and what it may do.

A seat is known by a secret that its browser keeps in a cookie, sent below the seat's own address
alone, so that one browser may have several. Everything that a seat may do lies below `/s/{seat}`.
"""

import json
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request, Response
from fastapi.requests import HTTPConnection
from sqlmodel import Session

from app.errors import Forbidden
from app.practice.preferences import Preferences
from app.practice.roles import Role
from app.practice.session import could_write, may_judge
from app.storage.sessions import attempt_in, find_seat, find_session, was_host
from app.storage.tables import AttemptRow, SeatRow, SessionRow
from app.web.dependencies import SessionDep

COOKIE = "seat"
COOKIE_LASTS_S = 30 * 24 * 3600
# Where the browser keeps which seat it took at an address, sent to that address alone.
TAKEN = "taken"

NO_WATCHERS = (
    "The host has closed this session to watchers. Ask the host, then open this page again."
)


@dataclass(frozen=True)
class Seated:
    """A seat with its session."""

    row: SeatRow
    session: SessionRow

    @property
    def role(self) -> Role:
        return Role(self.row.role)

    @property
    def admitted(self) -> bool:
        return self.row.admitted_at is not None

    @property
    def shut_out(self) -> bool:
        """A watcher, while watchers are not wanted."""
        return self.role is Role.WATCHER and not self.session.watchers

    @property
    def hosted(self) -> bool:
        """Whether it is or was a host."""
        return was_host(self.row)

    def judges(self, attempt: AttemptRow) -> bool:
        """Whether it gets what hosts get of this attempt."""
        return may_judge(
            self.row.id,
            self.role,
            self.row.role_since,
            attempt.candidate,
            attempt.created_at,
            hosted=json.loads(self.row.hosted),
            session_over=self.session.ended_at is not None,
        )

    def derived(self, attempt: AttemptRow) -> bool:
        """Whether it is this seat's own work."""
        row = self.row
        return row.id == attempt.candidate or could_write(
            self.role, row.role_since, row.admitted_at, attempt.created_at, attempt.ended_at
        )


def seated(session: Session, connection: HTTPConnection, seat_id: str) -> Seated:
    """Raises NotFound and Forbidden."""
    row = find_seat(session, seat_id, connection.cookies.get(COOKIE, ""))
    return Seated(row, find_session(session, row.session_id))


def get_seat(connection: HTTPConnection, seat_id: str, session: SessionDep) -> Seated:
    seat = seated(session, connection, seat_id)
    connection.state.seat = f"/s/{seat_id}"
    return seat


Seat = Annotated[Seated, Depends(get_seat)]


def get_admitted(seat: Seat) -> Seated:
    """A seat that may look at the board. Raises Forbidden."""
    check_admitted(seat)
    return seat


def check_admitted(seat: Seated) -> None:
    if not seat.admitted:
        raise Forbidden("You are in the lobby. The host has to let you in.")
    if seat.shut_out:
        raise Forbidden(NO_WATCHERS)


Admitted = Annotated[Seated, Depends(get_admitted)]


def get_host(seat: Admitted) -> Seated:
    """Raises Forbidden."""
    if seat.role is not Role.HOST:
        raise Forbidden("Only the host of this session may do that.")
    return seat


Host = Annotated[Seated, Depends(get_host)]


def get_former_host(seat: Admitted) -> Seated:
    """Whoever is or was a host. Raises Forbidden."""
    if not seat.hosted:
        raise Forbidden("Only the host of this session may do that.")
    return seat


FormerHost = Annotated[Seated, Depends(get_former_host)]


def get_judged(seat: Host, attempt_id: str, session: SessionDep) -> AttemptRow:
    """An attempt of which this host may see everything. Raises NotFound and Forbidden."""
    row = attempt_in(session, seat.session.id, attempt_id)
    if not seat.judges(row):
        raise Forbidden(
            "This attempt was begun before you were a host, so it is not yours to judge."
        )
    return row


Judged = Annotated[AttemptRow, Depends(get_judged)]


def give_seat(request: Request, response: Response, seat_id: str, secret: str) -> None:
    """Has the browser keep the secret of its seat."""
    response.set_cookie(
        COOKIE,
        secret,
        max_age=COOKIE_LASTS_S,
        path=f"/s/{seat_id}",
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )


def remember_seat(response: Response, seat_id: str, path: str) -> None:
    """Has the browser say at `path` that it has this seat already."""
    response.set_cookie(
        TAKEN, seat_id, max_age=COOKIE_LASTS_S, path=path, httponly=True, samesite="lax"
    )


def as_a_guest(request: Request) -> None:
    """The page looks as the visitor's own browser has it, whatever whoever keeps this server has
    chosen for theirs."""
    request.state.preferences = Preferences()
