"""Sums, products, quotients, norms and conditions into values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from app.checker.computing.bindings import Environment
from app.checker.computing.frame import Rules
from app.checker.computing.matrices import listed
from app.checker.computing.units import size_beside, size_in_product
from app.checker.failures import Misfit, Unclear
from app.checker.reading.tree import (
    Add,
    Bars,
    Cases,
    Chain,
    Divide,
    Dots,
    Indicator,
    Inner,
    Name,
    Negate,
    Node,
    Norm,
    Number,
    Placeholder,
    Product,
    Transpose,
)
from app.checker.world.entries import letter_of, name_of_letter
from app.checker.world.values import (
    UNSIZED,
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


def _add(env: Environment, node: Add) -> Value:
    if any(isinstance(term, Dots) for term in node.terms):
        return _sum_with_dots(env, node)
    try:
        total = env.value(node.terms[0])
        for term in node.terms[1:]:
            total = add(total, env.value(term))
    except Unclear as unclear:
        size = 0 if env.unit_size else size_beside(env, node.terms, unclear)
        if not size:
            raise
        return env.sized(size).value(node)
    return total


def _negate(env: Environment, node: Negate) -> Value:
    value = env.value(node.body)
    return Value(-value.data, value.axes, value.literal, value.identity, value.ones)


def _product(env: Environment, node: Product) -> Value:
    last = node.factors[-1]
    index = _index_of_unit_vector(env, last) if node.op == "" and len(node.factors) > 1 else None
    if index is not None:
        # A matrix times e_j is its column j.
        before = _product(env, Product(node.factors[:-1]))
        if before.shape[1] > 1:
            return env.component(before, (Placeholder(), index))
    total, *values = (
        number(np.pi) if _is_circle(node, place) else _factor(env, node, place)
        for place in range(len(node.factors))
    )
    for value in values:
        is_vector = 1 in total.shape and not total.is_number
        if node.op == "odot":
            total = hadamard(total, value)
        elif node.op == "cdot" and total.shape == value.shape and is_vector:
            total = _dot(total, value)
        else:
            total = multiply(total, value)
    return total


def _factor(env: Environment, node: Product, place: int) -> Value:
    size = 0 if env.unit_size else size_in_product(env, node.factors, place)
    return (env.sized(size) if size else env).value(node.factors[place])


def _index_of_unit_vector(env: Environment, node: Node) -> Node | None:
    """The j of e_j."""
    match node:
        case Name(base="e", subs=(sub,), sup="") if not env.is_known_number("e"):
            return sub.node
    return None


def _dot(left: Value, right: Value) -> Value:
    axes, (a, b) = aligned([left, right])
    return Value((a * b).sum(axis=(-1, -2), keepdims=True), axes)


def _sum_with_dots(env: Environment, node: Add) -> Value:
    """`s_{k+1}^2 + \\dots + s_d^2`"""
    total: Value | None = None
    terms = list(node.terms)
    while terms:
        term = terms.pop(0)
        if terms and isinstance(terms[0], Dots):
            if len(terms) < 2:
                raise Unclear("dots without an end")
            values = listed(env, (term, terms[0], terms[1]))
            terms = terms[2:]
        else:
            values = [env.value(term)]
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


def _divide(env: Environment, node: Divide) -> Value:
    return divide(env.value(node.top), env.value(node.bottom))


def _transpose(env: Environment, node: Transpose) -> Value:
    value = env.value(node.base)
    part = node.base
    if isinstance(part, Name) and value.shape == (1, 1) and env.is_part_of_argument(part):
        # `f(x) := \sum_i x_i^\top x` means the rows of X: nobody transposes a number.
        raise Unclear(f"an index on the argument {part.base}, which could pick a row as well")
    return transpose(value)


def _norm(env: Environment, node: Norm) -> Value:
    value = env.value(node.body)
    if value.identity:
        raise Unclear("the norm of an identity whose size is not known")
    if value.ones:
        raise Unclear(UNSIZED)
    if node.kind in ("", "2", "F", "Fro", "fro"):
        if node.kind == "2" and min(value.shape) > 1:
            return _spectral_norm(value)
        return _length(value)
    if node.kind == "1" and min(value.shape) == 1:
        return Value(_absolute(value.data).sum(axis=(-1, -2), keepdims=True), value.axes)
    if node.kind in ("infty", "inf"):
        return Value(_absolute(value.data).max(axis=(-1, -2), keepdims=True), value.axes)
    raise Unclear(f"the norm with the mark {node.kind}")


def _spectral_norm(value: Value) -> Value:
    if np.iscomplexobj(value.data):
        raise Unclear("a derivative through a spectral norm")
    largest = np.linalg.norm(value.data, ord=2, axis=(-2, -1), keepdims=True)
    return Value(largest, value.axes)


def _length(value: Value) -> Value:
    # Without conjugation: a complex step needs an analytic function.
    squares = (value.data * value.data).sum(axis=(-1, -2), keepdims=True)
    return Value(np.sqrt(squares), value.axes)


def _absolute(data: Array) -> Array:
    result: Array = data * np.sign(np.real(data))
    return result


def _bars(env: Environment, node: Bars) -> Value:
    cardinality = env.world.cardinality_of(node.body)
    match = env.find(cardinality) if cardinality is not None else None
    if match is not None:
        return env.matched(match)
    if isinstance(node.body, Name) and (letter := letter_of(node.body)) is not None:
        size = env.world.set_sizes.get(letter)
        if size is not None:
            return number(env.instance.size(size), literal=False)
    value = env.value(node.body)
    if value.is_number:
        return value.map(_absolute)
    if value.shape[0] == value.shape[1]:
        return Value(np.linalg.det(value.data)[..., None, None], value.axes)
    if value.shape[1] == 1:
        return _length(value)
    raise Misfit(f"{in_words(value)} has no determinant")


def _inner(env: Environment, node: Inner) -> Value:
    left, right = env.value(node.left), env.value(node.right)
    if left.ones and right.ones:
        raise Unclear(UNSIZED)
    if left.ones or right.ones:
        return multiply(transpose(left), right)
    if left.shape != right.shape:
        raise Misfit(f"{in_words(left)} and {in_words(right)} have no inner product")
    return _dot(left, right)


# --- conditions ----------------------------------------------------------------------------------


def condition(env: Environment, chain: Chain) -> Value:
    """True or false for every point of the axes, as a boolean value."""
    result: Value | None = None
    for left, right, relation in zip(chain.sides, chain.sides[1:], chain.relations, strict=False):
        one = _compared(env, left, right, relation)
        if result is None:
            result = one
        else:
            axes, (a, b) = aligned([result, one])
            result = Value(a & b, axes)
    if result is None:
        raise Unclear("a condition that compares nothing")
    return result


_COMPARISONS: dict[str, Callable[[Array, Array], Any]] = {
    "=": lambda a, b: np.isclose(np.real(a), np.real(b)),
    "!=": lambda a, b: ~np.isclose(np.real(a), np.real(b)),
    # What is equal up to rounding is not less: multipliers and margins are computed.
    "<": lambda a, b: np.real(a) < np.real(b) - 1e-9,
    ">": lambda a, b: np.real(a) > np.real(b) + 1e-9,
    "<=": lambda a, b: np.real(a) <= np.real(b) + 1e-9,
    ">=": lambda a, b: np.real(a) >= np.real(b) - 1e-9,
}


def _compared(env: Environment, left: Node, right: Node, relation: str) -> Value:
    compare = _COMPARISONS.get(relation)
    if compare is None:
        raise Unclear("this condition")
    one, other = condition_side(env, left), condition_side(env, right)
    if one.shape != other.shape and not (one.is_number or other.is_number):
        raise Misfit(f"left is {in_words(one)}, right is {in_words(other)}")
    axes, (a, b) = aligned([one, other])
    return Value(compare(a, b).all(axis=(-1, -2), keepdims=True), axes)


def condition_side(env: Environment, node: Node) -> Value:
    """In a condition a letter is the number of its index, and y_w is its place."""
    if isinstance(node, Name):
        element = env.element(node)
        if element is not None:
            return element.map(lambda data: data + 1.0)
        letter = letter_of(node)
        if letter is not None:
            variable = env.variable(letter)
            if variable is None and _is_index(env, letter):
                # Where nothing says how far an index runs, any range will do.
                size = env.size_of_letter(letter, env.statement) or 3
                variable = env.free(letter, size)
            if variable is not None:
                return variable.as_number
    return env.value(node)


def _is_index(env: Environment, letter: str) -> bool:
    """Whether a letter in a condition is an index. That of a vector, such as the key k, is one
    where it points into something."""
    if not env.is_known_number(letter):
        return True
    points = env.size_of_letter(letter, env.statement) is not None
    return points and env.is_entry(letter) and not env.value(name_of_letter(letter)).is_number


def _indicator(env: Environment, node: Indicator) -> Value:
    return condition(env, node.condition).map(lambda data: data.astype(float))


def _cases(env: Environment, node: Cases) -> Value:
    """The first case whose condition is true; one without a condition is "otherwise"."""
    result: Value | None = None
    for case in reversed(node.rows):
        value = env.value(case.value)
        if case.condition is None:
            result = value if result is None else result
            continue
        where = condition(env, case.condition)
        if result is None:
            # What no case covers is undefined.
            result = Value(np.full_like(value.data, np.nan), value.axes)
        if value.shape != result.shape and not (value.is_number or result.is_number):
            raise Misfit(f"the cases are {in_words(value)} and {in_words(result)}")
        axes, (mask, yes, no) = aligned([where, value, result])
        result = Value(np.where(mask, yes, no), axes)
    if result is None:
        raise Unclear("cases without a case")
    return result


def _dots(_: Environment, __: Dots) -> Value:
    raise Unclear("dots: write the sum or the product with its index")


RULES: Rules = {
    Add: _add,
    Negate: _negate,
    Product: _product,
    Divide: _divide,
    Transpose: _transpose,
    Norm: _norm,
    Bars: _bars,
    Inner: _inner,
    Cases: _cases,
    Indicator: _indicator,
    Dots: _dots,
}
