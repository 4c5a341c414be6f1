"""What was found: of a clause, and of a whole line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.checker.judging.links import Link
from app.checker.reading.tree import Chain, Span

# Where each link of a chain holds, "" for everywhere; None if it is not known to hold.
Trail = tuple[str | None, ...]


@dataclass(slots=True, repr=False, eq=False)
class Judged:
    """A clause that claims something: its chain with what it continues, what is known of the links
    `before` the new ones, and these. `connector` is what stood before the clause, `letter` one that
    nobody introduced and that stands for anything."""

    chain: Chain
    before: Trail
    links: list[Link]
    connector: str
    letter: str = ""

    @property
    def start(self) -> int:
        """Of the new links."""
        return len(self.before)

    @property
    def trail(self) -> Trail:
        new = (link.where if link.status == "true" else None for link in self.links)
        return (*self.before, *new)

    @property
    def status(self) -> str:
        """The worst of the links' statuses."""
        statuses = {link.status for link in self.links}
        return next((status for status in ("false", "unclear") if status in statuses), "true")

    @property
    def where(self) -> str:
        """The first context that a link holds in only; "" where it holds everywhere."""
        return next((link.where for link in self.links if link.where), "")

    def hold(self, where: str) -> None:
        self.links = [replace(link, status="true", where=where) for link in self.links]

    def leave_open(self, message: str) -> None:
        self.links = [link.unclear(message) for link in self.links]


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Result:
    """The verdict over a line and what says why. `judged` is set where it holds, with the steps in
    `parts` that are known without looking at it; `culprit` is the link that is false. `chain` is
    what the next line may continue, `trail` what is known of it."""

    verdict: str
    message: str
    where: str = ""
    judged: Sequence[Judged] = ()
    parts: tuple[str, ...] = ()
    culprit: Link | None = None
    slip: str | None = None
    span: Span | None = None
    chain: Chain | None = None
    trail: Trail = ()
