"""The host's console, and everything that a host does besides writing on the board.

What happens to the clock and what is released of the derivation goes through the log of the
attempt, over the socket; what is here is stored beside it. After each change everybody's page is
told to look again.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Body, Form, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import ValidationError
from sqlmodel import Session

from app.errors import Conflict, Invalid, NotFound
from app.library.models import Derivation, Gotcha, Library, Question
from app.practice.recording import MAX_NOTE_CHARACTERS
from app.practice.remarks import (
    MAX_ITEM_CHARACTERS,
    MAX_REMARK_CHARACTERS,
    MAX_RUBRIC_ITEMS,
    Kind,
)
from app.practice.roles import Role
from app.practice.scorecard import ANCHORS, RECOMMENDATIONS, TITLES, Scorecard
from app.practice.session import LONGEST_FOCUS_MS
from app.practice.splits import Tick
from app.storage.sessions import (
    add_remark,
    admit,
    begin_live,
    candidate_of,
    card_of,
    change_role,
    end_session,
    links_of,
    make_link,
    remarks_of,
    remove_seat,
    revoke_link,
    seat_in,
    seats_of,
    take_back,
)
from app.storage.steps import set_tick, words_of
from app.storage.tables import AttemptRow, RemarkRow
from app.web.api import CheckingDep, findings_of
from app.web.attempts import read_limit
from app.web.dependencies import (
    HubDep,
    LibraryDep,
    NowDep,
    SessionDep,
    check_unsealed,
    find_step,
    not_found_derivation,
    sealed_now,
)
from app.web.live.choice import groups_of
from app.web.live.seats import Host, Judged, Seated
from app.web.live.wiring import CirclesDep
from app.web.preferences import PreferencesDep
from app.web.templating import render

router = APIRouter(prefix="/s/{seat_id}")

Clock = Annotated[int, Form(ge=0, le=24 * 3_600_000)]
"""A moment in milliseconds on the clock of the attempt."""


@dataclass(frozen=True)
class Desk:
    """What lies before a host: the attempt with its answers, and what was noted of it."""

    attempt: AttemptRow
    derivation: Derivation | None
    # To ask: those of the table, then the derivation's own.
    gotchas: tuple[Gotcha, ...]
    ticks: Mapping[str, Tick]
    remarks: tuple[RemarkRow, ...]
    # The names of everybody who has a seat, by seat.
    names: Mapping[str, str]

    @property
    def noted(self) -> list[RemarkRow]:
        """The newest first; what was ticked is to be seen at the steps."""
        return [one for one in reversed(self.remarks) if one.kind not in (Kind.TICK, Kind.UNTICK)]

    @property
    def rubric_seen(self) -> dict[str, RemarkRow]:
        """Items that were seen, each with the remark that says so."""
        return {one.item: one for one in self.remarks if one.kind == Kind.RUBRIC and one.item}

    @property
    def hosts(self) -> int:
        """How many have noted something."""
        return len({one.seat_id for one in self.remarks})

    def name_of(self, remark: RemarkRow) -> str:
        """Who noted it."""
        return self.names.get(remark.seat_id, "a host who has left")


def desk_of(seat: Seated, attempt: AttemptRow, session: Session, library: Library) -> Desk:
    words = words_of(session, [attempt.id])[attempt.id]
    derivation = library.derivations.get(attempt.derivation)
    return Desk(
        attempt,
        derivation,
        gotchas_of(derivation, library) if derivation else (),
        {step: word.tick for step, word in words.items() if word.tick},
        tuple(remarks_of(session, attempt.id)),
        {one.id: one.name for one in seats_of(session, seat.session.id)},
    )


def gotchas_of(derivation: Derivation, library: Library) -> tuple[Gotcha, ...]:
    family = derivation.question.family
    table = tuple(row for row in library.gotchas if row.derivation == family)
    return table + derivation.gotchas


def console_page(
    request: Request,
    seat: Seated,
    session: Session,
    library: Library,
    now: int,
    state: Mapping[str, Any],
) -> HTMLResponse:
    """`state`: what the page has to follow."""
    attempt = session.get(AttemptRow, seat.session.attempt_id) if seat.session.attempt_id else None
    judged = attempt is not None and seat.judges(attempt)
    return render(
        request,
        "live/console.html",
        seat=seat,
        attempt=attempt,
        question=question_of(attempt, library),
        desk=desk_of(seat, attempt, session, library) if attempt is not None and judged else None,
        state=state,
        groups=groups_of(library),
        rubric=json.loads(seat.session.rubric),
        card=card_of(seat.row),
        criteria=[(one, TITLES[one], ANCHORS[one]) for one in TITLES],
        recommendations=RECOMMENDATIONS,
        **people_of(seat, session, now),
    )


def question_of(attempt: AttemptRow | None, library: Library) -> Question | None:
    found = library.derivations.get(attempt.derivation) if attempt else None
    return found.question if found else None


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


@router.get("/desk/{attempt_id}")
def desk(
    request: Request, seat: Host, row: Judged, session: SessionDep, library: LibraryDep
) -> HTMLResponse:
    """Remarks, ticks and rubric as they are now: another host may have changed them."""
    return render(
        request,
        "live/_desk.html",
        seat=seat,
        attempt=row,
        desk=desk_of(seat, row, session, library),
        rubric=json.loads(seat.session.rubric),
    )


# What is on the board


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


# How the session is held


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
    return keep(session, circles, seat)


# People


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


# What a host notes


@router.put("/attempts/{attempt_id}/ticks/{number}")
def tick(
    number: str,
    row: Judged,
    seat: Host,
    session: SessionDep,
    library: LibraryDep,
    circles: CirclesDep,
    now: NowDep,
    t: Clock,
) -> Response:
    """A key step was reached at this moment, whatever the checker says."""
    return mark_step(number, row, seat, session, library, circles, now, t, Kind.TICK)


@router.delete("/attempts/{attempt_id}/ticks/{number}")
def untick(
    number: str,
    row: Judged,
    seat: Host,
    session: SessionDep,
    library: LibraryDep,
    circles: CirclesDep,
    now: NowDep,
    t: int = 0,
) -> Response:
    return mark_step(number, row, seat, session, library, circles, now, t, Kind.UNTICK)


def mark_step(
    number: str,
    row: AttemptRow,
    seat: Seated,
    session: Session,
    library: Library,
    circles: CirclesDep,
    now: int,
    t: int,
    kind: Kind,
) -> Response:
    if row.derivation not in library.derivations:
        raise NotFound("The derivation is not in the library, so it has no steps.")
    find_step(library[row.derivation], number)
    said = Tick(True, t) if kind is Kind.TICK else Tick(False)
    set_tick(session, row.id, number, said, now)
    add_remark(session, row.id, seat.row.id, kind, t, now, step=number)
    return keep(session, circles, seat)


@router.post("/attempts/{attempt_id}/remarks")
def remark(
    row: Judged,
    seat: Host,
    session: SessionDep,
    circles: CirclesDep,
    now: NowDep,
    kind: Annotated[Kind, Form()],
    t: Clock,
    text: Annotated[str, Form(max_length=MAX_REMARK_CHARACTERS)] = "",
    item: Annotated[str, Form(max_length=MAX_ITEM_CHARACTERS)] = "",
    step: Annotated[str, Form(max_length=4)] = "",
) -> Response:
    """An error, a question, a hint given, a comment, or an item of the rubric that was seen."""
    if kind in (Kind.TICK, Kind.UNTICK):
        raise Invalid("A step is ticked at its own address.")
    if kind is Kind.RUBRIC and item not in json.loads(seat.session.rubric):
        raise Invalid("The rubric has no such item any more. Reload the page.")
    text = text.replace("\0", "").strip()
    if kind is Kind.COMMENT and not text:
        raise Invalid("A comment says something.")
    add_remark(
        session, row.id, seat.row.id, kind, t, now, step=step or None, item=item or None, text=text
    )
    return keep(session, circles, seat)


@router.delete("/attempts/{attempt_id}/remarks/{remark_id}")
def unremark(
    remark_id: int, row: Judged, seat: Host, session: SessionDep, circles: CirclesDep, now: NowDep
) -> Response:
    take_back(session, row.id, remark_id, now)
    return keep(session, circles, seat)


@router.post("/attempts/{attempt_id}/findings")
async def findings(
    row: Judged,
    library: LibraryDep,
    checking: CheckingDep,
    lines: Annotated[list[str], Body(embed=True, max_length=200)],
) -> JSONResponse:
    """What the checker says of these lines, as `/api/check` says it; while the attempt runs, to its
    hosts alone."""
    if row.derivation not in library.derivations:
        raise not_found_derivation(row.derivation)
    derivation = library[row.derivation]
    found = await checking.run(lambda: findings_of(derivation, lines))
    return JSONResponse([finding.as_json() for finding in found])


@router.put("/notes")
def write_notes(seat: Host, session: SessionDep, notes: Annotated[str, Form()] = "") -> Response:
    """A host's own notes, Markdown; no other host reads them."""
    notes = notes.replace("\r\n", "\n").replace("\0", "")
    if len(notes) > MAX_NOTE_CHARACTERS:
        raise Invalid(f"Notes have at most {MAX_NOTE_CHARACTERS} characters.")
    seat.row.notes = notes
    session.add(seat.row)
    session.commit()
    return Response(status_code=204)


@router.put("/card")
def write_card(
    seat: Host, session: SessionDep, card: Annotated[dict[str, object], Body(embed=True)]
) -> Response:
    """The scorecard as it is now; it can be changed until it is submitted. Raises Conflict."""
    if seat.row.submitted_at is not None:
        raise Conflict("This scorecard was submitted. It stays as it is.")
    try:
        read = Scorecard.model_validate(card)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise Invalid(f"scorecard, {place}: {first['msg']}") from error
    seat.row.card = read.model_dump_json()
    session.add(seat.row)
    session.commit()
    return Response(status_code=204)


@router.post("/card/submission")
def submit_card(seat: Host, session: SessionDep, circles: CirclesDep, now: NowDep) -> Response:
    """From now on the other hosts who submitted theirs may read it. Raises Conflict."""
    card = card_of(seat.row)
    if card.recommendation is None or card.missing:
        raise Conflict("A level for each criterion and a recommendation are needed to submit it.")
    seat.row.submitted_at = seat.row.submitted_at or now
    session.add(seat.row)
    return keep(session, circles, seat)


def check_open(seat: Seated) -> None:
    """Raises Conflict."""
    if seat.session.ended_at is not None:
        raise Conflict("This session has ended. Begin another one.")


def keep(session: Session, circles: CirclesDep, seat: Seated) -> Response:
    """Stores what has changed, and has every page of the session look again."""
    session.add(seat.session)
    session.commit()
    return told(circles, seat)


def told(circles: CirclesDep, seat: Seated) -> Response:
    circles.changed(seat.session.id)
    return Response(status_code=204)
