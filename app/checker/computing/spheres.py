r"""Optima of quadratic forms, and of their roots, over the unit sphere: `\max_{\|v\| = 1} \|X v\|`.

The largest and the smallest value of `v^\top A v` are eigenvalues of A. The entries of A are found
by evaluating the form at unit vectors and at sums of two of them; that it is such a form is seen at
random vectors. The vector at which it is largest is an eigenvector, and known up to its sign: it
points where a column of the givens does, if one has its direction.
"""

from __future__ import annotations

import numpy as np

from app.checker.computing.bindings import Environment
from app.checker.failures import Misfit, Unclear
from app.checker.reading.tree import (
    Chain,
    Inner,
    Name,
    Node,
    Norm,
    Number,
    Optimum,
    Power,
    Product,
    Transpose,
)
from app.checker.world.entries import letter_of
from app.checker.world.values import Array, Value, with_axes

_TRIES = 3
_SEED = 11
_EXACT = 1e-8


def on_sphere(env: Environment, node: Optimum) -> Value | None:
    """None if it is another kind of problem. Raises Unclear."""
    vector = _of_length_one(node)
    if vector is None:
        return None
    if env.is_complex:
        raise Unclear("a derivative through a maximum")
    found = [
        (form, power)
        for power in (1, 2)
        for size in _sizes(env, vector)
        if (form := _form(env, node, vector, size, power))
    ]
    if len(found) != 1:
        raise Unclear("what is optimised over a sphere is no quadratic form")
    form, power = found[0]
    values, vectors = np.linalg.eigh(form.data)
    if node.kind.endswith("min"):
        values, vectors = values[..., ::-1], vectors[..., ::-1]
    if not node.kind.startswith("arg"):
        best = np.sqrt(np.maximum(values[..., -1:], 0.0)) if power == 2 else values[..., -1:]
        return Value(best[..., None], form.axes)
    if (np.abs(values[..., -1] - values[..., -2]) < _EXACT).any():
        raise Unclear("more than one direction is the best")
    return _towards_columns(env, Value(vectors[..., -1:], form.axes))


def _towards_columns(env: Environment, direction: Value) -> Value:
    """With the sign of the columns of the givens that have the direction."""
    for known in env.instance.data.values():
        if known.axes != direction.axes or known.shape[0] != direction.shape[0]:
            continue
        along = np.swapaxes(known.data, -1, -2) @ direction.data
        is_parallel = np.abs(along) > (1 - _EXACT) * np.linalg.norm(known.data, axis=-2)[..., None]
        turned = np.where(is_parallel, np.sign(along), 0.0).sum(axis=-2, keepdims=True)
        direction = Value(np.where(turned < 0, -1.0, 1.0) * direction.data, direction.axes)
    return direction


def _of_length_one(node: Optimum) -> Name | None:
    if len(node.conditions) != 1 or len(node.variables) > 1:
        return None
    vector = _unit_vector(node.conditions[0])
    if vector is None or any(one != vector for one in node.variables):
        return None
    return vector


def _unit_vector(chain: Chain) -> Name | None:
    r"""The v of `\|v\| = 1`, `\|v\|^2 = 1` and `v^\top v = 1`."""
    if chain.relations != ("=",) or chain.sides[1] != Number(1.0):
        return None
    length = chain.sides[0]
    if isinstance(length, Power) and length.exponent == Number(2.0):
        length = length.base
    match length:
        case Norm(body=Name() as vector, kind="" | "2"):
            return _plain(vector)
        case Inner(left=Name() as one, right=Name() as two) if one == two:
            return _plain(one)
        case Product(factors=(Transpose(base=Name() as one), Name() as two)) if one == two:
            return _plain(one)
    return None


def _plain(vector: Name) -> Name | None:
    return vector if letter_of(vector) is not None else None


def _sizes(env: Environment, vector: Name) -> list[int]:
    match = env.find(vector)
    if match is not None and not match.entry.params:
        return [env.table(match.entry).shape[0]]
    return sorted({size for size in env.instance.sizes.values() if size > 1})


def _form(env: Environment, node: Optimum, vector: Name, size: int, power: int) -> Value | None:
    """The matrix A, with its axes; None if this power of the body is no quadratic form of such a
    vector."""
    pairs = np.triu_indices(size)
    units = np.eye(size)
    # A unit vector twice is 2 e_i, at which the form is 4 A_ii.
    sums = units[pairs[0]] + units[pairs[1]]
    others = np.random.default_rng(_SEED).normal(size=(_TRIES, size))
    try:
        axes, values = _values(env, node.body, vector, np.concatenate([sums, others]))
    except (Misfit, Unclear):
        return None
    if power == 2 and (values < 0).any():
        return None
    values = values**power
    at_sums, at_others = values[..., : len(sums)], values[..., len(sums) :]
    squares = at_sums[..., pairs[0] == pairs[1]] / 4
    mixed = at_sums - squares[..., pairs[0]] - squares[..., pairs[1]]
    matrix = np.zeros((*values.shape[:-1], size, size))
    matrix[..., pairs[0], pairs[1]] = matrix[..., pairs[1], pairs[0]] = mixed / 2
    expected = np.einsum("...ij,ti,tj->...t", matrix, others, others)
    slack = _EXACT * max(1.0, float(np.abs(values).max(initial=0.0)))
    if not np.abs(expected - at_others).max(initial=0.0) < slack:
        return None
    return Value(matrix, axes)


def _values(
    env: Environment, body: Node, vector: Name, points: Array
) -> tuple[tuple[str, ...], Array]:
    """The body at each of the points (points × size), which run along the last axis.

    Raises Misfit, Unclear.
    """
    axis = env.fresh_axis("point")
    moved = Value(points[..., None], (axis,))
    match = env.find(vector)
    letter = letter_of(vector)
    if match is not None and not match.entry.params:
        inner = env.child(overrides={match.entry.number: moved})
    else:
        inner = env.child(locals_={letter or "": moved})
    value = inner.value(body)
    if not value.is_number or axis not in value.axes:
        raise Unclear("what is optimised does not depend on its variable")
    rest = [one for one in value.axes if one != axis]
    sizes = dict(zip(value.axes, value.data.shape, strict=False))
    return (*rest,), with_axes(value, [*rest, axis], sizes)[..., 0, 0]
