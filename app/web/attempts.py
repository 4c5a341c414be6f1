"""Starting an attempt, the page on which it runs, and leaving it."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from app.errors import Conflict, Invalid
from app.library.models import Question
from app.practice.attempt import MINUTE_MS, SHORTEST_LIMIT_MS, Mode, Setup
from app.practice.preferences import GhostChoice, Preferences
from app.storage.attempts import delete_attempt, restore_attempt
from app.storage.ids import new_id
from app.storage.tables import AttemptRow
from app.web.dependencies import (
    HubDep,
    LibraryDep,
    NowDep,
    OwnAttempt,
    Sealed,
    SessionDep,
    not_found_derivation,
)
from app.web.findings import CheckedAttempt
from app.web.ghosts import ghost_for, ghosts_on
from app.web.preferences import PreferencesDep
from app.web.review import review_page
from app.web.templating import refreshed, render

READING_SECONDS = (0, 15, 30, 60)

router = APIRouter()


@router.get("/d/{derivation_id}/try")
def set_up(
    request: Request,
    derivation_id: str,
    session: SessionDep,
    library: LibraryDep,
    sealed: Sealed,
    preferences: PreferencesDep,
) -> HTMLResponse:
    if derivation_id not in library.derivations:
        raise not_found_derivation(derivation_id)
    question = library[derivation_id].question
    family = library.family_of(derivation_id)
    return render(
        request,
        "attempt/setup.html",
        question=question,
        family=[library[one].question for one in library.derivations if one in family],
        limits=limits_of(question, preferences),
        reading_seconds=READING_SECONDS,
        ghosts=ghosts_on(derivation_id, session, library) if preferences.clock_shown else {},
        running=sealed.get(derivation_id),
    )


def limits_of(question: Question, preferences: Preferences) -> list[tuple[int, str]]:
    """The limits to choose from in milliseconds, each with what it is; the first is the default."""
    usual_ms, target_ms = round(question.minutes * MINUTE_MS), preferences.targets.to_ms
    limits = {usual_ms: "the usual"}
    if preferences.limit_ms is not None:
        limits = {preferences.limit_ms: "as in your settings"} | limits
    # A limit below the shortest that there is would be refused.
    if SHORTEST_LIMIT_MS <= target_ms < usual_ms:
        limits.setdefault(target_ms, "once it is automatic")
    return list(limits.items())


@router.post("/attempts")
def start(
    session: SessionDep,
    library: LibraryDep,
    hub: HubDep,
    now: NowDep,
    sealed: Sealed,
    preferences: PreferencesDep,
    derivation: Annotated[str, Form()],
    mode: Annotated[Mode, Form()] = Mode.COLD,
    minutes: Annotated[str | None, Form()] = None,
    other_minutes: Annotated[str, Form()] = "",
    reading_seconds: Annotated[int | None, Form()] = None,
    ghost: Annotated[GhostChoice | None, Form()] = None,
) -> RedirectResponse:
    """Starts an attempt; where one on the same derivation is running, leads back to that.

    What the form leaves out is as in the preferences."""
    if derivation not in library.derivations:
        raise not_found_derivation(derivation)
    if minutes is None:
        limit_ms: int | None = preferences.limit_for(library[derivation].question.minutes)
    else:
        limit_ms = read_limit(other_minutes if minutes == "other" else minutes)
    reading_ms = preferences.reading_ms if reading_seconds is None else reading_seconds * 1000
    setup = Setup(derivation, mode, limit_ms, reading_ms)
    if derivation in sealed:
        # One at a time: the hints of a second one would help the first.
        return RedirectResponse(sealed[derivation], status_code=303)
    row = AttemptRow(
        id=new_id(),
        derivation=setup.derivation,
        mode=setup.mode,
        limit_ms=setup.limit_ms,
        reading_ms=setup.reading_ms,
        created_at=now,
        day=preferences.day_of(now),
        started_at=now + setup.reading_ms,
    )
    session.add(row)
    session.commit()
    hub.watch(row.id)
    # A ghost for this attempt alone is in its address, so that it outlives a reload.
    query = "" if ghost in (None, preferences.ghost) else f"?ghost={ghost}"
    return RedirectResponse(f"/a/{row.id}{query}", status_code=303)


def read_limit(minutes: str) -> int | None:
    """Milliseconds from what the form says: a number of minutes, or "none". Raises Invalid."""
    if minutes == "none":
        return None
    try:
        return round(float(minutes.replace(",", ".")) * MINUTE_MS)
    except (ValueError, OverflowError) as error:
        raise Invalid("The limit is a number of minutes from 1 to 60, or none.") from error


@router.get("/a/{attempt_id}")
def attempt_page(
    request: Request,
    row: CheckedAttempt,
    session: SessionDep,
    library: LibraryDep,
    sealed: Sealed,
    preferences: PreferencesDep,
    ghost: GhostChoice | None = None,
) -> HTMLResponse:
    """The page of an attempt: to write on while it runs, to look back on once it has ended."""
    if row.ended_at is not None:
        return review_page(request, row, session, library, sealed)
    if row.derivation not in library.derivations:
        raise Conflict(
            f"The content file of {row.derivation!r} is gone, so this attempt cannot be shown. "
            "What was written is kept: put the file back and start the server again."
        )
    return render(
        request,
        "attempt/page.html",
        attempt=row,
        question=library[row.derivation].question,
        ghost=ghost_for(row, ghost or preferences.ghost, preferences, session, library),
    )


@router.post("/a/{attempt_id}/abandonment")
async def abandon(row: OwnAttempt, hub: HubDep) -> RedirectResponse:
    await hub.end(row.id, "abandoned")
    return RedirectResponse("/", status_code=303)


@router.delete("/a/{attempt_id}")
def delete(request: Request, row: OwnAttempt, session: SessionDep, now: NowDep) -> Response:
    if row.ended_at is None:
        raise Conflict("This attempt is still running. End or abandon it, then delete it.")
    delete_attempt(session, row.id, now)
    session.commit()
    return render(request, "history/_deleted.html", attempt=row)


@router.post("/a/{attempt_id}/restoration")
def restore(request: Request, attempt_id: str, session: SessionDep) -> Response:
    restore_attempt(session, attempt_id)
    session.commit()
    return refreshed(request)
