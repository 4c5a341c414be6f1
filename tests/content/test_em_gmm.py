"""The numbers behind `em-gmm.toml`. Points are rows; what belongs to the components is stacked
along the first axis."""

import math
from itertools import permutations
from typing import NamedTuple

import numpy as np
import pytest

from tests.content.numeric import Array, assert_differs, assert_same, gradient
from tests.content.registry import claim, slip, step
from tests.content.worlds.common import distribution, kl

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


@pytest.fixture
def world(rng: np.random.Generator) -> World:
    points = 1.2 * rng.normal(size=(N, D)) + rng.choice([-1.5, 2.0], size=(N, 1))
    mixture = random_mixture(rng)
    return World(points, mixture, e_step(points, mixture))


@pytest.fixture
def shared(world: World) -> World:
    """The world of the harder variant: one variance, and its responsibilities."""
    mixture = spherical(world.mixture, V)
    return world._replace(mixture=mixture, gamma=e_step(world.points, mixture))


@step(
    "em-gmm",
    "1",
    r"""
    \gamma_{ik} = \frac{\pi_k \mathcal{N}(x_i | \mu_k, \Sigma_k)}{\sum_j \pi_j \mathcal{N}(x_i |
    \mu_j, \Sigma_j)}
    """,
)
@claim("em-gmm", "over $k$ it sums to 1")
def test_responsibilities_are_posterior_probabilities(world: World) -> None:
    assert_same(world.gamma, world.mixture.posterior(world.points), 1e-6)
    assert_same(world.gamma.sum(axis=1), np.ones(N))


@step("em-gmm", "2a", r"\mu_k = \frac{1}{N_k} \sum_i \gamma_{ik} x_i")
@claim("em-gmm", r"with the derivative $\Sigma_k^{-1} \sum_i \gamma_{ik} (x_i - \mu_k)$")
@claim("em-gmm", "This derivative vanishes at the weighted mean of the points")
def test_new_means_maximise(world: World, rng: np.random.Generator) -> None:
    means = world.gamma.T @ world.points / world.counts[:, None]

    assert_same(gradient(world.other_means, means), np.zeros((K, D)), 1e-5)
    assert world.other_means(means + 0.1 * rng.normal(size=(K, D))) < world.other_means(means)

    one, two = rng.normal(size=(2, K, D))
    summed = world.gamma.T @ world.points - world.counts[:, None] * one
    slopes = np.linalg.solve(world.maximum.covariances, summed[..., None])[..., 0]
    assert_same(gradient(world.other_means, one), slopes, 1e-5)
    chord = (world.other_means(one) + world.other_means(two)) / 2
    assert world.other_means((one + two) / 2) > chord


@step(
    "em-gmm", "2b", r"\Sigma_k = \frac{1}{N_k} \sum_i \gamma_{ik} (x_i - \mu_k)(x_i - \mu_k)^\top"
)
@claim("em-gmm", "vanishes at the weighted scatter around the new mean from 2a")
def test_new_covariances_maximise(world: World) -> None:
    means = world.maximum.means
    covariances = scatter(world.points, world.gamma, means) / world.counts[:, None, None]

    assert_same(gradient(world.other_covariances, covariances), np.zeros((K, D, D)), 1e-5)
    for factor in (0.8, 1.25):
        assert world.other_covariances(factor * covariances) < world.other_covariances(covariances)


@claim("em-gmm", r"invertible unless all points lie in one hyperplane")
def test_covariances_of_points_in_a_hyperplane(world: World, rng: np.random.Generator) -> None:
    on_a_line = rng.normal(size=(N, 1)) * np.array([[2.0, -1.0]]) + 3

    flat = m_step(on_a_line, world.gamma).covariances

    assert_same(np.linalg.eigvalsh(flat)[:, 0], np.zeros(K))
    assert np.min(np.linalg.eigvalsh(world.maximum.covariances)) > 1e-3


@claim("em-gmm", r"The same sum is concave in $\Sigma_k^{-1}$")
@claim("em-gmm", r"$\frac12 \sum_i \gamma_{ik} (\Sigma_k - (x_i - \mu_k)(x_i - \mu_k)^\top)$")
def test_derivative_by_the_inverse_covariance(world: World, rng: np.random.Generator) -> None:
    precisions = np.linalg.inv(world.mixture.covariances)

    def expected(value: Array) -> float:
        symmetric = 0.5 * (value + np.swapaxes(value, 1, 2))
        return world.expected(world.mixture._replace(covariances=np.linalg.inv(symmetric)))

    covariances, counts = world.mixture.covariances, world.counts[:, None, None]
    gap = counts * covariances - scatter(world.points, world.gamma, world.mixture.means)
    assert_same(gradient(expected, precisions), 0.5 * gap, 1e-5)
    other = np.linalg.inv(random_mixture(rng).covariances)
    assert expected((precisions + other) / 2) > (expected(precisions) + expected(other)) / 2


@step("em-gmm", "2c", r"\pi_k = \frac{N_k}{N}")
@claim("em-gmm", r"Summing over $k$ gives $\lambda = N$")
def test_new_weights_maximise(world: World, rng: np.random.Generator) -> None:
    weights = world.counts / N

    def expected(other: Array) -> float:
        return world.expected(world.mixture._replace(weights=other))

    assert_same(float(weights.sum()), 1.0)
    for _ in range(5):
        assert expected(distribution(rng, K)) < expected(weights)
    assert_same(gradient(expected, weights), np.full(K, float(N)), 1e-6)


@step(
    "em-gmm",
    "3",
    r"""
    \begin{aligned}
    \log p_\theta(x) &= \mathbb{E}_q\left[\log \frac{p_\theta(x,z)}{q(z)}\right]
    + \mathrm{KL}(q(z) \| p_\theta(z|x)) \\
    &= \mathcal{L}(q,\theta) + \mathrm{KL}(q(z) \| p_\theta(z|x))
    \end{aligned}
    """,
)
def test_bound_and_gap(world: World, rng: np.random.Generator) -> None:
    point, q = world.points[:1], distribution(rng, K)
    bound = world.mixture.bound(q[None], point)

    assert_same(world.mixture.log_likelihood(point), bound + kl(q, world.gamma[0]))


@step(
    "em-gmm",
    "4a",
    r"""
    \log p_\theta(x) \ge \mathcal{L}(q, \theta) \quad \text{with equality iff } q(z) = p_\theta(z|x)
    """,
)
def test_bound_lies_below_and_touches_at_the_posterior(
    world: World, rng: np.random.Generator
) -> None:
    point = world.points[:1]
    likelihood = world.mixture.log_likelihood(point)

    assert world.mixture.bound(distribution(rng, 1, K, axis=1), point) < likelihood - 1e-6
    assert_same(world.mixture.bound(world.gamma[:1], point), likelihood)


@step("em-gmm", "4b", r"\mathcal{L}(q_t, \theta_t) = \log p_{\theta_t}(x)")
@claim("em-gmm", "Not at all. It raises the bound by that gap, up to the likelihood")
def test_e_step_raises_the_bound_and_not_the_likelihood(
    world: World, rng: np.random.Generator
) -> None:
    before = distribution(rng, N, K, axis=1)
    likelihood = world.mixture.log_likelihood(world.points)
    gap = likelihood - world.mixture.bound(before, world.points)

    raised = world.mixture.bound(world.gamma, world.points)

    assert_same(raised, likelihood)
    assert_same(gap, kl(before, world.gamma))


@step(
    "em-gmm",
    "5",
    r"""
    \begin{aligned}
    \log p_{\theta_{t+1}}(x) &\ge \mathcal{L}(q_t, \theta_{t+1}) \\
    &\ge \mathcal{L}(q_t, \theta_t) = \log p_{\theta_t}(x)
    \end{aligned}
    """,
)
@claim("em-gmm", "the log-likelihood has risen by at least as much")
def test_chain_over_one_iteration(world: World) -> None:
    points, old, new = world.points, world.mixture, world.maximum
    raised, tight = new.bound(world.gamma, points), old.bound(world.gamma, points)

    assert new.log_likelihood(points) > raised + 1e-9 > tight
    assert_same(tight, old.log_likelihood(points))
    assert new.log_likelihood(points) - old.log_likelihood(points) >= raised - tight


@slip(
    "em-gmm",
    "weights-forgotten",
    r"""
    \gamma_{ik} = \frac{\mathcal{N}(x_i | \mu_k, \Sigma_k)}{\sum_j \mathcal{N}(x_i | \mu_j,
    \Sigma_j)}
    """,
)
@claim("em-gmm", "its responsibilities must be the weights")
def test_weights_forgotten(world: World) -> None:
    densities = np.exp(world.mixture.log_densities(world.points))
    equal = Mixture(world.mixture.weights, np.zeros((K, D)), np.stack([np.eye(D)] * K))

    assert_differs(world.gamma, densities / densities.sum(axis=1, keepdims=True))
    assert_same(e_step(world.points[:1], equal)[0], world.mixture.weights)


@slip(
    "em-gmm",
    "sum-over-points",
    r"""
    \gamma_{ik} = \frac{\pi_k \mathcal{N}(x_i | \mu_k, \Sigma_k)}{\sum_{j=1}^N \pi_k
    \mathcal{N}(x_j | \mu_k, \Sigma_k)}
    """,
)
@claim("em-gmm", "Here they sum to 1 over the points instead.")
@claim("em-gmm", "each point must get 1, and here it does not")
def test_sum_over_points(world: World) -> None:
    def wrong(mixture: Mixture) -> Array:
        joint = mixture.joint(world.points)
        result: Array = joint / joint.sum(axis=0)
        return result

    single = Mixture(*(part[:1] for part in world.maximum))._replace(weights=np.ones(1))
    assert_differs(world.gamma, wrong(world.mixture))
    assert_same(wrong(world.mixture).sum(axis=0), np.ones(K))
    assert_same(e_step(world.points, single), np.ones((N, 1)))
    assert np.max(wrong(single)) < 0.9


@slip("em-gmm", "mean-over-all", r"\mu_k = \frac{1}{N} \sum_i \gamma_{ik} x_i")
@claim("em-gmm", "This pulls every mean towards the origin.")
@claim("em-gmm", "Check with all points in one place $a$: the mean must be $a$.")
def test_mean_over_all(world: World) -> None:
    wrong = world.gamma.T @ world.points / N
    in_one_place = np.tile([3.0, -1.0], (N, 1))

    assert_same(m_step(in_one_place, world.gamma).means, in_one_place[:K])
    assert_differs(world.gamma.T @ in_one_place / N, in_one_place[:K])

    assert_differs(world.maximum.means, wrong)
    assert np.all(np.linalg.norm(wrong, axis=1) < np.linalg.norm(world.maximum.means, axis=1))


@slip(
    "em-gmm", "covariance-not-centred", r"\Sigma_k = \frac{1}{N_k} \sum_i \gamma_{ik} x_i x_i^\top"
)
@claim("em-gmm", r"it exceeds the covariance by $\mu_k \mu_k^\top$")
@claim("em-gmm", "a covariance must not change, and this does")
def test_covariance_not_centred(world: World) -> None:
    def wrong(points: Array) -> Array:
        around_zero = scatter(points, world.gamma, np.zeros((K, D)))
        result: Array = around_zero / world.counts[:, None, None]
        return result

    best, shifted = world.maximum, world.points + 2
    assert_differs(best.covariances, wrong(world.points))
    outer = best.means[:, :, None] * best.means[:, None, :]
    assert_same(wrong(world.points), best.covariances + outer)
    assert_same(m_step(shifted, world.gamma).covariances, best.covariances)
    assert_differs(wrong(shifted), wrong(world.points))


@slip(
    "em-gmm",
    "inner-product",
    r"\Sigma_k = \frac{1}{N_k} \sum_i \gamma_{ik} (x_i - \mu_k)^\top (x_i - \mu_k)",
)
@claim("em-gmm", "In one dimension the two agree")
def test_inner_product(world: World) -> None:
    def wrong(points: Array) -> Array:
        squares = squared_distances(points, m_step(points, world.gamma).means)
        result: Array = np.sum(world.gamma * squares, axis=0) / world.counts
        return result

    covariances = world.maximum.covariances
    assert covariances[0].shape != wrong(world.points)[0].shape
    assert_same(np.trace(covariances, axis1=1, axis2=2), wrong(world.points))
    on_a_line = m_step(world.points[:, :1], world.gamma).covariances
    assert_same(on_a_line[:, 0, 0], wrong(world.points[:, :1]))


@slip(
    "em-gmm",
    "covariance-over-all",
    r"\Sigma_k = \frac{1}{N} \sum_i \gamma_{ik} (x_i - \mu_k)(x_i - \mu_k)^\top",
)
@claim("em-gmm", r"by the factor $\pi_k = N_k / N$")
@claim("em-gmm", "each must have the covariance of the whole, and here each has less")
def test_covariance_over_all(world: World) -> None:
    best = world.maximum
    wrong = scatter(world.points, world.gamma, best.means) / N

    assert_differs(best.covariances, wrong)
    assert_same(wrong, best.weights[:, None, None] * best.covariances)

    halves, whole = np.full((N, 2), 0.5), np.cov(world.points.T, bias=True)
    equal = m_step(world.points, halves)
    assert_same(equal.covariances, np.stack([whole, whole]))
    assert_same(scatter(world.points, halves, equal.means) / N, np.stack([whole, whole]) / 2)


@slip("em-gmm", "divided-by-components", r"\pi_k = \frac{N_k}{K}")
@claim("em-gmm", "weights that sum to $N/K$ instead of 1")
def test_divided_by_components(world: World) -> None:
    assert_differs(world.maximum.weights, world.counts / K)
    assert_same(float(np.sum(world.counts / K)), N / K)


@slip(
    "em-gmm",
    "gap-sign",
    r"\log p_\theta(x) = \mathcal{L}(q,\theta) - \mathrm{KL}(q(z) \| p_\theta(z|x))",
)
@claim("em-gmm", r"leaves $\mathbb{E}_q[\log q(z) - \log p_\theta(z|x)]$")
def test_gap_sign(world: World, rng: np.random.Generator) -> None:
    point, q = world.points[:1], distribution(rng, K)
    bound, likelihood = world.mixture.bound(q[None], point), world.mixture.log_likelihood(point)

    assert_differs(likelihood, bound - kl(q, world.gamma[0]))
    assert_same(likelihood - bound, float(q @ (np.log(q) - np.log(world.gamma[0]))))


@slip(
    "em-gmm",
    "gap-turned",
    r"\log p_\theta(x) = \mathcal{L}(q,\theta) + \mathrm{KL}(p_\theta(z|x) \| q(z))",
)
def test_gap_turned(world: World, rng: np.random.Generator) -> None:
    point, q = world.points[:1], distribution(rng, K)
    wrong = world.mixture.bound(q[None], point) + kl(world.gamma[0], q)

    assert_differs(world.mixture.log_likelihood(point), wrong)


@slip("em-gmm", "bound-above", r"\log p_\theta(x) \le \mathcal{L}(q, \theta)")
def test_bound_above(world: World, rng: np.random.Generator) -> None:
    point, q = world.points[:1], distribution(rng, 1, K, axis=1)

    assert world.mixture.log_likelihood(point) > world.mixture.bound(q, point) + 1e-6


@slip("em-gmm", "still-tight", r"\log p_{\theta_{t+1}}(x) = \mathcal{L}(q_t, \theta_{t+1})")
@claim("em-gmm", "a gap has opened again")
def test_still_tight(world: World) -> None:
    new = world.maximum

    assert_differs(new.log_likelihood(world.points), new.bound(world.gamma, world.points))


@claim("em-gmm", "the log-likelihood of the data never falls")
@claim("em-gmm", "falls by more than rounding means that an update is wrong")
def test_likelihood_never_falls_on_data(world: World) -> None:
    values, mixture = [world.mixture.log_likelihood(world.points)], world.mixture
    for _ in range(60):
        mixture = run(world.points, mixture, 1)
        values.append(mixture.log_likelihood(world.points))

    assert np.all(np.diff(values) > -1e-9)
    assert values[-1] > values[0] + 1


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


@claim("em-gmm", r"every responsibility is $\pi_k$, every new mean is the mean of all points")
@claim("em-gmm", "equal components are a fixed point as well")
def test_equal_components_stay_equal(world: World) -> None:
    equal = Mixture(world.mixture.weights, np.zeros((K, D)), np.stack([np.eye(D)] * K))
    assert_same(e_step(world.points, equal), np.tile(equal.weights, (N, 1)))

    once, twice = run(world.points, equal, 1), run(world.points, equal, 2)

    assert_same(once.means, np.tile(world.points.mean(axis=0), (K, 1)))
    assert_same(once.covariances, np.stack([np.cov(world.points.T, bias=True)] * K))
    for first, second in zip(once, twice, strict=True):
        assert_same(first, second)


@claim("em-gmm", "may belong to a local maximum or a saddle")
@claim("em-gmm", "The likelihood has several local maxima")
def test_the_limit_may_be_a_local_maximum_or_a_saddle(rng: np.random.Generator) -> None:
    noise = rng.normal(size=(90, 1))
    three = noise + np.repeat([-12.0, 0.0, 13.0], 30)[:, None]
    two = noise + np.repeat([-4.0, 4.0], 45)[:, None]

    def limit(*starts: float) -> float:
        start = Mixture(np.full(3, 1 / 3), np.array(starts)[:, None], np.ones((3, 1, 1)))
        return run(three, start, 300).log_likelihood(three)

    assert limit(-12, 0, 13) > limit(-13, -11, 6) + 10

    def likelihood(mean: float, apart: float) -> float:
        means = np.array([[mean - apart], [mean + apart]])
        variances = np.full((2, 1, 1), two.var() - apart**2)
        return Mixture(np.full(2, 0.5), means, variances).log_likelihood(two)

    centre = float(two.mean())
    equal = Mixture(np.full(2, 0.5), np.full((2, 1), centre), np.full((2, 1, 1), two.var()))
    for before, after in zip(equal, run(two, equal, 1), strict=True):
        assert_same(before, after)
    assert likelihood(centre, 0.5) > likelihood(centre, 0) > likelihood(centre + 0.5, 0)


@claim("em-gmm", "Renaming the components leaves the likelihood as it is")
@claim("em-gmm", "a maximum with $K$ different components comes in $K!$ copies")
@claim("em-gmm", "their plain average means nothing")
def test_components_may_be_renamed(world: World) -> None:
    best = run(world.points, world.mixture, 30)
    copies = [Mixture(*(part[list(order)] for part in best)) for order in permutations(range(K))]
    average = Mixture(*((a + b) / 2 for a, b in zip(copies[0], copies[3], strict=True)))

    likelihood = best.log_likelihood(world.points)
    assert len({copy.means.tobytes() for copy in copies}) == math.factorial(K)
    assert_same(np.array([c.log_likelihood(world.points) for c in copies]), np.full(6, likelihood))
    assert average.log_likelihood(world.points) < likelihood - 1


@claim("em-gmm", "Well separated clusters take a few iterations, overlapping ones can take")
def test_overlap_makes_it_slow(rng: np.random.Generator) -> None:
    noise = rng.normal(size=(200, 1))
    side = np.repeat([-1.0, 1.0], 100)[:, None]

    def iterations(distance: float) -> int:
        points = noise + distance * side
        mixture = Mixture(np.array([0.4, 0.6]), np.array([[-1.0], [1.5]]), np.ones((2, 1, 1)))
        for count in range(2000):
            new = run(points, mixture, 1)
            if np.max(np.abs(new.means - mixture.means)) < 1e-6:
                return count
            mixture = new
        return 2000

    assert iterations(5.0) < 12
    assert iterations(0.8) > 100


@claim("em-gmm", "the distance to it shrinks by about the same factor in every iteration")
@claim("em-gmm", "the closer the factor comes to 1")
def test_distance_to_the_maximum_shrinks_by_a_factor(rng: np.random.Generator) -> None:
    noise = rng.normal(size=(200, 1))
    side = np.repeat([-1.0, 1.0], 100)[:, None]

    def factors(distance: float) -> Array:
        """From one iteration to the next, near the maximum."""
        points = noise + distance * side
        mixture = run(points, Mixture(np.full(2, 0.5), 2 * side[[0, -1]], np.ones((2, 1, 1))), 1)
        means = run(points, mixture, 1000).means
        distances: list[float] = []
        while not distances or distances[-1] > 1e-7:
            mixture = run(points, mixture, 1)
            distances.append(float(np.linalg.norm(mixture.means - means)))
        late = np.array(distances)[-5:]
        result: Array = late[1:] / late[:-1]
        return result

    far, near = factors(2.5), factors(1.5)
    for steady in (far, near):
        assert np.ptp(steady) < 0.05 * steady.max()
    assert far.max() < near.min() < 1


@claim("em-gmm", r"exceeds that around the new mean $\mu_k$ by $(\mu_k - m)(\mu_k - m)^\top$")
def test_old_means_widen_the_covariances(world: World) -> None:
    best, old = world.maximum, world.mixture.means
    wide = scatter(world.points, world.gamma, old) / world.counts[:, None, None]
    moved = best.means - old

    assert_same(wide, best.covariances + moved[:, :, None] * moved[:, None, :])
    assert world.other_covariances(wide) < world.expected(best)


@claim("em-gmm", "With the old ones the likelihood still does not fall")
@claim("em-gmm", "so the bound rises twice")
def test_likelihood_does_not_fall_with_the_old_means(world: World) -> None:
    points, mixture = world.points, world.mixture
    for _ in range(20):
        gamma = e_step(points, mixture)
        counts = gamma.sum(axis=0)[:, None, None]
        first = mixture._replace(covariances=scatter(points, gamma, mixture.means) / counts)
        late = m_step(points, gamma)._replace(covariances=first.covariances)

        assert first.bound(gamma, points) > mixture.bound(gamma, points) - 1e-9
        assert late.bound(gamma, points) > first.bound(gamma, points) - 1e-9
        assert m_step(points, gamma).bound(gamma, points) > late.bound(gamma, points) - 1e-9
        assert late.log_likelihood(points) > mixture.log_likelihood(points) - 1e-9
        mixture = late


@claim(
    "em-gmm", "Any $\\theta_{t+1}$ that does not lower the bound keeps the likelihood from falling."
)
@claim("em-gmm", "a gradient step that is short enough keeps the proof")
def test_a_gain_of_the_bound_is_enough(world: World, rng: np.random.Generator) -> None:
    points, mixture = world.points, world.mixture
    tight = mixture.bound(world.gamma, points)

    def bound(means: Array) -> float:
        return mixture._replace(means=means).bound(world.gamma, points)

    step = 1e-3 * gradient(bound, mixture.means)
    moves = [step, *(0.3 * rng.normal(size=(50, K, D)))]
    better = [move for move in moves if bound(mixture.means + move) >= tight]
    assert better[0] is step
    for move in better:
        moved = mixture._replace(means=mixture.means + move)
        assert moved.log_likelihood(points) > mixture.log_likelihood(points)


@claim("em-gmm", "the likelihood itself may go down")
def test_likelihood_may_fall_without_the_posterior(rng: np.random.Generator) -> None:
    """The family of q has a single member: both components are equally likely at every point."""
    points = rng.normal(size=(60, 1)) + np.repeat([-5.0, 5.0], 30)[:, None]
    half = np.full((60, 2), 0.5)
    good = Mixture(np.full(2, 0.5), np.array([[-5.0], [5.0]]), np.ones((2, 1, 1)))

    new = m_step(points, half)

    assert new.bound(half, points) > good.bound(half, points) + 1
    assert new.log_likelihood(points) < good.log_likelihood(points) - 1


@claim(
    "em-gmm", r"the gradient by $\mu_k$ is $g_k = \Sigma_k^{-1} \sum_i \gamma_{ik} (x_i - \mu_k)$"
)
@claim("em-gmm", r"$\mu_k + \frac{1}{N_k} \Sigma_k g_k$")
def test_mean_update_is_an_ascent_step(world: World) -> None:
    mixture = world.mixture
    slopes = gradient(
        lambda means: mixture._replace(means=means).log_likelihood(world.points), mixture.means
    )

    summed = world.gamma.T @ world.points - world.counts[:, None] * mixture.means
    assert_same(slopes, np.linalg.solve(mixture.covariances, summed[..., None])[..., 0], 1e-5)
    moved = np.einsum("kab,kb->ka", mixture.covariances, slopes) / world.counts[:, None]
    assert_same(world.maximum.means, mixture.means + moved, 1e-6)


@claim("em-gmm", "As $v \\to 0$ the second term decides")
@claim("em-gmm", "The mean update becomes the average of the assigned points: this is k-means.")
@claim(SPHERICAL, "the responsibility of the nearest mean tends to 1 and all others tend to 0")
def test_vanishing_variance_gives_k_means(world: World) -> None:
    means = world.mixture.means
    nearest = squared_distances(world.points, means).argmin(axis=1)
    hard = posterior_in_logs(spherical(world.mixture, 1e-5), world.points)

    assert_same(hard, np.eye(K)[nearest], 1e-6)
    for k in set(nearest):
        assigned = world.points[nearest == k].mean(axis=0)
        assert_same(hard[:, k] @ world.points / hard[:, k].sum(), assigned, 1e-4)


@claim("em-gmm", "split one component into two equal halves and it stays the same")
def test_a_split_component_keeps_the_likelihood(world: World) -> None:
    weights, means, covariances = world.mixture
    halves = Mixture(
        np.append(weights[:-1], [weights[-1] / 2] * 2),
        np.vstack([means, means[-1:]]),
        np.concatenate([covariances, covariances[-1:]]),
    )

    likelihood = world.mixture.log_likelihood(world.points)
    assert_same(halves.log_likelihood(world.points), likelihood)


@claim("em-gmm", r"$K - 1 + Kd + K\frac{d(d+1)}{2}$ for full covariances")
def test_number_of_parameters(world: World) -> None:
    weights, means, covariances = world.mixture
    free = weights.size - 1 + means.size + sum(np.tril(c).astype(bool).sum() for c in covariances)

    assert free == K - 1 + K * D + K * D * (D + 1) // 2


@claim("em-gmm", "gives the determinant and, by a triangular solve, the distance")
def test_density_by_a_cholesky_factor(world: World) -> None:
    logs = np.zeros((N, K))
    for k in range(K):
        root = np.linalg.cholesky(world.mixture.covariances[k])
        standard = np.linalg.solve(root, (world.points - world.mixture.means[k]).T)
        volume = D * math.log(2 * math.pi) + 2 * np.sum(np.log(np.diag(root)))
        logs[:, k] = -0.5 * (np.sum(standard**2, axis=0) + volume)

    assert_same(logs, world.mixture.log_densities(world.points))


@claim("em-gmm", r"subtract $\max_j \ell_{ij}$ before taking exponentials")
@claim("em-gmm", "a responsibility would be $0/0$")
def test_largest_logarithm_saves_the_responsibilities(world: World) -> None:
    near, far = world.points, world.points + 300.0

    with np.errstate(invalid="ignore"):
        assert np.all(np.isnan(e_step(far, world.mixture)))
    assert_same(posterior_in_logs(world.mixture, near), world.gamma)
    assert_same(posterior_in_logs(world.mixture, far).sum(axis=1), np.ones(N))


@claim("em-gmm", r"$\nabla_\theta \log p_\theta(x) = \nabla_\theta \mathcal{L}(q_t, \theta)$")
@claim("em-gmm", "two smooth curves that touch without crossing have the same slope")
def test_bound_is_tangent_to_the_likelihood(world: World) -> None:
    def with_means(means: Array) -> Mixture:
        return world.mixture._replace(means=means)

    of_bound = gradient(
        lambda means: with_means(means).bound(world.gamma, world.points), world.mixture.means
    )
    of_likelihood = gradient(
        lambda means: with_means(means).log_likelihood(world.points), world.mixture.means
    )
    assert_same(of_bound, of_likelihood, 1e-5)


@claim("em-gmm", "Show that a fixed point of EM is a stationary point of the likelihood.")
@claim("em-gmm", "is zero (along the weights that sum to 1)")
@claim("em-gmm", "They are conditions that a stationary point satisfies")
def test_a_fixed_point_is_stationary(rng: np.random.Generator) -> None:
    centres = np.array([[-2.0, 0.0], [2.0, 0.0], [0.0, 3.0]])
    points = np.repeat(centres, 30, axis=0) + rng.normal(size=(90, D))
    start = Mixture(np.full(K, 1 / K), centres, np.stack([np.eye(D)] * K))
    fixed = run(points, start, 1000)

    def slope(name: str, at: Mixture = fixed) -> Array:
        return gradient(
            lambda value: at._replace(**{name: value}).log_likelihood(points), getattr(at, name)
        )

    assert np.max(np.abs(slope("means", start))) > 0.1
    assert_same(slope("means"), np.zeros((K, D)), 1e-4)
    assert_same(slope("covariances"), np.zeros((K, D, D)), 1e-4)
    assert_same(slope("weights") - np.mean(slope("weights")), np.zeros(K), 1e-4)


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
        logs = np.arange(-8, largest, 0.05)
        a, b = np.exp(logs)[:, None], np.exp(logs)[None, :]
        density = (a * b) ** (-(nu + 3) / 2) * np.exp(-(1 / a + 1 / b) / 2) * np.abs(a - b)
        return float(np.sum(density * a * b)) * 0.05**2

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


@step(
    SPHERICAL,
    "1",
    r"""
    \gamma_{ik} = \frac{\pi_k \exp(-\|x_i - \mu_k\|^2 / (2v))}{\sum_j \pi_j \exp(-\|x_i
    - \mu_j\|^2 / (2v))}
    """,
)
@claim(SPHERICAL, r"a softmax over the components, of $\log \pi_k$ minus the squared distance")
def test_shared_responsibilities(shared: World) -> None:
    squares = squared_distances(shared.points, shared.mixture.means)
    shares = shared.mixture.weights * np.exp(-squares / (2 * V))

    assert_same(shared.gamma, shares / shares.sum(axis=1, keepdims=True))


@step(
    SPHERICAL,
    "2",
    r"""
    \log \frac{\gamma_{ik}}{\gamma_{ij}} = \log \frac{\pi_k}{\pi_j} + \frac{\|x_i - \mu_j\|^2
    - \|x_i - \mu_k\|^2}{2v}
    """,
)
@claim("em-gmm", r"+ \frac{1}{2v} (\|x - \mu_j\|^2 - \|x - \mu_k\|^2)$")
def test_log_odds(shared: World) -> None:
    assert_same(
        log_odds(np.log(shared.gamma)),
        log_odds(np.log(shared.mixture.weights)[None])
        + log_odds(-squared_distances(shared.points, shared.mixture.means)) / (2 * V),
    )


@claim("em-gmm", "the boundary between two components with different means is a hyperplane")
def test_log_odds_are_linear_in_the_point(shared: World) -> None:
    a, b = shared.points[:20], shared.points[20:]

    def odds(points: Array) -> Array:
        return log_odds(np.log(e_step(points, shared.mixture)))

    assert_same(odds(0.3 * a + 0.7 * b), 0.3 * odds(a) + 0.7 * odds(b))


@step(
    SPHERICAL,
    "3",
    r"""
    Q = \sum_k N_k \log \pi_k - \frac{N d}{2} \log(2 \pi v)
    - \frac{1}{2v} \sum_{i,k} \gamma_{ik} \|x_i - \mu_k\|^2
    """,
)
def test_what_the_m_step_maximises(shared: World) -> None:
    weights = float(np.sum(shared.counts * np.log(shared.mixture.weights)))
    normaliser = N * D / 2 * math.log(2 * math.pi * V)

    assert_same(
        shared.expected(shared.mixture), weights - normaliser - soft_distortion(shared) / (2 * V)
    )


@step(SPHERICAL, "4", r"v = \frac{1}{N d} \sum_{i,k} \gamma_{ik} \|x_i - \mu_k\|^2")
@claim(SPHERICAL, "is positive below this value of $v$ and negative above it")
def test_new_variance_maximises(shared: World) -> None:
    moved = with_new_means(shared)
    best = soft_distortion(moved) / (N * D)

    assert_same(slope_by_variance(moved, best), 0.0, 1e-5)
    assert slope_by_variance(moved, 0.5 * best) > 0 > slope_by_variance(moved, 2 * best)


@claim(
    SPHERICAL,
    r"$\frac{\partial Q}{\partial v} = -\frac{Nd}{2v} + \frac{1}{2v^2}"
    r" \sum_{i,k} \gamma_{ik} \|x_i - \mu_k\|^2$",
)
def test_derivative_by_the_variance(shared: World) -> None:
    slope = -N * D / (2 * V) + soft_distortion(shared) / (2 * V**2)

    assert_same(slope_by_variance(shared, V), slope, 1e-5)


@slip(
    SPHERICAL,
    "distance-not-squared",
    r"""
    \gamma_{ik} = \frac{\pi_k \exp(-\|x_i - \mu_k\| / (2v))}{\sum_j \pi_j \exp(-\|x_i
    - \mu_j\| / (2v))}
    """,
)
def test_distance_not_squared(shared: World) -> None:
    distances = np.sqrt(squared_distances(shared.points, shared.mixture.means))
    shares = shared.mixture.weights * np.exp(-distances / (2 * V))

    assert_differs(shared.gamma, shares / shares.sum(axis=1, keepdims=True))


@slip(
    SPHERICAL,
    "log-odds-turned",
    r"""
    \log \frac{\gamma_{ik}}{\gamma_{ij}} = \log \frac{\pi_k}{\pi_j} + \frac{\|x_i - \mu_k\|^2
    - \|x_i - \mu_j\|^2}{2v}
    """,
)
@claim(SPHERICAL, "component $k$ must be the more likely one")
def test_log_odds_turned(shared: World) -> None:
    turned = log_odds(squared_distances(shared.points, shared.mixture.means)) / (2 * V)
    equal = shared.mixture._replace(weights=np.full(K, 1 / K))

    assert_differs(
        log_odds(np.log(shared.gamma)), log_odds(np.log(shared.mixture.weights)[None]) + turned
    )
    assert e_step(equal.means, equal).argmax(axis=1).tolist() == list(range(K))


@slip(
    SPHERICAL,
    "normaliser-without-dimension",
    r"""
    Q = \sum_k N_k \log \pi_k - \frac{N}{2} \log(2 \pi v)
    - \frac{1}{2v} \sum_{i,k} \gamma_{ik} \|x_i - \mu_k\|^2
    """,
)
@claim(SPHERICAL, "The determinant of $vI$ is $v^d$")
@claim(SPHERICAL, "a density in $d$ dimensions is one over a length to the power $d$")
def test_normaliser_without_dimension(shared: World) -> None:
    weights = float(np.sum(shared.counts * np.log(shared.mixture.weights)))
    normaliser = N / 2 * math.log(2 * math.pi * V)

    assert_differs(
        shared.expected(shared.mixture), weights - normaliser - soft_distortion(shared) / (2 * V)
    )
    assert_same(float(np.linalg.det(V * np.eye(D))), V**D)

    # In units that are ten times as small, all lengths are ten times as large.
    shares, means, covariances = shared.mixture
    rescaled = Mixture(shares, 10 * means, 100 * covariances)
    densities = np.exp(shared.mixture.log_densities(shared.points))
    assert_same(np.exp(rescaled.log_densities(10 * shared.points)) * 10**D, densities)


@slip(
    SPHERICAL,
    "dimension-forgotten",
    r"v = \frac{1}{N} \sum_{i,k} \gamma_{ik} \|x_i - \mu_k\|^2",
)
@claim(SPHERICAL, "the trace of the covariance $vI$ and equals $vd$")
@claim(SPHERICAL, "the sum over $N$ is close to $d$, and the variance should be 1")
def test_dimension_forgotten(shared: World, rng: np.random.Generator) -> None:
    moved = with_new_means(shared)

    assert_differs(slope_by_variance(moved, soft_distortion(moved) / N), 0.0)
    assert_same(float(np.trace(V * np.eye(D))), V * D)
    many = rng.normal(size=(20_000, D))
    assert abs(float(np.mean(np.sum((many - many.mean(axis=0)) ** 2, axis=1))) - D) < 0.1


@slip(
    SPHERICAL,
    "variance-of-one-component",
    r"v = \frac{1}{N_k d} \sum_{i} \gamma_{ik} \|x_i - \mu_k\|^2",
)
def test_variance_of_one_component(shared: World) -> None:
    moved = with_new_means(shared)
    squares = squared_distances(moved.points, moved.mixture.means)
    wrong = np.sum(moved.gamma * squares, axis=0) / (moved.counts * D)

    assert_differs(wrong, np.full(K, soft_distortion(moved) / (N * D)))
