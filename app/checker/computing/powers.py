"""Powers of numbers and of square matrices, inverses and roots included."""

from __future__ import annotations

import numpy as np

from app.checker.computing.bindings import Environment
from app.checker.computing.frame import Rules
from app.checker.failures import Misfit, Unclear
from app.checker.reading.tree import Number, Power
from app.checker.world.values import Array, Value, aligned, in_words

# Beyond this size of the entries of a matrix times those of its inverse, it is singular.
MAX_CONDITION = 1e13
MAX_WRITTEN = 8  # the highest whole power that is multiplied out
MAX_COMPUTED = 64  # the highest power where the exponent is a value


def _power(env: Environment, node: Power) -> Value:
    base = env.value(node.base)
    exponent = env.value(node.exponent)
    if not exponent.is_number:
        raise Misfit(f"{in_words(exponent)} stands as an exponent")
    if base.identity:
        return base
    if base.is_number:
        axes, (a, b) = aligned([base, exponent])
        return Value(_number_power(a, b), axes, base.literal and exponent.literal)
    if not isinstance(node.exponent, Number) and not exponent.literal:
        return _whole_power(base, exponent)
    return _matrix_power(base, float(np.real(exponent.data.flat[0])))


def _number_power(base: Array, exponent: Array) -> Array:
    """Whole exponents by multiplication, so that a complex step stays exact near zero."""
    if exponent.size == 1 and (whole := float(np.real(exponent.flat[0]))) in (2.0, 3.0):
        square: Array = base * base
        return square * base if whole == 3.0 else square
    if np.iscomplexobj(base) or np.iscomplexobj(exponent):
        return np.power(base, exponent)
    with np.errstate(all="ignore"):
        result: Array = np.power(np.asarray(base, dtype=float), exponent)
    return result


def _matrix_power(base: Value, exponent: float) -> Value:
    rows, columns = base.shape
    if rows != columns:
        what = "has no inverse" if exponent < 0 else "has no power"
        raise Misfit(f"{in_words(base)} {what}: it is not square")
    if exponent == -1:
        return Value(_inverse(base.data), base.axes)
    if exponent in (0.5, -0.5):
        if np.iscomplexobj(base.data):
            raise Unclear("a derivative through a square root of a matrix")
        values, vectors = np.linalg.eigh(base.data)
        with np.errstate(all="ignore"):
            scaled = vectors * (values**exponent)[..., None, :]
        return Value(scaled @ np.swapaxes(vectors, -1, -2), base.axes)
    if 0 < abs(exponent) <= MAX_WRITTEN and exponent == int(exponent):
        data = base.data if exponent > 0 else _inverse(base.data)
        result = data
        for _ in range(int(abs(exponent)) - 1):
            result = result @ data
        return Value(result, base.axes)
    raise Unclear("this power of a matrix")


def _whole_power(base: Value, exponent: Value) -> Value:
    """`R_1^m`: a whole exponent for every draw."""
    if base.shape[0] != base.shape[1]:
        raise Misfit(f"{in_words(base)} has no power: it is not square")
    axes, (a, b) = aligned([base, exponent])
    lead = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    a = np.broadcast_to(a, (*lead, *base.shape))
    b = np.broadcast_to(np.real(b), (*lead, 1, 1))
    whole = np.rint(b).astype(int)
    if np.abs(b - whole).max() > 1e-9 or np.abs(whole).max() > MAX_COMPUTED:
        raise Unclear("a matrix to the power of something that is not a whole number")
    result = np.empty(a.shape, dtype=a.dtype)
    for place in np.ndindex(*lead):
        result[place] = np.linalg.matrix_power(a[place], int(whole[place][0, 0]))
    return Value(result, axes)


def _inverse(data: Array) -> Array:
    try:
        result: Array = np.linalg.inv(data)
    except np.linalg.LinAlgError as error:
        raise Misfit("a matrix that is singular has no inverse") from error
    if np.abs(np.real(data)).max() * np.abs(np.real(result)).max() > MAX_CONDITION:
        raise Misfit("a matrix that is singular has no inverse")
    return result


RULES: Rules = {Power: _power}
