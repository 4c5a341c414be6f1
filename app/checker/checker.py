r"""The checker of one derivation: typed lines in, findings out.

    >>> from app.checker import Checker
    >>> checker = Checker(givens=[
    ...     r"A \in \mathbb{R}^{m \times d}", r"u \in \mathbb{R}^d", r"f(u) = \|A u\|^2"])
    >>> for finding in checker.check([r"\nabla_u f = 2 A^\top A u", r"\nabla_u f = 2 A A^\top u"]):
    ...     print(finding.verdict, "-", finding.message)
    holds - Holds.
    fails - m×m cannot be multiplied with d×1.

Nothing is simplified: both sides of every relation are computed in small random instances of the
givens.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import numpy as np

from app.checker.computing.evaluate import Evaluator
from app.checker.computing.instances import populate
from app.checker.computing.scope import Budget
from app.checker.failures import Misfit, Unclear, Unreadable
from app.checker.judging.desk import Desk
from app.checker.judging.features import pair_keys
from app.checker.judging.finding import Finding
from app.checker.judging.forms import StepForms, clauses_of, share_values, step_forms
from app.checker.judging.sheet import Sheet
from app.checker.judging.signatures import UNCOMPUTABLE, Signature, signature_of_gap
from app.checker.judging.slips import slip_forms
from app.checker.judging.statements import judge_line
from app.checker.reading.tree import Chain
from app.checker.world.declarations import UNFORESEEN, DeclarationError, FormulaError, declare
from app.checker.world.world import Context, World

SEED = 20260101
MAX_LINES = 200
# Nodes that may be evaluated to compile one step or slip.
CONTENT_BUDGET = 200_000


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class StepSpec:
    """A key step as the content states it; see content/README.md for the fields."""

    number: str
    formula: str
    forms: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    may_use: tuple[str, ...] = ()
    contains: tuple[str, ...] = ()
    every_row: bool = False


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class SlipSpec:
    id: str
    step: str
    wrong: str


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class NameSpec:
    tex: str
    weak: bool = False
    held: bool = False


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ContextSpec:
    name: str
    sets: tuple[str, ...]
    judges: str = "stationarity"
    without: tuple[str, ...] = ()


Made = TypeVar("Made")


def _readable(tex: str, make: Callable[[], Made]) -> Made:
    try:
        return make()
    except Unreadable as error:
        raise FormulaError(tex, error.message) from error
    except (Misfit, Unclear, IndexError, ValueError) as error:
        raise FormulaError(tex, str(error)) from error
    except Exception as error:  # such as a RecursionError, where givens define each other
        raise FormulaError(tex, UNFORESEEN) from error


class Checker:
    """Raises DeclarationError for givens and formulas that cannot be read; `check` raises nothing.

    It keeps what it has computed, so one call of `check` waits for another.
    """

    def __init__(
        self,
        givens: Iterable[str],
        names: Iterable[NameSpec] = (),
        contexts: Iterable[ContextSpec] = (),
        steps: Iterable[StepSpec] = (),
        slips: Iterable[SlipSpec] = (),
        seed: int = SEED,
    ) -> None:
        givens = list(givens)
        first = givens[0] if givens else ""
        try:
            self.world: World = declare(
                givens,
                [(one.tex, one.weak, one.held) for one in names],
                [(one.name, one.sets, one.judges, one.without) for one in contexts],
            )
            populate(self.world, seed)
        except DeclarationError:
            raise
        except (Misfit, Unclear) as error:
            raise DeclarationError(first, str(error)) from error
        except Exception as error:  # a draft may hold anything, and its author needs a sentence
            raise DeclarationError(first, UNFORESEEN) from error
        self._base: dict[str, list[Evaluator]] = {}
        self._restated = {key for chain in self.world.restatements for key in pair_keys(chain)}
        steps = list(steps)
        self._note_conditions(steps)
        self._steps = [
            form for step in steps for form in _readable(step.formula, partial(self._step, step))
        ]
        share_values(self._steps)
        self._slips = [
            _readable(slip.wrong, partial(slip_forms, self._desk(), slip.id, slip.wrong))
            for slip in slips
        ]
        self._lock = threading.Lock()

    def check(self, lines: Sequence[str]) -> list[Finding]:
        """One finding a line. Later lines may use what earlier ones define, and continue their
        chains."""
        left_out = f"Only the first {MAX_LINES} lines are checked."
        with self._lock:
            sheet = Sheet(
                self.world.vocabulary, self._desk(), self._steps, self._slips, self._restated
            )
            return [
                judge_line(sheet, number, text)
                if number <= MAX_LINES
                else Finding(number, text, "unclear", left_out)
                for number, text in enumerate(lines, start=1)
            ]

    def _desk(self) -> Desk:
        return Desk(self.world, {}, budget=Budget(CONTENT_BUDGET), base=self._base)

    def _step(self, step: StepSpec) -> list[StepForms]:
        return step_forms(
            self._desk(),
            step.number,
            [step.formula, *step.forms],
            step.excludes,
            step.may_use,
            step.contains,
            every_row=step.every_row,
        )

    def _note_conditions(self, steps: Sequence[StepSpec]) -> None:
        """The equations of the steps that hold in a context only are what it is known by."""
        if not self.world.contexts:
            return
        chains = [
            clause.chain
            for step in steps
            for clause in _readable(step.formula, partial(clauses_of, self.world, step.formula))
        ]
        for context in self.world.contexts:
            for chain in chains:
                for condition in self._conditions(context, chain):
                    self.world.stationarity.setdefault(context.name, []).append(condition)

    def _conditions(self, context: Context, chain: Chain) -> Iterator[Signature]:
        desk = self._desk()
        for left, right, relation in zip(
            chain.sides, chain.sides[1:], chain.relations, strict=False
        ):
            if relation != "=":
                continue
            try:
                general = signature_of_gap(desk, left, right)
                there = signature_of_gap(desk, left, right, context)
            except (*UNCOMPUTABLE, RecursionError):
                continue
            if _largest(general) > 1e-6 and _largest(there) < 1e-7:
                yield general


def _largest(gap: Signature) -> float:
    return max(float(np.abs(part).max(initial=0.0)) for part in gap)
