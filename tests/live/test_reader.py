"""A reader is an offset into the log: joining, reconnecting and falling behind are one path."""

import asyncio
from typing import Any

import pytest

from app.library.models import Library
from app.library.prose import segments
from app.live.log import SEGMENT, UNSEALED, Log
from app.live.material import Material
from app.live.reader import MAX_WAITING_MESSAGES, Reader
from app.live.turns import Turns
from app.practice.events import Event
from tests.helpers import end, hint, ink, line, mark, raw, start, unpacked, until

pytestmark = pytest.mark.anyio


class Wire:
    """What was sent, and whether the other side takes any more."""

    def __init__(self) -> None:
        self.messages: list[Any] = []
        self.sealed = 0
        self.free = True

    def write(self, message: str | bytes) -> None:
        self.sealed += isinstance(message, bytes)
        self.messages.append(unpacked(message))

    @property
    def events(self) -> list[Any]:
        said = [message["events"] for message in self.messages if message["type"] == "events"]
        return [event for events in said for event in events]

    @property
    def numbers(self) -> list[int]:
        return [event[0] for event in self.events]


NOTHING = Material(None)


def prose_of(text: str) -> list[list[str]]:
    return [list(segment) for segment in segments(text)]


def grow(log: Log, count: int, source: str = "b") -> None:
    for _ in range(count):
        log.add(mark(), source, NOTHING)
    log.commit(count)


def reader_of(log: Log, source: str = "a", after: int = 0) -> Reader:
    return Reader(log, Turns(), source, after)


async def read(log: Log, source: str = "a", after: int = 0) -> Wire:
    """What a reader sends of what there is now."""
    wire = Wire()
    reader_of(log, source, after).attach(wire)
    await asyncio.sleep(0)
    return wire


@pytest.mark.parametrize(("after", "numbers"), [(0, [1, 2, 3]), (2, [3]), (3, [])])
async def test_it_sends_what_follows_the_last_event_seen(after: int, numbers: list[int]) -> None:
    log = Log()
    grow(log, 3)

    wire = await read(log, "a", after)

    assert wire.numbers == numbers


async def test_it_sends_what_is_not_stored_yet() -> None:
    log = Log()
    grow(log, 1)
    log.add(mark(), "b", NOTHING)

    assert (await read(log)).numbers == [1, 2]


async def test_where_others_append_too_it_sends_only_what_is_stored() -> None:
    log = Log(shared=True)
    grow(log, 1)
    log.add(mark(), "b", NOTHING)

    assert (await read(log)).numbers == [1]


@pytest.mark.parametrize("grave", [start(), end(3), hint(3, 1)])
async def test_what_cannot_be_taken_back_waits_until_it_is_stored_and_all_behind_it(
    grave: Event,
) -> None:
    log = Log()
    for event in (mark(), grave, mark(), grave, mark()):
        log.add(event, "b", NOTHING)
    numbers = []

    for _ in range(len(log)):
        numbers.append((await read(log)).numbers[-1])
        log.commit(1)

    assert numbers == [1, 1, 3, 3, 5]


async def test_its_own_events_are_not_sent_back() -> None:
    log = Log()
    grow(log, 1, "a")
    grow(log, 1, "b")

    assert (await read(log, "a", 0)).numbers == [2]
    assert (await read(log, "b", 0)).numbers == [1]
    assert (await read(log, "", 0)).numbers == [1, 2]


async def test_clock_events_and_hints_are_sent_to_their_own_page_too(library: Library) -> None:
    log = Log()
    for event in (start(), hint(1, 1), mark(2), end(3)):
        log.add(event, "a", Material(library["ols"]))
    log.commit(4)

    wire = await read(log, "a", 0)

    assert wire.messages == [
        {
            "type": "events",
            "events": [
                [1, 0, "start", {}],
                [2, 1, "hint", {"number": 1, "prose": prose_of(library["ols"].hints[0])}],
                [4, 3, "end", {"why": "done"}],
            ],
        }
    ]


async def test_a_hint_that_the_content_no_longer_has_is_sent_without_text() -> None:
    log = Log()
    log.add(hint(1, 2), "a", NOTHING)
    log.commit(1)

    wire = await read(log, "a", 0)

    assert wire.messages[0]["events"] == [[1, 1, "hint", {"number": 2, "prose": []}]]


@pytest.mark.parametrize("after", [0, 1, SEGMENT - 1, SEGMENT, SEGMENT + 7, 2 * SEGMENT])
async def test_what_is_long_past_is_sent_sealed(after: int) -> None:
    log = Log()
    grow(log, 2 * SEGMENT + UNSEALED)

    wire = await read(log, "a", after)

    assert wire.numbers == list(range(after + 1, len(log) + 1))
    assert wire.sealed == sum(after <= start for start in (0, SEGMENT))


async def test_what_was_sealed_is_as_it_was_before() -> None:
    # Of a shared log only what is stored is sent: at first one event.
    log, late = Log(shared=True), Log()
    events = [ink(n * 7 % 50) if n % 3 else line(n, "∇ 𝓛") for n in range(SEGMENT + UNSEALED)]
    for event in events:
        log.add(event, "b", NOTHING)
        late.add(event, "b", NOTHING)
    log.commit(1)
    at_once = await read(log, "a", 0)
    log.commit(SEGMENT)
    late.commit(len(late))

    sealed = await read(late, "a", 0)
    rest = await read(late, "a", 1)

    assert sealed.sealed == 1
    assert sealed.events == [[n, *raw(event)] for n, event in enumerate(events, start=1)]
    assert at_once.events + rest.events == sealed.events


async def test_a_page_gets_of_what_is_sealed_only_what_others_wrote() -> None:
    log = Log()
    for n in range(1, 3 * SEGMENT + UNSEALED + 1):
        log.add(mark(n), "b" if (n % 100 == 0 and n < SEGMENT) or n > 2 * SEGMENT else "a", NOTHING)
    log.commit(len(log))

    own, others = await read(log, "a", 0), await read(log, "c", 0)

    first = [n for n in range(1, SEGMENT) if n % 100 == 0]
    assert own.numbers == [*first, *range(2 * SEGMENT + 1, len(log) + 1)]
    assert own.sealed == 1
    assert others.numbers == list(range(1, len(log) + 1))
    assert others.sealed == 3


async def test_readers_at_the_same_place_get_the_same_text_and_nobody_its_own() -> None:
    log = Log()
    grow(log, 3, source="b")

    first, second = log.after(1, "a"), log.after(1, "c")

    assert first.message is second.message
    assert log.after(1, "b").message is None
    assert log.after(2, "a").message != first.message
    grow(log, 1, source="b")
    assert log.after(1, "a").message != first.message


async def test_messages_of_its_own_come_first() -> None:
    log = Log()
    grow(log, 1)
    wire, reader = Wire(), reader_of(log)
    reader.tell('{"type":"welcome"}')
    reader.tell('{"type":"clock"}')

    reader.attach(wire)
    reader.turn()

    assert [message["type"] for message in wire.messages] == ["welcome", "clock", "events"]


async def test_what_says_the_same_and_more_takes_the_place_of_what_has_not_gone() -> None:
    wire, reader = Wire(), reader_of(Log())
    reader.attach(wire)
    wire.free = False
    for number in range(1, 5):
        reader.tell(f'{{"type":"ack","through":{number}}}', instead="ack a")
    reader.tell('{"type":"clock"}')
    reader.tell('{"type":"ack","through":5}', instead="ack a")
    reader.tell('{"type":"ack","through":1}', instead="ack b")

    wire.free = True
    reader.turn()

    assert [message.get("through") for message in wire.messages] == [4, None, 5, 1]


async def test_it_is_served_when_the_log_grows() -> None:
    log, wire, turns = Log(), Wire(), Turns()
    reader = Reader(log, turns, "a", 0)
    reader.attach(wire)

    for count in range(1, 4):
        grow(log, 1)
        turns.ask_all({reader})
        await until(lambda: len(wire.numbers) == count)  # noqa: B023

    assert wire.numbers == [1, 2, 3]


async def test_one_that_stops_reading_catches_up_later() -> None:
    log = Log()
    wire, reader = Wire(), reader_of(log)
    reader.attach(wire)
    wire.free = False
    for _ in range(5):
        grow(log, 10)
        reader.turn()
    assert wire.messages == []

    wire.free = True
    reader.turn()

    assert wire.numbers == list(range(1, 51))


async def test_one_that_lets_too_much_pile_up_is_closed_and_keeps_no_more() -> None:
    wire, reader = Wire(), reader_of(Log())
    reader.attach(wire)
    wire.free = False

    for _ in range(2 * MAX_WAITING_MESSAGES):
        reader.tell('{"type":"clock"}')

    assert len(reader._own) <= MAX_WAITING_MESSAGES
    assert reader.closed.is_set()
    wire.free = True
    reader.turn()
    assert wire.messages == []


async def test_a_closed_reader_sends_no_more() -> None:
    log = Log()
    grow(log, 3)
    wire, reader = Wire(), reader_of(log)
    reader.attach(wire)
    reader.close()

    reader.turn()

    assert wire.messages == []
