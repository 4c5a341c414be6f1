"""What was found: of a clause, and of a whole line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.checker.judging.links import Link
from app.checker.reading.tree import Chain, Span


@dataclass(slots=True)
class Judged:
    """A clause that claims something: its chain with what it continues, and its new links, which
    begin at `start`. `connector` is what stood before the clause."""

    chain: Chain
    start: int
    links: list[Link]
    connector: str

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


@dataclass(frozen=True, slots=True)
class Result:
    """The verdict over a line and what says why. `judged` is set where it holds, with the steps in
    `parts` that are known without looking at it; `culprit` is the link that is false. `chain` is
    what the next line may continue."""

    verdict: str
    message: str
    where: str = ""
    judged: Sequence[Judged] = ()
    parts: tuple[str, ...] = ()
    culprit: Link | None = None
    slip: str | None = None
    span: Span | None = None
    chain: Chain | None = None
