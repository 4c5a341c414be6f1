"""What the prose says of computing, of starts, k-means and the number of components."""

import math
from itertools import permutations

import numpy as np

from tests.content.em_gmm.mixture import (
    SPHERICAL,
    D,
    K,
    Mixture,
    N,
    World,
    e_step,
    posterior_in_logs,
    run,
    spherical,
    squared_distances,
)
from tests.content.numeric import assert_same, gradient
from tests.content.registry import claim


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
