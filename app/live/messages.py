"""What goes over the socket, by direction. Every message is a JSON object with a `type`.

From the browser:
  events   source, first, events: [t, code, data] numbered first, first+1, … by this source
  ping     asks for the clock, so that a silent connection is noticed

To the browser:
  welcome  elapsed, limit, mode, hints, stored, life: where the attempt stands, and how many events
           of its log are stored. With another `life` than before, what a page has of the log and
           was not told to be stored may never have been
  events   [[seq, t, code, data], …] of the log, from other tabs and from before; the data of a
           hint or a release has its words too, prose as [[kind, text], …]
  sealed   first, events: [[dt, code, data], …], the same for what is long past: numbered first,
           first+1, …, and dt is the difference to the t before it, from 0. It comes deflated
           (zlib), as the only binary message
  ack      source, through, elapsed, refused: [[n, reason, detail], …]; what is numbered up to
           `through` is stored, or refused for good and listed
  slow     source, first, retry_ms: too fast; nothing from `first` on was taken, send it later
  clock    elapsed, limit, stored: the answer to a ping, and sent to all when the clock has changed
  bad      detail: the message could not be read

Where the clock stands still, what says `elapsed` says `stands` too.
"""

from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic_core import from_json

from app.practice.attempt import Attempt
from app.practice.clock import Clock
from app.practice.events import Name, compact_json, is_name

MAX_MESSAGE_BYTES = 256 * 1024
MAX_EVENTS_A_MESSAGE = 200
LAST_FIRST = 2**31 - MAX_EVENTS_A_MESSAGE


class _Message(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class EventsFromBrowser(NamedTuple):
    source: str
    first: int
    events: list[Any]


class _Events(_Message):
    type: Literal["events"]
    source: Name
    first: Annotated[int, Field(ge=1, le=LAST_FIRST)]
    events: Annotated[list[Any], Field(min_length=1, max_length=MAX_EVENTS_A_MESSAGE)]


class Ping(_Message):
    type: Literal["ping"]


FromBrowser = EventsFromBrowser | Ping
_FROM_BROWSER: TypeAdapter[_Events | Ping] = TypeAdapter(
    Annotated[_Events | Ping, Field(discriminator="type")]
)
_EVENTS_KEYS = frozenset(_Events.model_fields)


class BadMessage(Exception):
    """A message that is none of ours; the connection lives on."""


def read_message(text: str) -> FromBrowser:
    if len(text) > MAX_MESSAGE_BYTES:
        raise BadMessage(f"a message has at most {MAX_MESSAGE_BYTES} bytes")
    if (events := read_events(text)) is not None:
        return events
    try:
        message = _FROM_BROWSER.validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "message"
        raise BadMessage(f"{place}: {first['msg']}") from error
    except ValueError as error:
        raise BadMessage("the message is not text that JSON can carry") from error
    if isinstance(message, Ping):
        return message
    return EventsFromBrowser(message.source, message.first, message.events)


def read_events(text: str) -> EventsFromBrowser | None:
    """Exactly what `_Events` allows, in half the time; what is wrong with anything else, or that
    it is a ping, the general check says. Tests hold the two together."""
    try:
        raw = from_json(text)
    except (ValueError, TypeError):
        return None
    if type(raw) is not dict or raw.keys() != _EVENTS_KEYS or raw["type"] != "events":
        return None
    source, first, events = raw["source"], raw["first"], raw["events"]
    fits = (
        type(source) is str
        and is_name(source) is not None
        and type(first) is int
        and 1 <= first <= LAST_FIRST
        and type(events) is list
        and 1 <= len(events) <= MAX_EVENTS_A_MESSAGE
    )
    return EventsFromBrowser(source, first, events) if fits else None


def welcome(attempt: Attempt, now: int, stored: int, life: str | None) -> str:
    return encode(
        type="welcome",
        **_time(attempt.clock, now),
        limit=attempt.clock.limit_ms,
        mode=attempt.mode,
        hints=attempt.hint_count,
        stored=stored,
        life=life,
    )


def events(encoded: list[str]) -> str:
    """`encoded`: events as `encode_event` gives them."""
    return '{"type":"events","events":[' + ",".join(encoded) + "]}"


def encode_event(seq: int, t: int, code: str, data: str) -> str:
    """`data`: in JSON."""
    return f'[{seq},{t},"{code}",{data}]'


def sealed(first: int, encoded: list[str]) -> str:
    """`encoded`: events as `encode_sealed` gives them."""
    return f'{{"type":"sealed","first":{first},"events":[{",".join(encoded)}]}}'


def encode_sealed(dt: int, code: str, data: str) -> str:
    return f'[{dt},"{code}",{data}]'


def ack(
    source: str, through: int, clock: Clock, now: int, refused: list[tuple[int, str, str]]
) -> str:
    # Put together by hand, like the events: there is one for every batch of ink.
    stands = ',"stands":true' if clock.stands else ""
    said = f'"source":"{source}","through":{through},"elapsed":{clock.elapsed(now)}{stands}'
    return f'{{"type":"ack",{said},"refused":{compact_json(refused) if refused else "[]"}}}'


def slow(source: str, first: int, retry_ms: int) -> str:
    return encode(type="slow", source=source, first=first, retry_ms=retry_ms)


def clock(clock: Clock, now: int, stored: int) -> str:
    return encode(type="clock", **_time(clock, now), limit=clock.limit_ms, stored=stored)


def _time(clock: Clock, now: int) -> dict[str, Any]:
    elapsed = clock.elapsed(now)
    return {"elapsed": elapsed, "stands": True} if clock.stands else {"elapsed": elapsed}


def bad(detail: str) -> str:
    return encode(type="bad", detail=detail)


def encode(**message: Any) -> str:
    return compact_json(message)
