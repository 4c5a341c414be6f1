"""Dual problems: the multipliers of a concave quadratic by trying every set of support vectors."""

from __future__ import annotations

import numpy as np

from app.checker.computing.bindings import Environment
from app.checker.computing.newton import name_of
from app.checker.failures import Unclear
from app.checker.reading.tree import Derivative, Optimum
from app.checker.world.entries import Entry
from app.checker.world.values import Array, Value


def dual(env: Environment, node: Optimum, targets: list[Entry]) -> Value:
    """The maximum of a concave quadratic in α over α ≥ 0 with one linear equation: the best point
    among those that solve the equations of some set of positive multipliers."""
    if len(targets) != 1 or node.kind != "argmax":
        raise Unclear("an optimum under conditions")
    entry = targets[0]
    equation = next((chain for chain in node.conditions if chain.relations == ("=",)), None)
    if equation is None:
        raise Unclear("an optimum under conditions")
    base = env.table(entry)
    zero = Value(np.zeros_like(base.data), base.axes)
    inner = env.child(overrides={entry.number: zero})
    name = name_of(entry)
    linear = inner.value(Derivative((name,), node.body)).data
    normal = env.value(Derivative((name,), equation.sides[0])).data
    linear, normal = (data.reshape(data.shape[0], -1) for data in (linear, normal))
    quadratic = env.value(Derivative((name,), Derivative((name,), node.body))).data
    draws, count = base.data.shape[0], base.data.shape[1]
    best = np.zeros((draws, count))
    for draw in range(draws):
        best[draw] = _best_support(quadratic[draw], linear[draw], normal[draw])
    return Value(best.reshape(base.data.shape), base.axes)


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
