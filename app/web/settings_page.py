"""The settings: one form, kept as a whole whenever something in it changes."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel
from sqlmodel import Session

from app.errors import Invalid
from app.library.models import Library
from app.practice.attempt import MINUTE_MS
from app.practice.preferences import Preferences, accepted, known_zones
from app.practice.snippets import USUAL, read_snippets, written
from app.storage.preferences import save_preferences
from app.web.attempts import READING_SECONDS, read_limit
from app.web.dependencies import LibraryDep, NowDep, SessionDep
from app.web.ghosts import count_ghosts
from app.web.plans import planned
from app.web.preferences import PreferencesDep
from app.web.templating import clock_time, minutes, render

MAX_TEXT = 100
NAMES = {
    "zone": "Time zone",
    "theme": "Theme",
    "limit_ms": "Limit",
    "reading_ms": "Reading time",
    "targets": "Targets",
    "ghost": "Ghost",
    "paper": "Paper",
    "pen_width": "Pen",
    "snippets": "Snippets",
}

router = APIRouter()


class Filled(BaseModel):
    """The form as it comes: texts, and of each checkbox whether it is there. `order` has the ids of
    the list as it stands on the page, `plan` those that are ticked; `move` is `up:` or `down:` and
    an id where one of its buttons was pressed; `usual_snippets` is there where that button was."""

    zone: str = ""
    theme: str = "system"
    minutes: str = ""
    reading_seconds: str = "0"
    target_from: str = "5:00"
    target_to: str = "3:00"
    target_days: str = "7"
    order: list[str] = []
    plan: list[str] = []
    move: str = ""
    clock: str | None = None
    sounds: str | None = None
    ghost: str = "off"
    paper: str = "plain"
    pen_width: str = "50"
    snippets: str = ""
    usual_snippets: str | None = None


@router.get("/settings")
def settings(
    request: Request, session: SessionDep, library: LibraryDep, preferences: PreferencesDep
) -> HTMLResponse:
    return settings_page(request, session, library, preferences, texts_of(preferences))


@router.post("/settings")
def save(
    request: Request,
    session: SessionDep,
    library: LibraryDep,
    preferences: PreferencesDep,
    now: NowDep,
    filled: Annotated[Filled, Form()],
) -> Response:
    """Keeps what fits; the rest stays as it was, and is said."""
    values, problems = read_form(filled, library, preferences)
    problems |= accepted(values)[1]
    fitting = {key: value for key, value in values.items() if key not in problems}
    changed, _ = accepted(preferences.model_dump() | fitting)
    save_preferences(session, changed, now)
    session.commit()
    request.state.preferences = changed
    status = 422 if problems else 200
    if "HX-Request" in request.headers:
        answer = render(
            request,
            "settings/_answer.html",
            status=status,
            problems=named(problems),
            rows=rows_of(library, changed) if filled.move else None,
            snippets=written(USUAL) if filled.usual_snippets else None,
        )
        # Without it, the page would take the answer for one of somebody else's.
        answer.headers["HX-Retarget"] = "#state"
        return answer
    if problems:
        texts = texts_of(changed) | texts_in(filled)
        return settings_page(request, session, library, changed, texts, problems)
    return RedirectResponse("/settings" + ("#plan" if filled.move else ""), status_code=303)


def settings_page(
    request: Request,
    session: Session,
    library: Library,
    preferences: Preferences,
    texts: Mapping[str, str],
    problems: Mapping[str, str] | None = None,
) -> HTMLResponse:
    return render(
        request,
        "settings/page.html",
        status=422 if problems else 200,
        texts=texts,
        problems=named(problems or {}),
        machine=datetime.now().astimezone().tzname(),
        regions=regions(),
        reading_seconds=READING_SECONDS,
        rows=rows_of(library, preferences),
        ghosts=count_ghosts(session, library),
    )


def named(problems: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(NAMES[key], problem) for key, problem in problems.items()]


def texts_of(preferences: Preferences) -> dict[str, str]:
    """What stands in the fields that are typed."""
    return {
        "zone": preferences.zone,
        "minutes": "" if preferences.limit_ms is None else minutes(preferences.limit_ms),
        "target_from": clock_time(preferences.targets.from_ms),
        "target_to": clock_time(preferences.targets.to_ms),
        "target_days": str(preferences.targets.days),
        "snippets": written(preferences.snippets),
    }


def texts_in(filled: Filled) -> dict[str, str]:
    typed = ("zone", "minutes", "target_from", "target_to", "target_days")
    texts = {name: getattr(filled, name)[:MAX_TEXT] for name in typed}
    return texts | {"snippets": filled.snippets}


def rows_of(library: Library, preferences: Preferences) -> list[tuple[str, str, bool]]:
    """Id and title of each derivation, in the order of the plan, and whether it is in it."""
    on = planned(library, preferences)
    titles = {one.question.id: one.question.title for one in library.originals}
    return [(name, titles[name], name in on) for name in preferences.arranged(list(titles))]


def regions() -> dict[str, list[str]]:
    """The zones by what stands before the first slash, those without one at the end."""
    found: dict[str, list[str]] = {}
    for zone in sorted(known_zones()):
        region = zone.partition("/")[0] if "/" in zone else "Others"
        found.setdefault(region, []).append(zone)
    found["Others"] = found.pop("Others", [])
    return found


def read_form(
    filled: Filled, library: Library, preferences: Preferences
) -> tuple[dict[str, Any], dict[str, str]]:
    """The values of the preferences, and what could not be read."""
    values: dict[str, Any] = {
        "zone": filled.zone.strip(),
        "theme": filled.theme,
        "clock_shown": filled.clock is not None,
        "sounds": filled.sounds is not None,
        "ghost": filled.ghost,
        "paper": filled.paper,
    }
    problems: dict[str, str] = {}
    readers: dict[str, Any] = {
        "limit_ms": lambda: read_limit(filled.minutes) if filled.minutes.strip() else None,
        "reading_ms": lambda: read_whole(filled.reading_seconds) * 1000,
        "targets": lambda: {
            "from_ms": read_time(filled.target_from),
            "to_ms": read_time(filled.target_to),
            "days": read_whole(filled.target_days),
        },
        "pen_width": lambda: read_whole(filled.pen_width),
        "snippets": lambda: USUAL if filled.usual_snippets else read_snippets(filled.snippets),
    }
    for key, reader in readers.items():
        try:
            values[key] = reader()
        except Invalid as problem:
            problems[key] = str(problem)
    if filled.order:
        values |= read_plan(filled, library, preferences)
    return values, problems


def read_whole(text: str) -> int:
    if not re.fullmatch(r"\d{1,6}", text, re.ASCII):
        raise Invalid("A whole number is expected here.")
    return int(text)


def read_time(text: str) -> int:
    """Milliseconds from `4:30`, or from a number of minutes. Raises Invalid."""
    found = re.fullmatch(r"\s*(\d{1,3})(?::([0-5]\d))?\s*", text, re.ASCII)
    if not found:
        raise Invalid("A time is minutes and seconds, such as 4:30.")
    return int(found[1]) * MINUTE_MS + int(found[2] or 0) * 1000


def read_plan(filled: Filled, library: Library, preferences: Preferences) -> dict[str, Any]:
    """As long as order and choice are those of the library, they follow it when it changes."""
    ids = [one.question.id for one in library.originals]
    drilled = {one.question.id for one in library.originals if one.question.drill}
    listed = [name for name in dict.fromkeys(filled.order) if name in ids]
    order = listed + [name for name in preferences.arranged(ids) if name not in listed]
    order = moved(order, filled.move)
    on = [name for name in order if name in filled.plan]
    return {
        "plan_order": () if order == ids else tuple(order),
        "plan_on": None if set(on) == drilled else tuple(on),
    }


def moved(order: Sequence[str], move: str) -> list[str]:
    """The order after `up:ols` or `down:ols`; as it is where that is not possible."""
    direction, _, name = move.partition(":")
    step = {"up": -1, "down": 1}.get(direction, 0)
    result = list(order)
    if name in result:
        place = result.index(name)
        result.insert(max(0, place + step), result.pop(place))
    return result
