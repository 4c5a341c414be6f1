r"""Values put in place for a moment: `f|_{w = v}`, the small changes dL and dw, any u at all."""

from __future__ import annotations

import numpy as np

from app.checker.computing.bindings import Environment
from app.checker.computing.frame import Rules
from app.checker.computing.functions import length_of
from app.checker.computing.scope import UnknownName
from app.checker.failures import Unclear
from app.checker.reading.tree import Arbitrary, At, Differential, Name, walk
from app.checker.world.entries import Entry
from app.checker.world.values import COMPLEX_STEP, DRAW, Value


def _at(env: Environment, node: At) -> Value:
    """`f|_{w = v}`: f with v in the place of w."""
    overrides = {}
    for chain in node.conditions:
        if len(chain.sides) != 2 or not isinstance(chain.sides[0], Name):
            raise Unclear("what is put in place is written w = …")
        match = env.find(chain.sides[0])
        if match is None or match.entry.params:
            raise UnknownName(chain.sides[0])
        overrides[match.entry.number] = env.value(chain.sides[1])
    inner = env.child(overrides=overrides)
    return inner.value(node.body)


def _differential(env: Environment, node: Differential) -> Value:
    """`dL` beside `dw`: the change of a name when the variables of the line change a little."""
    match = env.find(node.name)
    if match is None:
        raise UnknownName(node.name)
    if match.items or match.components or env.is_complex:
        raise Unclear("this differential")
    if not match.entry.is_rule:
        return _direction(env, match.entry)
    moving = [
        found.entry
        for one in env.statement
        for part in walk(one)
        if isinstance(part, Differential)
        and (found := env.find(part.name)) is not None
        and not found.entry.is_rule
    ]
    if not moving:
        raise Unclear("a differential without dw: which variable changes?")
    overrides = {}
    for entry in moving:
        base = env.table(entry)
        overrides[entry.number] = Value(
            base.data + COMPLEX_STEP * 1j * _direction(env, entry).data, base.axes
        )
    inner = env.child(overrides=overrides)
    inner.is_complex = True
    return inner.value(node.name).map(lambda data: np.imag(data) / COMPLEX_STEP)


def _direction(env: Environment, entry: Entry) -> Value:
    base = env.table(entry)
    rng = np.random.default_rng(entry.number)
    return Value(rng.normal(size=base.data.shape), base.axes)


def _arbitrary(env: Environment, node: Arbitrary) -> Value:
    sizes = [length_of(env, dim) for dim in node.power]
    rows, columns = [*sizes, 1, 1][:2]
    rng = np.random.default_rng([rows, columns, 11])
    return Value(rng.normal(size=(env.instance.draws, rows, columns)), (DRAW,))


RULES: Rules = {At: _at, Differential: _differential, Arbitrary: _arbitrary}
