"""Attention with L tokens, width d and h heads. The random q and k have independent entries with
two values each, not symmetric, so that expectations are exact sums over all outcomes."""

from itertools import product
from typing import Any

import numpy as np

from tests.content.numeric import Array, gradient
from tests.content.worlds.common import at_most, below, same, softmax

TOKENS, WIDTH, HEADS = 5, 6, 3


def namespace(rng: np.random.Generator) -> dict[str, object]:
    Q, K, V, X = (rng.normal(size=(TOKENS, WIDTH)) for _ in range(4))
    S = Q @ K.T / np.sqrt(WIDTH)
    A = softmax(S, axis=1)
    M = np.where(np.tri(TOKENS) == 1, 0, -np.inf)
    A_masked = softmax(S + M, axis=1)

    narrow = WIDTH // HEADS
    WQ, WK, WV = (
        [rng.normal(size=(WIDTH, narrow)) / 2 for _ in range(HEADS)] for _ in ("Q", "K", "V")
    )
    WO = rng.normal(size=(WIDTH, WIDTH))
    Qh, Kh, Vh = ([X @ W for W in matrices] for matrices in (WQ, WK, WV))
    head = [softmax(Qh[i] @ Kh[i].T / np.sqrt(narrow), axis=1) @ Vh[i] for i in range(HEADS)]

    values, chances = zip(*(_two_values(rng) for _ in range(2 * WIDTH)), strict=True)
    outcomes: Array = np.array(list(product(*values)))
    weights: Array = np.prod(np.array(list(product(*chances))), axis=1)

    def mean(value: Any) -> Any:
        """Over the outcomes, which are the first axis."""
        return np.tensordot(weights, value, axes=(0, 0))

    def variance(value: Any) -> Any:
        return mean((value - mean(value)) ** 2)

    def covariance(one: Any, two: Any) -> Any:
        return mean((one - mean(one)) * (two - mean(two)))

    q, k = outcomes[:, :WIDTH], outcomes[:, WIDTH:]
    return {
        "np": np,
        "L": TOKENS,
        "d": WIDTH,
        "h": HEADS,
        "Q": Q,
        "K": K,
        "V": V,
        "X": X,
        "S": S,
        "A": A,
        "O": A @ V,
        "M": M,
        "Am": A_masked,
        "Om": A_masked @ V,
        "allowed": np.tri(TOKENS),
        "ones": np.ones((TOKENS, 1)),
        "WQ": WQ,
        "WK": WK,
        "WV": WV,
        "WO": WO,
        "Qh": Qh,
        "Kh": Kh,
        "Vh": Vh,
        "head": head,
        "MHA": np.hstack(head) @ WO,
        "q": q,
        "k": k,
        "qk": np.sum(q * k, axis=1),
        "E": mean,
        "Var": variance,
        "Cov": covariance,
        "gradient": gradient,
        "softmax": softmax,
        "sqrt": np.sqrt,
        "exp": np.exp,
        "log": np.log,
        "rank": np.linalg.matrix_rank,
        "same": same,
        "at_most": at_most,
        "below": below,
    }


def _two_values(rng: np.random.Generator) -> tuple[tuple[float, float], tuple[float, float]]:
    """Mean 0 and variance 1, and their chances."""
    chance = rng.uniform(0.2, 0.8)
    odds = float(np.sqrt((1 - chance) / chance))
    return (odds, -1 / odds), (chance, 1 - chance)
