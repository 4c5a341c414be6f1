"""The variant with one spherical covariance."""

import math

import numpy as np

from tests.content.em_gmm.mixture import (
    SPHERICAL,
    D,
    K,
    Mixture,
    N,
    V,
    World,
    e_step,
    log_odds,
    slope_by_variance,
    soft_distortion,
    squared_distances,
    with_new_means,
)
from tests.content.numeric import Array, assert_differs, assert_same
from tests.content.registry import claim, slip, step


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
