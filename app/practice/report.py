"""What of a session's report its host shares with the candidate.

`replay`, `steps`, `verdicts` and `remarks` are shared of one attempt each; a host's scorecard and
notes only by that host.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Self

WHOLE = ("replay", "steps", "verdicts", "remarks")
OWN = ("card", "notes")
# What was written, without anything that hosts have of it.
WRITTEN = ("replay",)


@dataclass(frozen=True, slots=True)
class Shared:
    """Parts of an attempt as `steps:<attempt>`, a host's own as `card:<seat>`. The name alone, as
    it was stored before, is of every attempt."""

    parts: frozenset[str] = frozenset()

    @classmethod
    def read(cls, text: str) -> Self:
        return cls(frozenset(json.loads(text)))

    @property
    def text(self) -> str:
        return json.dumps(sorted(self.parts))

    def has(self, part: str, whose: str) -> bool:
        """Of an attempt, or of the host with this seat."""
        return part in self.parts or f"{part}:{whose}" in self.parts

    def apart(self, attempts: Iterable[str]) -> "Shared":
        """With what is of every attempt said of each of these."""
        named = {part for part in self.parts if ":" in part}
        each = {f"{part}:{attempt}" for attempt in attempts for part in self.parts - named}
        return Shared(frozenset(named | each))

    def chosen(self, parts: Iterable[str], whose: str, among: Collection[str]) -> "Shared":
        """After these were ticked among the parts that could be: all else stays as it was. What
        there is not is left out."""
        offered = {f"{part}:{whose}" for part in among}
        ticked = {f"{part}:{whose}" for part in parts}
        return Shared(self.parts - offered | offered & ticked)
