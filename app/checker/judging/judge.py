"""One clause of a line: does what it claims hold, everywhere or in a named context?

Every link of a chain is judged in the general world first. What is false there may be a
stationarity line, which holds at the optimum; `contexts` decides which lines are tried there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from app.checker.computing.arithmetic import condition
from app.checker.computing.compare import Outcome, not_strict, related
from app.checker.computing.evaluate import Evaluator
from app.checker.computing.functions import length_of
from app.checker.computing.indexing import Beyond
from app.checker.computing.scope import UnknownName
from app.checker.failures import Misfit, Unclear
from app.checker.judging.contexts import is_bound, is_point, may_be_judged, says_zero
from app.checker.judging.desk import GENERAL, TRIALS, Desk, fresh_scope, in_letters
from app.checker.reading.tree import Chain, Dots, Name, Node, Range, SetOf, walk
from app.checker.world.entries import letter_of
from app.checker.world.values import Value, aligned
from app.checker.world.world import Context

Valuation = Callable[[Node], Value]

LEVEL = "both sides are equal there"
_NOT_CHECKED = ("->", "sim", "perp", "subset", "<<", ">>", "<-")


@dataclass(frozen=True, slots=True)
class Link:
    """One relation of a chain. `status` is true, false or unclear; `where` names the context in
    which it is true, "" for everywhere; a `misfit` is false because shapes do not fit."""

    left: Node
    right: Node
    relation: str
    status: str = "true"
    where: str = ""
    message: str = ""
    misfit: bool = False

    def false(self, message: str, *, misfit: bool = False) -> Link:
        return replace(self, status="false", message=message, misfit=misfit)

    def unclear(self, message: str) -> Link:
        return replace(self, status="unclear", message=message)


def judge_chain(desk: Desk, chain: Chain, start: int, conditions: Sequence[Chain]) -> list[Link]:
    """The links of a chain from the one at `start` on. Raises UnknownName."""
    statement = (*chain.sides, *conditions)
    # A free index runs the same way in all sides of a chain.
    desk.frees = {}
    links = []
    for place in range(start, len(chain.relations)):
        left, right = chain.sides[place], chain.sides[place + 1]
        links.append(judge_link(desk, left, right, chain.relations[place], statement, conditions))
    return links


def judge_link(
    desk: Desk,
    left: Node,
    right: Node,
    relation: str,
    statement: Sequence[Node],
    conditions: Sequence[Chain],
) -> Link:
    """`statement` is all that shows how far a free index runs; `conditions` restrict the points at
    which the relation has to hold. Raises UnknownName."""
    link = Link(left, right, "=" if relation in (":=", "=:") else relation)
    of_integers = isinstance(right, SetOf) and right.kind == "integer"
    if relation in ("in", "notin") and not of_integers:
        return _membership(desk, link)
    if relation in _NOT_CHECKED:
        return link.unclear("this relation is outside of what is checked")
    if relation == "in" or isinstance(left, Dots) or isinstance(right, Dots):
        return link
    general = _judged_in(desk, GENERAL, link, statement, conditions)
    if general.misfit:
        return general
    if general.status == "true":
        if link.relation in ("<", ">", "!=") and _is_never_true(desk, conditions):
            return _strict_under_condition(desk, link, statement, conditions)
        return _tried(desk, general, statement, conditions)
    refuted: Link | None = None
    perhaps = ""
    for context in desk.contexts:
        if not may_be_judged(desk, context, left, right, link.relation, conditions):
            continue
        there = _judged_in(desk, context, link, statement, conditions)
        if there.status != "true" and desk.scope:
            # A name that the writer gave to something may mean what it was before the context.
            there = _judged_in(desk, context, link, statement, conditions, frozen=True)
        if there.status == "true":
            if is_bound(link.relation) and not _may_bound(desk, context):
                # A single point says little about what is true at all of them.
                perhaps = f"it is true {context.name}, perhaps by accident"
                continue
            return replace(there, where=context.name)
        if there.status == "false" and context is desk.case:
            refuted = there
    if refuted is None and general.status == "false" and _is_never_true(desk, conditions):
        return link.unclear("its condition is never true here")
    if perhaps and general.status == "false":
        return link.unclear(perhaps)
    if general.status == "false" and any("perp" in chain.relations for chain in conditions):
        return link.unclear("its condition is outside of what is checked")
    return refuted or general


def _may_bound(desk: Desk, context: Context) -> bool:
    """Whether a bound that is true there is right: the context was made for it, or named."""
    named = context is desk.case or context.name in desk.named or context.judges == "said"
    return named or context.judges == "bounds"


def _strict_under_condition(
    desk: Desk, link: Link, statement: Sequence[Node], conditions: Sequence[Chain]
) -> Link:
    r"""`\mathrm{KL}(p \| q) > 0 \text{ if } p = q`: what is strict in general may not be there."""
    for context in desk.contexts:
        named = may_be_judged(desk, context, link.left, link.right, link.relation, conditions)
        if named and context.judges == "said":
            return replace(
                _judged_in(desk, context, link, statement, conditions), where=context.name
            )
    return link.unclear("its condition is never true here")


def _tried(desk: Desk, link: Link, statement: Sequence[Node], conditions: Sequence[Chain]) -> Link:
    """A bound that is true of usual numbers may be false of small or large ones, and a number may
    be right for some sizes only."""
    numbers = link.relation == "=" and (_is_number(desk, link.left) or _is_number(desk, link.right))
    if not is_bound(link.relation) and not numbers:
        return link
    # Large numbers round to the edge of what is strict, and in a context both sides may meet.
    loose = replace(link, relation=not_strict(link.relation))
    points = [] if numbers else [one for one in desk.world.contexts if is_point(desk, one)]
    for context in (TRIALS, *points):
        try:
            trial = _judged_in(desk, context, loose, statement, conditions)
        except UnknownName:
            continue
        if trial.status == "false" and not trial.misfit and trial.message != LEVEL:
            return link.false(trial.message)
    return link


def _is_number(desk: Desk, node: Node) -> bool:
    """A number other than 0, or made of dimensions."""
    sizes = desk.world.instances[0].sizes
    return not says_zero(node, node) and all(
        letter_of(one) in sizes for one in walk(node) if isinstance(one, Name)
    )


def _judged_in(
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
    for which, evaluator in enumerate(evaluators):
        inner = fresh_scope(evaluator, statement)
        inner.frees = desk.frees.setdefault((context.name, which), {})
        if frozen:
            inner.overrides = {**inner.overrides, **_frozen(desk, which)}
            inner.memo, inner.parent = {}, evaluator
        side = inner.value if frozen else partial(desk.judged_side, context, which, evaluator=inner)
        try:
            outcome = _outcome(inner, side, link, conditions)
        except Misfit as error:
            return link.false(in_letters(str(error), evaluator), misfit=True)
        except UnknownName:
            raise
        except (Unclear, np.linalg.LinAlgError) as error:
            return link.unclear(in_letters(str(error), evaluator))
        except (OverflowError, ValueError, IndexError, FloatingPointError):
            return link.unclear("it could not be computed")
        if not outcome.true:
            return link.false(outcome.detail)
        outcomes.append(outcome)
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
        return related(left, right, link.relation, _mask(evaluator, conditions))


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


def _mask(evaluator: Evaluator, conditions: Sequence[Chain]) -> Value | None:
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


def _is_never_true(desk: Desk, conditions: Sequence[Chain]) -> bool:
    """Whether a condition that can be computed is true at no point of the general world."""
    for chain in conditions:
        if not chain.relations or any(isinstance(side, Range | SetOf) for side in chain.sides):
            continue
        try:
            truths = [
                condition(fresh_scope(evaluator, chain.sides), chain)
                for evaluator in desk.evaluators(GENERAL)
            ]
        except (Misfit, Unclear):
            continue
        if not any(truth.data.any() for truth in truths):
            return True
    return False


def _membership(desk: Desk, link: Link) -> Link:
    """`\\nabla_w L \\in \\mathbb{R}^d`: a claim about a shape."""
    space = link.right
    if not isinstance(space, SetOf) or space.kind != "real" or link.relation == "notin":
        return link.unclear("this membership is outside of what is checked")
    for evaluator in desk.evaluators(GENERAL):
        inner = fresh_scope(evaluator, (link.left,))
        try:
            shape = inner.value(link.left).shape
            dims = [length_of(inner, node) for node in space.power]
        except UnknownName:
            raise
        except (Misfit, Unclear) as error:
            return link.unclear(str(error))
        wanted = (dims[0] if dims else 1, dims[1] if len(dims) > 1 else 1)
        if shape != wanted:
            message = in_letters(f"it is ⟨{shape[0]}⟩×⟨{shape[1]}⟩", evaluator)
            return link.false(message, misfit=True)
    return link
