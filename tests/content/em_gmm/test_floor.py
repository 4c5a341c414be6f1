"""What the prose says of collapsing components, and of a floor or a prior against it."""

import math

import numpy as np

from tests.content.em_gmm.mixture import D, K, Mixture, N, World, e_step, m_step, scatter
from tests.content.numeric import Array, assert_same, gradient
from tests.content.registry import claim


@claim("em-gmm", "With two components or more the likelihood is not bounded above.")
@claim("em-gmm", r"the density there grows like $\epsilon^{-d/2}$")
@claim("em-gmm", "a covariance that shrinks there give as high a likelihood as you like")
@claim("em-gmm", "because a component may collapse onto one point")
def test_a_collapsing_component_lifts_the_likelihood_without_bound(world: World) -> None:
    def collapsed(epsilon: float) -> float:
        means = np.stack([world.points[0], world.points.mean(axis=0)])
        covariances = np.stack([epsilon * np.eye(D), np.cov(world.points.T)])
        return Mixture(np.array([0.5, 0.5]), means, covariances).log_likelihood(world.points)

    values = [collapsed(10.0**-power) for power in (4, 8, 12, 16)]

    # Each time ε falls by 10⁻⁴, the density at the point grows by (10⁴)^(d/2) and nothing is lost.
    assert_same(np.diff(values), np.full(3, D / 2 * math.log(1e4)), 1e-2)


@claim("em-gmm", r"the log-likelihood is at most $-\frac{Nd}{2} \log(2\pi\epsilon)$")
@claim("em-gmm", "which for a Gaussian mixture takes a floor under the covariances")
def test_a_floor_under_the_covariances_bounds_the_likelihood(world: World) -> None:
    floor = 0.05

    def likelihood(points: Array, mixture: Mixture) -> float:
        floored = mixture._replace(covariances=mixture.covariances + floor * np.eye(D))
        return floored.log_likelihood(points)

    highest = -N * D / 2 * math.log(2 * math.pi * floor)
    assert likelihood(world.points, world.maximum) < highest

    one_place = np.repeat(world.points[:1], N, axis=0)
    at_it = Mixture(np.ones(1), one_place[:1], np.zeros((1, D, D)))
    assert_same(likelihood(one_place, at_it), highest)


@claim("em-gmm", r"$\Sigma_k = (\Psi + S_k) / (N_k + \nu + d + 1)$")
@claim("em-gmm", r"$\lambda_{\min}(\Sigma_k) \ge \lambda_{\min}(\Psi) / (N + \nu + d + 1)$")
def test_a_prior_keeps_the_covariances_up(world: World) -> None:
    nu, psi = D + 1.0, np.array([[0.5, 0.1], [0.1, 0.3]])

    def log_posterior(covariances: Array) -> float:
        log_dets = np.log(np.linalg.det(covariances))
        traces = np.trace(psi @ np.linalg.inv(covariances), axis1=1, axis2=2)
        prior = -0.5 * (nu + D + 1) * log_dets - 0.5 * traces
        return world.other_covariances(covariances) + float(np.sum(prior))

    scatters = scatter(world.points, world.gamma, world.maximum.means)
    best = (psi + scatters) / (world.counts + nu + D + 1)[:, None, None]

    assert_same(gradient(log_posterior, best), np.zeros((K, D, D)), 1e-5)
    floor = np.linalg.eigvalsh(psi)[0] / (N + nu + D + 1)
    assert np.all(np.linalg.eigvalsh(best) >= floor)


@claim("em-gmm", r"with $\Psi \succ 0$ and $\nu > d - 1$")
def test_where_the_prior_has_a_finite_mass() -> None:
    """For d = 2 and Ψ = I, over the logarithms of both eigenvalues. Their joint density has their
    difference as a factor, for the directions of the eigenvectors."""

    def mass(nu: float, largest: float) -> float:
        logs = np.arange(-8, largest, 0.1)
        a, b = np.exp(logs)[:, None], np.exp(logs)[None, :]
        density = (a * b) ** (-(nu + 3) / 2) * np.exp(-(1 / a + 1 / b) / 2) * np.abs(a - b)
        return float(np.sum(density * a * b)) * 0.1**2

    assert mass(1.5, 80) / mass(1.5, 40) < 1.001
    assert mass(1.0, 80) / mass(1.0, 40) > 1.8
    assert mass(0.9, 80) / mass(0.9, 40) > 4


@claim("em-gmm", "the log posterior never falls, and under that floor it is bounded above")
def test_log_posterior_never_falls(world: World) -> None:
    nu, psi, mixture = D + 1.0, 0.3 * np.eye(D), world.mixture
    values: list[float] = []
    for _ in range(40):
        gamma = e_step(world.points, mixture)
        best = m_step(world.points, gamma)
        counts = gamma.sum(axis=0)
        scatters = scatter(world.points, gamma, best.means)
        covariances = (psi + scatters) / (counts + nu + D + 1)[:, None, None]
        mixture = best._replace(covariances=covariances)
        log_dets = np.log(np.linalg.det(covariances))
        traces = np.trace(psi @ np.linalg.inv(covariances), axis1=1, axis2=2)
        prior = float(np.sum(-0.5 * (nu + D + 1) * log_dets - 0.5 * traces))
        values.append(mixture.log_likelihood(world.points) + prior)

    assert np.all(np.diff(values) > -1e-9)
    assert values[-1] > values[0] + 0.1
    floor = np.linalg.eigvalsh(psi)[0] / (N + nu + D + 1)
    highest = -N * D / 2 * math.log(2 * math.pi * floor) - 0.5 * (nu + D + 1) * K * D * math.log(
        floor
    )
    assert values[-1] < highest
