"""What is said of a line."""

from __future__ import annotations

import string
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """`verdict`: holds, fails, defines, unclear, unreadable or remark. `where`: the context in
    which it holds, None for everywhere. `parts`: the key steps that it reaches, with their parts
    ("1a"); `rows`: those of which it states a row, while others are missing; `steps`: the numbers
    of all these. `slip`: the id of the known slip that a wrong line is. `span`: offsets into the
    line, the end exclusive.
    """

    line: int
    text: str
    verdict: str
    message: str
    where: str | None = None
    parts: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    slip: str | None = None
    span: tuple[int, int] | None = None

    @property
    def steps(self) -> tuple[int, ...]:
        named = (*self.parts, *self.rows)
        return tuple(sorted({int(part.rstrip(string.ascii_lowercase)) for part in named}))

    def as_json(self) -> dict[str, object]:
        return {
            "line": self.line,
            "text": self.text,
            "verdict": self.verdict,
            "where": self.where,
            "steps": list(self.steps),
            "slip": self.slip,
            "message": self.message,
            "span": list(self.span) if self.span else None,
        }
