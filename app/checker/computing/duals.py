"""Dual problems: the multipliers of a concave quadratic by trying every set of support vectors."""

from __future__ import annotations

import numpy as np

from app.checker.computing.bindings import Environment
from app.checker.computing.newton import name_of
from app.checker.failures import Unclear
from app.checker.reading.tree import Add, Chain, Derivative, Name, Negate, Number, Optimum
from app.checker.world.entries import Entry, letter_of
from app.checker.world.values import Array, Value


def dual(env: Environment, node: Optimum, targets: list[Entry]) -> Value:
    """The maximum of a concave quadratic in α over α ≥ 0 with one linear equation: the best point
    among those that solve the equations of some set of positive multipliers. Raises Unclear for
    any other problem."""
    equation = _equation_of(env, node, targets)
    entry = targets[0]
    base = env.table(entry)
    inner = env.child(overrides={entry.number: Value(np.zeros_like(base.data), base.axes)})
    name = name_of(entry)
    linear = inner.value(Derivative((name,), node.body)).data
    gap = Add((equation.sides[0], Negate(equation.sides[1])))
    normal = env.value(Derivative((name,), gap)).data
    linear, normal = (data.reshape(data.shape[0], -1) for data in (linear, normal))
    slopes = env.value(Derivative((name,), gap)).data, inner.value(Derivative((name,), gap)).data
    if np.abs(inner.value(gap).data).max() > 1e-9 or not np.allclose(*slopes):
        raise Unclear("an optimum under conditions")
    second = Derivative((name,), Derivative((name,), node.body))
    quadratic = env.value(second).data
    if not np.allclose(quadratic, inner.value(second).data, atol=1e-5):
        raise Unclear("an optimum under conditions")
    if np.linalg.eigvalsh(quadratic).max() > 1e-5 * max(1.0, np.abs(quadratic).max()):
        raise Unclear("an optimum under conditions")
    draws, count = base.data.shape[0], base.data.shape[1]
    best = np.zeros((draws, count))
    for draw in range(draws):
        best[draw] = _best_support(quadratic[draw], linear[draw], normal[draw])
    point = Value(best.reshape(base.data.shape), base.axes)
    if node.kind == "argmax":
        return point
    return env.child(overrides={entry.number: point}).value(node.body)


def _equation_of(env: Environment, node: Optimum, targets: list[Entry]) -> Chain:
    r"""The one equation beside `\alpha_i \ge 0`, which may be left out in front of an argmax."""
    equations = [chain for chain in node.conditions if chain.relations == ("=",)]
    bounds = [chain for chain in node.conditions if chain.relations != ("=",)]
    if len(targets) != 1 or node.kind not in ("argmax", "max") or len(equations) != 1:
        raise Unclear("an optimum under conditions")
    if not all(_is_sign(env, chain, targets[0]) for chain in bounds):
        raise Unclear("an optimum under conditions")
    if node.kind == "max" and not bounds:
        raise Unclear("an optimum under conditions")
    return equations[0]


def _is_sign(env: Environment, chain: Chain, entry: Entry) -> bool:
    if chain.relations not in ((">=",), ("psd",)) or not isinstance(chain.sides[0], Name):
        return False
    match = env.find(chain.sides[0])
    low = chain.sides[1]
    is_all = match is not None and all(letter_of(item) for item in match.items)
    is_zero = isinstance(low, Number) and low.value == 0
    return is_zero and is_all and match is not None and match.entry.number == entry.number


def _best_support(quadratic: Array, linear: Array, normal: Array) -> Array:
    """The point with the largest value among those that satisfy the conditions of an optimum."""
    count = len(linear)
    best: Array = np.zeros(count)
    record = -np.inf
    for bits in range(1, 2**count):
        chosen = [place for place in range(count) if bits >> place & 1]
        solution = _solved(quadratic[np.ix_(chosen, chosen)], linear[chosen], normal[chosen])
        if solution is None or (solution < 1e-9).any():
            continue
        point = np.zeros(count)
        point[chosen] = solution
        slope = linear + quadratic @ point
        multiplier = np.linalg.lstsq(normal[chosen][:, None], slope[chosen], rcond=None)[0]
        slack = slope - normal * multiplier[0]
        if (slack > 1e-7).any() or np.abs(slack[chosen]).max() > 1e-7:
            continue
        value = float(linear @ point + point @ quadratic @ point / 2)
        if value > record:
            best, record = point, value
    if not np.isfinite(record):
        raise Unclear("this data set is not separable")
    return best


def _solved(quadratic: Array, linear: Array, normal: Array) -> Array | None:
    """Where the slope is a multiple of the equation's normal, and the equation holds."""
    size = len(linear)
    system = np.zeros((size + 1, size + 1))
    system[:size, :size] = quadratic
    system[:size, size] = system[size, :size] = normal
    try:
        solution: Array = np.linalg.solve(system, np.append(-linear, 0.0))[:size]
    except np.linalg.LinAlgError:
        return None
    return solution
