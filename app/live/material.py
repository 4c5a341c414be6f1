"""What of a derivation the log of an attempt may carry to its readers, piece by piece.

The log holds that a hint was asked for, or that a step was released; the words are added when it is
sent, and come from the content.
"""

from typing import Any

from app.errors import EventRefused
from app.library.models import Derivation, Step
from app.library.prose import segments
from app.practice.events import Event


class Material:
    """`derivation`: None where its content file is gone."""

    def __init__(self, derivation: Derivation | None) -> None:
        self._derivation = derivation

    @property
    def hint_count(self) -> int:
        return len(self._derivation.hints) if self._derivation else 0

    def check(self, event: Event) -> None:
        """Raises EventRefused where a release names what is not there."""
        if event.code != "release":
            return
        what, number = event.data["what"], event.data.get("number", "")
        if what == "all":
            known = number == "" and self._derivation is not None
        elif what == "step":
            known = self._step(number) is not None
        else:
            known = number.isdigit() and self._hint(int(number)) != ""
        if not known:
            raise EventRefused("not-now", f"there is no {what} {number}".rstrip())

    def said_with(self, event: Event) -> dict[str, Any] | None:
        """The event's data with the words that it releases; None for one that releases none."""
        if event.code == "hint":
            number = event.data["number"]
            return {"number": number, "prose": segments(self._hint(number))}
        if event.code != "release":
            return None
        what, number = event.data["what"], event.data.get("number", "")
        if what == "hint":
            return {**event.data, "prose": segments(self._hint(int(number)))}
        steps = self._derivation.steps if self._derivation else ()
        shown = [step for step in steps if what == "all" or step.number == number]
        return {**event.data, "steps": [_written(step) for step in shown]}

    def _hint(self, number: int) -> str:
        hints = self._derivation.hints if self._derivation else ()
        return hints[number - 1] if 0 < number <= len(hints) else ""

    def _step(self, number: str) -> Step | None:
        return self._derivation.step(number) if self._derivation else None


def _written(step: Step) -> dict[str, Any]:
    return {
        "number": step.number,
        "title": step.title,
        "formula": step.formula,
        "prose": segments(step.explanation),
    }
