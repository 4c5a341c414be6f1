"""What a derivation is, once it is loaded.

A page may hold a `Question` before the end of an attempt and nothing else of a derivation.
Everything that answers the question lives in `Derivation`, so passing the wrong object to a
template shows up as a type error instead of as a leak.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
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
from app.library.order import Needs, nearest, needs_of


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
    step that a clean run can do without; `say` is what to say aloud while writing it. The lists
    up to `contains` say which typed lines state it, beyond what the checker finds, and `every_row`
    that one row of the formula is not enough: see content/README.md. `after` are the steps that it
    needs, None for the one before it."""

    number: StepNumber
    title: Plain
    formula: Latex
    explanation: Prose
    say: Prose | None = None
    load_bearing: YesNo = False
    must: YesNo = True
    forms: tuple[Latex, ...] = ()
    excludes: tuple[Latex, ...] = ()
    may_use: tuple[Latex, ...] = ()
    contains: tuple[Latex, ...] = ()
    every_row: YesNo = False
    after: tuple[StepNumber, ...] | None = None


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
    """`answer` is the proof or the computation, `intuition` why it had to be so, and `listen_for`
    what an interviewer hopes to hear. `difficulty` runs from 1, a warm-up, to 3, a question for a
    strong candidate."""

    question: Prose
    answer: Prose
    intuition: Prose | None = None
    listen_for: tuple[Prose, ...] = ()
    difficulty: Difficulty


class Reading(Frozen):
    """A book or paper, or, with `folder`, a chapter of the study notes."""

    title: Plain
    author: Plain | None = None
    year: Year | None = None
    folder: Plain | None = None


class Picture(Frozen):
    """A drawing of `pictures/<id>.svg` beside the derivations; `alt` says what is to be seen in it
    to somebody who cannot see it. With `step` it stands beside that key step."""

    id: Identifier
    alt: Plain
    caption: Prose
    step: StepNumber | None = None


class Setting(Frozen):
    """What some formulas of the prose are about that the givens do not have: `adds` declares it,
    after the givens and names or, with `alone`, instead of them, and each of `states` is true
    there."""

    adds: tuple[Latex, ...]
    states: tuple[Latex, ...]
    alone: YesNo = False


class Variant(Frozen):
    """A shorter or a harder question on the same matter, attempted by its own `id`.

    It keeps the key steps that `keeps` names, with their slips, and adds its own; givens, names and
    contexts of its own replace those of the derivation. `load_bearing` is the number of its
    load-bearing step where that is not one already."""

    id: Identifier
    level: Literal["shorter", "harder"]
    title: Plain
    minutes: Minutes = 5
    prompt: Prose
    keeps: tuple[StepNumber, ...] = ()
    load_bearing: StepNumber | None = None
    hints: tuple[Prose, ...] = ()
    givens: tuple[Given, ...] = ()
    names: tuple[KnownName, ...] = ()
    contexts: tuple[NamedContext, ...] = ()
    steps: tuple[Step, ...] = ()
    slips: tuple[Slip, ...] = ()
    supposed: tuple[Latex, ...] = ()
    settings: tuple[Setting, ...] = ()


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
    pictures: tuple[Picture, ...] = ()


class DerivationFile(_Answered, _Asked):
    """A derivation as its author writes it: question and answers in one file. `supposed` are
    formulas of its prose that are not stated of the givens, and `settings` what others of them are
    stated of; see `app.library.verifying.prose`."""

    variants: tuple[Variant, ...] = ()
    supposed: tuple[Latex, ...] = ()
    settings: tuple[Setting, ...] = ()


class GotchaRow(Gotcha):
    derivation: Identifier


class GotchaFile(Frozen):
    rows: tuple[GotchaRow, ...]


class Question(_Asked):
    """All that may be known before the end. A variant names its derivation and its level."""

    hint_count: int
    variant_of: Identifier | None = None
    level: Literal["shorter", "harder"] | None = None

    @property
    def limit_ms(self) -> int:
        """The time that it deserves, in milliseconds."""
        return round(self.minutes * 60_000)

    @property
    def family(self) -> str:
        """The id that a derivation and its variants share: an answer to one helps with all."""
        return self.variant_of or self.id


class Derivation(_Answered):
    """A question with everything that answers it; the steps are in the order of their numbers."""

    question: Question

    @classmethod
    def from_file(cls, file: DerivationFile) -> Self:
        asked = {name: getattr(file, name) for name in _Asked.model_fields}
        answered = {name: getattr(file, name) for name in _Answered.model_fields}
        answered["steps"] = _in_order(file.steps)
        return cls(question=Question(hint_count=len(file.hints), **asked), **answered)

    def varied(self, variant: Variant) -> "Derivation":
        """The variant as a derivation of its own: what it does not say is as it is here."""
        own = self.question
        question = Question(
            id=variant.id,
            title=variant.title,
            minutes=variant.minutes,
            prompt=variant.prompt,
            givens=variant.givens or own.givens,
            hint_count=len(variant.hints),
            variant_of=own.id,
            level=variant.level,
        )
        kept = self._kept(variant)
        changed = {
            "question": question,
            "names": variant.names or self.names,
            "contexts": variant.contexts or self.contexts,
            "steps": _in_order(_with_star(step, variant) for step in (*kept, *variant.steps)),
            "slips": (*(s for s in self.slips if s.step in variant.keeps), *variant.slips),
            "hints": variant.hints,
            "pictures": tuple(p for p in self.pictures if p.step in (None, *variant.keeps)),
        }
        return self.model_copy(update=changed)

    def _kept(self, variant: Variant) -> list[Step]:
        """The steps that a variant keeps. What they need may not be in it; what that needs may."""
        there = {*variant.keeps, *(step.number for step in variant.steps)}
        return [
            step
            if step.after is None
            else step.model_copy(update={"after": nearest(step.number, self.needs, there)})
            for step in self.steps
            if step.number in variant.keeps
        ]

    @property
    def needs(self) -> Needs:
        return needs_of(self.steps)

    def step(self, number: str) -> Step | None:
        return next((step for step in self.steps if step.number == number), None)

    @property
    def must_steps(self) -> tuple[str, ...]:
        """Numbers of the steps that a clean run has to reach, in order."""
        return tuple(step.number for step in self.steps if step.must)


def _in_order(steps: Iterable[Step]) -> tuple[Step, ...]:
    return tuple(sorted(steps, key=lambda step: step_order(step.number)))


def _with_star(step: Step, variant: Variant) -> Step:
    if step.number != variant.load_bearing:
        return step
    return step.model_copy(update={"load_bearing": True, "must": True})


@dataclass(frozen=True)
class Library:
    """What could be loaded, and what could not: `derivations` in drill order, the others after,
    each followed by its variants. `pictures` are the drawings by name, as SVG; `own` are the ids
    of those that users wrote."""

    derivations: Mapping[str, Derivation]
    gotchas: tuple[GotchaRow, ...]
    errors: tuple[ContentError, ...]
    pictures: Mapping[str, str] = field(default_factory=dict)
    own: tuple[str, ...] = ()

    def __getitem__(self, derivation_id: str) -> Derivation:
        """Raises KeyError."""
        return self.derivations[derivation_id]

    @property
    def originals(self) -> tuple[Derivation, ...]:
        """Without the variants."""
        return tuple(one for one in self.derivations.values() if one.question.variant_of is None)

    def variants_of(self, derivation_id: str) -> tuple[Derivation, ...]:
        everything = self.derivations.values()
        return tuple(one for one in everything if one.question.variant_of == derivation_id)

    def family_of(self, derivation_id: str) -> frozenset[str]:
        """The ids of a derivation and all its variants, whichever of them is given."""
        if derivation_id not in self.derivations:
            return frozenset({derivation_id})
        family = self[derivation_id].question.family
        everything = self.derivations.values()
        return frozenset(one.question.id for one in everything if one.question.family == family)

    def closed_with(self, derivation_id: str) -> frozenset[str]:
        """The ids of all that says what answers this one: its family, and those of other versions
        of it that were kept when two devices were brought together."""
        if derivation_id not in self.derivations:
            return frozenset({derivation_id})
        root = self._root(self[derivation_id].question.family)
        everything = (one.question for one in self.derivations.values())
        return frozenset(one.id for one in everything if self._root(one.family) == root)

    def _root(self, family: str) -> str:
        """The id of which a version was kept; its own where it is no such version."""
        while family in self.own and (older := OLDER_VERSION.fullmatch(family)):
            family = older[1]
        return family


OLDER_VERSION = re.compile(r"(.+)-[0-9a-f]{6}")
"""The id under which an older version of a derivation of one's own is kept: its id, and a mark that
follows from its text."""


def step_order(number: str) -> tuple[int, str]:
    """Sort key of step numbers: 1, 1a, 1b, 2, 10."""
    digits, part = re.fullmatch(r"(\d+)([a-z]?)", number).groups()  # type: ignore[union-attr]
    return int(digits), part
