"""What the prose says of where EM goes, and how fast."""

import numpy as np

from tests.content.em_gmm.mixture import D, K, Mixture, World, e_step, m_step, run, scatter
from tests.content.numeric import Array, assert_same, gradient
from tests.content.registry import claim


@claim("em-gmm", "the log-likelihood of the data never falls")
@claim("em-gmm", "falls by more than rounding means that an update is wrong")
def test_likelihood_never_falls_on_data(world: World) -> None:
    values, mixture = [world.mixture.log_likelihood(world.points)], world.mixture
    for _ in range(60):
        mixture = run(world.points, mixture, 1)
        values.append(mixture.log_likelihood(world.points))

    assert np.all(np.diff(values) > -1e-9)
    assert values[-1] > values[0] + 1


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
