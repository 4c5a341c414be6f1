"""Conditions into which the solution was already put: the normal equations with `\\hat{w}` in them.

Their two sides are equal everywhere, so the gap between them says nothing. With the name of the
solution read as the variable again it does.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from app.checker.judging.desk import GENERAL, Desk
from app.checker.judging.signatures import Signature, gap_or_none
from app.checker.reading.tree import Name, Node
from app.checker.world.entries import keys_of
from app.checker.world.world import Context


def gap_before_solving(desk: Desk, left: Node, right: Node, context: Context) -> Signature | None:
    """left − right for any value of what the context solves for; None without a name of it."""
    variables = {
        key: setting.target
        for setting in context.settings
        if isinstance(setting.body, Name)
        for key in _keys_of_solution(desk, setting.body)
    }
    if not variables:
        return None
    before = tuple(_unsolved(side, variables) for side in (left, right))
    return None if before == (left, right) else gap_or_none(desk, *before)


def _keys_of_solution(desk: Desk, solution: Name) -> set[str]:
    r"""`\hat{w}` and `w^*` are the same solution."""
    plain = solution.base.removeprefix("hat ")
    keys = {keys_of(name)[0][0] for name in (solution, Name(f"hat {plain}"), Name(plain, sup="*"))}
    evaluator = desk.evaluators(GENERAL)[0]
    known = evaluator.find(solution)
    return {
        key
        for key in keys
        if (match := evaluator.find(_name_of(key))) is not None
        and known is not None
        and match.entry is known.entry
    }


def _name_of(key: str) -> Name:
    base, _, sup = key.partition("^")
    return Name(base, sup=sup)


def _unsolved(node: Node, variables: dict[str, Name]) -> Node:
    """The tree with the names of solutions replaced by those of the variables."""
    changed = {
        one.name: after
        for one in fields(node)
        if one.name != "span"
        and (after := _replaced(before := getattr(node, one.name), variables)) is not before
    }
    if isinstance(node, Name):
        plain = replace(node, subs=())
        variable = variables.get(keys_of(plain)[0][0])
        if variable is not None:
            return replace(node, base=variable.base, sup=variable.sup)
    return replace(node, **changed) if changed else node


def _replaced(value: Any, variables: dict[str, Name]) -> Any:
    if isinstance(value, Node):
        return _unsolved(value, variables)
    if isinstance(value, tuple):
        items = tuple(_replaced(item, variables) for item in value)
        return items if any(a is not b for a, b in zip(items, value, strict=True)) else value
    return value
