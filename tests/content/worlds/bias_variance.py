"""Bias and variance at one fixed x.

Axis 0 is the training set D, axis 1 the noise. Neither is uniform; the noise is not symmetric.
"""

from typing import Any

import numpy as np

from tests.content.numeric import Array
from tests.content.worlds.common import at_most, distribution

SETS, NOISES = 4, 3


def namespace(rng: np.random.Generator) -> dict[str, object]:
    chance_set = distribution(rng, SETS)[:, None]
    chance_noise = distribution(rng, NOISES)[None, :]
    fhat = rng.normal(size=(SETS, 1)) + 1.5
    eps = 2 * rng.normal(size=(1, NOISES))
    eps = eps - float((chance_noise * eps).sum())
    f = float(rng.normal()) - 0.7

    def over_sets(values: Any) -> Array:
        result: Array = (chance_set * _everywhere(values)).sum(axis=0, keepdims=True)
        return result

    def over_noise(values: Any) -> Array:
        result: Array = (chance_noise * _everywhere(values)).sum(axis=1, keepdims=True)
        return result

    def over_both(values: Any) -> float:
        return float((chance_set * chance_noise * _everywhere(values)).sum())

    fbar = float((chance_set * fhat).sum())
    return {
        "sqrt": np.sqrt,
        "same": _same_everywhere,
        "at_most": at_most,
        "fhat": fhat,
        "fbar": fbar,
        "f": f,
        "eps": eps,
        "y": f + eps,
        "s2": float((chance_noise * eps**2).sum()),
        "bias": fbar - f,
        "var": float((chance_set * (fhat - fbar) ** 2).sum()),
        "ED": over_sets,
        "Ee": over_noise,
        "E": over_both,
    }


def _everywhere(values: Any) -> Array:
    result: Array = np.broadcast_to(np.asarray(values, dtype=float), (SETS, NOISES))
    return result


def _same_everywhere(left: Any, right: Any, *more: Any) -> bool:
    """For every training set and every noise."""
    first = _everywhere(left)
    return all(
        bool(np.allclose(first, _everywhere(value), rtol=1e-6, atol=1e-6))
        for value in (right, *more)
    )
