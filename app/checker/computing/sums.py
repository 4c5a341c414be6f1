"""Sums, products and integrals over indices and finite sets."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from app.checker.computing.arithmetic import condition
from app.checker.computing.bindings import Environment
from app.checker.computing.frame import Rules
from app.checker.computing.scope import UnknownName, Variable
from app.checker.failures import Misfit, Unclear
from app.checker.reading.tree import (
    Call,
    Chain,
    Index,
    Name,
    Negate,
    Node,
    Product,
    Sum,
    children,
    walk,
)
from app.checker.world.entries import letter_of
from app.checker.world.values import Value, aligned, guard, hadamard, reduced


def _sum(env: Environment, node: Sum) -> Value:
    if not node.indices:
        return _without_index(env, node)
    how = np.prod if node.kind == "prod" else np.sum
    inner = env
    bound: list[Variable] = []
    conditions = list(node.conditions)
    for letter, index in _bound_letters(env, node):
        if index.high is not None and not _is_constant(inner, index.high):
            # `\\sum_{j=1}^{i}`: a limit that is an index itself is a condition.
            conditions.append(Chain((index.name, index.high), ("<=",)))
            index = Index(index.name, index.low)
        variable = _variable(inner, letter, index, node)
        bound.append(variable)
        inner = inner.child(variables={letter: variable})
    inner.statement = (node.body, *conditions, *env.statement)
    body = inner.value(node.body)
    for chain in conditions:
        where = condition(inner, chain)
        axes, (mask, data) = aligned([where, body])
        body = Value(np.where(mask, data, 1.0 if node.kind == "prod" else 0.0), axes)
    for variable in bound:
        body = _over(body, variable, how, node.kind)
    return body


def _is_constant(env: Environment, node: Node) -> bool:
    """Whether a limit is a number: no index that is bound or stands elsewhere in the line."""
    return not any(
        (letter := letter_of(one)) is not None
        and not env.is_known_number(letter)
        and (env.variable(letter) is not None or letter in _letters_outside(env.statement, node))
        for one in walk(node)
    )


def _over(body: Value, variable: Variable, how: Callable[..., Any], kind: str) -> Value:
    if variable.axis in body.axes:
        return reduced(body, variable.axis, how)
    count = len(variable.places)
    data = body.data**count if kind == "prod" else body.data * count
    return Value(data, body.axes, identity=body.identity and kind != "prod")


def _bound_letters(env: Environment, node: Sum) -> list[tuple[str, Index]]:
    """The letters that the operator binds. Under `j > k` it binds what nothing else gives a
    meaning to: j alone if k is a number of the givens or an index of the line."""
    found: dict[str, Index] = {}
    in_conditions = {
        letter
        for chain in node.conditions
        for side in chain.sides
        if (letter := letter_of(side)) is not None
    }
    for place, index in enumerate(node.indices):
        letter = letter_of(index.name)
        if letter is None:
            raise Unclear(f"a sum over {index.name.base} with scripts")
        is_compared = letter in in_conditions and len(in_conditions) > 1 and place > 0
        if not is_compared or not _has_meaning(env, letter, node):
            found[letter] = index
    return list(found.items())


def _has_meaning(env: Environment, letter: str, node: Sum) -> bool:
    return (
        env.variable(letter) is not None
        or env.is_known_number(letter)
        or letter in _letters_outside(env.statement, node)
    )


def _letters_outside(statement: Iterable[Node], inside: Node) -> set[str]:
    """Letters that stand in subscripts of the line outside of one of its sums."""
    found: set[str] = set()
    for node in statement:
        _collect(node, inside, found)
    return found


def _collect(node: Node, inside: Node, found: set[str]) -> None:
    if node is inside:
        return
    if isinstance(node, Name):
        found.update(letter for sub in node.subs if (letter := letter_of(sub.node)) is not None)
    for child in children(node):
        _collect(child, inside, found)


def _variable(env: Environment, letter: str, index: Index, node: Sum) -> Variable:
    low = _limit(env, index.low)
    try:
        high = _limit(env, index.high)
    except UnknownName:
        # `\\sum_{i=1}^N`, where the givens call the number of points n.
        high = None
    if high is not None:
        low = 1 if low is None else low
        if not -1000 < low <= high + 1 < 5000:
            raise Unclear("it would take too much work to compute")
        guard([max(high - low + 1, 1)])
        return Variable(env.fresh_axis(letter), np.arange(low - 1, high), sorted=False)
    size = _size(env, letter, node)
    if size is None:
        raise Unclear(f"the range of {letter} is not known")
    start = 0 if low is None else low - 1
    if start < 0:
        raise Misfit(f"{letter} runs beyond what it points into")
    return Variable(env.fresh_axis(letter), np.arange(start, size), sorted=start == 0)


def _size(env: Environment, letter: str, node: Sum) -> int | None:
    size = env.size_of_letter(letter, (node.body, *node.conditions))
    if size is None:
        # `\\sum_i 1` runs as far as i does elsewhere in the line.
        size = env.size_of_letter(letter, env.statement)
    if size is None:
        size = _size_of_partner(env, letter, node)
    return size


def _size_of_partner(env: Environment, letter: str, node: Sum) -> int | None:
    r"""`\sum_i \delta_{ij}`: the other index of the pair says how far."""
    for one in walk(node.body):
        if isinstance(one, Name) and one.base == "delta" and len(one.subs) == 2:
            for sub in one.subs:
                other = letter_of(sub.node)
                if other is not None and other != letter:
                    known = env.variable(other)
                    if known is not None:
                        return len(known.places)
                    return env.size_of_letter(other, env.statement)
    return None


def _limit(env: Environment, node: Node | None) -> int | None:
    if node is None:
        return None
    data = np.real(env.value(node).data)
    if data.size == 0 or not np.all(data == data.flat[0]) or not np.isfinite(data.flat[0]):
        raise Unclear("a limit that is not one number")
    return int(data.flat[0])


# --- without an index -----------------------------------------------------------------------------


def _without_index(env: Environment, node: Sum) -> Value:
    r"""`\sum p(x) \log p(x)` runs over what is free in it and nowhere else in the line;
    `\sum y \log \hat{y}` over the entries of the vectors."""
    letters = _own_letters(env, node)
    if len(letters) == 1:
        letter = letters[0]
        size = env.size_of_letter(letter, (node.body,))
        if size is not None:
            variable = env.bound(letter, size)
            body = env.child(variables={letter: variable}).value(node.body)
            return _over(body, variable, np.prod if node.kind == "prod" else np.sum, node.kind)
    if letters:
        raise Unclear("a sum without an index: say over what it runs")
    body = _entry_by_entry(env, node.body)
    if body.is_number:
        raise Unclear("a sum without an index: say over what it runs")
    return Value(body.data.sum(axis=(-1, -2), keepdims=True), body.axes)


def _own_letters(env: Environment, node: Sum) -> list[str]:
    inside: dict[str, None] = {}
    for one in walk(node.body):
        items: list[Node] = []
        if isinstance(one, Name):
            items = [sub.node for sub in one.subs]
        elif isinstance(one, Call):
            items = list(one.args)
        for item in items:
            letter = letter_of(item)
            if letter is None or env.variable(letter) is not None:
                continue
            if letter in env.world.letters or not env.is_known_number(letter):
                inside[letter] = None
    outside = _letters_outside(env.statement, node)
    return [letter for letter in inside if letter not in outside]


def _entry_by_entry(env: Environment, node: Node) -> Value:
    if isinstance(node, Negate):
        value = _entry_by_entry(env, node.body)
        return Value(-value.data, value.axes)
    if isinstance(node, Product):
        total = env.value(node.factors[0])
        for factor in node.factors[1:]:
            total = hadamard(total, env.value(factor))
        return total
    return env.value(node)


RULES: Rules = {Sum: _sum}
