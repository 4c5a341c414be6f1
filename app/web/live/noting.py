"""What a host notes: ticks, remarks, verdicts asked for, notes and the scorecard."""

import json
from typing import Annotated

from fastapi import APIRouter, Body, Form, Response
from fastapi.responses import JSONResponse
from pydantic import ValidationError
from sqlmodel import Session

from app.errors import Conflict, Invalid, NotFound
from app.library.models import Library
from app.practice.recording import MAX_NOTE_CHARACTERS
from app.practice.remarks import (
    MAX_ITEM_CHARACTERS,
    MAX_REMARK_CHARACTERS,
    Kind,
)
from app.practice.scorecard import Scorecard
from app.practice.splits import Tick
from app.storage.sessions import (
    add_remark,
    card_of,
    take_back,
)
from app.storage.steps import set_tick
from app.storage.tables import AttemptRow
from app.web.api import CheckingDep, findings_of
from app.web.dependencies import (
    LibraryDep,
    NowDep,
    SessionDep,
    find_step,
    not_found_derivation,
)
from app.web.live.changes import keep_noted
from app.web.live.seats import Host, Judged, Seated
from app.web.live.wiring import CirclesDep

router = APIRouter(prefix="/s/{seat_id}")

Clock = Annotated[int, Form(ge=0, le=24 * 3_600_000)]
"""A moment in milliseconds on the clock of the attempt."""


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
    return keep_noted(session, circles, seat)


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
    return keep_noted(session, circles, seat)


@router.delete("/attempts/{attempt_id}/remarks/{remark_id}")
def unremark(
    remark_id: int, row: Judged, seat: Host, session: SessionDep, circles: CirclesDep, now: NowDep
) -> Response:
    take_back(session, row.id, remark_id, now)
    return keep_noted(session, circles, seat)


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
    return keep_noted(session, circles, seat)
