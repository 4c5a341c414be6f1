"""Central differences and comparisons. Vectors are columns, so that a wrong shape shows."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]
Value = Array | np.floating[Any] | float

GRADIENT_STEP = 1e-5
HESSIAN_STEP = 1e-4


def gradient(f: Callable[[Array], float], at: Array) -> Array:
    """In the shape of `at`."""
    slopes = np.zeros_like(at)
    for index in np.ndindex(at.shape):
        move = np.zeros_like(at)
        move[index] = GRADIENT_STEP
        slopes[index] = (f(at + move) - f(at - move)) / (2 * GRADIENT_STEP)
    return slopes


def jacobian(f: Callable[[Array], Array], at: Array) -> Array:
    """Of a column by a column: entry (i, j) is the derivative of output i by input j."""
    outputs = f(at).size
    rows = [gradient(lambda x, i=i: float(f(x)[i, 0]), at).T for i in range(outputs)]  # type: ignore[misc]
    return np.vstack(rows)


def hessian(f: Callable[[Array], float], at: Array) -> Array:
    """Of a number by a column, from values of `f` alone."""
    size = at.size
    moves = np.eye(size) * HESSIAN_STEP
    second = np.zeros((size, size))
    for i in range(size):
        for j in range(size):
            a, b = moves[:, [i]], moves[:, [j]]
            second[i, j] = f(at + a + b) - f(at + a - b) - f(at - a + b) + f(at - a - b)
    return second / (4 * HESSIAN_STEP**2)


def column(rng: np.random.Generator, size: int) -> Array:
    return rng.normal(size=(size, 1))


def number(value: Array) -> float:
    """The entry of a 1 × 1 matrix."""
    assert value.shape == (1, 1)
    return float(value[0, 0])


def assert_same(left: Value, right: Value, tolerance: float = 1e-7) -> None:
    assert np.shape(left) == np.shape(right)
    np.testing.assert_allclose(left, right, rtol=tolerance, atol=tolerance)


def assert_differs(left: Value, right: Value) -> None:
    """Differs by far more than rounding or central differences explain, or in shape."""
    left, right = np.asarray(left), np.asarray(right)
    if left.shape == right.shape:
        assert np.max(np.abs(left - right)) > 1e-4 * max(1.0, float(np.max(np.abs(left))))
