"""Redo what failed: key steps that were missed, each practised alone in a minute."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlmodel import Session

from app.library.models import Library, Step
from app.practice.ladder import LastTry, Rung, redo_queue
from app.storage.rungs import failed_at, keep_rung, redone_at
from app.web.api import CheckingDep
from app.web.dependencies import LibraryDep, NowDep, OpenDerivation, Sealed, SessionDep, find_step
from app.web.ladder.one_line import LineForm, LineQuery, judge, on_one_line
from app.web.summaries import Summary, recent_summaries
from app.web.templating import render

router = APIRouter()


@dataclass(frozen=True, slots=True)
class ToRedo:
    """A missed step on the queue; `missed_at` in milliseconds since 1970."""

    derivation: str
    title: str
    step: Step
    missed_at: int

    @property
    def address(self) -> str:
        return f"/redo/{self.derivation}/{self.step.number}"


@dataclass(frozen=True, slots=True)
class RedoQueue:
    """`closed`: how many steps are left out, because their derivation is being attempted."""

    steps: tuple[ToRedo, ...]
    closed: int

    def after(self, derivation: str, number: str) -> ToRedo | None:
        """What comes next for somebody who is at this step."""
        others = [
            one for one in self.steps if (one.derivation, one.step.number) != (derivation, number)
        ]
        return others[0] if others else None


def queue_now(
    session: Session, library: Library, sealed: dict[str, str], ended: Sequence[Summary]
) -> RedoQueue:
    """`ended`: the latest ended attempts, newest first."""
    failed = {key: at for key, at in failed_at(session).items() if is_there(library, *key)}
    missed = redo_queue(last_tries(library, ended), failed, redone_at(session))
    return RedoQueue(
        tuple(
            ToRedo(
                one.derivation,
                library[one.derivation].question.title,
                find_step(library[one.derivation], one.step),
                one.missed_at,
            )
            for one in missed
            if one.derivation not in sealed
        ),
        sum(one.derivation in sealed for one in missed),
    )


def is_there(library: Library, derivation: str, number: str) -> bool:
    """What was practised may have been deleted, or written anew with fewer steps."""
    found = library.derivations.get(derivation)
    return found is not None and found.step(number) is not None


def last_tries(library: Library, ended: Sequence[Summary]) -> list[LastTry]:
    """The last attempt on each derivation that counts and that has been looked back on: before,
    nobody knows which steps it reached."""
    last: dict[str, Summary] = {}
    for summary in ended:
        if summary.counted and summary.reviewed and summary.row.derivation in library.derivations:
            last.setdefault(summary.row.derivation, summary)
    return [
        LastTry(
            derivation,
            summary.row.ended_at or summary.row.started_at,
            tuple(
                number for number in library[derivation].must_steps if number not in summary.splits
            ),
        )
        for derivation, summary in last.items()
    ]


@router.get("/redo")
def redo(
    request: Request, session: SessionDep, library: LibraryDep, sealed: Sealed
) -> HTMLResponse:
    queue = queue_now(session, library, sealed, recent_summaries(session, library))
    return render(request, "redo/page.html", queue=queue)


@router.get("/redo/{derivation_id}/{number}")
async def redo_step(
    request: Request,
    number: str,
    derivation: OpenDerivation,
    session: SessionDep,
    library: LibraryDep,
    sealed: Sealed,
    checking: CheckingDep,
    line: LineQuery = "",
    shown: bool = False,
) -> HTMLResponse:
    step = find_step(derivation, number)
    queue = queue_now(session, library, sealed, recent_summaries(session, library))
    session.close()  # its connection would be held while the line waits for the checker
    judged = await judge(checking, derivation, step, line) if line else None
    place = derivation.steps.index(step)
    return render(
        request,
        "redo/step.html",
        question=derivation.question,
        earlier=derivation.steps[:place],
        step=step,
        line=line,
        judged=judged,
        shown=shown or (judged is not None and judged.passed),
        next=queue.after(derivation.question.id, number),
        left=len(queue.steps),
    )


@router.post("/redo/{derivation_id}/{number}")
async def answer_redo(
    number: str,
    derivation: OpenDerivation,
    session: SessionDep,
    checking: CheckingDep,
    now: NowDep,
    line: LineForm = "",
    show: Annotated[bool, Form()] = False,
) -> RedirectResponse:
    """Passing takes the step off the queue, and so does looking at it; a wrong line does not."""
    step, line = find_step(derivation, number), on_one_line(line)
    session.close()  # as above
    passed = bool(line) and not show and (await judge(checking, derivation, step, line)).passed
    if passed or show:
        keep_rung(session, derivation.question.id, Rung.REDO, now, passed=passed, step=number)
        session.commit()
    query: dict[str, Any] = ({"line": line} if line else {}) | ({"shown": 1} if show else {})
    there = f"/redo/{derivation.question.id}/{number}?{urlencode(query)}"
    return RedirectResponse(there.rstrip("?"), status_code=303)
