"""The events of a recording: which there are, what they carry, and how large they may be.

An event is `[t, code, data]`: t is the time in whole milliseconds since the clock started.
Positions are whole units of a fixed page of 16000 × 20000; pressure runs from 0 to 255. A batch
of ink holds quadruples x, y, pressure, dt: the first absolute (dt 0, made at t), each later one
the difference to the one before it, dt in milliseconds.

`start` and `end` are the clock's own. A browser may ask for both; when the time is out, the
server writes the `end` itself. In a live attempt the clock may also be paused and go on, and its
limit may grow; what the host releases of the derivation is in the log as well, and so is what the
host draws, on a layer of its own: the server writes `by` into its events.
"""

import json
import re
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic_core import to_json

from app.errors import EventRefused
from app.practice.clock import LONGEST_UNTIMED_MS

PAGE_WIDTH = 16_000
PAGE_HEIGHT = 20_000
MAX_EVENT_BYTES = 32_768
MAX_POINTS = 256
MAX_LINE_CHARACTERS = 2_000
MAX_BATCH_MS = 5_000
LONGEST_T = LONGEST_UNTIMED_MS

NAME = r"^[a-z0-9][a-z0-9-]{0,23}$"
Name = Annotated[str, Field(pattern=NAME)]
PenColour = Literal["ink", "blue", "red", "green"]
THINNEST, THICKEST = 10, 400
Coordinate = Annotated[int, Field(ge=-PAGE_HEIGHT, le=PAGE_HEIGHT)]


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Drawn(_Data):
    by: Literal["host"] | None = None


class Ink(_Drawn):
    stroke: Name
    pen: tuple[PenColour, Annotated[int, Field(ge=THINNEST, le=THICKEST)]] | None = None
    points: Annotated[list[Coordinate], Field(min_length=4, max_length=4 * MAX_POINTS)]
    end: Literal[True] | None = None


class Drop(_Drawn):
    stroke: Name


class Erase(_Drawn):
    op: Name
    strokes: Annotated[list[Name], Field(min_length=1, max_length=500)]


class Undo(_Drawn):
    op: Name


class Redo(_Drawn):
    op: Name


class LineText(_Data):
    row: Name
    at: Annotated[float, Field(allow_inf_nan=False)]
    text: Annotated[str, Field(max_length=MAX_LINE_CHARACTERS, pattern=r"^[^\r\n]*$")]


class LineGone(_Data):
    row: Name
    gone: Literal[True]


class Mark(_Data):
    pass


class Hint(_Data):
    number: Annotated[int, Field(ge=1, le=100)]


class Release(_Data):
    """What a host shows of the derivation: a hint or a key step by its number, or all of it."""

    what: Literal["hint", "step", "all"]
    number: Annotated[str, Field(pattern=r"^[0-9]{1,3}[a-z]?$")] | None = None


class Start(_Data):
    pass


class Pause(_Data):
    pass


class Resume(_Data):
    pass


class Extend(_Data):
    ms: Annotated[int, Field(ge=1_000, le=60 * 60_000)]


class End(_Data):
    why: Literal["done", "time", "abandoned"]


DATA: dict[str, TypeAdapter[Any]] = {
    "ink": TypeAdapter(Ink),
    "drop": TypeAdapter(Drop),
    "erase": TypeAdapter(Erase),
    "undo": TypeAdapter(Undo),
    "redo": TypeAdapter(Redo),
    "line": TypeAdapter(LineText | LineGone),
    "mark": TypeAdapter(Mark),
    "hint": TypeAdapter(Hint),
    "release": TypeAdapter(Release),
    "start": TypeAdapter(Start),
    "pause": TypeAdapter(Pause),
    "resume": TypeAdapter(Resume),
    "extend": TypeAdapter(Extend),
    "end": TypeAdapter(End),
}

# One encoder for all: making one costs as much as encoding an event.
compact_json = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode

# What is drawn on a layer: the host's is apart from the candidate's.
DRAWING = frozenset({"ink", "drop", "erase", "undo", "redo"})
# What changes the clock, and so what lists say of the attempt.
CLOCK = frozenset({"start", "pause", "resume", "extend", "end"})
# What counts as having written something: an attempt without any of it was not tried.
WRITING = frozenset({"ink", "line"})


# Not frozen, which takes several times as long to make: one is made for every batch of ink.
@dataclass(slots=True)
class Event:
    """One event, which nobody changes; `data` is as the browser sent it, checked. `encoded`: the
    same in JSON, where that is at hand; see `encoded_data`."""

    t: int
    code: str
    data: dict[str, Any]
    encoded: str = field(default="", repr=False, compare=False)

    @property
    def encoded_data(self) -> str:
        if not self.encoded:
            self.encoded = compact_json(self.data)
        return self.encoded


def read_event(raw: object) -> Event:
    """Read `[t, code, data]` as JSON gave it.

    Raises EventRefused with reason "malformed" or "too-large" and a sentence that says where.
    """
    event = _timed_event(raw)
    code, data = event.code, event.data
    if code not in DATA:
        raise EventRefused("malformed", f"there is no event called {code[:40]!r}")
    if code == "ink" and is_ink(data):
        # What was found to be ink holds nothing that two encoders would write differently.
        event.encoded = to_json(data).decode()
        return event
    try:
        size = len(event.encoded_data.encode())
        if size > MAX_EVENT_BYTES:
            raise EventRefused("too-large", f"{code} is larger than {MAX_EVENT_BYTES} bytes")
        DATA[code].validate_json(event.encoded_data)
    except ValidationError as error:
        raise EventRefused("malformed", _first_problem(code, error)) from error
    except (UnicodeEncodeError, ValueError, RecursionError) as error:
        raise EventRefused("malformed", f"{code} holds what JSON cannot carry") from error
    if code == "ink" and not _fits_the_page(data["points"]):
        raise EventRefused(
            "malformed", "ink.points are quadruples on the page, the first at dt 0, 5 s at the most"
        )
    return event


def _timed_event(raw: object) -> Event:
    # Not a pattern of `match`, which takes ten times as long: this is done for every event.
    if type(raw) is list and len(raw) == 3:
        t, code, data = raw
        if type(t) is int and type(code) is str and type(data) is dict and 0 <= t <= LONGEST_T:
            return Event(t, code, data)
    raise EventRefused("malformed", "an event is [t, code, data], t in milliseconds from 0")


def _first_problem(code: str, error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join([code, *(str(part) for part in first["loc"])])
    return f"{place}: {first['msg']}"


def _fits_the_page(points: list[int]) -> bool:
    steps_ms = points[3::4]
    if len(points) % 4 or points[3] != 0 or min(steps_ms) < 0:
        return False
    return (
        sum(steps_ms) <= MAX_BATCH_MS
        and _within(points[0::4], PAGE_WIDTH)
        and _within(points[1::4], PAGE_HEIGHT)
        and _within(points[2::4], 255)
    )


def _within(steps: list[int], most: int) -> bool:
    places = list(accumulate(steps))
    return min(places) >= 0 and max(places) <= most


_INK_FIELDS = frozenset(Ink.model_fields)
_COLOURS = frozenset(get_args(PenColour))
is_name = re.compile(NAME.removesuffix("$")).fullmatch


def is_ink(data: dict[str, Any]) -> bool:
    """Exactly what `Ink` and the page allow: no step between two places on it is longer than a
    coordinate may be. Nine events of ten are ink, and a check that knows what it looks for costs a
    fraction of a general one; tests hold the two together."""
    points, stroke = data.get("points"), data.get("stroke")
    return (
        data.keys() <= _INK_FIELDS
        and type(stroke) is str
        and is_name(stroke) is not None
        and type(points) is list
        and 4 <= len(points) <= 4 * MAX_POINTS
        and set(map(type, points)) == {int}
        and _fits_the_page(points)
        and _is_pen(data.get("pen"))
        and (data.get("end") is None or data["end"] is True)
        and data.get("by") in (None, "host")
    )


def _is_pen(pen: object) -> bool:
    match pen:
        case None:
            return True
        case [str(colour), int(width)] if type(pen) is list and type(width) is int:
            return colour in _COLOURS and THINNEST <= width <= THICKEST
    return False
