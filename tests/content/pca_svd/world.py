"""The world of `pca-svd.toml`."""

from typing import NamedTuple

import numpy as np

from tests.content.numeric import Array

N, D, K = 8, 4, 2
ID, MAXIMUM = "pca-svd", "pca-svd-maximum"


class World(NamedTuple):
    """Centred data with its thin decomposition, by a library that does not know our formulas."""

    X: Array
    U: Array
    s: Array
    V: Array

    @property
    def S(self) -> Array:  # noqa: N802
        return np.diag(self.s)

    @property
    def covariance(self) -> Array:
        return np.cov(self.X.T, bias=True)

    @property
    def truncated(self) -> Array:
        terms = (self.s[j] * self.u(j) @ self.v(j).T for j in range(K))
        return np.asarray(sum(terms, np.zeros_like(self.X)))

    def u(self, j: int) -> Array:
        return self.U[:, [j]]

    def v(self, j: int) -> Array:
        return self.V[:, [j]]


def decomposed(raw: Array) -> World:
    X = raw - raw.mean(axis=0, keepdims=True)
    U, s, transposed = np.linalg.svd(X, full_matrices=False)
    return World(X, U, s, transposed.T)


def frobenius(matrix: Array) -> float:
    return float(np.sqrt(np.sum(matrix**2)))


def of_rank_k(rng: np.random.Generator) -> Array:
    return np.asarray(rng.normal(size=(N, K)) @ rng.normal(size=(K, D)))
