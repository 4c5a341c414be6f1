"""Sums, products, powers, norms, matrices and conditions into values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from app.checker.entries import letter_of
from app.checker.failures import Misfit, Unclear
from app.checker.tree import (
    Add,
    Bars,
    Cases,
    Chain,
    Divide,
    Dots,
    Indicator,
    Inner,
    ListOf,
    Matrix,
    Name,
    Negate,
    Node,
    Norm,
    Number,
    Placeholder,
    Power,
    Product,
    Sub,
    Transpose,
    walk,
)
from app.checker.values import (
    Array,
    Value,
    add,
    aligned,
    divide,
    hadamard,
    in_words,
    multiply,
    number,
    transpose,
)

if TYPE_CHECKING:
    from app.checker.evaluate import Evaluator


def _add(evaluator: Evaluator, node: Add) -> Value:
    if any(isinstance(term, Dots) for term in node.terms):
        return _sum_with_dots(evaluator, node)
    total = evaluator.value(node.terms[0])
    for term in node.terms[1:]:
        total = add(total, evaluator.value(term))
    return total


def _negate(evaluator: Evaluator, node: Negate) -> Value:
    value = evaluator.value(node.body)
    return Value(-value.data, value.axes, value.literal, value.identity)


def _product(evaluator: Evaluator, node: Product) -> Value:
    last = node.factors[-1]
    if node.op == "" and len(node.factors) > 1 and _is_unit_vector(evaluator, last):
        # A matrix times e_j is its column j.
        before = _product(evaluator, Product(node.factors[:-1]))
        if before.shape[1] > 1:
            return evaluator._component(before, (Placeholder(), last.subs[0].node))
    values = [
        number(np.pi) if _is_circle(node, place) else evaluator.value(factor)
        for place, factor in enumerate(node.factors)
    ]
    if node.op == "odot":
        total = values[0]
        for value in values[1:]:
            total = hadamard(total, value)
        return total
    total = values[0]
    for value in values[1:]:
        if (
            node.op == "cdot"
            and total.shape == value.shape
            and total.shape[1] == 1 < total.shape[0]
        ):
            total = _dot(total, value)
        else:
            total = multiply(total, value)
    return total


def _is_unit_vector(evaluator: Evaluator, node: Node) -> bool:
    return (
        isinstance(node, Name)
        and node.base == "e"
        and len(node.subs) == 1
        and not node.sup
        and not evaluator.is_known_number("e")
    )


def _dot(left: Value, right: Value) -> Value:
    axes, (a, b) = aligned([left, right])
    return Value((a * b).sum(axis=(-1, -2), keepdims=True), axes)


def _sum_with_dots(evaluator: Evaluator, node: Add) -> Value:
    """`s_{k+1}^2 + \\dots + s_d^2`"""
    total: Value | None = None
    terms = list(node.terms)
    while terms:
        term = terms.pop(0)
        if terms and isinstance(terms[0], Dots):
            if len(terms) < 2:
                raise Unclear("dots without an end")
            values = listed(evaluator, (term, terms[0], terms[1]))
            terms = terms[2:]
        else:
            values = [evaluator.value(term)]
        for value in values:
            total = value if total is None else add(total, value)
    assert total is not None
    return total


def _is_circle(node: Product, place: int) -> bool:
    """The π of 2π is the number, also where π_k are weights."""
    factor = node.factors[place]
    before = node.factors[place - 1] if place else None
    return (
        isinstance(factor, Name)
        and factor.base == "pi"
        and not factor.subs
        and not factor.sup
        and isinstance(before, Number)
        and before.value == 2
    )


def _divide(evaluator: Evaluator, node: Divide) -> Value:
    return divide(evaluator.value(node.top), evaluator.value(node.bottom))


def _transpose(evaluator: Evaluator, node: Transpose) -> Value:
    return transpose(evaluator.value(node.base))


def _power(evaluator: Evaluator, node: Power) -> Value:
    base = evaluator.value(node.base)
    exponent = evaluator.value(node.exponent)
    if not exponent.is_number:
        raise Misfit(f"{in_words(exponent)} stands as an exponent")
    if base.identity:
        return base
    if base.is_number:
        axes, (a, b) = aligned([base, exponent])
        return Value(power(a, b), axes, base.literal and exponent.literal)
    if not isinstance(node.exponent, Number) and not exponent.literal:
        return _whole_power(base, exponent)
    return _matrix_power(base, float(np.real(exponent.data.flat[0])))


def power(base: Array, exponent: Array) -> Array:
    """Whole exponents by multiplication, so that a complex step stays exact near zero."""
    if exponent.size == 1 and float(np.real(exponent.flat[0])) in (2.0, 3.0):
        result = base * base
        return result * base if float(np.real(exponent.flat[0])) == 3.0 else result
    if np.iscomplexobj(base) or np.iscomplexobj(exponent):
        return np.power(base, exponent)
    with np.errstate(all="ignore"):
        return np.power(np.asarray(base, dtype=float), exponent)


def _matrix_power(base: Value, exponent: float) -> Value:
    rows, columns = base.shape
    if rows != columns:
        what = "has no inverse" if exponent < 0 else "has no power"
        raise Misfit(f"{in_words(base)} {what}: it is not square")
    if exponent == -1:
        return Value(inverse(base.data), base.axes)
    if exponent in (0.5, -0.5):
        if np.iscomplexobj(base.data):
            raise Unclear("a derivative through a square root of a matrix")
        values, vectors = np.linalg.eigh(base.data)
        with np.errstate(all="ignore"):
            scaled = vectors * (values**exponent)[..., None, :]
        return Value(scaled @ np.swapaxes(vectors, -1, -2), base.axes)
    if exponent == int(exponent) and 0 < abs(exponent) <= 8:
        data = base.data if exponent > 0 else inverse(base.data)
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
    if np.abs(b - whole).max() > 1e-9 or np.abs(whole).max() > 64:
        raise Unclear("a matrix to the power of something that is not a whole number")
    result = np.empty(a.shape, dtype=a.dtype)
    for place in np.ndindex(*lead):
        result[place] = np.linalg.matrix_power(a[place], int(whole[place][0, 0]))
    return Value(result, axes)


def inverse(data: Array) -> Array:
    try:
        result: Array = np.linalg.inv(data)
    except np.linalg.LinAlgError as error:
        raise Misfit("a matrix that is singular has no inverse") from error
    real = np.real(data)
    scale = np.abs(real).max() * np.abs(np.real(result)).max()
    if scale > 1e13:
        raise Misfit("a matrix that is singular has no inverse")
    return result


def _norm(evaluator: Evaluator, node: Norm) -> Value:
    value = evaluator.value(node.body)
    if value.identity:
        raise Unclear("the norm of an identity whose size is not known")
    if node.kind in ("", "2", "F", "Fro") or (node.kind == "fro"):
        if node.kind in ("2",) and min(value.shape) > 1:
            raise Unclear("the spectral norm")
        # Without conjugation: a complex step needs an analytic function.
        squares = (value.data * value.data).sum(axis=(-1, -2), keepdims=True)
        return Value(np.sqrt(squares), value.axes)
    if node.kind == "1" and min(value.shape) == 1:
        return Value(_absolute(value.data).sum(axis=(-1, -2), keepdims=True), value.axes)
    if node.kind in ("infty", "inf"):
        return Value(_absolute(value.data).max(axis=(-1, -2), keepdims=True), value.axes)
    raise Unclear(f"the norm with the mark {node.kind}")


def _absolute(data: Array) -> Array:
    result: Array = data * np.sign(np.real(data))
    return result


def _bars(evaluator: Evaluator, node: Bars) -> Value:
    cardinality = evaluator.world.cardinality_of(node.body)
    if cardinality is not None:
        match = evaluator.find(cardinality)
        if match is not None:
            return evaluator.matched(match)
    if isinstance(node.body, Name) and (letter := letter_of(node.body)) is not None:
        size = evaluator.world.set_sizes.get(letter)
        if size is not None:
            return number(evaluator.instance.size(size), literal=False)
    value = evaluator.value(node.body)
    if value.is_number:
        return value.map(_absolute)
    if value.shape[0] == value.shape[1]:
        return Value(np.linalg.det(value.data)[..., None, None], value.axes)
    if value.shape[1] == 1:
        return Value(
            np.sqrt((value.data * value.data).sum(axis=(-1, -2), keepdims=True)), value.axes
        )
    raise Misfit(f"{in_words(value)} has no determinant")


def _inner(evaluator: Evaluator, node: Inner) -> Value:
    left, right = evaluator.value(node.left), evaluator.value(node.right)
    if left.shape != right.shape:
        raise Misfit(f"{in_words(left)} and {in_words(right)} have no inner product")
    axes, (a, b) = aligned([left, right])
    return Value((a * b).sum(axis=(-1, -2), keepdims=True), axes)


# --- matrices and lists --------------------------------------------------------------------------


def _matrix(evaluator: Evaluator, node: Matrix) -> Value:
    if any(isinstance(item, Dots) for row in node.rows for item in row):
        if len(node.rows) == 1:
            return _beside(listed(evaluator, node.rows[0]))
        raise Unclear("a matrix with dots: write it with indices")
    rows = [_beside([evaluator.value(item) for item in row]) for row in node.rows]
    return _above(rows)


def _beside(values: list[Value]) -> Value:
    if any(value.identity for value in values):
        height = max(value.shape[0] for value in values)
        values = [
            Value(value.data * np.eye(height), value.axes) if value.identity else value
            for value in values
        ]
    return _joined(values, -1)


def _above(values: list[Value]) -> Value:
    return _joined(values, -2)


def _joined(values: list[Value], dimension: int) -> Value:
    if len(values) == 1:
        return values[0]
    other = -1 if dimension == -2 else -2
    if len({value.data.shape[other] for value in values}) > 1:
        raise Misfit("blocks of different sizes stand side by side")
    axes, arrays = aligned(values)
    shape = np.broadcast_shapes(*(array.shape[:-2] for array in arrays))
    full = [np.broadcast_to(array, (*shape, *array.shape[-2:])) for array in arrays]
    return Value(np.concatenate(full, axis=dimension), axes)


def _list(evaluator: Evaluator, node: ListOf) -> Value:
    """`[v_1, \\dots, v_k]` beside each other; rows that are separated by `;` above each other."""
    values = listed(evaluator, node.items)
    widths = {value.shape[1] for value in values}
    if node.mark == ";" and widths == {1}:
        return _above(values)
    return _beside(values)


def listed(evaluator: Evaluator, items: tuple[Node, ...]) -> list[Value]:
    """The values of a list; dots are filled in between what stands on their two sides."""
    if not any(isinstance(item, Dots) for item in items):
        return [evaluator.value(item) for item in items]
    place = next(at for at, item in enumerate(items) if isinstance(item, Dots))
    if place == 0 or place != len(items) - 2:
        raise Unclear("dots in an unusual place")
    first, last = items[0], items[-1]
    low, high = _bounds(evaluator, first, last)
    if high - low > 64:
        raise Unclear("it would take too much work to compute")
    return [evaluator.value(_counted(first, last, count)) for count in range(low, high + 1)]


def _bounds(evaluator: Evaluator, first: Node, last: Node) -> tuple[int, int]:
    for one, two in zip(walk(first), walk(last), strict=False):
        if isinstance(one, Sub) and isinstance(two, Sub) and one.text != two.text:
            low, high = evaluator.value(one.node), evaluator.value(two.node)
            return int(np.real(low.data.flat[0])), int(np.real(high.data.flat[0]))
    raise Unclear("dots between things that do not count up")


def _counted(first: Any, last: Any, count: int) -> Any:
    """The item between `first` and `last` whose differing subscripts are `count`."""
    if isinstance(first, Sub) and isinstance(last, Sub):
        return first if first.text == last.text else Sub(Number(float(count)), str(count))
    if isinstance(first, tuple) and isinstance(last, tuple) and len(first) == len(last):
        return tuple(_counted(a, b, count) for a, b in zip(first, last, strict=True))
    if isinstance(first, Node) and type(first) is type(last):
        changed = {
            one.name: _counted(getattr(first, one.name), getattr(last, one.name), count)
            for one in fields(first)
            if one.name != "span"
        }
        return replace(first, **changed)
    if first == last:
        return first
    raise Unclear("dots between things that do not count up")


# --- conditions ----------------------------------------------------------------------------------


def condition(evaluator: Evaluator, chain: Chain) -> Value:
    """True or false for every point of the axes, as a boolean value."""
    result: Value | None = None
    for left, right, relation in zip(chain.sides, chain.sides[1:], chain.relations, strict=False):
        one = _compared(evaluator, left, right, relation)
        if result is None:
            result = one
        else:
            axes, (a, b) = aligned([result, one])
            result = Value(a & b, axes)
    if result is None:
        raise Unclear("a condition that compares nothing")
    return result


_COMPARISONS: dict[str, Callable[[Array, Array], Array]] = {
    "=": lambda a, b: np.isclose(np.real(a), np.real(b)),
    "!=": lambda a, b: ~np.isclose(np.real(a), np.real(b)),
    # What is equal up to rounding is not less: multipliers and margins are computed.
    "<": lambda a, b: np.real(a) < np.real(b) - 1e-9,
    ">": lambda a, b: np.real(a) > np.real(b) + 1e-9,
    "<=": lambda a, b: np.real(a) <= np.real(b) + 1e-9,
    ">=": lambda a, b: np.real(a) >= np.real(b) - 1e-9,
}


def _compared(evaluator: Evaluator, left: Node, right: Node, relation: str) -> Value:
    compare = _COMPARISONS.get(relation)
    if compare is None:
        raise Unclear("this condition")
    a, b = condition_side(evaluator, left), condition_side(evaluator, right)
    axes, (x, y) = aligned([a, b])
    data = compare(x, y)
    return Value(data.all(axis=(-1, -2), keepdims=True), axes)


def condition_side(evaluator: Evaluator, node: Node) -> Value:
    """In a condition a letter is the number of its index, and y_w is its place."""
    if isinstance(node, Name):
        element = evaluator._element(node)
        if element is not None:
            return element.map(lambda data: data + 1.0)
        letter = letter_of(node)
        if letter is not None:
            variable = evaluator.variable(letter)
            if variable is None and not evaluator.is_known_number(letter):
                # Where nothing says how far an index runs, any range will do.
                size = evaluator.size_of_letter(letter, evaluator.statement) or 3
                variable = evaluator.free(letter, size)
            if variable is not None:
                return Value((variable.places + 1.0).reshape(-1, 1, 1), (variable.axis,))
    return evaluator.value(node)


def _indicator(evaluator: Evaluator, node: Indicator) -> Value:
    return condition(evaluator, node.condition).map(lambda data: data.astype(float))


def _cases(evaluator: Evaluator, node: Cases) -> Value:
    """The first case whose condition is true; one without a condition is "otherwise"."""
    result: Value | None = None
    for case in reversed(node.rows):
        value = evaluator.value(case.value)
        if case.condition is None:
            result = value if result is None else result
            continue
        where = condition(evaluator, case.condition)
        if result is None:
            result = value
        axes, (mask, yes, no) = aligned([where, value, result])
        result = Value(np.where(mask, yes, no), axes)
    assert result is not None
    return result


def _dots(_: Evaluator, __: Dots) -> Value:
    raise Unclear("dots: write the sum or the product with its index")


EVALUATORS: dict[type[Node], Callable[[Any, Any], Value]] = {
    Add: _add,
    Negate: _negate,
    Product: _product,
    Divide: _divide,
    Transpose: _transpose,
    Power: _power,
    Norm: _norm,
    Bars: _bars,
    Inner: _inner,
    Matrix: _matrix,
    ListOf: _list,
    Cases: _cases,
    Indicator: _indicator,
    Dots: _dots,
}
