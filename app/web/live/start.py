"""The sessions that are held on this server, and how a new one is begun."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlmodel import Session

from app.errors import Invalid
from app.library.models import Library
from app.practice.roles import Role
from app.practice.session import LONGEST_NAME
from app.storage.sessions import (
    attempts_of,
    begin_live,
    find_session,
    list_sessions,
    make_link,
    open_session,
    seats_of,
    take_seat,
)
from app.storage.tables import SessionRow
from app.web.attempts import read_limit
from app.web.dependencies import (
    HubDep,
    LibraryDep,
    NowDep,
    Sealed,
    SessionDep,
    check_unsealed,
    not_found_derivation,
)
from app.web.live.choice import groups_of
from app.web.live.seats import TAKEN, give_seat, remember_seat
from app.web.preferences import PreferencesDep
from app.web.summaries import title_of
from app.web.templating import render

router = APIRouter()

INVITED = (Role.CANDIDATE, Role.WATCHER, Role.HOST)


@dataclass(frozen=True)
class Held:
    """A session in a list."""

    row: SessionRow
    titles: tuple[str, ...]
    people: tuple[str, ...]


@router.get("/sessions")
def sessions(request: Request, session: SessionDep, library: LibraryDep) -> HTMLResponse:
    return render(
        request,
        "live/sessions.html",
        held=[held_of(session, row, library) for row in list_sessions(session)],
        groups=groups_of(library),
    )


def held_of(session: Session, row: SessionRow, library: Library) -> Held:
    return Held(
        row,
        tuple(title_of(one.derivation, library) for one in attempts_of(session, row.id)),
        tuple(f"{seat.name} ({seat.role})" for seat in seats_of(session, row.id)),
    )


@router.post("/sessions")
def begin(
    request: Request,
    session: SessionDep,
    library: LibraryDep,
    hub: HubDep,
    now: NowDep,
    sealed: Sealed,
    preferences: PreferencesDep,
    name: Annotated[str, Form()] = "",
    derivation: Annotated[str, Form()] = "",
    minutes: Annotated[str, Form()] = "",
) -> RedirectResponse:
    """Opens a session; who does so is its host. A derivation may be chosen later."""
    if derivation and derivation not in library.derivations:
        raise not_found_derivation(derivation)
    if derivation:
        check_unsealed(derivation, sealed)
    row = open_session(session, now)
    for role in INVITED:
        make_link(session, row.id, role, now)
    if derivation:
        limit_ms = read_limit(minutes) if minutes else library[derivation].question.limit_ms
        attempt = begin_live(session, row, derivation, limit_ms, now, preferences.day_of(now))
    seat, secret = take_seat(session, row.id, Role.HOST, read_name(name), now)
    session.commit()
    if derivation:
        hub.watch(attempt.id)
    response = RedirectResponse(f"/s/{seat.id}", status_code=303)
    give_seat(request, response, seat.id, secret)
    remember_seat(response, seat.id, seat_address(row.id))
    return response


@router.post("/sessions/{session_id}/seat")
def sit_down(
    request: Request,
    session_id: str,
    session: SessionDep,
    now: NowDep,
    name: Annotated[str, Form()] = "",
) -> RedirectResponse:
    """A host's seat for whoever keeps this server, in whatever browser they are now. A browser that
    has a seat in this session goes back to it: its notes and its scorecard are there."""
    row = find_session(session, session_id)
    taken = request.cookies.get(TAKEN)
    if taken in {one.id for one in seats_of(session, row.id)}:
        return RedirectResponse(f"/s/{taken}", status_code=303)
    seat, secret = take_seat(session, row.id, Role.HOST, read_name(name, "Host"), now)
    session.commit()
    response = RedirectResponse(f"/s/{seat.id}", status_code=303)
    give_seat(request, response, seat.id, secret)
    remember_seat(response, seat.id, seat_address(row.id))
    return response


def seat_address(session_id: str) -> str:
    """Where whoever keeps this server takes a seat in a session."""
    return f"/sessions/{session_id}/seat"


def read_name(text: str, usual: str = "") -> str:
    """Raises Invalid."""
    name = " ".join(text.replace("\0", "").split()) or usual
    if not name:
        raise Invalid("Say who you are: the others see this name.")
    if len(name) > LONGEST_NAME:
        raise Invalid(f"A name has at most {LONGEST_NAME} characters.")
    return name
