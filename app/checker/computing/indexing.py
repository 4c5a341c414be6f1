"""Indices: where they point, and what they point at."""

from __future__ import annotations

from typing import Any

import numpy as np

from app.checker.computing.ranges import Ranges
from app.checker.computing.scope import SLOT, Variable
from app.checker.failures import Misfit, Unclear
from app.checker.reading.tree import Assigned, Name, Node, Number, Placeholder, Range
from app.checker.world.entries import letter_of
from app.checker.world.values import UNSIZED, Value, aligned, take, transpose


class Beyond(Unclear):
    """A free letter would have to run less far: at `places` of its range all is well."""

    def __init__(self, letter: str, places: np.ndarray[Any, Any]) -> None:
        super().__init__("an index that runs beyond what it points into")
        self.letter = letter
        self.places = places


class Indexing(Ranges):
    """A frame in which tables, vectors and matrices are indexed."""

    def gathered(self, table: Value, items: tuple[Node, ...]) -> Value:
        """The entries of a table that the items point at."""
        slots = [f"{SLOT}{place}" for place in range(len(items))]
        pointers = [
            self.place_of(item, table.size_of(slot))
            for item, slot in zip(items, slots, strict=True)
        ]
        return take(table, dict(zip(slots, pointers, strict=True)))

    def component(self, value: Value, items: tuple[Node, ...], *, rows: bool = False) -> Value:
        """One or two indices into a vector or a matrix; with `rows`, one index picks a row."""
        if value.identity:
            left, right = (self.value(item) for item in items)
            axes, (a, b) = aligned([left, right])
            return Value((a == b).astype(float), axes)
        if value.ones:
            raise Unclear(UNSIZED)
        if len(items) == 1:
            return self._one_component(value, items[0], rows=rows)
        if len(items) == 2 and not value.is_number:
            for dimension, item in zip((-2, -1), items, strict=True):
                if isinstance(item, Range):
                    value = self._sliced(value, item, dimension)
                elif not isinstance(item, Placeholder):
                    value = self._picked(value, item, dimension)
            return value
        raise Misfit(f"{len(items)} indices on a value that does not have as many")

    def _one_component(self, value: Value, item: Node, *, rows: bool) -> Value:
        """An entry of a vector; of a matrix a row, as a column unless `rows`."""
        if isinstance(item, Range):
            if value.shape[1] > 1:
                raise Unclear("rows or columns: write a colon for the others")
            return self._sliced(value, item, -2)
        if value.shape[1] == 1 and not rows:
            return self._picked(value, item, -2)
        if value.shape[0] == 1:
            return self._picked(value, item, -1)
        if isinstance(item, Placeholder):
            raise Unclear("an index is missing")
        if isinstance(item, Number) and 10 < item.value < 100 and not rows:
            # `A_{11}` without a comma
            first, second = divmod(int(item.value), 10)
            return self.component(value, (Number(first), Number(second)))
        picked = self._picked(value, item, -2)
        return picked if rows else transpose(picked)

    def _sliced(self, value: Value, item: Range, dimension: int) -> Value:
        """From one place to another, both counted from 1."""
        size = value.data.shape[dimension]
        ends = [self.place_of(end, size) for end in (item.low, item.high)]
        if any(end.axes for end in ends):
            raise Unclear("a range whose end runs itself")
        low, high = (int(end.data.item()) for end in ends)
        return Value(np.take(value.data, np.arange(low, high + 1), axis=dimension), value.axes)

    def _picked(self, value: Value, item: Node, dimension: int) -> Value:
        places = self.place_of(item, value.data.shape[dimension])
        if dimension == -2:
            table = Value(value.data[..., :, None, :], (*value.axes, f"{SLOT}p"))
        else:
            table = Value(np.swapaxes(value.data, -1, -2)[..., None], (*value.axes, f"{SLOT}p"))
        return take(table, {f"{SLOT}p": places})

    # --- where an index points -------------------------------------------------------------------

    def place_of(self, item: Node, size: int) -> Value:
        """Where an index points, from 0. Raises Misfit where it runs beyond `size`."""
        letter = letter_of(item)
        if letter is not None and (places := self._place_of_letter(item, letter, size)) is not None:
            return places
        if letter is None and (element := self.element(item)) is not None:
            return element
        if (place := self.place_in_list(item)) is not None:
            return self.place_of(place, size)
        if isinstance(item, Assigned):
            return self.place_of(item.value, size)
        if isinstance(item, Placeholder):
            if (dot := self.variables.get("placeholder")) is not None:
                return dot.value
            raise Unclear("a dot stands for a variable that nothing binds")
        value = self.value(item)
        if not value.is_number:
            raise Unclear("an index that is not a number")
        places = Value(np.rint(np.real(value.data)).astype(int) - 1, value.axes)
        if _is_beyond(places, size):
            raise self._beyond(places, size)
        return places

    def _beyond(self, places: Value, size: int) -> Unclear:
        """`s_{j+1}` is there for some j: a free letter can run as far as that."""
        letters = [axis for axis in places.axes if axis in self.frees]
        if len(letters) != 1:
            return Unclear("an index that runs beyond what it points into")
        inside = (places.data >= 0) & (places.data < size)
        others = tuple(at for at in range(inside.ndim) if at != places.axes.index(letters[0]))
        return Beyond(letters[0], np.flatnonzero(inside.all(axis=others)))

    def _place_of_letter(self, item: Node, letter: str, size: int) -> Value | None:
        variable = self.variable(letter)
        if variable is None:
            local = self.locals.get(letter)
            if local is not None:
                places = local.map(lambda data: np.rint(data.real).astype(int) - 1)
                return _within(places, size, letter)
            element = self.element(item)
            if element is not None:
                return element
            variable = self.new_free(letter, size)
        return _within(variable.value, size, letter) if variable is not None else None

    def element(self, item: Node) -> Value | None:
        """The place of a named element of a finite set, such as y_w."""
        if not isinstance(item, Name):
            return None
        match = self.find(item)
        if match is not None and match.entry.element_of:
            return self.table(match.entry)
        return None

    def new_free(self, letter: str, size: int) -> Variable | None:
        """A letter that nothing binds; a dimension such as k keeps its number."""
        if letter.rstrip("'") not in self.world.letters and (
            letter in self.instance.sizes
            or letter in self.world.integers
            or any(entry.element_of for entry in self.entries_of(letter))
        ):
            return None
        return self.free(letter, size)


def _within(places: Value, size: int, letter: str) -> Value:
    if _is_beyond(places, size):
        raise Misfit(f"{letter} runs beyond what it points into")
    return places


def _is_beyond(places: Value, size: int) -> bool:
    return bool(places.data.size) and bool(places.data.max() >= size or places.data.min() < 0)
