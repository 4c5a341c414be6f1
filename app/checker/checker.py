r"""The checker of one derivation: typed lines in, findings out.

    >>> from app.checker import Checker
    >>> checker = Checker(
    ...     givens=[r"X \in \mathbb{R}^{n \times d}", r"y \in \mathbb{R}^n", r"w \in \mathbb{R}^d",
    ...             r"\mathcal{L}(w) = \frac{1}{2}\|y - Xw\|^2"])
    >>> [finding.verdict for finding in checker.check([
    ...     r"\nabla_w \mathcal{L} = X^\top (Xw - y)", r"\nabla_w \mathcal{L} = X^\top (y - Xw)"])]
    ['holds', 'fails']

Nothing is simplified: both sides of every relation are computed in small random instances of the givens.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from app.checker import statements
from app.checker.declarations import DeclarationError, declare
from app.checker.evaluate import Evaluator
from app.checker.failures import Misfit, Unclear
from app.checker.instances import populate
from app.checker.judge import GENERAL, Desk, signature_of_gap
from app.checker.scope import Budget
from app.checker.steps import SlipForms, StepForms, clauses_of, pair_key, slip_forms, step_forms
from app.checker.tree import Chain
from app.checker.vocabulary import Vocabulary
from app.checker.world import World

SEED = 20260101
MAX_LINES = 200


@dataclass(frozen=True, slots=True)
class Finding:
    """What is said of a line.

    `verdict`: holds, fails, defines, unclear, unreadable or remark. `where`: the context in which it holds, None for
    everywhere. `parts`: the key steps that it reaches, with their parts ("1a"); `steps`: their numbers. `slip`:
    the id of the known slip that a wrong line is. `span`: offsets into the line, the end exclusive.
    """

    line: int
    text: str
    verdict: str
    message: str
    where: str | None = None
    parts: tuple[str, ...] = ()
    slip: str | None = None
    span: tuple[int, int] | None = None

    @property
    def steps(self) -> tuple[int, ...]:
        return tuple(
            sorted({int(part.rstrip("abcdefghijklmnopqrstuvwxyz")) for part in self.parts})
        )

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


@dataclass(frozen=True, slots=True)
class StepSpec:
    """A key step as the content states it; see content/README.md for the fields."""

    number: str
    formula: str
    forms: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    may_use: tuple[str, ...] = ()
    contains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SlipSpec:
    id: str
    step: str
    wrong: str


@dataclass(frozen=True, slots=True)
class ContextSpec:
    name: str
    sets: tuple[str, ...]
    judges: str = "stationarity"


@dataclass(slots=True)
class Sheet:
    """What the lines so far have brought: names, the chain to continue, assumptions."""

    vocabulary: Vocabulary
    desk: Desk
    chain: Chain | None = None
    assumed: set[str] = field(default_factory=set)


class Checker:
    """Raises DeclarationError for givens that cannot be read; `check` raises nothing."""

    def __init__(
        self,
        givens: Iterable[str],
        names: Iterable[tuple[str, bool]] = (),
        contexts: Iterable[ContextSpec] = (),
        steps: Iterable[StepSpec] = (),
        slips: Iterable[SlipSpec] = (),
        seed: int = SEED,
    ) -> None:
        givens = list(givens)
        self.world: World = declare(
            givens, names, [(one.name, one.sets, one.judges) for one in contexts]
        )
        try:
            populate(self.world, seed)
        except (Misfit, Unclear) as error:
            raise DeclarationError(givens[0] if givens else "", str(error)) from error
        self._base: dict[str, list[Evaluator]] = {}
        self.restated = self._restatements()
        self._note_conditions(steps := list(steps))
        self.steps: list[StepForms] = []
        self.slips: list[SlipForms] = []
        for step in steps:
            self.steps.append(self._step(step))
        for slip in slips:
            self.slips.append(slip_forms(self._desk(), slip.id, slip.step, slip.wrong))

    def check(self, lines: Sequence[str]) -> list[Finding]:
        """One finding a line. Later lines may use what earlier ones define, and continue their chains."""
        sheet = Sheet(self.world.vocabulary, self._desk())
        findings = [
            statements.judge_line(self, sheet, number, text)
            for number, text in enumerate(lines[:MAX_LINES], start=1)
        ]
        left_out = f"Only the first {MAX_LINES} lines are checked."
        for number, text in enumerate(lines[MAX_LINES:], start=MAX_LINES + 1):
            findings.append(Finding(number, text, "unclear", left_out))
        return findings

    def _desk(self) -> Desk:
        return Desk(self.world, {}, budget=Budget(200_000), base=self._base)

    def _restatements(self) -> set[str]:
        return {
            pair_key(left, right)
            for chain in self.world.restatements
            for place, left in enumerate(chain.sides)
            for right in chain.sides[place + 1 :]
        }

    def _note_conditions(self, steps: list[StepSpec]) -> None:
        """The equations of the steps that hold in a context only are what the context is known by."""
        for context in self.world.contexts:
            for step in steps:
                for clause in clauses_of(self.world, step.formula):
                    self._note_condition(context.name, clause.chain)

    def _note_condition(self, name: str, chain: Chain) -> None:
        desk = self._desk()
        pairs = zip(chain.sides, chain.sides[1:], chain.relations, strict=False)
        for left, right, relation in pairs:
            if relation != "=":
                continue
            try:
                gap = signature_of_gap(desk, left, right)
                context = next(one for one in self.world.contexts if one.name == name)
                there = signature_of_gap(desk, left, right, context)
            except (Misfit, Unclear, np.linalg.LinAlgError):
                continue
            in_general = max(float(np.abs(part).max(initial=0.0)) for part in gap)
            in_context = max(float(np.abs(part).max(initial=0.0)) for part in there)
            if in_general > 1e-6 and in_context < 1e-7:
                self.world.stationarity.setdefault(name, []).append(gap)

    def _step(self, step: StepSpec) -> StepForms:
        return step_forms(
            self._desk(),
            step.number,
            [step.formula, *step.forms],
            step.excludes,
            step.may_use,
            step.contains,
        )


__all__ = ["GENERAL", "Checker", "ContextSpec", "Finding", "SlipSpec", "StepSpec"]
