"""The cases beside the derivations: typed lines, and what the checker has to say of them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.library.loader import load_library

CONTENT = Path(__file__).parents[2] / "content"
LIBRARY = load_library(CONTENT)
VERDICTS = frozenset(["holds", "fails", "defines", "unclear", "unreadable", "remark"])


@dataclass(frozen=True, slots=True)
class Case:
    """`step` and `slip` are about the last line; `numpy` computes a line that claims something."""

    id: str
    derivation: str
    lines: tuple[str, ...]
    expect: tuple[str, ...]
    numpy: tuple[str | None, ...]
    kind: str
    note: str
    step: str | None = None
    slip: str | None = None

    def __str__(self) -> str:
        return self.id


def cases_of(derivation: str) -> Iterator[Case]:
    path = CONTENT / "derivations" / f"{derivation}.cases.jsonl"
    for row in path.read_text(encoding="utf-8").splitlines():
        case: dict[str, Any] = json.loads(row)
        lines, expect, numpy = (tuple(case.pop(key)) for key in ("lines", "expect", "numpy"))
        yield Case(case.pop("id"), derivation, lines, expect, numpy, **case)


CASES = [case for one in LIBRARY.originals for case in cases_of(one.question.id)]


def of_derivation(derivation: str) -> list[Case]:
    return [case for case in CASES if case.derivation == derivation]
