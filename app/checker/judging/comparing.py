"""One relation in one context: both sides are computed in every instance of it, and compared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from app.checker.computing.arithmetic import condition
from app.checker.computing.compare import Outcome, related
from app.checker.computing.evaluate import Evaluator
from app.checker.computing.indexing import Beyond
from app.checker.computing.scope import UnknownName
from app.checker.failures import Misfit, Unclear
from app.checker.judging.contexts import says_zero
from app.checker.judging.desk import GENERAL, TRIALS, Desk, fresh_scope, in_letters
from app.checker.judging.links import Link
from app.checker.reading.tree import Chain, Node, Range, SetOf
from app.checker.world.values import Value, aligned
from app.checker.world.world import Context

Valuation = Callable[[Node], Value]

LEVEL = "both sides are equal there"


def judged_in(
    desk: Desk,
    context: Context,
    link: Link,
    statement: Sequence[Node],
    conditions: Sequence[Chain],
    *,
    frozen: bool = False,
) -> Link:
    try:
        evaluators = desk.evaluators(context)
    except (Misfit, Unclear) as error:
        return link.unclear(str(error))
    outcomes = []
    doubt = ""
    for which, evaluator in enumerate(evaluators):
        inner = fresh_scope(evaluator, statement)
        inner.frees = desk.frees.setdefault((context.name, which), {})
        if frozen:
            inner.overrides = {**inner.overrides, **_frozen(desk, which)}
            inner.memo, inner.branches, inner.parent = {}, {}, evaluator
        side = inner.value if frozen else partial(desk.judged_side, context, which, evaluator=inner)
        try:
            outcome = _outcome(inner, side, link, conditions)
        except Misfit as error:
            return link.false(in_letters(str(error), evaluator), misfit=True)
        except UnknownName:
            raise
        except (Unclear, np.linalg.LinAlgError) as error:
            doubt = doubt or in_letters(str(error), evaluator)
            if context.extreme:
                # Extreme numbers round to what is undefined, and others still refute.
                continue
            return link.unclear(doubt)
        except (OverflowError, ValueError, IndexError, FloatingPointError):
            return link.unclear("it could not be computed")
        if not outcome.true:
            return link.false(outcome.detail)
        outcomes.append(outcome)
    if doubt:
        return link.unclear(doubt)
    return link if context in (GENERAL, TRIALS) else _unless_trivial(link, outcomes)


def _outcome(
    evaluator: Evaluator, side: Valuation, link: Link, conditions: Sequence[Chain]
) -> Outcome:
    try:
        return _compared(evaluator, side, link, conditions)
    except Beyond as error:
        known = evaluator.frees[error.letter]
        if not error.places.size:
            raise
        evaluator.frees[error.letter] = replace(
            known, places=known.places[error.places], sorted=False
        )
        return _compared(evaluator, evaluator.value, link, conditions)


def _compared(
    evaluator: Evaluator, side: Valuation, link: Link, conditions: Sequence[Chain]
) -> Outcome:
    with np.errstate(all="ignore"):
        left, right = side(link.left), side(link.right)
        return related(left, right, link.relation, mask_of(evaluator, conditions))


def _unless_trivial(link: Link, outcomes: Sequence[Outcome]) -> Link:
    """Some lines are true in a context whatever they say, and show nothing."""
    if link.relation in ("<=", ">=") and all(outcome.level for outcome in outcomes):
        # Where both sides meet, a bound in either direction is true.
        return link.false(LEVEL)
    if (
        link.relation == "="
        and all(outcome.vacuous for outcome in outcomes)
        and not says_zero(link.left, link.right)
    ):
        return link.false("both sides vanish there, so nothing was shown")
    return link


def _frozen(desk: Desk, which: int) -> dict[int, Value]:
    """The writer's names with the values that they have in general."""
    general = desk.evaluators(GENERAL)[which]
    found = {}
    for entries in desk.scope.values():
        for entry in entries:
            if all(param.kind == "set" for param in entry.params):
                try:
                    found[entry.number] = general.table(entry)
                except (Misfit, Unclear):
                    continue
    return found


def mask_of(evaluator: Evaluator, conditions: Sequence[Chain]) -> Value | None:
    """The points at which the conditions are true. What cannot be computed claims nothing."""
    mask: Value | None = None
    for chain in conditions:
        if not chain.relations or any(isinstance(side, Range | SetOf) for side in chain.sides):
            continue
        try:
            where = condition(evaluator, chain)
        except (Misfit, Unclear):
            continue
        if not where.data.any():
            continue
        if mask is None:
            mask = where
        else:
            axes, (a, b) = aligned([mask, where])
            mask = Value(a & b, axes)
    return mask


def is_never_true(desk: Desk, conditions: Sequence[Chain], context: Context = GENERAL) -> bool:
    """Whether a condition that can be computed is true at no point of a context."""
    for chain in conditions:
        if not chain.relations or any(isinstance(side, Range | SetOf) for side in chain.sides):
            continue
        try:
            truths = [
                condition(fresh_scope(evaluator, chain.sides), chain)
                for evaluator in desk.evaluators(context)
            ]
        except (Misfit, Unclear):
            continue
        if not any(truth.data.any() for truth in truths):
            return True
    return False
