"""Costs by counting, not by the clock."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.content.numeric import Array

Numbers = NDArray[np.object_]


class Counted:
    """A number that counts the multiplications, divisions and roots in which any of them takes
    part."""

    times = 0

    def __init__(self, value: float = 1.0) -> None:
        self.value = value

    def __mul__(self, other: object) -> Counted:
        if not isinstance(other, Counted):
            return NotImplemented  # an array multiplies each of its entries
        Counted.times += 1
        return Counted(self.value * other.value)

    def __truediv__(self, other: Counted) -> Counted:
        Counted.times += 1
        return Counted(self.value / other.value)

    def __add__(self, other: Counted) -> Counted:
        return Counted(self.value + other.value)

    def __sub__(self, other: Counted) -> Counted:
        return Counted(self.value - other.value)

    def root(self) -> Counted:
        Counted.times += 1
        return Counted(math.sqrt(self.value))


def counted(array: Array) -> Numbers:
    return np.vectorize(Counted, otypes=[object])(array)  # type: ignore[no-any-return]


def plain(numbers: Numbers) -> Array:
    result: Array = np.vectorize(lambda one: one.value, otypes=[float])(numbers)
    return result


def cost(compute: Callable[[], Any]) -> tuple[Any, int]:
    """What it computes, and in how many multiplications."""
    before = Counted.times
    result = compute()
    return result, Counted.times - before


def multiplications(left: tuple[int, int], right: tuple[int, int]) -> int:
    """In the product of two matrices of these shapes."""
    _, times = cost(lambda: counted(np.ones(left)) @ counted(np.ones(right)))
    return times
