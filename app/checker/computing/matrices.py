r"""Matrices and lists: blocks beside and above each other, and dots that are filled in.

Dots stand for what counts up between their two sides: in `[v_1, \dots, v_k]` the subscript.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np

from app.checker.computing.bindings import Environment
from app.checker.computing.frame import Rules
from app.checker.failures import Misfit, Unclear
from app.checker.reading.tree import Dots, ListOf, Matrix, Node, Number, Sub, walk
from app.checker.world.values import Value, aligned, repeated

MAX_ITEMS = 64
# The reading in which wide blocks with `;` between them stand above each other.
ABOVE = "blocks above each other"
UNSIZED_ZEROS = "a block of zeros whose size is not known"


def _matrix(env: Environment, node: Matrix) -> Value:
    if any(isinstance(item, Dots) for row in node.rows for item in row):
        if len(node.rows) == 1:
            return _beside(listed(env, node.rows[0]))
        if all(len(row) == 1 for row in node.rows):
            return _above(listed(env, tuple(row[0] for row in node.rows)))
        raise Unclear("a matrix with dots: write it with indices")
    rows = _with_blocks_of_zeros([[env.value(item) for item in row] for row in node.rows])
    return _above([_beside(row) for row in rows])


def _with_blocks_of_zeros(rows: list[list[Value]]) -> list[list[Value]]:
    """A 0 among blocks is as high as its row and as wide as its column. Raises Unclear where no
    other block says how much that is."""
    values = [one for row in rows for one in row]
    if len({len(row) for row in rows}) > 1 or all(one.is_number for one in values):
        return rows
    heights, widths = _sizes(rows)
    return [
        [
            _zeros(height, width) if _is_zero(one) else one
            for one, width in zip(row, widths, strict=True)
        ]
        for row, height in zip(rows, heights, strict=True)
    ]


def _sizes(rows: list[list[Value]]) -> tuple[list[int], list[int]]:
    """Of the rows and the columns, 0 where nothing says it: an I is as high as it is wide."""
    heights = [{one.shape[0] for one in row if _has_size(one)} for row in rows]
    widths = [
        {one.shape[1] for one in column if _has_size(one)} for column in zip(*rows, strict=True)
    ]
    for _ in rows:
        for row, height in zip(rows, heights, strict=True):
            for one, width in zip(row, widths, strict=True):
                if one.identity:
                    height |= width
                    width |= height
    return [_only(one) for one in heights], [_only(one) for one in widths]


def _zeros(height: int, width: int) -> Value:
    if not height * width:
        raise Unclear(UNSIZED_ZEROS)
    return Value(np.zeros((height, width)))


def _only(sizes: set[int]) -> int:
    return sizes.pop() if len(sizes) == 1 else 0


def _has_size(value: Value) -> bool:
    return not (value.identity or value.ones or _is_zero(value))


def _is_zero(value: Value) -> bool:
    return value.literal and not np.any(value.data)


def _beside(values: list[Value]) -> Value:
    if any(value.identity for value in values):
        height = max(value.shape[0] for value in values)
        values = [
            Value(value.data * np.eye(height), value.axes) if value.identity else value
            for value in values
        ]
    height = max(value.shape[0] for value in values)
    values = [repeated(one, height, 1) if one.ones == "column" else one for one in values]
    return _joined(values, -1)


def _above(values: list[Value]) -> Value:
    width = max(value.shape[1] for value in values)
    values = [repeated(one, 1, width) if one.ones == "row" else one for one in values]
    return _joined(values, -2)


def _joined(values: list[Value], dimension: int) -> Value:
    if len(values) == 1:
        return values[0]
    other = -1 if dimension == -2 else -2
    if len({value.data.shape[other] for value in values}) > 1:
        if any(_is_zero(value) for value in values):
            raise Unclear(UNSIZED_ZEROS)
        raise Misfit("blocks of different sizes stand side by side")
    axes, arrays = aligned(values)
    shape = np.broadcast_shapes(*(array.shape[:-2] for array in arrays))
    full = [np.broadcast_to(array, (*shape, *array.shape[-2:])) for array in arrays]
    return Value(np.concatenate(full, axis=dimension), axes)


def _list(env: Environment, node: ListOf) -> Value:
    """`[v_1, \\dots, v_k]` beside each other; rows that are separated by `;` above each other, and
    perhaps blocks that are wider than high."""
    values = listed(env, node.items)
    if node.mark == ";":
        if all(value.shape[1] == 1 for value in values):
            return _above(values)
        if all(value.shape[1] > value.shape[0] for value in values):
            env.met.add(ABOVE)
            if ABOVE in env.choices:
                return _above(values)
    return _beside(values)


def listed(env: Environment, items: tuple[Node, ...]) -> list[Value]:
    """The values of a list; dots are filled in between what stands on their two sides."""
    if not any(isinstance(item, Dots) for item in items):
        return [env.value(item) for item in items]
    place = next(at for at, item in enumerate(items) if isinstance(item, Dots))
    if place == 0 or place != len(items) - 2:
        raise Unclear("dots in an unusual place")
    first, last = items[0], items[-1]
    low, high = _bounds(env, first, last)
    if high - low > MAX_ITEMS:
        raise Unclear("it would take too much work to compute")
    if high < low:
        raise Unclear("dots that count down")
    return [env.value(_counted(first, last, count)) for count in range(low, high + 1)]


def _bounds(env: Environment, first: Node, last: Node) -> tuple[int, int]:
    for one, two in zip(walk(first), walk(last), strict=False):
        if isinstance(one, Sub) and isinstance(two, Sub) and one.text != two.text:
            ends = [float(np.real(env.value(sub.node).data.flat[0])) for sub in (one, two)]
            if not np.isfinite(ends).all():
                raise Unclear("dots without an end")
            return int(ends[0]), int(ends[1])
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


RULES: Rules = {Matrix: _matrix, ListOf: _list}
