"""The page of a seat, what it is to know of the session, and its two sockets.

One socket carries the log of the attempt, as in practice; the other what is of the moment: who is
there, where the host points, and that something has changed.
"""

import asyncio
import json
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, WebSocket
from fastapi.responses import HTMLResponse, JSONResponse
from sqlalchemy import Engine
from sqlmodel import Session

from app.errors import Forbidden, NotFound
from app.library.models import Library
from app.live.allowance import signals_allowed
from app.live.circle import Circles, Member, Person
from app.live.messages import encode
from app.practice.roles import Role
from app.practice.session import role_on_board
from app.storage.sessions import attempt_in
from app.storage.tables import AttemptRow
from app.web.dependencies import HubDep, LibraryDep, NowDep, SessionDep
from app.web.live.console import console_page
from app.web.live.seats import Admitted, Seat, Seated, as_a_guest, check_admitted, seated
from app.web.live.wiring import CirclesDep
from app.web.socket import GONE, TOO_LARGE, converse, hang_up
from app.web.templating import render

router = APIRouter()

MAX_SIGNAL_CHARACTERS = 500
PING = '{"type":"ping"}'


@router.get("/s/{seat_id}")
def page(
    request: Request, seat: Seat, session: SessionDep, library: LibraryDep, now: NowDep
) -> HTMLResponse:
    """The lobby, the board, or the console, as the seat is now."""
    if not seat.admitted:
        as_a_guest(request)
        return render(request, "live/lobby.html", seat=seat)
    check_admitted(seat)
    if seat.role is Role.HOST:
        return console_page(request, seat, session, library, now, state_of(seat, now))
    return guest_page(request, seat, session, library, now)


def guest_page(
    request: Request, seat: Seated, session: Session, library: Library, now: int
) -> HTMLResponse:
    """For a candidate or a watcher: the board, what there is before it, or what there is after."""
    as_a_guest(request)
    state = state_of(seat, now)
    if seat.session.ended_at is not None:
        shared = json.loads(seat.session.shared)
        return render(request, "live/over.html", seat=seat, state=state, shared=shared)
    attempt = board_of(seat, session)
    if attempt is None:
        return render(request, "live/between.html", seat=seat, state=state)
    found = library.derivations.get(attempt.derivation)
    return render(
        request,
        "live/board.html",
        seat=seat,
        attempt=attempt,
        question=found.question if found else None,
        state=state,
    )


def board_of(seat: Seated, session: Session) -> AttemptRow | None:
    """The attempt that is on everybody's board."""
    current = seat.session.attempt_id
    return attempt_in(session, seat.session.id, current) if current else None


def state_of(seat: Seated, now: int) -> dict[str, Any]:
    """What a page has to follow. It is loaded anew when `page` is not what it was made for."""
    row = seat.session
    page = [seat.role, row.attempt_id or "", "over" if row.ended_at else "open"]
    if row.ended_at and row.shared != "[]" and seat.role is Role.CANDIDATE:
        page.append("shared")
    return {
        "page": " ".join(page),
        # From candidate and watchers: a host sees it, and that they do not.
        "clock_hidden": row.clock_hidden,
        "focus_ms": max(0, (row.focus_until or 0) - now),
    }


@router.get("/s/{seat_id}/state")
def state(seat: Admitted, now: NowDep) -> JSONResponse:
    return JSONResponse(state_of(seat, now))


@router.get("/s/{seat_id}/lobby")
def lobby(request: Request, seat: Seat) -> HTMLResponse:
    """Asked for again and again by the page of the lobby: once it is opened, the page is."""
    answer = render(request, "live/_waiting.html", seat=seat)
    if seat.admitted:
        answer.headers["HX-Refresh"] = "true"
    return answer


@dataclass(frozen=True)
class Place:
    """A seat at a board, as its sockets need it."""

    seat: Seated
    role: Role


def find_place(engine: Engine, socket: WebSocket, seat_id: str, attempt_id: str | None) -> Place:
    """Raises NotFound and Forbidden."""
    # Not a dependency: that would hold a database connection for as long as the socket is open.
    with Session(engine, expire_on_commit=False) as session:
        seat = seated(session, socket, seat_id)
        check_admitted(seat)
        if attempt_id is None:
            return Place(seat, seat.role)
        attempt = attempt_in(session, seat.session.id, attempt_id)
        current = attempt.id == seat.session.attempt_id
        over = seat.session.ended_at is not None
        return Place(seat, role_on_board(seat.role, current=current, session_over=over))


@router.websocket("/s/{seat_id}/log/{attempt_id}")
async def log(
    socket: WebSocket, seat_id: str, attempt_id: str, hub: HubDep, source: str = "", after: int = 0
) -> None:
    """The log of an attempt of the session; see `app.web.socket.record`."""
    await socket.accept()
    try:
        place = await asyncio.to_thread(
            find_place, socket.app.state.engine, socket, seat_id, attempt_id
        )
        room = await hub.open(attempt_id)
    except (NotFound, Forbidden):
        await socket.close(GONE)
        return
    reader = room.join(source, after, place.role, seat_id)
    reader.quiet_until = place.seat.session.focus_until or 0
    await socket.app.state.rights.review(place.seat.session.id)
    await converse(socket, room, reader, hub, attempt_id)


@router.websocket("/s/{seat_id}/channel")
async def channel(socket: WebSocket, seat_id: str, circles: CirclesDep) -> None:
    """What is of the moment. The browser may send a `laser` (a host: x, y in units of the page, or
    null when it is gone), a `hand` (a candidate: up or down), and a `ping`."""
    await socket.accept()
    try:
        place = await asyncio.to_thread(find_place, socket.app.state.engine, socket, seat_id, None)
    except (NotFound, Forbidden):
        await socket.close(GONE)
        return
    seat = place.seat
    session_id = seat.session.id
    quiet_until = seat.session.focus_until or 0
    member = circles.join(session_id, Person(seat_id, seat.row.name, seat.role), quiet_until)
    await socket.app.state.rights.review(session_id)
    signals = signals_allowed()
    pump = asyncio.create_task(hang_up(socket, member.pump(socket.send_text)))
    try:
        while (message := await socket.receive())["type"] != "websocket.disconnect":
            text = message.get("text") or ""
            if len(text) > MAX_SIGNAL_CHARACTERS:
                await socket.close(TOO_LARGE)
                return
            if text == PING:
                # Heard by nobody else: so that the browser notices a connection that is dead.
                member.tell(encode(type="pong"))
            elif signals.take(1, now := socket.app.state.now()):
                hear(circles, member, session_id, text, now)
    finally:
        circles.leave(session_id, member)
        pump.cancel()
        await asyncio.gather(pump, return_exceptions=True)


def hear(circles: Circles, member: Member, session_id: str, text: str, now: int) -> None:
    """Passes on a signal that this member may give; anything else is dropped."""
    try:
        said = json.loads(text)
    except ValueError:
        return
    person = member.person
    match said:
        case {"type": "laser", "at": None | [int(), int()]} if person.role is Role.HOST:
            if now >= member.quiet_until:
                point(circles, session_id, person, said["at"])
        case {"type": "hand", "up": bool(up)} if person.role is Role.CANDIDATE:
            circles.signal(
                session_id,
                {"type": "hand", "seat": person.seat, "name": person.name, "up": up},
                to=(Role.HOST,),
            )
        case _:
            return


def point(circles: Circles, session_id: str, person: Person, at: list[int] | None) -> None:
    """Shows everybody else where a host points; None when it is gone."""
    circles.signal(
        session_id,
        {"type": "laser", "seat": person.seat, "at": at},
        to=(Role.HOST, Role.CANDIDATE, Role.WATCHER),
        by=person.seat,
    )
