"""The functions and the letters that every derivation has: log, softmax, trace, I, δ_ij, e_j, N(x|μ,Σ)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from app.checker import expectations
from app.checker.arithmetic import condition_side
from app.checker.entries import Entry, Param, letter_of
from app.checker.failures import Misfit, Unclear
from app.checker.sampling import DRAWS
from app.checker.scope import UnknownName
from app.checker.tree import (
    Arbitrary,
    At,
    Call,
    Derivative,
    Differential,
    Function,
    Indicator,
    ListOf,
    Name,
    Node,
    Number,
    Sub,
    Transpose,
    walk,
)
from app.checker.values import DRAW, Array, Value, aligned, in_words, multiply, number

if TYPE_CHECKING:
    from app.checker.evaluate import Evaluator

MAX_LENGTH = 64


def _log(data: Array) -> Array:
    with np.errstate(all="ignore"):
        if np.iscomplexobj(data):
            result: Array = np.where(np.real(data) > 0, np.log(data), np.nan)
            return result
        return np.log(data)


def _exp(data: Array) -> Array:
    with np.errstate(all="ignore"):
        result: Array = np.exp(data)
        return result


def _sqrt(data: Array) -> Array:
    with np.errstate(all="ignore"):
        result: Array = np.sqrt(data)
        return result


def _logistic(data: Array) -> Array:
    return 1 / (1 + _exp(-data))


def _relu(data: Array) -> Array:
    return data * (np.real(data) > 0)


ENTRYWISE: dict[str, Callable[[Array], Array]] = {
    "log": _log,
    "exp": _exp,
    "sqrt": _sqrt,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "tanh": np.tanh,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "arctan": np.arctan,
    "sigmoid": _logistic,
    "ReLU": _relu,
    "softplus": lambda data: _log(1 + _exp(data)),
    "sign": lambda data: np.sign(np.real(data)),
    "abs": lambda data: data * np.sign(np.real(data)),
    "logit": lambda data: _log(data) - _log(1 - data),
}


def _function(evaluator: Evaluator, node: Function) -> Value:
    if node.primes:
        return _slope(evaluator, node)
    if node.name in ("diag", "softmax") and isinstance(node.body, ListOf) and node.name == "diag":
        return _diag(evaluator.value(ListOf(node.body.items, ";")))
    if node.name == "Re":
        return _real_part(evaluator, node)
    value = evaluator.value(node.body)
    if node.name == "softmax" and node.subs and value.is_number:
        return _softmax_over(evaluator, value, node.subs[0].node)
    if node.name == "log" and node.subs:
        base = evaluator.value(node.subs[0].node)
        axes, (a, b) = aligned([value, base])
        return Value(_log(a) / np.log(b), axes)
    if node.name == "exp" and value.shape[0] == value.shape[1] > 1:
        evaluator.met.add("matrix exponential")
        if "matrix exponential" in evaluator.choices:
            return _matrix_exponential(value)
    if node.name in ENTRYWISE:
        if value.identity:
            raise Unclear("a function of the identity matrix, entry by entry")
        return value.map(ENTRYWISE[node.name])
    special = _MATRIX_FUNCTIONS.get(node.name)
    if special is None:
        raise Unclear(f"{node.name} is outside of what is checked")
    return special(value)


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


def _slope(evaluator: Evaluator, node: Function) -> Value:
    """The derivative of an entrywise function, by a complex step."""
    function = ENTRYWISE.get(node.name)
    value = evaluator.value(node.body)
    if function is None or node.primes > 1 or np.iscomplexobj(value.data):
        raise Unclear("this derivative")
    return value.map(lambda data: np.imag(function(data + 1e-20j)) / 1e-20)


def _real_part(evaluator: Evaluator, node: Function) -> Value:
    """With i as the imaginary unit, where i is nothing else."""
    if evaluator.is_complex or evaluator.variable("i") is not None:
        raise Unclear("complex numbers inside a derivative or a sum over i")
    inner = evaluator.child(locals_={"i": Value(np.full((1, 1), 1j))})
    return inner.value(node.body).map(np.real)


def _softmax_over(evaluator: Evaluator, value: Value, index: Node) -> Value:
    """`\\mathrm{softmax}_j(S_{ij})`: normalised over j."""
    letter = letter_of(index)
    variable = evaluator.variable(letter) if letter is not None else None
    if variable is None or variable.axis not in value.axes:
        raise Unclear("a softmax over an index that does not stand in it")
    place = value.axes.index(variable.axis)
    powers = _exp(value.data)
    return Value(powers / powers.sum(axis=place, keepdims=True), value.axes)


def _softmax(value: Value) -> Value:
    """Over a vector; over each row of a matrix."""
    dimension = -2 if value.shape[1] == 1 else -1
    if value.is_number:
        raise Unclear("softmax of a single number")
    peak = np.real(value.data).max(axis=dimension, keepdims=True)
    powers = _exp(value.data - np.where(np.isfinite(peak), peak, 0.0))
    return Value(powers / powers.sum(axis=dimension, keepdims=True), value.axes)


def _logsumexp(value: Value) -> Value:
    dimension = -2 if value.shape[1] == 1 else -1
    return Value(_log(_exp(value.data).sum(axis=dimension, keepdims=True)), value.axes)


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
    return Value(np.linalg.matrix_rank(value.data)[..., None, None].astype(float), value.axes)


def _pinv(value: Value) -> Value:
    if np.iscomplexobj(value.data):
        raise Unclear("a derivative through a pseudoinverse")
    return Value(np.linalg.pinv(value.data), value.axes)


def _vec(value: Value) -> Value:
    data = np.swapaxes(value.data, -1, -2)
    return Value(data.reshape(*data.shape[:-2], -1, 1), value.axes)


_MATRIX_FUNCTIONS: dict[str, Callable[[Value], Value]] = {
    "softmax": _softmax,
    "logsumexp": _logsumexp,
    "det": _det,
    "tr": _trace,
    "diag": _diag,
    "rank": _rank,
    "pinv": _pinv,
    "vec": _vec,
}


# --- letters with a fixed meaning ----------------------------------------------------------------


def special_name(evaluator: Evaluator, node: Name) -> Value | None:
    """π, e, I, the ones vector, δ_ij, e_j; None for any other name."""
    if node.sup or node.primes:
        return None
    if node.base == "pi" and not node.subs:
        return number(np.pi)
    if node.base == "e" and not node.subs:
        return number(np.e)
    if node.base in ("I", "bb I"):
        return _identity(evaluator, node)
    if node.base in ("ones", "bb 1"):
        return _ones(evaluator, node)
    if node.base == "delta" and len(node.subs) == 2:
        return _kronecker(evaluator, node)
    if node.base == "e" and len(node.subs) == 1:
        raise Unclear("unit vectors: write the component instead")
    return None


def _identity(evaluator: Evaluator, node: Name) -> Value:
    if len(node.subs) == 2:
        return _kronecker(evaluator, node)
    if node.subs:
        return Value(np.eye(length_of(evaluator, node.subs[0].node)))
    return Value(np.ones((1, 1)), identity=True)


def length_of(evaluator: Evaluator, node: Node) -> int:
    size = float(np.real(evaluator.value(node).data.flat[0]))
    if not 1 <= size <= MAX_LENGTH:
        raise Unclear("this is not a dimension of the givens")
    return int(size)


def _ones(evaluator: Evaluator, node: Name) -> Value:
    if node.subs:
        return Value(np.ones((length_of(evaluator, node.subs[0].node), 1)))
    return Value(np.ones((1, 1)), literal=True, ones="column")


def _kronecker(evaluator: Evaluator, node: Name) -> Value:
    left, right = (condition_side(evaluator, sub.node) for sub in node.subs)
    axes, (a, b) = aligned([left, right])
    return Value((np.real(a) == np.real(b)).astype(float), axes)


# --- calls of what the givens do not define ------------------------------------------------------


def builtin_call(evaluator: Evaluator, node: Call) -> Value:
    name = node.name
    if name.base in ("cal N", "N") and len(node.args) == 3 and not name.subs:
        return _gaussian(*(evaluator.value(arg) for arg in node.args))
    if name.base in ("H", "bb H", "cal H") and not node.marks[1:]:
        if len(node.args) == 1 and not evaluator.is_known_number("H"):
            return expectations.entropy(evaluator, node.args[0])
        if len(node.args) == 2 and node.marks == (",",):
            return expectations.cross_entropy(evaluator, *node.args)
    if name.base.lower() in ("concat", "concatenate", "cat", "hstack"):
        return evaluator.value(ListOf(node.args))
    if name.base == "sigma" and len(node.args) == 1 and not evaluator._is_entry("sigma"):
        return evaluator.value(node.args[0]).map(_logistic)
    if len(node.args) == 1 and not node.marks:
        plain = evaluator.find(name)
        if plain is not None:
            return multiply(evaluator.matched(plain), evaluator.value(node.args[0]))
    raise UnknownName(name)


def _gaussian(x: Value, mean: Value, covariance: Value) -> Value:
    """The density of a Gaussian, for numbers and for vectors."""
    axes, (a, b, c) = aligned([x, mean, covariance])
    if a.shape[-2:] != b.shape[-2:] or a.shape[-1] != 1 or c.shape[-1] != a.shape[-2]:
        raise Misfit(f"a Gaussian of {in_words(x)} with mean {in_words(mean)}")
    gap = a - b
    solved = np.linalg.inv(c) @ gap
    quadratic = (gap * solved).sum(axis=(-1, -2), keepdims=True)
    volume = np.linalg.det(2 * np.pi * c)[..., None, None]
    return Value(_exp(-quadratic / 2) / np.sqrt(volume), axes)


def derivative_of_call(evaluator: Evaluator, node: Call) -> Value | None:
    """`\\sigma'(z)` and `\\ell'(t)`: the slope of a function of one number, entry by entry."""
    name = replace(node.name, primes=0)
    if len(node.args) != 1 or node.name.primes > 2:
        return None
    if evaluator.find(node.name, node.args, node.marks) is not None:
        return None
    match = evaluator.find(name, node.args, node.marks)
    if match is not None and not match.entry.params and isinstance(node.args[0], Name):
        # `L'(p)` is the slope of L in p.
        return evaluator.value(Derivative((node.args[0],) * node.name.primes, name))
    param = match.entry.params[0] if match is not None and match.entry.params else None
    if param is not None and letter_of(node.args[0]) == param.name in evaluator.world.entries:
        # `L'(w)`: the variable that the givens name.
        return evaluator.value(Derivative((node.args[0],) * node.name.primes, name))
    known = match is not None and match.entry.params and match.entry.params[0].kind == "value"
    if not known and name.base != "sigma":
        return None
    at = evaluator.value(node.args[0])
    if node.name.primes == 2:
        step = 1e-3
        forward, back = (
            _slope_at(evaluator, name, Value(at.data + shift, at.axes)) for shift in (step, -step)
        )
        far, near = (
            _slope_at(evaluator, name, Value(at.data + shift, at.axes))
            for shift in (2 * step, -2 * step)
        )
        axes, (f, b, ff, bb) = aligned([forward, back, far, near])
        return Value((8 * (f - b) - (ff - bb)) / (12 * step), axes)
    return _slope_at(evaluator, name, at)


def _slope_at(evaluator: Evaluator, name: Name, at: Value) -> Value:
    if np.iscomplexobj(at.data):
        step = 1e-2
        total: Value | None = None
        for shift, weight in ((1, 0.75), (2, -0.15), (3, 1 / 60)):
            for side in (1, -1):
                moved = _applied(evaluator, name, Value(at.data + side * shift * step, at.axes))
                part = moved.data * (side * weight / step)
                total = Value(part if total is None else total.data + part, moved.axes)
        assert total is not None
        return total
    moved = _applied(evaluator, name, Value(at.data + 1e-20j, at.axes))
    return Value(np.imag(moved.data) / 1e-20, moved.axes)


def _applied(evaluator: Evaluator, name: Name, at: Value) -> Value:
    inner = evaluator.child(locals_={"·argument": at})
    return inner.value(Call(name, (Name("·argument"),)))


# --- names handed over ---------------------------------------------------------------------------


def with_names(node: Node, new: dict[str, Node]) -> Node:
    """The tree with functions replaced by others, all at once: p by q and q by p in H(q, p)."""
    if isinstance(node, Name) and node.base in new and not node.subs and not node.primes:
        return new[node.base]
    changed: dict[str, Any] = {}
    for one in fields(node):
        if one.name == "span":
            continue
        before = getattr(node, one.name)
        after = _replaced(before, new)
        if after is not before:
            changed[one.name] = after
    return replace(node, **changed) if changed else node


def _replaced(value: Any, new: dict[str, Node]) -> Any:
    if isinstance(value, Sub):
        return value
    if isinstance(value, Name) and value.base in new and not value.subs:
        given = new[value.base]
        return given.name if isinstance(given, Call) else given
    if isinstance(value, Node):
        return with_names(value, new)
    if isinstance(value, tuple):
        items = tuple(_replaced(item, new) for item in value)
        return items if any(a is not b for a, b in zip(items, value, strict=True)) else value
    return value


def parameter_overrides(evaluator: Evaluator, parameter: str, given: Node) -> dict[int, Value]:
    """What takes the place of θ, or of the parts of θ = (π, μ, Σ)."""
    entry: Entry = evaluator.world.entries[parameter][0]
    parts = evaluator.world.parts_of(entry)
    if parts is None:
        return {entry.number: evaluator.value(given)}
    if not isinstance(given, Name):
        raise Unclear("this parameter")
    match = evaluator.find(given)
    if match is None:
        raise UnknownName(given)
    new_parts = evaluator.world.parts_of(match.entry)
    if new_parts is None or len(new_parts) != len(parts):
        raise Unclear("a parameter with other parts")
    overrides = {}
    for old, new in zip(parts, new_parts, strict=True):
        target, source = evaluator.find(old), evaluator.find(new)
        if target is None or source is None:
            raise Unclear("a part of the parameter that is not known")
        overrides[target.entry.number] = evaluator.table(source.entry)
    return overrides


def opaque_fits(param: Param, item: Node, pattern: Node | None) -> bool:
    """S, S_v, Y or A as an argument: the word has to be the same."""
    if not isinstance(item, Name) or not isinstance(pattern, Name):
        return False
    if item.base != pattern.base or item.sup != pattern.sup or item.primes != pattern.primes:
        return False
    if len(item.subs) != len(pattern.subs):
        return False
    return bool(param.name) or all(
        a.text == b.text for a, b in zip(item.subs, pattern.subs, strict=True)
    )


def _at(evaluator: Evaluator, node: At) -> Value:
    """`f|_{w = v}`: f with v in the place of w."""
    overrides = {}
    for chain in node.conditions:
        if len(chain.sides) != 2 or not isinstance(chain.sides[0], Name):
            raise Unclear("what is put in place is written w = …")
        match = evaluator.find(chain.sides[0])
        if match is None or match.entry.params:
            raise UnknownName(chain.sides[0])
        overrides[match.entry.number] = evaluator.value(chain.sides[1])
    inner = evaluator.child(overrides=overrides)
    return inner.value(node.body)


def _differential(evaluator: Evaluator, node: Differential) -> Value:
    """`dL` beside `dw`: the change of a name when the variables of the line change a little."""
    match = evaluator.find(node.name)
    if match is None:
        raise UnknownName(node.name)
    if match.items or match.components or evaluator.is_complex:
        raise Unclear("this differential")
    if not match.entry.is_rule:
        return _direction(evaluator, match.entry)
    moving = [
        found.entry
        for one in evaluator.statement
        for part in walk(one)
        if isinstance(part, Differential)
        and (found := evaluator.find(part.name)) is not None
        and not found.entry.is_rule
    ]
    if not moving:
        raise Unclear("a differential without dw: which variable changes?")
    overrides = {}
    for entry in moving:
        base = evaluator.bare(entry)
        overrides[entry.number] = Value(
            base.data + 1e-20j * _direction(evaluator, entry).data, base.axes
        )
    inner = evaluator.child(overrides=overrides)
    inner.is_complex = True
    return inner.value(node.name).map(lambda data: np.imag(data) / 1e-20)


def _direction(evaluator: Evaluator, entry: Entry) -> Value:
    base = evaluator.bare(entry)
    rng = np.random.default_rng(entry.number)
    return Value(rng.normal(size=base.data.shape), base.axes)


def _arbitrary(evaluator: Evaluator, node: Arbitrary) -> Value:
    sizes = [length_of(evaluator, dim) for dim in node.power]
    rows, columns = [*sizes, 1, 1][:2]
    rng = np.random.default_rng([rows, columns, 11])
    return Value(rng.normal(size=(DRAWS, rows, columns)), (DRAW,))


EVALUATORS: dict[type[Node], Callable[[Any, Any], Value]] = {
    Function: _function,
    At: _at,
    Differential: _differential,
    Arbitrary: _arbitrary,
}

__all__ = ["EVALUATORS", "Indicator", "Number", "Transpose", "letter_of"]
