"""What of a session's report its host shares with the candidate.

`replay`, `steps`, `verdicts` and `remarks` are shared as a whole; a host's scorecard and notes only
by that host.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

WHOLE = ("replay", "steps", "verdicts", "remarks")
OWN = ("card", "notes")
# What hosts have of an attempt, beyond what was written.
JUDGED = ("steps", "verdicts", "remarks")


@dataclass(frozen=True, slots=True)
class Shared:
    """Parts by name; a host's own as `card:<seat>` and `notes:<seat>`."""

    parts: frozenset[str] = frozenset()

    @classmethod
    def read(cls, text: str) -> Self:
        return cls(frozenset(json.loads(text)))

    @property
    def text(self) -> str:
        return json.dumps(sorted(self.parts))

    def __contains__(self, part: str) -> bool:
        return part in self.parts

    def has(self, part: str, seat: str) -> bool:
        return f"{part}:{seat}" in self.parts

    def chosen(self, parts: Iterable[str], seat: str) -> "Shared":
        """After the host of this seat has ticked these parts: what other hosts share of their own
        stays. What there is not is left out."""
        mine = {f"{part}:{seat}" for part in OWN}
        others = {part for part in self.parts if ":" in part} - mine
        wanted = set(parts)
        return Shared(
            frozenset(
                others
                | {part for part in WHOLE if part in wanted}
                | {f"{part}:{seat}" for part in OWN if part in wanted}
            )
        )
