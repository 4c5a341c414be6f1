"""A mixture for `em-gmm.toml`. Points are rows; what belongs to the components is stacked along the
first axis."""

from typing import NamedTuple

import numpy as np

from tests.content.numeric import Array, gradient
from tests.content.worlds.common import distribution

N, K, D = 40, 3, 2
SPHERICAL = "em-gmm-spherical"
V = 0.8


class Mixture(NamedTuple):
    weights: Array
    means: Array
    covariances: Array

    def log_densities(self, points: Array) -> Array:
        """log N(x_i | μ_k, Σ_k), one row a point."""
        gaps = points[:, None] - self.means[None]
        squares = np.einsum("ika,kab,ikb->ik", gaps, np.linalg.inv(self.covariances), gaps)
        volumes = np.linalg.slogdet(2 * np.pi * self.covariances)[1]
        result: Array = -0.5 * (squares + volumes)
        return result

    def log_joint(self, points: Array) -> Array:
        result: Array = np.log(self.weights) + self.log_densities(points)
        return result

    def joint(self, points: Array) -> Array:
        result: Array = np.exp(self.log_joint(points))
        return result

    def log_likelihood(self, points: Array) -> float:
        return float(np.sum(np.log(self.joint(points).sum(axis=1))))

    def posterior(self, points: Array) -> Array:
        """By the derivative of log p(x) with respect to the logarithm of each weight."""
        return np.vstack([self._slopes(point[None]) for point in points])

    def _slopes(self, point: Array) -> Array:
        def log_mixture(log_weights: Array) -> float:
            terms = log_weights + self.log_densities(point)
            return float(np.log(np.sum(np.exp(terms))))

        return gradient(log_mixture, np.log(self.weights)[None])

    def bound(self, q: Array, points: Array) -> float:
        """L(q, θ), summed over the points; one row of q belongs to one point."""
        log_q = np.log(np.where(q > 0, q, 1.0))
        return float(np.sum(q * (self.log_joint(points) - log_q)))


class World(NamedTuple):
    points: Array
    mixture: Mixture
    gamma: Array

    def expected(self, mixture: Mixture) -> float:
        """What the M-step maximises."""
        return float(np.sum(self.gamma * mixture.log_joint(self.points)))

    @property
    def counts(self) -> Array:
        result: Array = self.gamma.sum(axis=0)
        return result

    @property
    def maximum(self) -> Mixture:
        return m_step(self.points, self.gamma)

    def other_covariances(self, covariances: Array) -> float:
        return self.expected(self.maximum._replace(covariances=covariances))

    def other_means(self, means: Array) -> float:
        return self.expected(self.maximum._replace(means=means))


def e_step(points: Array, mixture: Mixture) -> Array:
    joint = mixture.joint(points)
    result: Array = joint / joint.sum(axis=1, keepdims=True)
    return result


def m_step(points: Array, gamma: Array) -> Mixture:
    counts = gamma.sum(axis=0)
    means = gamma.T @ points / counts[:, None]
    scatters = scatter(points, gamma, means) / counts[:, None, None]
    return Mixture(counts / len(points), means, scatters)


def scatter(points: Array, gamma: Array, means: Array) -> Array:
    gaps = points[:, None] - means[None]
    result: Array = np.einsum("ik,ika,ikb->kab", gamma, gaps, gaps)
    return result


def run(points: Array, mixture: Mixture, iterations: int) -> Mixture:
    for _ in range(iterations):
        mixture = m_step(points, e_step(points, mixture))
    return mixture


def random_mixture(rng: np.random.Generator) -> Mixture:
    roots = rng.normal(size=(K, D, D))
    covariances = roots @ np.swapaxes(roots, 1, 2) + 0.6 * np.eye(D)
    return Mixture(distribution(rng, K), rng.normal(size=(K, D)), covariances)


def spherical(mixture: Mixture, variance: float) -> Mixture:
    return mixture._replace(covariances=np.stack([variance * np.eye(D)] * K))


def posterior_in_logs(mixture: Mixture, points: Array) -> Array:
    logs = mixture.log_joint(points)
    powers = np.exp(logs - logs.max(axis=1, keepdims=True))
    result: Array = powers / powers.sum(axis=1, keepdims=True)
    return result


def squared_distances(points: Array, means: Array) -> Array:
    result: Array = np.sum((points[:, None] - means[None]) ** 2, axis=2)
    return result


def log_odds(logarithms: Array) -> Array:
    """Of each component against each other one."""
    result: Array = logarithms[:, :, None] - logarithms[:, None, :]
    return result


def soft_distortion(world: World) -> float:
    """Σ_ik γ_ik ‖x_i − μ_k‖²."""
    return float(np.sum(world.gamma * squared_distances(world.points, world.mixture.means)))


def with_new_means(world: World) -> World:
    return world._replace(mixture=world.mixture._replace(means=world.maximum.means))


def slope_by_variance(world: World, variance: float) -> float:
    def expected(value: Array) -> float:
        return world.expected(spherical(world.mixture, float(value[0])))

    return float(gradient(expected, np.array([variance]))[0])
