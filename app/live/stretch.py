"""A stretch of a log: events that follow each other, as their readers get them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from app.live import messages
from app.live.material import Material
from app.practice.events import CLOCK, Event


@dataclass(slots=True)
class Stretch:
    """In columns: of each event its t, its code, its data in JSON, and the page that made it and
    knows it already. A tuple for each event would be one more thing for the garbage collector to
    look through while logs grow, and nobody is answered as long as it does."""

    times: list[int] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    sources: list[str | None] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.times)

    def __iter__(self) -> Iterator[tuple[int, str, str]]:
        return zip(self.times, self.codes, self.data, strict=True)

    def add(self, event: Event, source: str, material: Material) -> None:
        """What is released comes with its words, so it goes to its own page too; so do the clock's
        events, from which every page learns that the clock has changed."""
        said = material.said_with(event)
        data = event.encoded_data if said is None else messages.encode(**said)
        everyone = said is not None or event.code in CLOCK
        self.append(event.t, event.code, data, None if everyone else source)

    def append(self, t: int, code: str, data: str, source: str | None) -> None:
        self.times.append(t)
        self.codes.append(code)
        self.data.append(data)
        self.sources.append(source)

    def part(self, first: int, end: int) -> "Stretch":
        """The events at these places, counted from 0, the end exclusive."""
        place = slice(first, end)
        return Stretch(*(column[place] for column in self._columns))

    def drop(self, first: int, end: int) -> None:
        for column in self._columns:
            del column[first:end]

    @property
    def _columns(self) -> tuple[list[Any], ...]:
        return self.times, self.codes, self.data, self.sources
