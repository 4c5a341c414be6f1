"""A recording as a file: NDJSON, a header line, then one `[t, code, data]` a line.

The header says what the log does not: which attempt it is, how it was set up, and what its owner
said of it afterwards (the steps that were reached, with splits in milliseconds, those that were
not, those about which a word was taken back, and the note, with the moments at which all that was
said). What the checker found is not in it: it can be found again.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from app.errors import EventRefused, RecordingError
from app.practice.attempt import MAX_EVENTS, Mode
from app.practice.events import MAX_EVENT_BYTES, Event, read_event
from app.practice.merging import LAST_MOMENT
from app.practice.splits import Tick, Word

MAX_NOTE_CHARACTERS = 10_000

Moment = Annotated[int, Field(ge=0, le=LAST_MOMENT)]
Duration = Annotated[int, Field(ge=0, le=2**31 - 1)]
StepNumber = Annotated[str, Field(pattern=r"^[0-9]{1,3}[a-z]?$")]
DerivationId = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,100}$")]


class Header(BaseModel):
    """The first line of a recording; times are milliseconds since 1970, durations milliseconds.

    `day` is the local day on which the attempt was begun; earlier files do not have it. `said_at`,
    by step, and `note_at` are 0 where nobody knows any more."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    coldboard: Literal[1] = 1
    attempt: Annotated[str, Field(pattern=r"^[a-z0-9]{4,32}$")]
    derivation: DerivationId
    mode: Mode
    limit_ms: Duration | None
    reading_ms: Duration
    created_at: Moment
    day: Annotated[date, Field(strict=False)] | None = None
    started_at: Moment
    ended_at: Moment
    end_why: Literal["done", "time", "abandoned"]
    steps: dict[StepNumber, Duration | None] = {}
    not_reached: list[StepNumber] = []
    taken_back: list[StepNumber] = []
    said_at: dict[StepNumber, Moment] = {}
    note: Annotated[str, Field(max_length=MAX_NOTE_CHARACTERS)] = ""
    note_at: Moment = 0

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.ended_at < self.started_at:
            raise ValueError("ended_at lies before started_at")
        return self

    @model_validator(mode="after")
    def _says_one_thing_of_a_step(self) -> Self:
        named = [*self.steps, *self.not_reached, *self.taken_back]
        if len({*named}) < len(named):
            raise ValueError("a step is named twice in steps, not_reached and taken_back")
        if {*self.said_at} - {*named}:
            raise ValueError("said_at has a step that is in none of steps, not_reached, taken_back")
        return self

    @property
    def words(self) -> dict[str, Word]:
        """What the writer says of each step, if anything was ever said."""
        ticks: dict[str, Tick | None] = {step: Tick(True, at) for step, at in self.steps.items()}
        ticks |= dict.fromkeys(self.not_reached, Tick(False)) | dict.fromkeys(self.taken_back)
        return {step: Word(tick, self.said_at.get(step, 0)) for step, tick in ticks.items()}


def write_recording(header: Header, events: Iterable[Event]) -> Iterator[str]:
    """The lines of the file, each with its line end."""
    encoded = ((event.t, event.code, event.encoded_data) for event in events)
    yield from write_encoded(header, encoded)


def write_encoded(header: Header, events: Iterable[tuple[int, str, str]]) -> Iterator[str]:
    """`write_recording` of events whose data is JSON already."""
    yield header.model_dump_json() + "\n"
    for t, code, data in events:
        yield f'[{t},"{code}",{data}]\n'


def read_recording(lines: Iterable[str]) -> tuple[Header, list[Event]]:
    """Header and events of a file. Raises RecordingError, which names the line."""
    numbered = enumerate(lines, start=1)
    header = _read_header(next(numbered, (1, ""))[1])
    events: list[Event] = []
    for number, line in numbered:
        if line.isspace():
            continue
        if len(events) >= MAX_EVENTS:
            raise RecordingError(f"line {number}: a recording has at most {MAX_EVENTS} events")
        events.append(_read_line(number, line))
    if not events or events[0].code != "start" or events[-1].code != "end":
        raise RecordingError("a whole recording begins with a start event and stops with an end")
    end = events[-1]
    if (header.started_at + end.t, header.end_why) != (header.ended_at, end.data["why"]):
        raise RecordingError("the header's ended_at and end_why are not those of the end event")
    return header, events


def _read_header(line: str) -> Header:
    try:
        return Header.model_validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "header"
        raise RecordingError(
            f"line 1: not the header of a recording ({place}: {first['msg']})"
        ) from error


def _read_line(number: int, line: str) -> Event:
    if len(line) > 2 * MAX_EVENT_BYTES:
        raise RecordingError(f"line {number}: too long for an event")
    try:
        return read_event(json.loads(line))
    except EventRefused as error:
        raise RecordingError(f"line {number}: {error.detail}") from error
    except (ValueError, RecursionError) as error:
        raise RecordingError(f"line {number}: not JSON ({error})") from error
