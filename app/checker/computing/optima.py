"""Minima and maxima over a list and over an index; the others by their kind."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from app.checker.computing.bindings import Environment
from app.checker.computing.candidates import best_candidate, is_distribution, of_low_rank
from app.checker.computing.duals import dual
from app.checker.computing.frame import Rules
from app.checker.computing.newton import smooth
from app.checker.computing.scope import Budget, UnknownName
from app.checker.computing.shape import key_of_tree
from app.checker.computing.spheres import on_sphere
from app.checker.failures import Unclear
from app.checker.reading.tree import ListOf, Name, Node, Optimum
from app.checker.world.entries import Entry, letter_of
from app.checker.world.values import Array, Value, aligned, reduced

MAX_REMEMBERED = 32


def _optimum(env: Environment, node: Optimum) -> Value:
    low_rank = of_low_rank(env, node.conditions)
    if low_rank is not None:
        return best_candidate(env, node, *low_rank)
    if (over_sphere := on_sphere(env, node)) is not None:
        return over_sphere
    if not node.variables:
        return _of_list(env, node)
    if len(node.variables) == 1 and _is_finite(env, node.variables[0], node.body):
        return _over_index(env, node)
    if env.is_complex:
        raise Unclear("a derivative through a minimum")
    targets = [_target(env, variable) for variable in node.variables]
    if len(targets) == 1 and is_distribution(env.table(targets[0]), targets[0]):
        return best_candidate(env, node, targets[0])
    if node.conditions:
        return dual(env, node, targets)
    if env.scope or env.overrides or env.locals or env.variables:
        return smooth(env, node, targets)
    # Finding an optimum is the longest work of all, and a line is judged again at every key.
    known = env.instance.optima
    key = f"{node.kind} {[entry.number for entry in targets]} {key_of_tree(node.body)}"
    if key not in known:
        if len(known) >= MAX_REMEMBERED:
            known.clear()
        known[key] = smooth(_at_no_cost(env), node, targets)
    return known[key]


def _at_no_cost(env: Environment) -> Environment:
    """What stays for all lines is no work of the line that is the first to need it."""
    if not any(env.instance is crowd for crowds in env.world.crowds.values() for crowd in crowds):
        return env
    inner = env.child()
    inner.budget = Budget()
    return inner


def _of_list(env: Environment, node: Optimum) -> Value:
    if node.kind.startswith("arg") or not isinstance(node.body, ListOf):
        raise Unclear("a maximum or minimum over what?")
    total, *values = (env.value(item) for item in node.body.items)
    if not values:
        if total.is_number:
            raise Unclear("a maximum or minimum over what?")
        how = np.max if node.kind == "max" else np.min
        return Value(how(total.data, axis=(-1, -2), keepdims=True), total.axes)
    for value in values:
        total = _better(total, value, node.kind)
    return total


def _better(left: Value, right: Value, kind: str) -> Value:
    axes, (a, b) = aligned([left, right])
    if np.iscomplexobj(a) or np.iscomplexobj(b):
        # A complex step goes with the one whose real part is better.
        is_first = np.real(a) >= np.real(b) if kind == "max" else np.real(a) <= np.real(b)
        return Value(np.where(is_first, a, b), axes)
    return Value(np.maximum(a, b) if kind == "max" else np.minimum(a, b), axes)


def _is_finite(env: Environment, variable: Node, body: Node) -> bool:
    letter = letter_of(variable)
    if letter is None:
        return False
    if letter in env.world.letters:
        return True
    return not env.is_known_number(letter) and env.size_of_letter(letter, (body,)) is not None


def _over_index(env: Environment, node: Optimum) -> Value:
    letter = letter_of(node.variables[0])
    assert letter is not None
    size = env.size_of_letter(letter, (node.body,))
    assert size is not None
    variable = env.bound(letter, size)
    body = env.child(variables={letter: variable}).value(node.body)
    if variable.axis not in body.axes:
        raise Unclear(f"{letter} does not stand in what is optimised")
    if not node.kind.startswith("arg"):
        return reduced(body, variable.axis, np.max if node.kind == "max" else np.min)
    pick: Callable[..., Array] = np.argmax if node.kind == "argmax" else np.argmin
    return reduced(body.map(np.real), variable.axis, pick).map(lambda place: place + 1.0)


def _target(env: Environment, variable: Node) -> Entry:
    if not isinstance(variable, Name):
        raise Unclear("the variable of an optimum is a name")
    match = env.find(variable)
    if match is None:
        raise UnknownName(variable)
    if match.entry.is_rule and not match.entry.params:
        raise Unclear("an optimum over a name that is defined by others")
    return match.entry


RULES: Rules = {Optimum: _optimum}
