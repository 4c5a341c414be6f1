"""The world of `mlp-backprop.toml`."""

from typing import NamedTuple

import numpy as np

from tests.content.numeric import Array, column, gradient

D, M, C = 2, 4, 3
N = 5
ID = "mlp-backprop"


def sigma(z: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-z)))


def dsigma(z: Array) -> Array:
    """Not through σ(1 - σ): this is where the other checks get their slope from."""
    return np.asarray(1 / (2 + np.exp(z) + np.exp(-z)))


def softmax(z: Array) -> Array:
    e = np.exp(z)
    return np.asarray(e / e.sum())


def cross_entropy(y_hat: Array, y: Array) -> float:
    return -float(np.sum(y * np.log(y_hat)))


class World(NamedTuple):
    x: Array
    y: Array
    W_1: Array
    b_1: Array
    W_2: Array
    b_2: Array

    @property
    def z_1(self) -> Array:
        return self.W_1 @ self.x + self.b_1

    @property
    def h_1(self) -> Array:
        return sigma(self.z_1)

    @property
    def z_2(self) -> Array:
        return self.W_2 @ self.h_1 + self.b_2

    @property
    def y_hat(self) -> Array:
        return softmax(self.z_2)

    @property
    def loss(self) -> float:
        return cross_entropy(self.y_hat, self.y)

    def loss_from_z_2(self, z_2: Array) -> float:
        return cross_entropy(softmax(z_2), self.y)

    def loss_from_z_1(self, z_1: Array) -> float:
        return self.loss_from_z_2(self.W_2 @ sigma(z_1) + self.b_2)

    def slope(self, name: str) -> Array:
        """Gradient with respect to a parameter or the input, by central differences."""
        return gradient(lambda value: self._replace(**{name: value}).loss, getattr(self, name))

    @property
    def delta_2(self) -> Array:
        """By central differences: the steps are compared with it, not derived from it."""
        return gradient(self.loss_from_z_2, self.z_2)

    @property
    def delta_1(self) -> Array:
        return gradient(self.loss_from_z_1, self.z_1)


def draw(rng: np.random.Generator, d: int = D, m: int = M, c: int = C) -> World:
    return World(
        x=column(rng, d),
        y=np.eye(c)[:, [rng.integers(c)]],
        W_1=rng.normal(size=(m, d)),
        b_1=column(rng, m),
        W_2=rng.normal(size=(c, m)),
        b_2=column(rng, c),
    )
