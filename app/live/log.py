"""The log of an attempt in memory, as its readers get it."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.live import messages
from app.live.material import Material
from app.practice.events import CLOCK, Event


@dataclass(frozen=True, slots=True)
class Logged:
    """An event ready to be sent; `source` is the page that made it and knows it already."""

    seq: int
    encoded: str
    source: str | None


class Log:
    """Numbered events, of which those up to `committed` are stored and may be sent."""

    def __init__(self, entries: Sequence[Logged] = ()) -> None:
        self._entries = list(entries)
        self.committed = len(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, event: Event, source: str, material: Material) -> int:
        """Appends an event and gives its number."""
        seq = len(self._entries) + 1
        self._entries.append(logged(seq, event, source, material))
        return seq

    def commit(self, count: int) -> None:
        self.committed += count

    def rewind(self) -> None:
        """Forgets what is not stored."""
        del self._entries[self.committed :]

    def after(self, seq: int, count: int) -> Sequence[Logged]:
        """At most `count` committed events that follow number `seq`."""
        return self._entries[seq : min(seq + count, self.committed)]


def logged(seq: int, event: Event, source: str, material: Material) -> Logged:
    """The event as readers get it. What is released comes with its words, so it goes to its own
    page too; so do the clock's events, from which every page learns that the clock has changed."""
    said = material.said_with(event)
    data = event.encoded_data if said is None else messages.encode(**said)
    everyone = said is not None or event.code in CLOCK
    encoded = messages.encode_event(seq, event.t, event.code, data)
    return Logged(seq, encoded, None if everyone else source)
