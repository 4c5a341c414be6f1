"""How a host holds a session: what is on the board, clock, watchers, focus time, rubric, roles."""

import json
from typing import Annotated

from fastapi import APIRouter, Form, Response
from sqlmodel import Session

from app.errors import Conflict, Invalid
from app.practice.remarks import (
    MAX_ITEM_CHARACTERS,
    MAX_RUBRIC_ITEMS,
)
from app.practice.roles import Role
from app.practice.session import LONGEST_FOCUS_MS
from app.storage.sessions import (
    begin_live,
    candidate_of,
    change_role,
    end_session,
)
from app.storage.tables import AttemptRow
from app.web.attempts import read_limit
from app.web.dependencies import (
    HubDep,
    LibraryDep,
    NowDep,
    SessionDep,
    check_unsealed,
    not_found_derivation,
    sealed_now,
)
from app.web.live.changes import check_open, keep, keep_noted, told
from app.web.live.seats import Host, Judged, Seated
from app.web.live.wiring import CirclesDep
from app.web.preferences import PreferencesDep

router = APIRouter(prefix="/s/{seat_id}")


@router.post("/attempts")
async def choose(
    seat: Host,
    session: SessionDep,
    library: LibraryDep,
    hub: HubDep,
    circles: CirclesDep,
    now: NowDep,
    preferences: PreferencesDep,
    derivation: Annotated[str, Form()],
    minutes: Annotated[str, Form()] = "",
) -> Response:
    """Puts a derivation on everybody's board. One that was on it ends."""
    check_open(seat)
    if derivation not in library.derivations:
        raise not_found_derivation(derivation)
    limit_ms = read_limit(minutes) if minutes else library[derivation].question.limit_ms
    await end_current(seat, session, hub)
    # Whoever practises it on this server would get its answers here.
    check_unsealed(derivation, sealed_now(session, library))
    attempt = begin_live(session, seat.session, derivation, limit_ms, now, preferences.day_of(now))
    session.commit()
    hub.watch(attempt.id)
    return told(circles, seat)


async def end_current(seat: Seated, session: Session, hub: HubDep) -> None:
    current = session.get(AttemptRow, seat.session.attempt_id) if seat.session.attempt_id else None
    if current is None or current.ended_at is not None:
        return
    started = current.paused_at != current.started_at
    try:
        await hub.end(current.id, "done" if started else "abandoned")
    except Conflict:
        return  # its time ran out in this moment


@router.post("/end")
async def end(
    seat: Host, session: SessionDep, hub: HubDep, circles: CirclesDep, now: NowDep
) -> Response:
    """Ends the session, and the attempt that is running."""
    await end_current(seat, session, hub)
    session.refresh(seat.session)
    end_session(session, seat.session, now)
    session.commit()
    return told(circles, seat)


@router.post("/attempts/{attempt_id}/end")
async def end_attempt(row: Judged, seat: Host, hub: HubDep, circles: CirclesDep) -> Response:
    """Ends an attempt; one whose clock was never started does not count."""
    await hub.end(row.id, "abandoned" if row.paused_at == row.started_at else "done")
    return told(circles, seat)


@router.post("/clock")
def show_clock(
    seat: Host,
    session: SessionDep,
    circles: CirclesDep,
    hidden: Annotated[bool, Form()] = False,
) -> Response:
    seat.session.clock_hidden = hidden
    return keep(session, circles, seat)


@router.post("/watchers")
def allow_watchers(
    seat: Host, session: SessionDep, circles: CirclesDep, allowed: Annotated[bool, Form()] = False
) -> Response:
    seat.session.watchers = allowed
    return keep(session, circles, seat)


@router.post("/focus")
def focus(
    seat: Host,
    session: SessionDep,
    circles: CirclesDep,
    now: NowDep,
    minutes: Annotated[float, Form(ge=0, le=LONGEST_FOCUS_MS / 60_000)] = 0,
) -> Response:
    """For so long nothing of the hosts reaches the candidate's board; 0 ends it."""
    seat.session.focus_until = now + round(minutes * 60_000) if minutes else None
    return keep(session, circles, seat)


@router.put("/rubric")
def write_rubric(
    seat: Host, session: SessionDep, circles: CirclesDep, items: Annotated[str, Form()] = ""
) -> Response:
    """One item a line. Raises Invalid."""
    found = [line.strip() for line in items.replace("\0", "").splitlines() if line.strip()]
    if len(found) > MAX_RUBRIC_ITEMS:
        raise Invalid(f"A rubric has at most {MAX_RUBRIC_ITEMS} items: one for each key.")
    if any(len(item) > MAX_ITEM_CHARACTERS for item in found):
        raise Invalid(f"An item of the rubric has at most {MAX_ITEM_CHARACTERS} characters.")
    seat.session.rubric = json.dumps(list(dict.fromkeys(found)))
    return keep_noted(session, circles, seat)


@router.post("/swap")
async def swap(
    seat: Host,
    session: SessionDep,
    hub: HubDep,
    circles: CirclesDep,
    now: NowDep,
) -> Response:
    """The host and the candidate change places. The attempt on the board ends; the new host begins
    the next one."""
    check_open(seat)
    other = candidate_of(session, seat.session.id)
    if other is None:
        raise Conflict("There is no candidate yet to change places with.")
    await end_current(seat, session, hub)
    session.refresh(seat.session)
    seat.session.attempt_id = None
    change_role(session, seat.row, Role.CANDIDATE, now)
    change_role(session, other, Role.HOST, now)
    return keep(session, circles, seat)
