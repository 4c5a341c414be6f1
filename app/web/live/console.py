"""The host's console: the page, and the desk on it that other hosts change too.

What happens to the clock and what is released of the derivation goes through the log of the
attempt, over the socket. What a host does besides is in `holding`, `people` and `noting`; it is
stored beside the log, and after each change everybody's page is told to look again.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from app.library.models import Derivation, Gotcha, Library, Question
from app.practice.remarks import (
    Kind,
)
from app.practice.scorecard import ANCHORS, RECOMMENDATIONS, TITLES
from app.practice.splits import Tick
from app.storage.sessions import (
    card_of,
    remarks_of,
    seats_of,
)
from app.storage.steps import words_of
from app.storage.tables import AttemptRow, RemarkRow
from app.web.dependencies import (
    LibraryDep,
    SessionDep,
)
from app.web.live.choice import groups_of
from app.web.live.people import people_of
from app.web.live.seats import Host, Judged, Seated
from app.web.templating import render

router = APIRouter(prefix="/s/{seat_id}")


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
