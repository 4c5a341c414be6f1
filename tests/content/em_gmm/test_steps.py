"""The key steps."""

import numpy as np

from tests.content.em_gmm.mixture import D, K, N, World, m_step, random_mixture, scatter
from tests.content.numeric import Array, assert_same, gradient
from tests.content.registry import claim, step
from tests.content.worlds.common import distribution, kl


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
@claim("em-gmm", r"since $\log \det M$ has the gradient $M^{-1}$")
def test_derivative_by_the_inverse_covariance(world: World, rng: np.random.Generator) -> None:
    precisions = np.linalg.inv(world.mixture.covariances)
    one = precisions[0]
    assert_same(gradient(lambda M: float(np.linalg.slogdet(M)[1]), one), np.linalg.inv(one), 1e-5)

    def expected(value: Array) -> float:
        symmetric = 0.5 * (value + np.swapaxes(value, 1, 2))
        return world.expected(world.mixture._replace(covariances=np.linalg.inv(symmetric)))

    covariances, counts = world.mixture.covariances, world.counts[:, None, None]
    gap = counts * covariances - scatter(world.points, world.gamma, world.mixture.means)
    assert_same(gradient(expected, precisions), 0.5 * gap, 1e-5)
    other = np.linalg.inv(random_mixture(rng).covariances)
    assert expected((precisions + other) / 2) > (expected(precisions) + expected(other)) / 2


@step("em-gmm", "2c", r"\pi_k = \frac{N_k}{N}")
@claim("em-gmm", r"$N_k / \pi_k = \lambda$, so $\pi_k$ is proportional to $N_k$.")
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
