"""What tests of several packages share: a clock that is set by hand, and events to write."""

import asyncio
import json
import sqlite3
import time
import zlib
from collections.abc import Callable
from contextlib import closing
from datetime import date
from io import BytesIO
from typing import Any, NamedTuple
from zipfile import ZipFile

from app.practice.events import Event

# The moment at which tests begin, in milliseconds since 1970.
NOON = 1_760_000_400_000
TODAY = date(2025, 10, 9)
SECOND = 1_000
MINUTE = 60_000
PATIENCE_S = 30


class Now:
    """The server's time in milliseconds, which stands still until it is advanced."""

    def __init__(self, ms: int = NOON) -> None:
        self.ms = ms

    def __call__(self) -> int:
        return self.ms

    def advance(self, ms: int) -> None:
        self.ms += ms


def ink_data(stroke: str = "s-1", **more: Any) -> dict[str, Any]:
    return {"stroke": stroke, "points": [100, 200, 128, 0, 3, 4, 0, 8], **more}


def line_data(text: str = r"\hat{w}", row: str = "r-1", at: float = 1) -> dict[str, Any]:
    return {"row": row, "at": at, "text": text}


def ink(t: int = 0, stroke: str = "s-1") -> Event:
    return Event(t, "ink", ink_data(stroke))


def line(t: int = 0, text: str = r"\hat{w}") -> Event:
    return Event(t, "line", line_data(text))


def mark(t: int = 0) -> Event:
    return Event(t, "mark", {})


def hint(t: int, number: int) -> Event:
    return Event(t, "hint", {"number": number})


def start() -> Event:
    return Event(0, "start", {})


def end(t: int, why: str = "done") -> Event:
    return Event(t, "end", {"why": why})


def raw(event: Event) -> list[Any]:
    """The event as a browser sends it."""
    return [event.t, event.code, event.data]


def unpacked(message: str | bytes) -> dict[str, Any]:
    """A message of a socket as a page gets it: what came sealed is events as all others."""
    if isinstance(message, str):
        spoken: dict[str, Any] = json.loads(message)
        return spoken
    sealed = json.loads(zlib.decompress(message))
    assert sealed["type"] == "sealed"
    events, t = [], 0
    for seq, (dt, code, data) in enumerate(sealed["events"], start=sealed["first"]):
        t += dt
        events.append([seq, t, code, data])
    return {"type": "events", "events": events}


async def until(condition: Callable[[], bool]) -> None:
    """Lets the loop run until the condition holds."""
    async with asyncio.timeout(PATIENCE_S):
        while not condition():  # noqa: ASYNC110  (conditions are about threads and tasks alike)
            await asyncio.sleep(0.001)


def wait_until(condition: Callable[[], bool], patience_s: float = PATIENCE_S) -> None:
    """Waits for another thread or process until the condition holds."""
    give_up_at = time.monotonic() + patience_s
    while not condition():
        assert time.monotonic() < give_up_at, "it did not happen"
        time.sleep(0.005)


class Flashcard(NamedTuple):
    """A note of an Anki package, as it would be imported."""

    guid: str
    kind: str
    deck: str
    tags: set[str]
    fields: dict[str, str]


def flashcards_of(package: bytes) -> list[Flashcard]:
    with ZipFile(BytesIO(package)) as archive, closing(sqlite3.connect(":memory:")) as collection:
        collection.deserialize(archive.read("collection.anki2"))
        kinds, decks = map(
            json.loads, collection.execute("SELECT models, decks FROM col").fetchone()
        )
        rows = collection.execute(
            "SELECT guid, mid, did, tags, flds FROM notes JOIN cards ON nid = notes.id ORDER BY due"
        ).fetchall()
    return [
        Flashcard(
            guid,
            kinds[str(kind)]["name"],
            decks[str(deck)]["name"],
            set(tags.split()),
            dict(
                zip(
                    (f["name"] for f in kinds[str(kind)]["flds"]), fields.split("\x1f"), strict=True
                )
            ),
        )
        for guid, kind, deck, tags, fields in rows
    ]
