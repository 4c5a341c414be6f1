"""Two values: equal, ordered, proportional? Points where both are undefined prove nothing.

Numbers agree if they differ by little relative to their size; near zero, by little at all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.checker.computing.scope import SLOT
from app.checker.failures import Misfit, Unclear
from app.checker.world.values import (
    DRAW,
    UNSIZED,
    Array,
    Value,
    aligned,
    expanded,
    fitted,
    in_words,
    spoken,
)

RELATIVE = 1e-6
NEARLY = 0.015  # log 2 ≈ 0.7
ABSOLUTE = 1e-9
_VANISHING = 1e-8
_NOTHING = 1e-4
# Points; from here on one draw is compared before all of them are.
_MANY = 50_000

_FLIPPED = {
    "<=": ">=",
    ">=": "<=",
    "<": ">",
    ">": "<",
    "psd": "nsd",
    "nsd": "psd",
    "pd": "nd",
    "nd": "pd",
}
_NOT_STRICT = {"<": "<=", ">": ">="}
_OF_NUMBERS = {"psd": ">=", "pd": ">", "nsd": "<=", "nd": "<"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """`vacuous`: both sides vanish, so nothing was compared; `level`: they are equal everywhere.
    `detail` says where it breaks."""

    true: bool
    vacuous: bool = False
    detail: str = ""
    level: bool = False


def related(left: Value, right: Value, relation: str, mask: Value | None = None) -> Outcome:
    """Whether the relation holds at every point (where the mask, if any, is true).

    Raises Misfit if the shapes do not fit, Unclear if nothing can be compared.
    """
    if relation in _OF_NUMBERS:
        return _definite(left, right, relation)
    if relation == "propto":
        return _proportional(left, right)
    axes, a, b = _pair(left, right)
    axes, a, b, shown = _shown(axes, a, b, mask)
    undefined_left, undefined_right = np.isnan(a), np.isnan(b)
    shown = shown & ~(undefined_left & undefined_right)
    if not shown.any():
        raise Unclear("both sides are undefined")
    half = shown & (undefined_left | undefined_right)
    if not half.any():
        return _refuted_by_one_draw(a, b, shown, relation, axes) or _judged(
            a, b, shown, relation, axes
        )
    if (shown & ~half).any():
        outcome = _judged(a, b, shown & ~half, relation, axes)
        if not outcome.true:
            return outcome
    raise Unclear("one side is undefined where the other is not")


def _refuted_by_one_draw(
    a: Array, b: Array, shown: Array, relation: str, axes: tuple[str, ...]
) -> Outcome | None:
    """What is false is false of the first draw, mostly."""
    if a.size < _MANY or axes[0] != DRAW or relation in ("!=", "~") or not shown[:1].any():
        return None
    outcome = _judged(a[:1], b[:1], shown[:1], relation, axes)
    return None if outcome.true else outcome


def excess(
    left: Value, right: Value, relation: str, mask: Value | None = None
) -> tuple[Array, Array]:
    """By how much `<=` or `>=` is false in each draw, where it is most: relative to the larger
    side, and as it is. Points that cannot be computed with finite numbers do not count. Raises
    Misfit, Unclear."""
    axes, a, b = _pair(left, right)
    axes, a, b, shown = _shown(axes, a, b, mask)
    with np.errstate(all="ignore"):
        gap = a - b if relation == "<=" else b - a
        scale = np.maximum(np.abs(a), np.abs(b))
        counts = shown & np.isfinite(a) & np.isfinite(b)
        relative = np.where(np.abs(gap) > _VANISHING, gap / scale, 0.0)
        # Where both are next to nothing, how near they are to each other says nothing.
        relative = np.where((scale < _NOTHING) & (relative <= 0), -1.0, relative)
    by_ratio, by_gap = (_per_draw(np.where(counts, one, -np.inf), axes) for one in (relative, gap))
    return by_ratio, by_gap


def _per_draw(data: Array, axes: tuple[str, ...]) -> Array:
    draws = axes.index(DRAW) if DRAW in axes else None
    largest: Array = data.max(axis=tuple(place for place in range(data.ndim) if place != draws))
    return np.atleast_1d(largest)


def not_strict(relation: str) -> str:
    return _NOT_STRICT.get(relation, relation)


def same_direction(ours: str, theirs: str, factor: float) -> bool:
    """Whether two relations say the same of gaps of which one is `factor` times the other."""
    wanted = theirs if factor > 0 else _FLIPPED.get(theirs, theirs)
    return not_strict(ours) == not_strict(wanted)


def _pair(left: Value, right: Value) -> tuple[tuple[str, ...], Array, Array]:
    left, right = fitted(left, right)
    if left.identity != right.identity:
        matrix = right if left.identity else left
        if matrix.shape[0] != matrix.shape[1] or matrix.is_number:
            raise Misfit(f"left is {in_words(left)}, right is {in_words(right)}")
        left, right = expanded(left, matrix.shape[0]), expanded(right, matrix.shape[0])
    if left.shape != right.shape and not _spreads(left, right) and not _spreads(right, left):
        raise Misfit(f"left is {in_words(left)}, right is {in_words(right)}")
    axes, (a, b) = aligned([left, right])
    return axes, a, b


def _spreads(value: Value, other: Value) -> bool:
    """`= 0` is said of vectors and matrices too, and of no other number; a vector of ones is a
    column or a row."""
    if not (value.literal and value.is_number):
        return False
    rows, columns = other.shape
    is_that_way = (rows == 1 or value.is_tall) and (columns == 1 or value.is_wide)
    return not np.any(value.data) or (bool(value.ones) and is_that_way)


def _shown(
    axes: tuple[str, ...], a: Array, b: Array, mask: Value | None
) -> tuple[tuple[str, ...], Array, Array, Array]:
    """The real parts of both sides on all axes, and the points that the mask leaves."""
    a, b = np.broadcast_arrays(a, b)
    if mask is None:
        return axes, np.real(a), np.real(b), np.ones(a.shape, dtype=bool)
    axes, arrays = aligned([Value(a, axes), Value(b, axes), mask])
    a, b, shown = np.broadcast_arrays(arrays[0], arrays[1], arrays[2].astype(bool))
    if not shown.any():
        raise Unclear("its condition is never true here")
    return axes, np.real(a), np.real(b), shown


def _judged(a: Array, b: Array, shown: Array, relation: str, axes: tuple[str, ...]) -> Outcome:
    with np.errstate(all="ignore"):
        scale = np.maximum(np.abs(a), np.abs(b))
        gap = a - b
        close = (a == b) | (np.isfinite(scale) & (np.abs(gap) <= ABSOLUTE + RELATIVE * scale))
    vanishing = bool(
        (np.abs(a)[shown] < _VANISHING).all() and (np.abs(b)[shown] < _VANISHING).all()
    )
    slack = _VANISHING + RELATIVE * scale
    good = {
        "=": close,
        "!=": ~close,
        "<=": (gap <= slack) | (a == b),
        ">=": (gap >= -slack) | (a == b),
        "<": np.where(np.isfinite(scale), gap < -ABSOLUTE * scale, a < b),
        ">": np.where(np.isfinite(scale), gap > ABSOLUTE * scale, a > b),
        "~": close | (np.abs(gap) <= NEARLY * scale),
    }.get(relation)
    if good is None:
        raise Unclear(f"the relation {relation} is outside of what is checked")
    if relation == "!=":
        # "in general": different somewhere in every draw is what is meant.
        return Outcome(bool((~close & shown).any()), False, "the two sides are equal")
    wrong = shown & ~good
    if not wrong.any():
        return Outcome(True, vanishing, level=bool(close[shown].all()))
    if relation == "~":
        # An approximation may be meant for small numbers, or for many examples.
        raise Unclear("≈ does not say how near the two sides have to be")
    return Outcome(False, vanishing, _where(a, b, wrong, axes))


def _where(a: Array, b: Array, wrong: Array, axes: tuple[str, ...]) -> str:
    """One point at which the sides differ, with both numbers."""
    place = np.unravel_index(int(np.argmax(wrong)), wrong.shape)
    left, right = (0.0 if abs(x) < 1e-12 else float(x) for x in (a[place], b[place]))
    indices = [
        f"{spoken(axis)} = {at + 1}"
        for axis, at in zip(axes, place, strict=False)
        if axis != DRAW and wrong.shape[axes.index(axis)] > 1 and not axis.startswith(SLOT)
    ]
    rows, columns = a.shape[-2:]
    if rows * columns > 1:
        entry = [
            str(at + 1) for at, size in zip(place[-2:], (rows, columns), strict=True) if size > 1
        ]
        indices.append("entry " + ", ".join(entry))
    where = f" ({', '.join(indices)})" if indices else ""
    one, other = _told_apart(left, right)
    return f"left is {one}, right is {other}{where}"


def _told_apart(left: float, right: float) -> tuple[str, str]:
    """Two numbers, with as many digits as show that they differ. A minus is no hyphen."""
    for digits in (4, 7, 12):
        one, other = (f"{number:.{digits}g}".replace("-", "−") for number in (left, right))
        if one != other:
            break
    return one, other


def _definite(left: Value, right: Value, relation: str) -> Outcome:
    if left.ones or right.ones:
        raise Unclear(UNSIZED)
    if _spreads(left, right) and not right.is_number:
        left = Value(np.zeros_like(right.data), right.axes)
    if not _spreads(right, left) and right.shape != left.shape and not right.identity:
        raise Misfit(f"left is {in_words(left)}, right is {in_words(right)}")
    if _spreads(right, left):
        data = left.data
    else:
        _, (a, b) = aligned([left, expanded(right, left.shape[0])])
        data = a - b
    if data.shape[-1] != data.shape[-2]:
        raise Misfit(f"{in_words(left)} is not square, so it is not definite")
    if left.is_number:
        return _judged(
            np.real(data),
            np.zeros_like(np.real(data)),
            np.ones(data.shape, dtype=bool),
            _OF_NUMBERS[relation],
            left.axes,
        )
    if np.abs(data - np.swapaxes(data, -1, -2)).max() > 1e-7 * max(1.0, np.abs(data).max()):
        raise Unclear("definiteness of a matrix that is not symmetric")
    values = np.linalg.eigvalsh(np.real(data))
    edge = 1e-9 * max(1.0, float(np.abs(values).max()))
    true = {
        "psd": (values >= -edge).all(),
        "pd": (values > edge).all(),
        "nsd": (values <= edge).all(),
        "nd": (values < -edge).all(),
    }[relation]
    return Outcome(bool(true), False, "it has an eigenvalue of the other sign, or zero")


def _proportional(left: Value, right: Value) -> Outcome:
    """Constant ratio along one of the axes that both vary on, or over the entries."""
    axes, a, b = _pair(left, right)
    a, b = np.broadcast_arrays(np.real(a), np.real(b))
    with np.errstate(all="ignore"):
        ratio = a / b
    if not np.isfinite(ratio).all():
        raise Unclear("one side vanishes, so a ratio says nothing")
    different = Outcome(False, detail="the ratio of the two sides is not constant")
    if a.shape[-1] * a.shape[-2] > 1:
        flat = ratio.reshape(*ratio.shape[:-2], -1)
        spread = flat.max(axis=-1) - flat.min(axis=-1)
        return Outcome(True) if (spread <= RELATIVE * np.abs(flat).max()).all() else different
    shared = [axis for axis in axes if axis in left.axes and axis in right.axes and axis != DRAW]
    for axis in shared:
        place = axes.index(axis)
        if ratio.shape[place] < 2:
            continue
        varies = (a.max(axis=place) - a.min(axis=place) > ABSOLUTE).any()
        spread = ratio.max(axis=place) - ratio.min(axis=place)
        if varies and (spread <= RELATIVE * np.abs(ratio).max(axis=place)).all():
            return Outcome(True)
    if not shared:
        raise Unclear("proportional as a function of what?")
    return different
