"""After the end: the reveal beside one's own work, what was found in it, the ticks and splits, the
note, the file."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, StreamingResponse
from sqlmodel import Session

from app.errors import Invalid, NotFound
from app.library.models import Library, Step
from app.practice.recording import MAX_NOTE_CHARACTERS, write_recording
from app.practice.splits import Reached, Tick, suggested_split
from app.storage.attempts import write_note as keep_note
from app.storage.recordings import export_recording
from app.storage.steps import checked_lines, marks_of, reached_of, set_tick
from app.storage.tables import AttemptRow
from app.web.dependencies import (
    LibraryDep,
    NowDep,
    RevealedAttempt,
    Sealed,
    SessionDep,
    check_revealed,
    find_step,
)
from app.web.partners import others_of, partners_of
from app.web.summaries import summary_of
from app.web.templating import render

router = APIRouter()


def review_page(
    request: Request, row: AttemptRow, session: Session, library: Library, sealed: Sealed
) -> HTMLResponse:
    check_revealed(row, sealed)
    reached = reached_of(session, [row.id])[row.id]
    others = others_of(row, session, library)
    return render(
        request,
        "review/page.html",
        attempt=row,
        others=others,
        partners=partners_of(others),
        summary=summary_of(row, reached.splits, library),
        reached=reached,
        lines=[asdict(line) for line in checked_lines(session, row.id)],
        derivation=library.derivations.get(row.derivation),
        table_rows=[gotcha for gotcha in library.gotchas if gotcha.derivation == row.derivation],
    )


@router.put("/a/{attempt_id}/steps/{number}")
def tick(
    request: Request,
    number: str,
    row: RevealedAttempt,
    session: SessionDep,
    library: LibraryDep,
    now: NowDep,
    split: Annotated[str, Form()] = "",
) -> HTMLResponse:
    """Ticks a step; `split` is a moment in milliseconds, "" for none, "mark" for the next mark."""
    step = step_of(library, row, number)
    reached = reached_of(session, [row.id])[row.id]
    if split == "mark":
        split_ms = suggested_split(marks_of(session, row.id), reached.splits)
    else:
        split_ms = read_split(split, row)
    return keep_word(request, row, session, library, step, reached, Tick(True, split_ms), now)


@router.delete("/a/{attempt_id}/steps/{number}")
def untick(
    request: Request,
    number: str,
    row: RevealedAttempt,
    session: SessionDep,
    library: LibraryDep,
    now: NowDep,
) -> HTMLResponse:
    step = step_of(library, row, number)
    reached = reached_of(session, [row.id])[row.id]
    return keep_word(request, row, session, library, step, reached, Tick(False), now)


@router.put("/a/{attempt_id}/note")
def write_note(
    request: Request,
    row: RevealedAttempt,
    session: SessionDep,
    now: NowDep,
    note: Annotated[str, Form()] = "",
) -> HTMLResponse:
    # A form may send each line end as two characters, which the browser's own limit counts as one.
    # PostgreSQL takes no NUL into a text.
    note = note.replace("\r\n", "\n").replace("\0", "")
    if len(note) > MAX_NOTE_CHARACTERS:
        raise Invalid(f"A note has at most {MAX_NOTE_CHARACTERS} characters.")
    keep_note(session, row, note, now)
    session.commit()
    return render(request, "review/_note_state.html", attempt=row)


@router.get("/a/{attempt_id}/recording.ndjson")
def download(row: RevealedAttempt, session: SessionDep) -> StreamingResponse:
    header, events = export_recording(session, row.id)
    return StreamingResponse(
        write_recording(header, list(events)),
        media_type="application/x-ndjson",
        headers={"Content-Disposition": f'attachment; filename="coldboard-{row.id}.ndjson"'},
    )


def step_of(library: Library, row: AttemptRow, number: str) -> Step:
    if row.derivation not in library.derivations:
        raise NotFound(f"The derivation is not in the library, so it has no step {number}.")
    return find_step(library[row.derivation], number)


def read_split(text: str, row: AttemptRow) -> int | None:
    """A moment of the attempt in milliseconds. Raises Invalid outside of it."""
    if text == "":
        return None
    duration = (row.ended_at or row.started_at) - row.started_at
    is_number = text.isascii() and text.isdigit() and len(text) < 20
    if not is_number or int(text) > duration:
        raise Invalid("A split is a moment between the start and the end of the attempt.")
    return int(text)


def keep_word(
    request: Request,
    row: AttemptRow,
    session: Session,
    library: Library,
    step: Step,
    reached: Reached,
    tick: Tick,
    now: int,
) -> HTMLResponse:
    """Keeps what the writer says of a step. The answer is the step and, out of band, the summary
    that it changes."""
    set_tick(session, row.id, step.number, reached.overruling(step.number, tick), now)
    session.commit()
    reached = reached_of(session, [row.id])[row.id]
    return render(
        request,
        "review/_step_and_summary.html",
        attempt=row,
        step=step,
        reached=reached,
        summary=summary_of(row, reached.splits, library),
    )
