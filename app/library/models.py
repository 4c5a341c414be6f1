"""What a derivation is, once it is loaded.

A page may hold a `Question` before the end of an attempt and nothing else of a derivation.
Everything that answers the question lives in `Derivation`, so passing the wrong object to a
template shows up as a type error instead of as a leak.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict

from app.errors import ContentError
from app.library.fields import (
    Difficulty,
    DrillPlace,
    Identifier,
    Latex,
    Minutes,
    Plain,
    Prose,
    StepNumber,
    Year,
    YesNo,
)


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Given(Frozen):
    """One declaration of the set-up: a shape, a membership or a definition."""

    tex: Latex
    note: Prose | None = None


class KnownName(Frozen):
    """A name that a solution may use without introducing it. The writer may give a `weak` one
    another meaning by a bare `=`; derivatives take a `held` one for a constant."""

    tex: Latex
    weak: YesNo = False
    held: YesNo = False


class NamedContext(Frozen):
    """A situation in which a line may hold although it does not hold in general; see
    `app.checker.world.world.Context`."""

    name: Plain
    sets: tuple[Latex, ...]
    judges: Literal["any", "stationarity", "bounds", "said"] = "stationarity"
    without: tuple[Latex, ...] = ()


class Step(Frozen):
    """A key step. `load_bearing` is the one that an interviewer waits for; `must` is false for a
    step that a clean run can do without. The lists say which typed lines state it, beyond what
    the checker finds by itself: see content/README.md."""

    number: StepNumber
    title: Plain
    formula: Latex
    explanation: Prose
    load_bearing: YesNo = False
    must: YesNo = True
    forms: tuple[Latex, ...] = ()
    excludes: tuple[Latex, ...] = ()
    may_use: tuple[Latex, ...] = ()
    contains: tuple[Latex, ...] = ()


class Gotcha(Frozen):
    question: Prose
    wrong: Prose
    right: Prose
    why: Prose


class Slip(Frozen):
    """A wrong line that people really write, the step it spoils, and how to notice it."""

    id: Identifier
    wrong: Latex
    step: StepNumber
    explanation: Prose


class Followup(Frozen):
    """`difficulty` runs from 1, a warm-up, to 3, a question for a strong candidate."""

    question: Prose
    answer: Prose
    difficulty: Difficulty


class Reading(Frozen):
    """A book or paper, or, with `folder`, a chapter of the study notes."""

    title: Plain
    author: Plain | None = None
    year: Year | None = None
    folder: Plain | None = None


class _Asked(Frozen):
    id: Identifier
    title: Plain
    drill: DrillPlace | None = None
    minutes: Minutes = 5
    prompt: Prose
    givens: tuple[Given, ...]


class _Answered(Frozen):
    names: tuple[KnownName, ...] = ()
    contexts: tuple[NamedContext, ...] = ()
    steps: tuple[Step, ...]
    insights: tuple[Prose, ...] = ()
    gotchas: tuple[Gotcha, ...] = ()
    slips: tuple[Slip, ...] = ()
    followups: tuple[Followup, ...] = ()
    hints: tuple[Prose, ...] = ()
    reading: tuple[Reading, ...] = ()


class DerivationFile(_Answered, _Asked):
    """A derivation as its author writes it: question and answers in one file."""


class GotchaRow(Gotcha):
    derivation: Identifier


class GotchaFile(Frozen):
    rows: tuple[GotchaRow, ...]


class Question(_Asked):
    """All that may be known before the end."""

    hint_count: int


class Derivation(_Answered):
    """A question with everything that answers it; the steps are in the order of their numbers."""

    question: Question

    @classmethod
    def from_file(cls, file: DerivationFile) -> Self:
        asked = {name: getattr(file, name) for name in _Asked.model_fields}
        answered = {name: getattr(file, name) for name in _Answered.model_fields}
        answered["steps"] = tuple(sorted(file.steps, key=lambda step: step_order(step.number)))
        return cls(question=Question(hint_count=len(file.hints), **asked), **answered)

    @property
    def must_steps(self) -> tuple[str, ...]:
        """Numbers of the steps that a clean run has to reach, in order."""
        return tuple(step.number for step in self.steps if step.must)


@dataclass(frozen=True)
class Library:
    """What could be loaded, and what could not: `derivations` in drill order, the others after."""

    derivations: Mapping[str, Derivation]
    gotchas: tuple[GotchaRow, ...]
    errors: tuple[ContentError, ...]

    def __getitem__(self, derivation_id: str) -> Derivation:
        """Raises KeyError."""
        return self.derivations[derivation_id]


def step_order(number: str) -> tuple[int, str]:
    """Sort key of step numbers: 1, 1a, 1b, 2, 10."""
    digits, part = re.fullmatch(r"(\d+)([a-z]?)", number).groups()  # type: ignore[union-attr]
    return int(digits), part
