r"""Optimisation problems that a line writes down: `\max_\alpha … \text{ s.t. } …`.

Such a line claims that this is the problem of the givens or of a step. It is, in any form, if it
has the same variables, the same objective (or its negative with max for min) and constraints that
are the same up to factors. An objective that is the same only where the constraints hold, such as
the Lagrangian with its best `w` put in, is left open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress

from app.checker.computing.compare import not_strict, same_direction
from app.checker.failures import Misfit, Unclear
from app.checker.judging.desk import GENERAL, Desk
from app.checker.judging.forms import Problem
from app.checker.judging.judge import judge_chain
from app.checker.judging.sheet import Sheet
from app.checker.judging.signatures import (
    UNCOMPUTABLE,
    Signature,
    parts,
    proportional,
    signature_of_gap,
)
from app.checker.reading.tree import Chain, Name, Node, Optimum, Range, SetOf, walk
from app.checker.world.world import Context

# A relation and its left − right; None for what cannot be compared.
Constraint = tuple[str, Signature] | None

# `\alpha \succeq 0` of a vector.
_OF_ENTRIES = {"psd": ">=", "nsd": "<=", "pd": ">", "nd": "<"}


def step_of_problem(sheet: Sheet, problem: Problem) -> str | None:
    """The step that a problem is, "" if it is that of the givens, None if it is neither.

    Raises Unclear where no problem is asked for, and where the objective is the right one under the
    constraints only.
    """
    known = [("", one) for one in sheet.desk.world.problems]
    for step in sheet.steps:
        known.extend((step.number, one) for one in step.problems)
    if not known:
        raise Unclear("a problem without a claim about its solution")
    for number, one in known:
        if _is_same(sheet.desk, problem, one):
            return number
    if _is_same_under_constraints(sheet.desk, problem, [one for _, one in known]):
        raise Unclear("its objective is another one where the constraints do not hold")
    return None


def slip_of_problem(sheet: Sheet, problem: Problem) -> str | None:
    """The known slip that a wrong problem is."""
    wrongs = ((slip.id, one) for slip in sheet.slips for one in slip.problems)
    return next((name for name, one in wrongs if _is_same(sheet.desk, problem, one)), None)


def _is_same(desk: Desk, ours: Problem, theirs: Problem) -> bool:
    """Raises Unclear where the constraints cannot be compared."""
    return (
        _same_variables(ours, theirs)
        and _same_objective(desk, ours[0], theirs[0], GENERAL)
        and _equally_constrained(desk, ours, theirs)
    )


def _is_same_under_constraints(desk: Desk, problem: Problem, known: Sequence[Problem]) -> bool:
    """With one of these constraints, and where they hold also one of the objectives."""
    alike = []
    for one in known:
        # Another objective is wrong, also beside constraints that cannot be compared.
        with suppress(Unclear):
            if _same_variables(problem, one) and _equally_constrained(desk, problem, one):
                alike.append(one)
    return any(
        _same_objective(desk, problem[0], one[0], context)
        for context in (_open(desk, problem[0]) if alike else ())
        for one in alike
    )


def _same_variables(ours: Problem, theirs: Problem) -> bool:
    our, their = ({_base(variable) for variable in one[0].variables} for one in (ours, theirs))
    return our == their


def _equally_constrained(desk: Desk, ours: Problem, theirs: Problem) -> bool:
    given, wanted = ([*_constraints(desk, one[1])] for one in (ours, theirs))
    return _same_constraints(given, wanted)


def _same_objective(desk: Desk, our: Optimum, their: Optimum, context: Context) -> bool:
    wanted = 1.0 if our.kind == their.kind else -1.0
    ours, theirs = (parts(desk, one.body, context) for one in (our, their))
    try:
        # What differs in the first instance already is not computed in the next one.
        return all(
            (factor := proportional([a], Signature([b]))) is not None
            and abs(factor - wanted) <= 1e-6
            for a, b in zip(ours, theirs, strict=True)
        )
    except UNCOMPUTABLE:
        return False


def _open(desk: Desk, problem: Optimum) -> Iterator[Context]:
    """The contexts that do not solve a problem already: what is equal at one point says little."""
    variables = {_base(one) for one in problem.variables}
    for context in desk.world.contexts:
        if context.judges != "said" and not any(
            _base(setting.target) in variables
            and any(isinstance(one, Optimum) for one in walk(setting.body))
            for setting in context.settings
        ):
            yield context


def _constraints(desk: Desk, chains: Iterable[Chain]) -> Iterator[Constraint]:
    r"""Each link of `0 \le a_i \le 1` is one."""
    for chain in chains:
        for link in _links(chain):
            if restricts(desk, link):
                yield _constraint(desk, link)


def _links(chain: Chain) -> Iterator[Chain]:
    for left, right, relation in zip(chain.sides, chain.sides[1:], chain.relations, strict=False):
        if relation == "in" and isinstance(right, SetOf) and right.name == "interval":
            low, high = right.items
            yield from (Chain((left, low), (">=",)), Chain((left, high), ("<=",)))
        else:
            yield Chain((left, right), (relation,))


def _base(node: Node) -> str:
    return node.base if isinstance(node, Name) else ""


def restricts(desk: Desk, chain: Chain) -> bool:
    """What always holds, such as a distribution that adds up to 1, may be said or left out."""
    if any(isinstance(side, Range) for side in chain.sides):
        return False
    if chain.relations != ("=",):
        return True
    links = judge_chain(desk, chain, 0, ())
    return not all(link.status == "true" and not link.where for link in links)


def _constraint(desk: Desk, chain: Chain) -> Constraint:
    if any(isinstance(side, SetOf) for side in chain.sides):
        return None
    try:
        gap = signature_of_gap(desk, chain.sides[0], chain.sides[1])
    except (Misfit, Unclear):
        return None
    relation = chain.relations[0]
    return not_strict(_OF_ENTRIES.get(relation, relation)), gap


def _same_constraints(ours: Sequence[Constraint], theirs: Sequence[Constraint]) -> bool:
    """Raises Unclear where only what cannot be compared makes the difference."""
    if None in ours or None in theirs:
        if None not in theirs and any(
            one is not None and not any(_same_constraint(one, two) for two in theirs)
            for one in ours
        ):
            return False
        raise Unclear("a constraint that cannot be compared")
    return all(any(_same_constraint(one, two) for two in ours) for one in theirs) and all(
        any(_same_constraint(one, two) for two in theirs) for one in ours
    )


def _same_constraint(one: Constraint, two: Constraint) -> bool:
    if one is None or two is None:
        return False
    factor = proportional(one[1], two[1])
    return factor is not None and same_direction(one[0], two[0], factor)
