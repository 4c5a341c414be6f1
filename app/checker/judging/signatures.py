"""Formulas by their values: the signature of a formula is its array in every instance.

Two formulas that are multiples of each other in all draws of all instances are the same up to a
factor; that they agree by accident is out of the question. A signature forgets the names of the
indices, so `x_i y_j` and `x_j y_i` are compared in every order of their axes.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from app.checker.failures import Misfit, Unclear
from app.checker.judging.desk import GENERAL, Desk, fresh_scope
from app.checker.reading.tree import Node
from app.checker.world.sampling import DRAWS
from app.checker.world.values import DRAW, Value, add
from app.checker.world.world import Context

Tensor = NDArray[np.float64]

# A singular matrix raises a LinAlgError, which is a ValueError.
UNCOMPUTABLE = (Misfit, Unclear, ValueError)
# All orders of more indices would take too long.
MAX_RANK = 5
_ZERO = 1e-9
_HUGE = 1e12


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Peak:
    """The largest entry of an array, and the one at the same indices in the next draw. Most pairs
    of arrays are told apart by these two."""

    place: tuple[int, ...]
    other: tuple[int, ...]
    entry: float
    beside: float


class Signature(list[Tensor]):
    """An array for each instance."""

    @cached_property
    def peaks(self) -> list[Peak | None]:
        return [_peak(part) for part in self]


def _peak(part: Tensor) -> Peak | None:
    """None if it is zero, or not finite."""
    largest = int(np.abs(part).argmax())
    draw, *rest = (int(one) for one in np.unravel_index(largest, part.shape))
    place, other = (draw, *rest), ((draw + 1) % len(part), *rest)
    entry = float(part[place])
    return Peak(place, other, entry, float(part[other])) if _ZERO <= abs(entry) < np.inf else None


def signature(
    desk: Desk, node: Node, context: Context = GENERAL, statement: Sequence[Node] = ()
) -> Signature:
    """The values of a formula that stands in `statement`. Raises Misfit, Unclear."""
    return Signature(parts(desk, node, context, statement))


def parts(
    desk: Desk, node: Node, context: Context = GENERAL, statement: Sequence[Node] = ()
) -> Iterator[Tensor]:
    """One instance after the other, as they are asked for. Raises Misfit, Unclear."""
    for which, evaluator in enumerate(desk.evaluators(context)):
        inner = fresh_scope(evaluator, statement or (node,))
        with np.errstate(all="ignore"):
            part = tensor(desk.side(context, which, node, inner))
        yield part


def signature_of_gap(desk: Desk, left: Node, right: Node, context: Context = GENERAL) -> Signature:
    """left − right in every instance. Raises Misfit, Unclear."""
    found = Signature()
    for which, evaluator in enumerate(desk.evaluators(context)):
        inner = fresh_scope(evaluator, (left, right))
        with np.errstate(all="ignore"):
            a = desk.side(context, which, left, inner)
            b = desk.side(context, which, right, inner)
            if b.literal and not np.any(b.data):
                gap = a
            elif a.literal and not np.any(a.data):
                gap = Value(-b.data, b.axes, identity=b.identity)
            else:
                gap = add(a, Value(-b.data, b.axes, b.literal, b.identity))
        found.append(tensor(gap))
    return found


def signature_or_none(
    desk: Desk, node: Node, context: Context = GENERAL, statement: Sequence[Node] = ()
) -> Signature | None:
    """None for what cannot be computed."""
    try:
        return signature(desk, node, context, statement)
    except UNCOMPUTABLE:
        return None


def gap_or_none(desk: Desk, left: Node, right: Node) -> Signature | None:
    try:
        return signature_of_gap(desk, left, right)
    except UNCOMPUTABLE:
        return None


def tensor(value: Value) -> Tensor:
    """The draws first, and every other length above 1 after them. Raises Unclear if it is empty."""
    if value.data.size == 0:
        raise Unclear("something without entries")
    # A mask has infinite entries, and they are compared like the others.
    data = np.ones((1, 1)) if value.identity else np.clip(np.real(value.data), -_HUGE, _HUGE)
    if DRAW in value.axes:
        data = np.moveaxis(data, value.axes.index(DRAW), 0)
    else:
        data = np.broadcast_to(data, (DRAWS, *data.shape))
    return data.reshape(data.shape[0], *(size for size in data.shape[1:] if size > 1))


# --- comparing -----------------------------------------------------------------------------------


def proportional(one: Sequence[Tensor], two: Signature) -> float | None:
    """The constant c with one = c · two in every draw, whatever the order of the indices; None if
    there is none, or if they vanish.

    c may be a dimension, which differs from instance to instance (the last one's is returned);
    its sign may not.
    """
    factor: float | None = None
    for a, b, peak in zip(one, two, two.peaks, strict=True):
        ratio = _ratio(a, b, peak)
        if ratio is None or (factor is not None and (ratio > 0) != (factor > 0)):
            return None
        factor = ratio
    return factor


def parallel(one: Signature, two: Signature) -> bool:
    r"""Whether each draw of a vector is a multiple of the other one's, as where a condition was
    divided by the λ of the givens. Of two numbers that says nothing."""
    return all(
        a.shape == b.shape
        and b[0].size > 1
        and all(
            _ratio(x[None], y[None], _peak(y[None])) is not None for x, y in zip(a, b, strict=True)
        )
        for a, b in zip(one, two, strict=True)
    )


def _ratio(a: Tensor, b: Tensor, peak: Peak | None) -> float | None:
    """`peak` is that of b."""
    if peak is None or a.ndim > MAX_RANK:
        return None
    size = abs(peak.entry)
    slack = 1e-8 * max(size, 1.0)
    for turned in _turned(a, b.shape):
        ratio = float(turned[peak.place]) / peak.entry
        if abs(ratio) * size < _ZERO or not np.isfinite(ratio):
            # What is zero up to rounding is no multiple of anything.
            continue
        gap = abs(float(turned[peak.other]) - ratio * peak.beside)
        if not gap <= slack + 1e-6 * abs(ratio) * abs(peak.beside):
            continue
        if (np.abs(turned - ratio * b) <= slack + 1e-6 * abs(ratio) * np.abs(b)).all():
            return ratio
    return None


def _turned(a: Tensor, shape: tuple[int, ...]) -> Iterator[Tensor]:
    """The array with its indices in every order that has this shape."""
    if a.ndim < 3 or a.ndim != len(shape):
        if a.shape == shape:
            yield a
        return
    for order in itertools.permutations(range(1, a.ndim)):
        turned = a.transpose(0, *order)
        if turned.shape == shape:
            yield turned


def same_zeros(one: Signature, two: Signature) -> bool:
    """Up to a factor that may differ from index to index: `N_k \\mu_k = …` is `\\mu_k = …`."""
    if proportional(one, two) is not None:
        return True
    return all(_same_zeros(a, b) for a, b in zip(one, two, strict=True))


def _same_zeros(a: Tensor, b: Tensor) -> bool:
    if sorted(a.shape) != sorted(b.shape) or not 3 <= a.ndim <= MAX_RANK:
        return False
    if np.abs(b).min() < _ZERO:
        return False
    return any(
        np.allclose(ratio, ratio.take([0], axis=axis), rtol=1e-6)
        for ratio in (turned / b for turned in _turned(a, b.shape))
        for axis in range(1, a.ndim)
    )


def equal(one: Signature, two: Signature) -> bool:
    if vanishes(one) and vanishes(two):
        return True
    factor = proportional(one, two)
    return factor is not None and abs(factor - 1) < 1e-6


def same_terms(ours: Sequence[Signature], theirs: Sequence[Signature]) -> bool:
    """Whether two sums have the same terms in any order, up to one factor for all of them."""
    if len(ours) != len(theirs) or not ours:
        return False
    for first in ours:
        factor = proportional(first, theirs[0])
        if factor is not None and _is_multiple(ours, theirs, factor):
            return True
    return False


def _is_multiple(ours: Sequence[Signature], theirs: Sequence[Signature], factor: float) -> bool:
    left = list(ours)
    for term in theirs:
        for place, candidate in enumerate(left):
            own = proportional(candidate, term)
            if own is not None and abs(own - factor) < 1e-6 * max(1, abs(factor)):
                del left[place]
                break
        else:
            return False
    return True


def vanishes(value: Signature) -> bool:
    return all(np.abs(part).max(initial=0.0) < _ZERO for part in value)


def is_finite(value: Signature) -> bool:
    return all(np.isfinite(part).all() for part in value)


def tells_apart(value: Signature) -> bool:
    """A mask is infinite, and much is zero or an identity matrix."""
    return is_finite(value) and not vanishes(value) and not _is_identity(value)


def _is_identity(value: Signature) -> bool:
    return all(
        part.ndim == 3
        and part.shape[1] == part.shape[2]
        and np.allclose(part, np.eye(part.shape[1]))
        for part in value
    )
