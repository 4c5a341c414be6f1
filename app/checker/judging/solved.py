"""Conditions into which the solution was already put: the normal equations with `\\hat{w}` in them.

Their two sides are equal everywhere, so the gap between them says nothing. With the name of the
solution read as the variable again it does.
"""

from __future__ import annotations

import numpy as np

from app.checker.computing.evaluate import Evaluator
from app.checker.judging.desk import GENERAL, Desk
from app.checker.judging.signatures import UNCOMPUTABLE, Signature, tensor
from app.checker.reading.tree import Name, Node, walk
from app.checker.world.values import Value, add
from app.checker.world.world import Context


def gap_before_solving(desk: Desk, left: Node, right: Node, context: Context) -> Signature | None:
    """left − right for any value of what the context solves for; None without a name of it."""
    solved = [
        (setting.body, setting.target)
        for setting in context.settings
        if isinstance(setting.body, Name)
    ]
    solutions = {(solution.base, solution.sup) for solution, _ in solved}
    if not any(
        isinstance(one, Name) and (one.base, one.sup) in solutions
        for side in (left, right)
        for one in walk(side)
    ):
        return None
    found = []
    for evaluator in desk.evaluators(GENERAL):
        overrides = _variables_again(evaluator, solved)
        if overrides is None:
            return None
        inner = evaluator.child(overrides=overrides)
        inner.frees, inner.statement = {}, (left, right)
        try:
            a, b = inner.value(left), inner.value(right)
            gap = a if not np.any(b.data) else add(a, Value(-b.data, b.axes, b.literal, b.identity))
            found.append(tensor(gap))
        except UNCOMPUTABLE:
            return None
    return found


def _variables_again(
    evaluator: Evaluator, solved: list[tuple[Name, Name]]
) -> dict[int, Value] | None:
    values = {}
    for solution, target in solved:
        name, variable = evaluator.find(solution), evaluator.find(target)
        if name is None or variable is None or name.entry.params:
            return None
        values[name.entry.number] = evaluator.bare(variable.entry)
    return values
