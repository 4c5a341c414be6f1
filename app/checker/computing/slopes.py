r"""The slope of a function of one number that is written with primes: `\sigma'(z)`."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from app.checker.computing.bindings import Environment
from app.checker.reading.tree import Call, Derivative, Name
from app.checker.world.entries import letter_of
from app.checker.world.values import COMPLEX_STEP, Value, aligned

# Real steps: where the argument moves by a complex step already, and for second slopes.
REAL_STEP = 1e-2
SECOND_STEP = 1e-3


def derivative_of_call(env: Environment, node: Call) -> Value | None:
    """Entry by entry; None if the prime belongs to the name, or the function is not known."""
    primes, name = node.name.primes, replace(node.name, primes=0)
    if len(node.args) != 1 or primes > 2:
        return None
    if env.find(node.name, node.args, node.marks) is not None:
        return None
    argument = node.args[0]
    match = env.find(name, node.args, node.marks)
    param = match.entry.params[0] if match is not None and match.entry.params else None
    # `L'(p)` is the slope of a value L in p, and `L'(w)` that of a function in the variable that
    # the givens name.
    if match is not None and param is None and isinstance(argument, Name):
        return env.value(Derivative((argument,) * primes, name))
    if param is not None and letter_of(argument) == param.name in env.world.entries:
        return env.value(Derivative((argument,) * primes, Call(name, node.args, node.marks)))
    if (param is None or param.kind != "value") and name.base != "sigma":
        return None
    at = env.value(argument)
    return _second_slope(env, name, at) if primes == 2 else _slope(env, name, at)


def _second_slope(env: Environment, name: Name, at: Value) -> Value:
    """Central differences of fourth order of the slopes."""
    slopes = [
        _slope(env, name, Value(at.data + shift, at.axes))
        for shift in (SECOND_STEP, -SECOND_STEP, 2 * SECOND_STEP, -2 * SECOND_STEP)
    ]
    axes, (forward, back, far, near) = aligned(slopes)
    return Value((8 * (forward - back) - (far - near)) / (12 * SECOND_STEP), axes)


def _slope(env: Environment, name: Name, at: Value) -> Value:
    if not np.iscomplexobj(at.data):
        moved = _applied(env, name, Value(at.data + COMPLEX_STEP * 1j, at.axes))
        return Value(np.imag(moved.data) / COMPLEX_STEP, moved.axes)
    total: Value | None = None
    for shift, weight in ((1, 0.75), (2, -0.15), (3, 1 / 60)):
        for side in (1, -1):
            moved = _applied(env, name, Value(at.data + side * shift * REAL_STEP, at.axes))
            part = moved.data * (side * weight / REAL_STEP)
            total = Value(part if total is None else total.data + part, moved.axes)
    assert total is not None
    return total


def _applied(env: Environment, name: Name, at: Value) -> Value:
    inner = env.child(locals_={"·argument": at})
    return inner.value(Call(name, (Name("·argument"),)))
