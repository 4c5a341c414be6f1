"""The slips."""

import numpy as np

from tests.content.em_gmm.mixture import (
    D,
    K,
    Mixture,
    N,
    World,
    e_step,
    m_step,
    scatter,
    squared_distances,
)
from tests.content.numeric import Array, assert_differs, assert_same
from tests.content.registry import claim, slip
from tests.content.worlds.common import distribution, kl


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
