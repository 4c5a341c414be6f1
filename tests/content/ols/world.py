"""The world of `ols.toml`."""

from typing import NamedTuple

import numpy as np

from tests.content.numeric import Array, assert_same

N, D = 7, 3


class World(NamedTuple):
    X: Array
    y: Array
    w: Array

    def loss(self, w: Array) -> float:
        r = self.y - self.X @ w
        return 0.5 * float(np.sum(r**2))

    @property
    def best(self) -> Array:
        """By a library that does not know our formula."""
        solution: Array = np.linalg.lstsq(self.X, self.y, rcond=None)[0]
        return solution


def noises(variance: float) -> list[Array]:
    """Equally likely; their mean is zero and their covariance a multiple of the identity."""
    size = np.sqrt(variance * N)
    found = [sign * size * np.eye(N)[:, [i]] for i in range(N) for sign in (1, -1)]
    assert_same(np.mean([one @ one.T for one in found], axis=0), variance * np.eye(N))
    return found


class Ridge(NamedTuple):
    X: Array
    y: Array
    w: Array
    penalty: float

    def loss(self, w: Array) -> float:
        r = self.y - self.X @ w
        return 0.5 * float(np.sum(r**2)) + self.penalty / 2 * float(np.sum(w**2))

    @property
    def matrix(self) -> Array:
        return np.asarray(self.X.T @ self.X + self.penalty * np.eye(len(self.w)))

    @property
    def best(self) -> Array:
        """Least squares on the data and one more row for each weight."""
        size = len(self.w)
        X = np.vstack([self.X, np.sqrt(self.penalty) * np.eye(size)])
        y = np.vstack([self.y, np.zeros((size, 1))])
        solution: Array = np.linalg.lstsq(X, y, rcond=None)[0]
        return solution
