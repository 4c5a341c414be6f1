"""The drill plan, and what is due, as a calendar that other programs subscribe to (iCalendar, RFC
5545).

An entry lasts a whole local day and has no zone: it is on that day wherever it is looked at. It
belongs to a place in the plan, or to what is due, not to a date: after a day without an attempt the
same entries stand a day later, and a calendar moves them instead of adding others. Only cards, of
which many are due on a day, belong to their day.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from app.practice.plan import Plan

DAYS_AHEAD = 8
"""Of the plan, which goes on without end."""
DUE_DAYS_AHEAD = 60
"""Of what is due, which may be years from now."""
_LINE_BYTES = 75


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """`number`: which step of the whole plan this is, from 0, over all its rounds."""

    day: date
    derivation: str
    number: int


def planned_days(plan: Plan, today: date) -> list[PlannedDay]:
    """What the plan asks for on the next days, one derivation a day: from today, or from tomorrow
    if today's is done. Nothing for an empty plan."""
    if not plan.order:
        return []
    first = today + timedelta(days=plan.today is not None)
    step = plan.rounds * len(plan.order) + plan.place
    return [
        PlannedDay(
            first + timedelta(days=ahead),
            plan.order[(step + ahead) % len(plan.order)],
            step + ahead,
        )
        for ahead in range(DAYS_AHEAD)
    ]


def due_day(day: date, today: date) -> date | None:
    """The day for what is due on `day`: today where that is past; None where it is too far off."""
    day = max(day, today)
    return None if day > today + timedelta(days=DUE_DAYS_AHEAD) else day


def cards_by_day(
    due_at: Iterable[tuple[str, int]], day_of: Callable[[int], date], today: date
) -> dict[date, Counter[str]]:
    """How many cards of each deck are due on which day, the earliest first.

    `due_at`: deck and moment, in milliseconds since 1970, of each card that was rated; `day_of`
    gives the local day of a moment.
    """
    days: dict[date, Counter[str]] = {}
    for deck, at in due_at:
        day = due_day(day_of(at), today)
        if day is not None:
            days.setdefault(day, Counter())[deck] += 1
    return dict(sorted(days.items()))


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a calendar that lasts the whole day."""

    uid: str
    day: date
    summary: str
    description: str
    url: str


def write_calendar(name: str, entries: Sequence[Entry], now_ms: int) -> str:
    """The text of an .ics file; `now_ms`: when it is written, in milliseconds since 1970."""
    stamp = datetime.fromtimestamp(now_ms / 1000, UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Coldboard//Drill plan//EN",
        "CALSCALE:GREGORIAN",
        f"NAME:{escaped(name)}",
        f"X-WR-CALNAME:{escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        *(line for entry in entries for line in _event(entry, stamp)),
        "END:VCALENDAR",
    ]
    return "".join(f"{folded(line)}\r\n" for line in lines)


def _event(entry: Entry, stamp: str) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escaped(entry.uid)}"
    yield f"DTSTAMP:{stamp}"
    yield f"DTSTART;VALUE=DATE:{entry.day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{entry.day + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{escaped(entry.summary)}"
    yield f"DESCRIPTION:{escaped(entry.description)}"
    yield f"URL:{entry.url}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def escaped(text: str) -> str:
    r"""Text as a value of iCalendar. Other control characters than line breaks have no place in it.

    >>> print(escaped("a, b; c\\d\ne"))
    a\, b\; c\\d\ne
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    marked = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"}
    kept = (one for one in text if one == "\n" or one == "\t" or (one >= " " and one != "\x7f"))
    return "".join(marked.get(one, one) for one in kept)


def folded(line: str) -> str:
    """A line of at most 75 bytes in UTF-8, and the rest of it on following lines that begin with a
    space; no character is cut apart."""
    pieces, size = [""], 0
    for character in line:
        bytes_of_it = len(character.encode())
        if size + bytes_of_it > _LINE_BYTES:
            pieces.append(" ")
            size = 1
        pieces[-1] += character
        size += bytes_of_it
    return "\r\n".join(pieces)
