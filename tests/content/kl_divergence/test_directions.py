"""What the prose says of the two directions."""

import math
from collections.abc import Callable

import numpy as np

from tests.content.kl_divergence.world import GRID, PARAMETERS, POINTS, World, normal
from tests.content.numeric import (
    Array,
    assert_differs,
    assert_same,
    column,
    gradient,
    hessian,
    number,
)
from tests.content.registry import claim
from tests.content.worlds.common import distribution, entropy, kl, softmax


def two_bumps() -> Array:
    return 0.5 * normal(-3, 1) + 0.5 * normal(3, 1)


def best_normal(divergence: Callable[[Array], float]) -> tuple[float, float]:
    """Mean and deviation of the Gaussian with the smallest divergence, on a grid of both."""
    means, deviations = np.linspace(-4, 4, 41), np.linspace(0.6, 4, 69)
    fits = [(divergence(normal(m, s)), m, s) for m in means for s in deviations]
    _, mean, deviation = min(fits)
    return float(mean), float(deviation)


@claim("kl-divergence", "The forward fit has mean 0 and variance 10, the moments of the target")
@claim("kl-divergence", "its centre lies where the target has almost nothing")
@claim("kl-divergence", "puts almost nothing, so the fit is mass-covering")
@claim("kl-divergence", "$q$ pays wherever $p$ has mass and $q$ has little, so it spreads")
def test_forward_fit_covers_two_bumps() -> None:
    target = two_bumps()

    mean, deviation = best_normal(lambda model: kl(target, model))

    assert abs(mean) < 1e-9
    assert abs(deviation**2 - 10) < 0.2
    assert target[GRID.size // 2] < 0.05 * target.max()


@claim("kl-divergence", "The reverse fit sits on one of the two bumps")
@claim("kl-divergence", "the fit is mode-seeking")
@claim("kl-divergence", "pays for its own mass where $p$ has little, so it settles on a mode")
def test_reverse_fit_takes_one_bump() -> None:
    target = two_bumps()

    mean, deviation = best_normal(lambda model: kl(model, target))

    assert abs(abs(mean) - 3) < 0.21
    assert abs(deviation - 1) < 0.11


@claim("kl-divergence", "it matches the means of these sufficient statistics")
@claim(
    "kl-divergence",
    (
        r"Let $q_\theta(x) = h(x) \exp(\theta^\top T(x) - A)$, where $A = \log \sum_x h(x) "
        r"\exp(\theta^\top T(x))$ depends on $\theta$."
    ),
)
@claim(
    "kl-divergence",
    (
        r"$\mathrm{KL}(p \| q_\theta) = A - \theta^\top \mathbb{E}_p[T(x)] + c$ with a "
        "constant $c$"
    ),
)
@claim(
    "kl-divergence",
    (
        r"Since $\nabla_\theta A = \mathbb{E}_{q_\theta}[T(x)]$, the gradient is "
        r"$\mathbb{E}_{q_\theta}[T(x)] - \mathbb{E}_p[T(x)]$ and vanishes"
    ),
)
@claim("kl-divergence", "Hessian is the covariance of $T$")
def test_forward_fit_matches_moments(world: World, rng: np.random.Generator) -> None:
    T, theta, h = world.features, column(rng, PARAMETERS), rng.uniform(0.5, 2, (POINTS, 1))
    p = world.data[:, None]

    def log_normaliser(theta: Array) -> float:
        return math.log(float(np.sum(h * np.exp(T @ theta))))

    def model(theta: Array) -> Array:
        result: Array = h * np.exp(T @ theta - log_normaliser(theta))
        return result

    def divergence(theta: Array) -> float:
        return kl(world.data, model(theta)[:, 0])

    def without_constant(theta: Array) -> float:
        return log_normaliser(theta) - number(theta.T @ T.T @ p)

    assert_same(float(model(theta).sum()), 1.0)
    constant = divergence(theta) - without_constant(theta)
    assert_same(divergence(-theta) - without_constant(-theta), constant)
    q = model(theta)
    assert_same(gradient(log_normaliser, theta), T.T @ q, 1e-6)
    assert_same(gradient(divergence, theta), T.T @ q - T.T @ p, 1e-6)
    assert_same(hessian(log_normaliser, theta), (T * q).T @ T - (T.T @ q) @ (T.T @ q).T, 1e-5)
    assert_same(hessian(divergence, theta), hessian(log_normaliser, theta), 1e-5)

    assert_same(T.T @ world.model(world.forward), T.T @ world.data, 1e-5)
    assert_differs(T.T @ world.model(world.reverse), T.T @ world.data)


@claim("kl-divergence", "the forward fit puts the centre on the median of the target")
def test_forward_fit_of_a_laplace_density_finds_the_median() -> None:
    target = 0.7 * normal(0, 1) + 0.3 * normal(6, 1)
    centres = GRID[400:1000:2, 0]

    fits = [kl(target, softmax(-np.abs(GRID - centre))[:, 0]) for centre in centres]
    best = float(centres[int(np.argmin(fits))])

    median = float(GRID[int(np.searchsorted(np.cumsum(target), 0.5)), 0])
    assert abs(best - median) < 0.05
    assert abs(best - float(target @ GRID[:, 0])) > 0.5


@claim(
    "kl-divergence",
    r"For $q = p + \delta$ with small $\delta$ both directions are"
    r" $\frac12 \sum_x \delta(x)^2 / p(x)$",
)
@claim("kl-divergence", r"$\frac12 d\theta^\top F\, d\theta$")
@claim(
    "kl-divergence",
    r"the mean of $\nabla_\theta \log q_\theta(x)$ times its own transpose under the model",
)
def test_both_directions_agree_close_by(world: World, rng: np.random.Generator) -> None:
    theta, move = column(rng, PARAMETERS), 1e-3 * column(rng, PARAMETERS)
    p, near = world.model(theta), world.model(theta + move)
    quadratic = 0.5 * float(np.sum((near - p) ** 2 / p))

    assert abs(kl(p, near) / quadratic - 1) < 0.02
    assert abs(kl(near, p) / quadratic - 1) < 0.02

    scores = world.features - world.features.T @ p
    fisher = (scores * p[:, None]).T @ scores
    assert abs(kl(p, near) / (0.5 * number(move.T @ fisher @ move)) - 1) < 0.02


@claim("kl-divergence", "while the divergence is smallest at $p = q$")
@claim("kl-divergence", "is smallest with all mass on the most probable point of $q$")
def test_moving_the_first_argument_of_the_cross_entropy(
    world: World, rng: np.random.Generator
) -> None:
    costs = -np.log(world.q)

    for _ in range(20):
        p = distribution(rng, POINTS)
        assert float(p @ costs) > costs[world.q.argmax()]
        assert kl(p, world.q) > kl(world.q, world.q) == 0


@claim("kl-divergence", r"\mathbb{E}_{q_\theta}[\log q_\theta(x) - \log \tilde{p}(x)] + \log Z$")
@claim("kl-divergence", r"$\mathrm{KL}(p \| q_\theta)$ is $-\mathbb{E}_p[\log q_\theta(x)]$ plus")
@claim("kl-divergence", r"With $p(x) = \tilde{p}(x) / Z$ and $Z$ unknown: reverse")
def test_what_each_direction_needs(world: World, rng: np.random.Generator) -> None:
    model, Z = world.model(column(rng, PARAMETERS)), 3.7
    unnormalised = Z * world.data

    free = float(np.sum(model * (np.log(model) - np.log(unnormalised)))) + math.log(Z)
    assert_same(kl(model, world.data), free)
    cross = -float(np.sum(world.data * np.log(model)))
    assert_same(kl(world.data, model), cross - entropy(world.data))


@claim(
    "kl-divergence",
    r"$\mathbb{E}_{q_\theta}\left[\nabla_\theta \log q_\theta(x)"
    r" \log \frac{q_\theta(x)}{p(x)}\right]$",
)
@claim("kl-divergence", "Subtracting a constant from the log-ratio changes nothing in the mean")
@claim("kl-divergence", "and lowers the variance if this baseline is chosen well")
def test_gradient_of_the_reverse_direction(world: World, rng: np.random.Generator) -> None:
    theta, baseline = column(rng, PARAMETERS), 1.7
    model = world.model(theta)
    scores = world.features - world.features.T @ model
    ratio = np.log(model / world.data)

    slope = gradient(lambda at: kl(world.model(at), world.data), theta)[:, 0]
    assert_same(model @ scores, np.zeros(PARAMETERS))
    assert_same(slope, (model * ratio) @ scores, 1e-6)
    assert_same(slope, (model * (ratio - baseline)) @ scores, 1e-6)
    unnormalised = np.log(model / (3.7 * world.data))
    assert_same(slope, (model * unnormalised) @ scores, 1e-6)
    for score in scores.T:
        squares = model * score**2
        spread = [float(squares @ (ratio - b) ** 2) for b in (0.0, squares @ ratio / squares.sum())]
        assert spread[1] < spread[0] - 1e-9
