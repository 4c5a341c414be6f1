"""A single typed line that has to state a certain key step."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Form, Query

from app.checker import Finding
from app.library.models import Derivation, Step
from app.practice.events import MAX_LINE_CHARACTERS
from app.web.api import findings_of
from app.web.checking import CheckingThread

LineForm = Annotated[str, Form(max_length=MAX_LINE_CHARACTERS)]
LineQuery = Annotated[str, Query(max_length=MAX_LINE_CHARACTERS)]


@dataclass(frozen=True, slots=True)
class JudgedLine:
    """`passed`: whether it states the step."""

    finding: Finding
    passed: bool


def on_one_line(text: str) -> str:
    """A formula may be typed over several rows; it is one line all the same."""
    return " ".join(text.split())


async def judge(
    checking: CheckingThread, derivation: Derivation, step: Step, line: str
) -> JudgedLine:
    """Raises Unavailable where the checker is busy, or cannot read the givens."""
    (finding,) = await checking.run(lambda: findings_of(derivation, [line]))
    return JudgedLine(finding, finding.verdict == "holds" and step.number in finding.parts)
