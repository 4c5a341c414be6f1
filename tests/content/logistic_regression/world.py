"""The world of `logistic-regression.toml`."""

from typing import NamedTuple

import numpy as np

from tests.content.numeric import Array, gradient, number

N, D = 9, 3
ID = "logistic-regression"


class World(NamedTuple):
    x: Array
    w: Array
    y: float

    @property
    def z(self) -> float:
        return number(self.w.T @ self.x)

    @property
    def p(self) -> float:
        return sigma(self.z)

    def loss(self, w: Array) -> float:
        return loss_of(sigma(number(w.T @ self.x)), self.y)


class Data(NamedTuple):
    """Several examples, one a row."""

    X: Array
    y: Array
    w: Array

    def p(self, w: Array) -> Array:
        return 1 / (1 + np.exp(-self.X @ w))

    def loss(self, w: Array) -> float:
        p = self.p(w)
        return -float(np.sum(self.y * np.log(p) + (1 - self.y) * np.log(1 - p)))


def sigma(t: float) -> float:
    return float(1 / (1 + np.exp(-t)))


def loss_of(p: float, y: float) -> float:
    return -float(y * np.log(p) + (1 - y) * np.log(1 - p))


def slope(f: object, at: float) -> float:
    """Derivative of a function of one number."""
    assert callable(f)
    return number(gradient(lambda t: float(f(float(t[0, 0]))), np.array([[at]])))
