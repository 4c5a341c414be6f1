r"""`X v = 0 \implies v = 0`: whether one linear map vanishes wherever another one does.

Nothing that is sampled meets such a premise, so the points at which it is true are computed: v runs
through the unit vectors at once, which gives the matrix of each side, and the null space of the
first has to lie in that of the second. A vector of it that does not lie there refutes the line.
That there is none may only be so because random matrices have full rank; so the line holds only if
the world takes the inverse of the premise's matrix, or of its Gram matrix.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from app.checker.computing.evaluate import Evaluator
from app.checker.failures import Misfit, Unclear
from app.checker.judging.desk import GENERAL, Desk, fresh_scope
from app.checker.judging.signatures import UNCOMPUTABLE, Tensor, proportional, signature_or_none
from app.checker.judging.zeros import vectors_of
from app.checker.reading.tree import Chain, Negate, Node, Norm, Number, Power, walk
from app.checker.world.entries import Entry, letter_of
from app.checker.world.sampling import DRAWS
from app.checker.world.values import DRAW, Array, Value, aligned

NOT_WHEREVER = "it is false of some vectors for which its condition is true"
_UNIT = "unit"
_RANK = 1e-9
_SAME = 1e-7


def vanishes_with(desk: Desk, premise: Chain, conclusion: Chain) -> bool | None:
    """Whether the conclusion is true wherever the premise is; None if they are no linear equations
    in one vector that may be any, or if it hangs on a rank of which nothing is known."""
    for entry in _vectors_in(desk, premise, conclusion):
        try:
            one, two = (_maps(desk, chain, entry) for chain in (premise, conclusion))
        except (*UNCOMPUTABLE, IndexError):
            continue
        if one is None or two is None:
            continue
        if not all(_lies_in(a, b) for a, b in zip(one, two, strict=True)):
            return False
        return True if _is_multiple_of_identity(one) or _is_inverted(desk, one) else None
    return None


def _vectors_in(desk: Desk, *chains: Chain) -> Iterator[Entry]:
    """Those that stand in all of the chains, and may be any vector."""
    letters = [{letter_of(one) for side in chain.sides for one in walk(side)} for chain in chains]
    for letter, _ in vectors_of(desk):
        if all(letter in own for own in letters) and letter not in desk.scope:
            yield desk.world.entries[letter][0]


# --- the matrix of an equation -------------------------------------------------------------------


def _maps(desk: Desk, chain: Chain, entry: Entry) -> list[Array] | None:
    """For each instance (draws, outputs, length of the vector); None if it is not linear.

    Raises Misfit, Unclear.
    """
    if chain.relations != ("=",):
        return None
    found = []
    for evaluator in desk.evaluators(GENERAL):
        vector = evaluator.table(entry)
        units = Value(np.eye(vector.shape[0])[..., None], (_UNIT,))
        with np.errstate(all="ignore"):
            made = _outputs(evaluator, chain, entry, units)
            for scale in (1.0, -2.5):
                own = Value(scale * vector.data, vector.axes)
                expected = made @ np.broadcast_to(own.data, (DRAWS, *own.shape))
                actual = _outputs(evaluator, chain, entry, own)
                if expected.shape != actual.shape or not _is_close(expected, actual):
                    return None
        found.append(made)
    return found


def _outputs(evaluator: Evaluator, chain: Chain, entry: Entry, vector: Value) -> Array:
    """left − right as a column for each draw, beside each other for the unit vectors.

    Raises Misfit, Unclear.
    """
    inner = fresh_scope(evaluator.child(overrides={entry.number: vector}), chain.sides)
    sides = [inner.value(_inside(side)) for side in chain.sides]
    if any(side.identity or side.ones for side in sides if not _is_zero(side)):
        raise Unclear("a size that is not known")
    left, right = sides
    if left.shape != right.shape and not (_is_zero(left) or _is_zero(right)):
        raise Misfit("the sides have different shapes")
    axes, (a, b) = aligned(sides)
    gap = a - b
    for axis in (DRAW, _UNIT):
        if axis not in axes:
            axes, gap = (axis, *axes), gap[None]
    if {*axes} != {DRAW, _UNIT}:
        raise Unclear("an equation for each index")
    gap = np.moveaxis(gap, axes.index(DRAW), 0)
    columns: Array = gap.reshape(gap.shape[0], gap.shape[1], -1).swapaxes(1, 2)
    return np.broadcast_to(columns, (DRAWS, *columns.shape[1:]))


def _inside(node: Node) -> Node:
    r"""A length is zero where the vector is: `\|X v\|^2` vanishes with `X v`."""
    if isinstance(node, Power) and isinstance(node.exponent, Number) and node.exponent.value > 0:
        inside = _inside(node.base)
        return node if inside is node.base else inside
    return node.body if isinstance(node, Norm) else node


def _is_zero(value: Value) -> bool:
    return value.literal and not np.any(value.data)


def _is_close(one: Array, two: Array) -> bool:
    size = max(1.0, float(np.abs(one).max(initial=0.0)))
    return bool(np.isfinite(two).all() and np.abs(one - two).max(initial=0.0) < _SAME * size)


# --- null spaces ---------------------------------------------------------------------------------


def _lies_in(one: Array, two: Array) -> bool:
    """Whether the null space of one matrix lies in that of the other, in every draw."""
    for a, b in zip(one, two, strict=True):
        _, sizes, rows = np.linalg.svd(a)
        rank = int((sizes > _RANK * max(1.0, float(sizes.max(initial=0.0)))).sum())
        left = b @ rows[rank:].T
        if np.abs(left).max(initial=0.0) > _SAME * max(1.0, float(np.abs(b).max(initial=0.0))):
            return False
    return True


def _is_multiple_of_identity(maps: list[Array]) -> bool:
    """As that of `v = 0` itself."""
    return all(
        one.shape[1] == one.shape[2] and np.allclose(one, one[0, 0, 0] * np.eye(one.shape[1]))
        for one in maps
    )


def _is_inverted(desk: Desk, maps: list[Array]) -> bool:
    """Whether the world has the inverse of this matrix, or of its Gram matrix."""
    grams: list[Tensor] = [one.swapaxes(1, 2) @ one for one in maps]
    known = [
        signature_or_none(desk, one.base)
        for entries in desk.world.entries.values()
        for entry in entries
        if entry.body is not None
        for one in walk(entry.body)
        if isinstance(one, Power) and isinstance(one.exponent, Negate)
    ]
    return any(
        inverted is not None and proportional(made, inverted) is not None
        for inverted in known
        for made in (maps, grams)
    )
