"""The functions that every derivation has: log, softmax, trace, determinant, …"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from app.checker.computing.bindings import Environment
from app.checker.computing.frame import Rules
from app.checker.failures import Misfit, Unclear
from app.checker.reading.tree import Function, ListOf, Name, Negate, Node, Product
from app.checker.world.entries import letter_of
from app.checker.world.values import (
    COMPLEX_STEP,
    UNSIZED,
    Array,
    Value,
    aligned,
    expanded,
    in_words,
)

MAX_LENGTH = 64


def _log(data: Array) -> Array:
    with np.errstate(all="ignore"):
        if np.iscomplexobj(data):
            result: Array = np.where(np.real(data) > 0, np.log(data), complex(np.nan, np.nan))
            return result
        return np.log(data)


def exp(data: Array) -> Array:
    with np.errstate(all="ignore"):
        result: Array = np.exp(data)
        return result


def _sqrt(data: Array) -> Array:
    with np.errstate(all="ignore"):
        result: Array = np.sqrt(data)
        return result


def logistic(data: Array) -> Array:
    return 1 / (1 + exp(-data))


def _relu(data: Array) -> Array:
    return data * (np.real(data) > 0)


ENTRYWISE: dict[str, Callable[[Array], Array]] = {
    "log": _log,
    "exp": exp,
    "sqrt": _sqrt,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "tanh": np.tanh,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "arctan": np.arctan,
    "sigmoid": logistic,
    "ReLU": _relu,
    "softplus": lambda data: _log(1 + exp(data)),
    "sign": lambda data: np.sign(np.real(data)),
    "abs": lambda data: data * np.sign(np.real(data)),
    "logit": lambda data: _log(data) - _log(1 - data),
}


def _function(env: Environment, node: Function) -> Value:
    if node.primes:
        return _slope(env, node)
    if node.name == "diag" and isinstance(node.body, ListOf):
        return _diag(env.value(ListOf(node.body.items, ";")))
    if node.name == "Re":
        return _real_part(env, node)
    if node.name == "exp" and _is_imaginary(node.body) and "i" not in env.locals:
        raise Unclear("complex numbers outside of a real part")
    value = env.value(node.body)
    if node.name == "tr" and value.identity:
        value = _sized_identity(env, value)
    if node.name == "softmax" and node.subs and value.is_number:
        return _softmax_over(env, value, node.subs[0].node)
    if node.name == "log" and node.subs:
        base = env.value(node.subs[0].node)
        axes, (a, b) = aligned([value, base])
        return Value(_log(a) / np.log(b), axes)
    if node.name == "exp" and value.shape[0] == value.shape[1] > 1:
        env.met.add("matrix exponential")
        if "matrix exponential" in env.choices:
            return _matrix_exponential(value)
    if node.name in ENTRYWISE:
        if value.identity:
            raise Unclear("a function of the identity matrix, entry by entry")
        return value.map(ENTRYWISE[node.name])
    if value.ones:
        raise Unclear(UNSIZED)
    special = _MATRIX_FUNCTIONS.get(node.name)
    if special is None:
        raise Unclear(f"{node.name} is outside of what is checked")
    return special(value)


def _sized_identity(env: Environment, value: Value) -> Value:
    """An I without a size may be of any: each of the dimensions is a reading."""
    for name, size in env.instance.sizes.items():
        choice = f"identity of size {name}"
        env.met.add(choice)
        if choice in env.choices:
            return expanded(value, size)
    return value


def _matrix_exponential(value: Value) -> Value:
    """By its series, after halving the matrix often enough."""
    data = value.data / 2.0**8
    total = np.eye(value.shape[0]) + np.zeros_like(data)
    term = total
    for count in range(1, 16):
        term = term @ data / count
        total = total + term
    for _ in range(8):
        total = total @ total
    return Value(total, value.axes)


def _slope(env: Environment, node: Function) -> Value:
    """The derivative of an entrywise function, by a complex step."""
    function = ENTRYWISE.get(node.name)
    value = env.value(node.body)
    if function is None or node.primes > 1 or np.iscomplexobj(value.data):
        raise Unclear("this derivative")
    return value.map(lambda data: np.imag(function(data + COMPLEX_STEP * 1j)) / COMPLEX_STEP)


def _real_part(env: Environment, node: Function) -> Value:
    """With i as the imaginary unit, where i is nothing else."""
    if env.is_complex or env.variable("i") is not None:
        raise Unclear("complex numbers inside a derivative or a sum over i")
    inner = env.child(locals_={"i": Value(np.full((1, 1), 1j))})
    return inner.value(node.body).map(np.real)


def _is_imaginary(node: Node) -> bool:
    r"""The exponent of `e^{i m \theta}`: i is no index there."""
    if isinstance(node, Negate):
        return _is_imaginary(node.body)
    factors = node.factors if isinstance(node, Product) else (node,)
    return any(one == Name("i") for one in factors)


def _softmax_over(env: Environment, value: Value, index: Node) -> Value:
    """`\\mathrm{softmax}_j(S_{ij})`: normalised over j."""
    letter = letter_of(index)
    variable = env.variable(letter) if letter is not None else None
    if variable is None or variable.axis not in value.axes:
        raise Unclear("a softmax over an index that does not stand in it")
    place = value.axes.index(variable.axis)
    powers = exp(value.data)
    return Value(powers / powers.sum(axis=place, keepdims=True), value.axes)


def _softmax(value: Value) -> Value:
    """Over a vector; over each row of a matrix."""
    dimension = -2 if value.shape[1] == 1 else -1
    if value.is_number:
        raise Unclear("softmax of a single number")
    peak = np.real(value.data).max(axis=dimension, keepdims=True)
    powers = exp(value.data - np.where(np.isfinite(peak), peak, 0.0))
    return Value(powers / powers.sum(axis=dimension, keepdims=True), value.axes)


def _logsumexp(value: Value) -> Value:
    dimension = -2 if value.shape[1] == 1 else -1
    return Value(_log(exp(value.data).sum(axis=dimension, keepdims=True)), value.axes)


def _square(value: Value, what: str) -> Value:
    if value.identity:
        raise Unclear(f"the {what} of an identity whose size is not known")
    if value.shape[0] != value.shape[1]:
        raise Misfit(f"{in_words(value)} has no {what}: it is not square")
    return value


def _det(value: Value) -> Value:
    return Value(np.linalg.det(_square(value, "determinant").data)[..., None, None], value.axes)


def _trace(value: Value) -> Value:
    data = _square(value, "trace").data
    return Value(np.trace(data, axis1=-2, axis2=-1)[..., None, None], value.axes)


def _diag(value: Value) -> Value:
    """A vector on the diagonal of a matrix, or the diagonal of a matrix as a vector."""
    if value.shape[1] == 1 or value.shape[0] == 1:
        column = value.data if value.shape[1] == 1 else np.swapaxes(value.data, -1, -2)
        return Value(column * np.eye(column.shape[-2]), value.axes)
    data = _square(value, "diagonal").data
    return Value(np.diagonal(data, axis1=-2, axis2=-1)[..., None], value.axes)


def _rank(value: Value) -> Value:
    if np.iscomplexobj(value.data):
        raise Unclear("the rank inside a derivative")
    # Gradients are exact up to rounding only.
    rank = np.linalg.matrix_rank(value.data, rtol=1e-9)
    return Value(rank[..., None, None].astype(float), value.axes)


def pinv(value: Value) -> Value:
    if np.iscomplexobj(value.data):
        raise Unclear("a derivative through a pseudoinverse")
    return Value(np.linalg.pinv(value.data), value.axes)


def _vec(value: Value) -> Value:
    data = np.swapaxes(value.data, -1, -2)
    return Value(data.reshape(*data.shape[:-2], -1, 1), value.axes)


def _eigenvalue(value: Value, place: int) -> Value:
    """Of a symmetric matrix, the smallest (0) or the largest (-1)."""
    data = _square(value, "eigenvalue").data
    if np.iscomplexobj(data):
        raise Unclear("a derivative through an eigenvalue")
    if np.abs(data - np.swapaxes(data, -1, -2)).max() > 1e-7 * max(1.0, np.abs(data).max()):
        raise Unclear("an eigenvalue of a matrix that is not symmetric")
    return Value(np.linalg.eigvalsh(data)[..., place, None, None], value.axes)


def _singular_value(value: Value, place: int) -> Value:
    if value.identity or np.iscomplexobj(value.data):
        raise Unclear("this singular value")
    return Value(np.linalg.svd(value.data, compute_uv=False)[..., place, None, None], value.axes)


_MATRIX_FUNCTIONS: dict[str, Callable[[Value], Value]] = {
    "softmax": _softmax,
    "logsumexp": _logsumexp,
    "det": _det,
    "tr": _trace,
    "diag": _diag,
    "rank": _rank,
    "pinv": pinv,
    "vec": _vec,
    "lambda_min": partial(_eigenvalue, place=0),
    "lambda_max": partial(_eigenvalue, place=-1),
    "sigma_min": partial(_singular_value, place=-1),
    "sigma_max": partial(_singular_value, place=0),
}


def length_of(env: Environment, node: Node) -> int:
    """The number of dimensions that a subscript of I or 1 says."""
    size = float(np.real(env.value(node).data.flat[0]))
    if not 1 <= size <= MAX_LENGTH:
        raise Unclear("this is not a dimension of the givens")
    return int(size)


RULES: Rules = {Function: _function}
