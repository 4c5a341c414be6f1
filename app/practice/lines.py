"""The typed lines of an attempt: what its `line` events amount to.

static/js/lines/rows.js reads a log in the same way.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from app.practice.events import Event


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it stands at the end of a log; `edited_ms`: when its text last changed."""

    row: str
    text: str
    edited_ms: int


def final_lines(events: Iterable[Event]) -> list[Line]:
    """The lines that are there after these events, in reading order."""
    lines: dict[str, Line] = {}
    places: dict[str, float] = {}
    for event in events:
        if event.code != "line":
            continue
        row = event.data["row"]
        if "gone" in event.data:
            lines.pop(row, None)
            continue
        # A row that only moves keeps its moment.
        text, known = event.data["text"], lines.get(row)
        if known is None or known.text != text:
            lines[row] = Line(row, text, event.t)
        places[row] = float(event.data["at"])
    return sorted(lines.values(), key=lambda line: (places[line.row], line.row))
