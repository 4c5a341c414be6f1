r"""Numbers with named axes.

A `Value` is a matrix (r × c; a vector is a column, a number is 1 × 1) for every point of its axes:
one axis for the random draws of the world, one for every free index, finite variable or random
variable in the formula. The array has the axes first and the matrix last. Adding `x_i` and `y_j`
gives a value on both axes; `\sum_i` takes one away. So a formula is evaluated once, for all
indices and all draws together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.checker.failures import Misfit, Unclear

Array = NDArray[Any]

# The axis of random draws. It is an axis like any other.
DRAW = "·"
MAX_ELEMENTS = 2_000_000
UNSIZED = "the length of this vector of ones is not known"
# A derivative is the imaginary part after a step in this direction, exact to rounding.
COMPLEX_STEP = 1e-20


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Value:
    """`data` has shape (*axes, r, c). A `literal` is a bare number, which spreads over a vector; an
    `identity` is a multiple of I whose size is not known yet."""

    data: Array
    axes: tuple[str, ...] = ()
    literal: bool = False
    identity: bool = False
    # Made with a vector of ones whose length is not known yet: as many rows as fit ("column"), as
    # many columns ("row") or both ("both") are like the one that is here. 1 itself is a literal.
    ones: str = ""

    @property
    def shape(self) -> tuple[int, int]:
        return self.data.shape[-2], self.data.shape[-1]

    @property
    def is_number(self) -> bool:
        return self.data.shape[-1] == 1 and self.data.shape[-2] == 1 and not self.identity

    def size_of(self, axis: str) -> int:
        return int(self.data.shape[self.axes.index(axis)])

    def map(self, function: Callable[[Array], Array]) -> Value:
        """Entry by entry."""
        return Value(function(self.data), self.axes, self.literal, ones=self.ones)

    @property
    def is_tall(self) -> bool:
        """How many rows it has is not known."""
        return self.ones in ("column", "both")

    @property
    def is_wide(self) -> bool:
        """How many columns it has is not known."""
        return self.ones in ("row", "both")


def number(value: float, *, literal: bool = True) -> Value:
    return Value(np.full((1, 1), float(value)), (), literal)


def aligned(values: Sequence[Value]) -> tuple[tuple[str, ...], list[Array]]:
    """The arrays with the axes of all, ready to broadcast; the matrices stay as they are."""
    first = values[0].axes
    lead = values[0].data.shape[:-2]
    if all(value.axes == first and value.data.shape[:-2] == lead for value in values):
        return first, [value.data for value in values]
    axes: list[str] = list(first)
    for value in values[1:]:
        axes.extend(axis for axis in value.axes if axis not in axes)
    sizes: dict[str, int] = {}
    for value in values:
        for axis, size in zip(value.axes, value.data.shape, strict=False):
            if sizes.setdefault(axis, size) != size:
                raise Misfit(f"the index {spoken(axis)} runs to {sizes[axis]} and to {size}")
    guard(sizes.values(), max(v.data.shape[-1] * v.data.shape[-2] for v in values))
    return tuple(axes), [_spread(value, axes) for value in values]


def guard(sizes: Iterable[int], inner: int = 1) -> None:
    """Raises Unclear for an array that would be too large."""
    total = inner
    for size in sizes:
        total *= size
    if total > MAX_ELEMENTS:
        raise Unclear("it would take too much work to compute")


def _spread(value: Value, axes: list[str]) -> Array:
    """Own axes in the order of `axes`, and length 1 for the others."""
    own = [axis for axis in axes if axis in value.axes]
    rank = len(value.axes)
    data = value.data
    order = [value.axes.index(axis) for axis in own]
    if order != list(range(rank)):
        data = data.transpose(*order, rank, rank + 1)
    shape = iter(data.shape)
    lengths = [next(shape) if axis in value.axes else 1 for axis in axes]
    return data.reshape(*lengths, *data.shape[-2:])


def expanded(value: Value, size: int) -> Value:
    """A multiple of I as a matrix of this size."""
    if not value.identity:
        return value
    return Value(value.data * np.eye(size), value.axes)


def fitted(left: Value, right: Value) -> tuple[Value, Value]:
    """Rows and columns that a vector of ones repeats, as many as the other value has. Raises
    Unclear."""
    if (left.ones and right.identity) or (left.identity and right.ones):
        raise Unclear(UNSIZED)
    return _repeated(left, right), _repeated(right, left)


def _repeated(value: Value, other: Value) -> Value:
    if not value.ones or (value.is_number and value.literal):
        return value
    rows = other.shape[0] if value.is_tall and not other.is_tall else 0
    columns = other.shape[1] if value.is_wide and not other.is_wide else 0
    if rows == 1 or columns == 1:
        if other.literal and other.is_number:
            return value
        # Nobody writes a vector of ones for a single one.
        raise Unclear(UNSIZED)
    still_tall, still_wide = (value.is_tall and other.is_tall, value.is_wide and other.is_wide)
    ones = _ones_of(tall=still_tall, wide=still_wide)
    return repeated(value, max(rows, 1), max(columns, 1), ones)


def repeated(value: Value, rows: int, columns: int, ones: str = "") -> Value:
    data = np.repeat(np.repeat(value.data, rows, axis=-2), columns, axis=-1)
    return Value(data, value.axes, ones=ones)


def _ones_of(*, tall: bool, wide: bool) -> str:
    if tall:
        return "both" if wide else "column"
    return "row" if wide else ""


def add(left: Value, right: Value) -> Value:
    left, right = fitted(left, right)
    if left.identity or right.identity:
        if left.identity and right.identity:
            axes, (a, b) = aligned([left, right])
            return Value(a + b, axes, identity=True)
        matrix = right if left.identity else left
        rows, columns = matrix.shape
        if rows != columns or matrix.is_number:
            if matrix.literal and matrix.is_number and not matrix.data.any():
                return left if left.identity else right
            raise Misfit(f"{in_words(matrix)} cannot be added to the identity")
        left, right = expanded(left, rows), expanded(right, rows)
    _check_sum(left, right)
    axes, (a, b) = aligned([left, right])
    ones = left.ones if left.ones == right.ones else _of_one(left, right)
    return Value(a + b, axes, left.literal and right.literal, ones=ones)


def _of_one(left: Value, right: Value) -> str:
    """A number that is added to every entry leaves open how many there are."""
    for one, other in ((left, right), (right, left)):
        if one.ones and not one.is_number and other.literal and other.is_number:
            return one.ones
    return ""


def _check_sum(left: Value, right: Value) -> None:
    if left.shape == right.shape or (left.literal and left.is_number):
        return
    if right.literal and right.is_number:
        return
    raise Misfit(f"{in_words(left)} and {in_words(right)} cannot be added")


def multiply(left: Value, right: Value) -> Value:
    """The ordinary product: of matrices where both are, else scaling."""
    if (left.ones or right.ones) and (product := _product_with_ones(left, right)) is not None:
        return product
    axes, (a, b) = aligned([left, right])
    literal = left.literal and right.literal
    if left.identity or right.identity:
        identity = (left.identity or left.is_number) and (right.identity or right.is_number)
        return Value(a * b, axes, identity=identity)
    if left.is_number or right.is_number:
        return Value(a * b, axes, literal)
    if left.shape[1] != right.shape[0]:
        raise Misfit(f"{in_words(left)} cannot be multiplied with {in_words(right)}")
    return Value(a @ b, axes)


def _product_with_ones(left: Value, right: Value) -> Value | None:
    """What a vector of ones repeats, it sums up where it meets a side of known length. None where
    the product is one like any other. Raises Unclear."""
    for one, other in ((left, right), (right, left)):
        if one.ones and (other.is_number or other.identity) and not other.ones:
            axes, (a, b) = aligned([left, right])
            return Value(a * b, axes, one.literal, ones=one.ones)
    if left.is_wide and right.is_tall:
        raise Unclear(UNSIZED)
    ones = _ones_of(tall=left.is_tall, wide=right.is_wide)
    literal = left.literal and right.literal and left.is_number and right.is_number
    if left.is_wide:
        left = repeated(left, 1, right.shape[0])
    elif right.is_tall:
        right = repeated(right, left.shape[1], 1)
    if left.shape[1] != right.shape[0]:
        return None
    axes, (a, b) = aligned([left, right])
    return Value(a @ b, axes, literal, ones=ones)


def hadamard(left: Value, right: Value) -> Value:
    left, right = fitted(left, right)
    if left.identity or right.identity:
        size = max(left.shape[0], right.shape[0])
        left, right = expanded(left, size), expanded(right, size)
    if left.shape != right.shape and not left.is_number and not right.is_number:
        raise Misfit(f"{in_words(left)} and {in_words(right)} cannot be multiplied entry by entry")
    axes, (a, b) = aligned([left, right])
    ones = left.ones if left.ones == right.ones else ""
    return Value(a * b, axes, left.literal and right.literal, ones=ones)


def divide(top: Value, bottom: Value) -> Value:
    """By a number; two vectors of one shape entry by entry, as `y / \\hat{y}` is meant."""
    top, bottom = fitted(top, bottom)
    axes, (a, b) = aligned([top, bottom])
    if bottom.identity:
        raise Unclear("division by the identity")
    if bottom.is_number:
        return Value(a / b, axes, top.literal and bottom.literal, top.identity, top.ones)
    if min(bottom.shape) == 1 and (top.shape == bottom.shape or (top.literal and top.is_number)):
        return Value(a / b, axes)
    raise Misfit(f"nothing can be divided by {in_words(bottom)}: use an inverse")


def transpose(value: Value) -> Value:
    if value.ones:
        ones = _ones_of(tall=value.is_wide, wide=value.is_tall)
        data = np.swapaxes(value.data, -1, -2)
        return Value(data, value.axes, value.literal, ones=ones)
    if value.identity or value.is_number:
        return value
    return Value(np.swapaxes(value.data, -1, -2), value.axes)


def reduced(value: Value, axis: str, how: Callable[..., Array]) -> Value:
    """With `how` (np.sum, np.prod, np.max, …) over one axis."""
    place = value.axes.index(axis)
    axes = value.axes[:place] + value.axes[place + 1 :]
    literal = value.literal and bool(value.ones)
    return Value(how(value.data, axis=place), axes, literal, ones=value.ones)


def renamed(value: Value, old: str, new: str) -> Value:
    """With axis `old` called `new`; if it has both already, their diagonal."""
    if old == new or old not in value.axes:
        return value
    if new not in value.axes:
        return Value(value.data, tuple(new if axis == old else axis for axis in value.axes))
    first, second = value.axes.index(old), value.axes.index(new)
    data = np.diagonal(value.data, axis1=first, axis2=second)
    # numpy puts the diagonal last; the matrix belongs there.
    data = np.moveaxis(data, -1, 0)
    rest = tuple(axis for axis in value.axes if axis not in (old, new))
    return Value(data, (new, *rest))


def stacked(value: Value, axis: str) -> Value:
    """A number on an axis as the column of its values; columns x_i as the rows of a matrix."""
    place = value.axes.index(axis)
    rest = value.axes[:place] + value.axes[place + 1 :]
    data = np.moveaxis(value.data, place, -3)
    if value.shape[1] == 1:
        return Value(data[..., 0], rest)
    raise Unclear("a table of matrices stands where one matrix is expected")


def with_axes(value: Value, axes: Sequence[str], sizes: dict[str, int]) -> Array:
    """The array with exactly these axes, in this order; a missing one is repeated."""
    order = list(axes)
    guard([sizes[axis] for axis in order], value.data.shape[-1] * value.data.shape[-2])
    data = _spread(value, order)
    shape = [sizes[axis] for axis in order]
    return np.broadcast_to(data, (*shape, *value.data.shape[-2:]))


def take(table: Value, pointers: dict[str, Value]) -> Value:
    """The entries of a table at these places; the pointed axes go, those of the pointers come."""
    plain = all(
        len(pointer.axes) == 1
        and pointer.axes[0] not in table.axes
        and len(pointer.data) == table.size_of(axis)
        and int(pointer.data.flat[0]) == 0
        for axis, pointer in pointers.items()
    )
    targets = [pointer.axes[0] for pointer in pointers.values() if pointer.axes]
    if plain and len(set(targets)) == len(targets):
        names = {axis: pointer.axes[0] for axis, pointer in pointers.items()}
        return Value(table.data, tuple(names.get(axis, axis) for axis in table.axes))
    return _take_slowly(table, pointers)


def _take_slowly(table: Value, pointers: dict[str, Value]) -> Value:
    kept = [axis for axis in table.axes if axis not in pointers]
    axes = list(kept)
    for pointer in pointers.values():
        axes.extend(axis for axis in pointer.axes if axis not in axes)
    sizes = dict(zip(table.axes, table.data.shape, strict=False))
    for pointer in pointers.values():
        for axis, size in zip(pointer.axes, pointer.data.shape, strict=False):
            if sizes.setdefault(axis, size) != size:
                raise Misfit("two indices with one letter and different ranges")
    guard([sizes[axis] for axis in axes], table.data.shape[-1] * table.data.shape[-2])
    index = []
    for axis in table.axes:
        if axis in pointers:
            pointer = pointers[axis]
            own = {one: sizes[one] if one in pointer.axes else 1 for one in axes}
            index.append(with_axes(pointer, axes, own)[..., 0, 0])
        else:
            shape = [1] * len(axes)
            shape[axes.index(axis)] = sizes[axis]
            index.append(np.arange(sizes[axis]).reshape(shape))
    return Value(table.data[tuple(index)], tuple(axes))


def in_words(value: Value) -> str:
    """The shape as people say it; `say_dimensions` may turn the numbers into letters."""
    if value.identity:
        return "the identity"
    rows, columns = value.shape
    if (rows, columns) == (1, 1):
        return "a number"
    return f"⟨{rows}⟩×⟨{columns}⟩"


def spoken(axis: str) -> str:
    """An axis by the letter that the writer used."""
    return axis.split("#")[0]
