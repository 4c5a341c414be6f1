r"""Values put in place for a moment: `f|_{w = v}`, the small changes dL and dw, any u at all."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from app.checker.computing.bindings import Environment
from app.checker.computing.frame import Rules
from app.checker.computing.functions import length_of
from app.checker.computing.scope import UnknownName
from app.checker.failures import Unclear
from app.checker.reading.tree import (
    Arbitrary,
    At,
    Derivative,
    Differential,
    Name,
    Node,
    Optimum,
    walk,
)
from app.checker.world.entries import Entry, Match
from app.checker.world.values import COMPLEX_STEP, DRAW, Value

# A reading in which dw is the derivative of the loss by w.
SLOPES = "changes for gradients"


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
    match = env.find(node.name) if isinstance(node.name, Name) else None
    if isinstance(node.name, Name) and match is None:
        raise UnknownName(node.name)
    if env.is_complex or (match is not None and _is_one_of_many(match)):
        raise Unclear("this differential")
    changes = [
        part for one in env.statement for part in walk(one) if isinstance(part, Differential)
    ]
    if match is not None and _may_be_slopes(env, changes):
        return _slope(env, node.name, match.entry)
    moving = _moving(env, changes)
    if match is not None and match.entry in moving:
        return _direction(env, match.entry)
    overrides = {}
    for entry in moving:
        base = env.table(entry)
        overrides[entry.number] = Value(
            base.data + COMPLEX_STEP * 1j * _direction(env, entry).data, base.axes
        )
    inner = env.child(overrides=overrides)
    inner.is_complex = True
    return inner.value(node.name).map(lambda data: np.imag(data) / COMPLEX_STEP)


def _is_one_of_many(match: Match) -> bool:
    is_family = any(param.kind == "set" for param in match.entry.params)
    return bool(match.items or match.components or is_family)


def _may_be_slopes(env: Environment, changes: Sequence[Differential]) -> bool:
    r"""`dW = dz\, x^\top` in programs: short for gradients. A change by itself is nothing else."""
    if not env.world.entries.get("cal L"):
        return False
    if len({*changes}) > 1:
        env.met.add(SLOPES)
    return len({*changes}) == 1 or SLOPES in env.choices


def _slope(env: Environment, name: Node, entry: Entry) -> Value:
    if entry in env.world.entries["cal L"]:
        raise Unclear("a differential without dw: which variable changes?")
    return env.value(Derivative((name,), Name("cal L")))


def _moving(env: Environment, changes: Sequence[Differential]) -> list[Entry]:
    """What changes by itself: the data of the line, and those behind each other name of it, as
    far as they are behind all of these."""
    named = [
        found.entry
        for one in changes
        if isinstance(one.name, Name) and (found := env.find(one.name)) is not None
    ]
    if any(isinstance(entry.body, Optimum) for entry in named):
        raise Unclear("a derivative through a minimum")
    data = {datum.entry.number: datum.entry for datum in env.world.data}
    moving = {entry.number for entry in named if not entry.is_rule}
    needs = [env.world.needs(entry, env.scope) for entry in named if entry.is_rule]
    still = [{*data} & one for one in needs if not one & moving]
    if still:
        moving.update(set.intersection(*still))
    if not moving:
        raise Unclear("a differential without dw: which variable changes?")
    return [data[number] for number in sorted(moving)]


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
