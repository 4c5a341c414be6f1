"""Costs by counting, not by the clock."""

import numpy as np


class Counted:
    """A number that counts the multiplications in which it takes part."""

    times = 0

    def __mul__(self, other: "Counted") -> "Counted":
        Counted.times += 1
        return self

    def __add__(self, other: "Counted") -> "Counted":
        return self


def multiplications(left: tuple[int, int], right: tuple[int, int]) -> int:
    """In the product of two matrices of these shapes."""
    before = Counted.times
    _ = np.full(left, Counted(), dtype=object) @ np.full(right, Counted(), dtype=object)
    return Counted.times - before
