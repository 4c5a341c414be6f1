"""Templates, and the few filters that they need to speak the product's language."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.templating import Jinja2Templates

from app.library.prose import Segment, segments
from app.practice.target import scaled
from app.settings import ROOT
from app.web.preferences import for_templates
from app.web.static import static_url

templates = Jinja2Templates(directory=ROOT / "templates", context_processors=[for_templates])


def render(request: Request, name: str, status: int = 200, **context: Any) -> HTMLResponse:
    return templates.TemplateResponse(request, name, context, status_code=status)


def refreshed(request: Request) -> Response:
    """The answer to a change that the whole page shows; a browser without our scripts goes to where
    everything that was deleted is listed."""
    if "HX-Request" not in request.headers:
        return RedirectResponse("/keep", status_code=303)
    return Response(status_code=204, headers={"HX-Refresh": "true"})


def clock_time(ms: int | None) -> str:
    """Milliseconds as a clock shows them: 61000 -> 1:01; hours only when there are some.

    >>> clock_time(61_999), clock_time(3_600_000), clock_time(None)
    ('1:01', '1:00:00', '–')
    """
    if ms is None:
        return "–"
    minutes, seconds = divmod(ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def signed_time(ms: int | None) -> str:
    """A difference of times, in whole seconds, with its sign.

    >>> signed_time(61_000), signed_time(-5_000), signed_time(0), signed_time(None)
    ('+1:01', '−0:05', '0:00', '–')
    """
    if ms is None:
        return "–"
    sign = "+" if ms > 0 else "−" if ms < 0 else ""
    return sign + clock_time(abs(ms))


def minutes(ms: int) -> str:
    """Milliseconds as the number of minutes that a form holds.

    >>> minutes(300_000), minutes(150_000)
    ('5', '2.5')
    """
    return f"{ms / 60_000:g}"


def iso_time(ms: int) -> str:
    """A moment for `<time datetime>`; the browser shows it in the reader's own time zone."""
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def plain_date(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%d %b %Y, %H:%M UTC")


def plain_day(day: date) -> str:
    """
    >>> plain_day(date(2025, 10, 7))
    '7 Oct 2025'
    """
    return f"{day.day} {day:%b %Y}"


def last_time(day: date, today: date) -> str:
    """When something was the last time, as one says it.

    >>> [last_time(date(2025, 10, day), date(2025, 10, 9)) for day in (9, 8, 7, 2)]
    ['today', 'yesterday', 'last Tuesday', 'last on 2 Oct 2025']
    """
    days = (today - day).days
    if days < 2:
        return "yesterday" if days == 1 else "today"
    return f"last {day:%A}" if days < 7 else f"last on {plain_day(day)}"


def prose(text: str) -> Sequence[Segment]:
    return segments(text)


templates.env.filters.update(
    clock_time=clock_time,
    signed_time=signed_time,
    minutes=minutes,
    iso_time=iso_time,
    plain_date=plain_date,
    plain_day=plain_day,
    last_time=last_time,
    prose=prose,
)
templates.env.globals.update(static=static_url, scaled=scaled)
