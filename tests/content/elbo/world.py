"""The world of `elbo.toml`, for one observation; a value of z is a place in an array."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from tests.content.numeric import Array, gradient, number

X, Z = 3, 4
ID, GAUSSIAN = "elbo", "elbo-gaussian"
OTHERS = 20
# Means over standard normal noise, exact for polynomials and close to it for smooth functions.
NODES, NODE_WEIGHTS = np.polynomial.hermite_e.hermegauss(60)
NODE_WEIGHTS = NODE_WEIGHTS / NODE_WEIGHTS.sum()


class World(NamedTuple):
    prior: Array
    lik: Array  # of the one observation, by z
    q: Array

    @property
    def joint(self) -> Array:
        return np.asarray(self.lik * self.prior)

    @property
    def log_p(self) -> float:
        return float(np.log(self.joint.sum()))

    @property
    def post(self) -> Array:
        return np.asarray(self.joint / self.joint.sum())

    @property
    def elbo(self) -> float:
        return self.bound(self.q)

    def bound(self, q: Array) -> float:
        return float(q @ np.log(self.joint / q))

    @property
    def gap(self) -> float:
        return self.log_p - self.elbo

    def mean(self, values: Array) -> float:
        """Under q."""
        return float(self.q @ values)


class Gaussian(NamedTuple):
    x: float
    theta: float
    mu: float
    sigma: float

    @property
    def z(self) -> Array:
        """At the nodes of the noise."""
        return np.asarray(self.mu + self.sigma * NODES)

    @property
    def log_ratio(self) -> Array:
        return log_normal(self.z, self.mu, self.sigma) - log_normal(self.z, 0, 1)

    @property
    def kl(self) -> float:
        return noise_mean(self.log_ratio)

    @property
    def reconstruction(self) -> float:
        return noise_mean(log_normal(self.x, self.theta * self.z, 1))

    @property
    def elbo(self) -> float:
        return self.reconstruction - self.kl

    @property
    def log_p(self) -> float:
        """By summing the joint over a fine grid of z."""
        grid = np.linspace(-12, 12, 20001)
        joint = np.exp(log_normal(self.x, self.theta * grid, 1) + log_normal(grid, 0, 1))
        return float(np.log(joint.sum() * (grid[1] - grid[0])))

    @property
    def best(self) -> "Gaussian":
        precision = 1 + self.theta**2
        return self._replace(mu=self.theta * self.x / precision, sigma=precision**-0.5)


def log_normal(value: Array | float, mean: Array | float, deviation: float) -> Array:
    standard = (np.asarray(value) - mean) / deviation
    return np.asarray(-0.5 * standard**2 - np.log(deviation) - 0.5 * np.log(2 * np.pi))


def noise_mean(values: Array) -> float:
    return float(NODE_WEIGHTS @ values)


def slope(f: Callable[[float], float], at: float) -> float:
    return number(gradient(lambda t: f(float(t[0, 0])), np.array([[at]])))
