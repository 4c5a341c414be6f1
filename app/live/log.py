"""The log of an attempt in memory, as its readers get it.

What is long past is kept sealed: segments of SEGMENT events, deflated, which never change and go to
whoever comes late as they are. Of the rest, what several readers need next is encoded once.
"""

import json
import sys
import zlib
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from app.live import messages
from app.live.material import Material
from app.live.stretch import Stretch
from app.practice.events import CLOCK, Event, compact_json

SEGMENT = 500
# Nobody who keeps up is so far behind the end: what these readers need is never sealed.
UNSEALED = 100


@dataclass(frozen=True, slots=True)
class Segment:
    """`sources`: of each event, in their order."""

    first: int
    deflated: bytes
    sources: Sequence[str | None]

    @property
    def last(self) -> int:
        return self.first + len(self.sources) - 1

    def after(self, seq: int) -> Stretch:
        """The events that follow number `seq`, as they were before they were sealed."""
        t, found = 0, Stretch()
        sealed: list[tuple[int, str, Any]] = json.loads(zlib.decompress(self.deflated))["events"]
        for number, (dt, code, data) in enumerate(sealed, start=self.first):
            t += dt
            if number > seq:
                found.append(t, code, compact_json(data), self.sources[number - self.first])
        return found


class Chunk(NamedTuple):
    """What a page is sent of the events up to number `last`: None where it has written all of
    them."""

    last: int
    message: str | bytes | None


class Latest(NamedTuple):
    """All events after number `after` as a chunk: the same for whoever is none of the `sources`."""

    after: int
    chunk: Chunk
    sources: frozenset[str | None]


# What cannot be taken back once a page has heard of it: it is sent when it is stored.
GRAVE = CLOCK | {"hint", "release"}


class Log:
    """Numbered events, of which those up to `committed` are stored, and those up to `ready` may be
    sent. `shared`: others append to it too, so that what is not stored may yet be numbered
    differently."""

    def __init__(self, stored: Stretch | None = None, *, shared: bool = False) -> None:
        self._sealed: list[Segment] = []
        self._tail = stored or Stretch()
        # What was asked for last: readers that keep up all ask for the same.
        self._latest = Latest(0, Chunk(0, None), frozenset())
        self.committed = len(self._tail)
        self._shared = shared
        # The numbers of what is grave and not stored yet.
        self._grave: deque[int] = deque()
        self.ready = self.committed
        self._seal()

    def __len__(self) -> int:
        return len(self._sealed) * SEGMENT + len(self._tail)

    def add(self, event: Event, source: str, material: Material) -> int:
        """Appends an event and gives its number."""
        seq = len(self) + 1
        self._tail.add(event, source, material)
        if event.code in GRAVE:
            self._grave.append(seq)
        self._find_ready()
        return seq

    def commit(self, count: int) -> None:
        self.committed += count
        while self._grave and self._grave[0] <= self.committed:
            self._grave.popleft()
        self._find_ready()
        self._seal()

    def rewind(self) -> None:
        """Forgets what is not stored."""
        self._tail.drop(self.committed - len(self._sealed) * SEGMENT, len(self._tail))
        self._grave.clear()
        self._find_ready()

    def after(self, seq: int, source: str) -> Chunk:
        """What comes next for the page called `source`, which has event `seq`; there is more."""
        latest = self._latest
        if latest.after == seq and latest.chunk.last == self.ready and source not in latest.sources:
            return latest.chunk
        sealed = len(self._sealed) * SEGMENT
        if seq >= sealed:
            return self._chunk(seq, self.ready, self._tail, seq - sealed, source)
        segment = self._sealed[seq // SEGMENT]
        if seq + 1 == segment.first and source not in segment.sources:
            return Chunk(segment.last, segment.deflated)
        if set(segment.sources[seq - segment.last :]) == {source}:
            return Chunk(segment.last, None)
        return self._chunk(seq, segment.last, segment.after(seq), 0, source)

    def _chunk(self, seq: int, last: int, events: Stretch, first: int, source: str) -> Chunk:
        """`first`: the place at which the event after `seq` stands."""
        places = range(first, first + last - seq)
        sources = frozenset(events.sources[first : places.stop])
        encoded = [
            messages.encode_event(
                seq + 1 + place - first,
                events.times[place],
                events.codes[place],
                events.data[place],
            )
            for place in places
            if events.sources[place] != source
        ]
        chunk = Chunk(last, messages.events(encoded) if encoded else None)
        if source not in sources:
            self._latest = Latest(seq, chunk, sources)
        return chunk

    def _find_ready(self) -> None:
        if self._shared:
            self.ready = self.committed
        else:
            self.ready = self._grave[0] - 1 if self._grave else len(self)

    def _seal(self) -> None:
        while self.committed - len(self._sealed) * SEGMENT >= SEGMENT + UNSEALED:
            first = len(self._sealed) * SEGMENT + 1
            self._sealed.append(_segment(first, self._tail.part(0, SEGMENT)))
            self._tail.drop(0, SEGMENT)


def _segment(first: int, events: Stretch) -> Segment:
    encoded, before = [], 0
    for t, code, data in events:
        encoded.append(messages.encode_sealed(t - before, code, data))
        before = t
    deflated = zlib.compress(messages.sealed(first, encoded).encode())
    # Every message brings a name of its own: kept once, they are next to nothing.
    sources = tuple(source and sys.intern(source) for source in events.sources)
    return Segment(first, deflated, sources)
