"""What the numpy worlds share: comparisons and the functions of the field."""

import itertools
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]

TOLERANCE = 1e-6


def _plain(value: Any) -> Array:
    array = np.asarray(value, dtype=float)
    return array.reshape(()) if array.size == 1 else array


def same(left: Any, right: Any, *more: Any) -> bool:
    """All of the same shape and close; a 1 × 1 array is a number."""
    values = [_plain(value) for value in (left, right, *more)]
    return all(
        one.shape == two.shape and bool(np.allclose(one, two, rtol=TOLERANCE, atol=TOLERANCE))
        for one, two in itertools.pairwise(values)
    )


def at_most(left: Any, right: Any) -> bool:
    """left ≤ right in every entry."""
    return bool(np.all(_plain(left) <= _plain(right) + TOLERANCE))


def below(left: Any, right: Any) -> bool:
    """left < right in every entry, by more than rounding."""
    return bool(np.all(_plain(left) < _plain(right) - TOLERANCE))


def softmax(scores: Array, axis: int = 0) -> Array:
    powers = np.exp(scores - scores.max(axis=axis, keepdims=True))
    result: Array = powers / powers.sum(axis=axis, keepdims=True)
    return result


def sigma(t: Any) -> Any:
    return 1 / (1 + np.exp(-t))


def kl(p: Array, q: Array) -> float:
    """Of two distributions given as arrays of one shape."""
    return float(np.sum(p * np.log(p / q)))


def entropy(p: Array) -> float:
    return float(-np.sum(p * np.log(p)))


def distribution(rng: np.random.Generator, *shape: int, axis: int | tuple[int, ...] = 0) -> Array:
    """Positive entries that sum to 1 along `axis`."""
    weights = np.exp(rng.normal(size=shape))
    result: Array = weights / weights.sum(axis=axis, keepdims=True)
    return result


def log_normal(x: Array, mean: Array, covariance: Array) -> float:
    """Log density of a Gaussian at the column x."""
    gap = x - mean
    quadratic = float((gap.T @ np.linalg.solve(covariance, gap)).item())
    sign, log_det = np.linalg.slogdet(2 * np.pi * covariance)
    assert sign > 0
    return -0.5 * (float(log_det) + quadratic)
