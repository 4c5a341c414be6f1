"""The numbers behind `kl-divergence.toml`. A distribution is an array; of a pair, x is axis 0."""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pytest

from tests.content.numeric import (
    Array,
    assert_differs,
    assert_same,
    column,
    gradient,
    hessian,
    number,
)
from tests.content.registry import claim, slip, step
from tests.content.worlds.common import distribution, entropy, kl, softmax
from tests.content.worlds.kl_divergence import lowest

POINTS, PARAMETERS = 6, 3
CHANNEL = "kl-divergence-channel"


class World(NamedTuple):
    p: Array
    q: Array
    data: Array
    features: Array

    @property
    def ratio(self) -> Array:
        return self.q / self.p

    def model(self, theta: Array) -> Array:
        """An exponential family that does not reach `data`."""
        result: Array = softmax(self.features @ theta)[:, 0]
        return result

    @property
    def most_likely(self) -> Array:
        return lowest(lambda theta: -float(np.sum(self.data * np.log(self.model(theta)))))

    @property
    def forward(self) -> Array:
        return lowest(lambda theta: kl(self.data, self.model(theta)))

    @property
    def reverse(self) -> Array:
        return lowest(lambda theta: kl(self.model(theta), self.data))


@pytest.fixture
def world(rng: np.random.Generator) -> World:
    p, q, data = (distribution(rng, POINTS) for _ in range(3))
    return World(p, q, data, rng.normal(size=(POINTS, PARAMETERS)))


class Channel(NamedTuple):
    p: Array
    q: Array
    noise: Array

    @property
    def pairs(self) -> tuple[Array, Array]:
        return self.p[:, None] * self.noise, self.q[:, None] * self.noise

    @property
    def outputs(self) -> tuple[Array, Array]:
        first, second = self.pairs
        return first.sum(axis=0), second.sum(axis=0)

    @property
    def of_input(self) -> float:
        return kl(self.p, self.q)

    @property
    def of_output(self) -> float:
        return kl(*self.outputs)

    @property
    def given_output(self) -> Array:
        """KL(p(x|y) ‖ q(x|y)) for each y."""
        first, second = (pair / pair.sum(axis=0) for pair in self.pairs)
        result: Array = np.sum(first * np.log(first / second), axis=0)
        return result


@pytest.fixture
def channel(rng: np.random.Generator) -> Channel:
    noise = distribution(rng, POINTS, 4, axis=1)
    return Channel(distribution(rng, POINTS), distribution(rng, POINTS), noise)


GRID = np.linspace(-14, 14, 1401)[:, None]


def normal(mean: float, deviation: float) -> Array:
    """On the grid, with sum 1."""
    result: Array = softmax(-0.5 * ((GRID - mean) / deviation) ** 2)[:, 0]
    return result


def two_bumps() -> Array:
    return 0.5 * normal(-3, 1) + 0.5 * normal(3, 1)


def best_normal(divergence: Callable[[Array], float]) -> tuple[float, float]:
    """Mean and deviation of the Gaussian with the smallest divergence, on a grid of both."""
    means, deviations = np.linspace(-4, 4, 41), np.linspace(0.6, 4, 69)
    fits = [(divergence(normal(m, s)), m, s) for m in means for s in deviations]
    _, mean, deviation = min(fits)
    return float(mean), float(deviation)


@step("kl-divergence", "1", r"-\mathrm{KL}(p \| q) = \sum_x p(x) \log \frac{q(x)}{p(x)}")
def test_ratio_turned(world: World) -> None:
    assert_same(-kl(world.p, world.q), float(np.sum(world.p * np.log(world.ratio))))


@step(
    "kl-divergence",
    "2",
    r"""
    \begin{aligned}
    \sum_x p(x) \log \frac{q(x)}{p(x)} &\le \log \sum_x p(x) \frac{q(x)}{p(x)} \\
    &= \log \sum_x q(x) = \log 1 = 0
    \end{aligned}
    """,
)
@claim(
    "kl-divergence", "In the mean the $p(x)$ cancels, and what is left is the total mass of $q$."
)
def test_jensen(world: World) -> None:
    mean = float(np.sum(world.p * world.ratio))

    assert float(np.sum(world.p * np.log(world.ratio))) < math.log(mean)
    assert_same(mean, float(np.sum(world.q)))
    assert_same(math.log(mean), 0.0)


@step(
    "kl-divergence",
    "3",
    r"\mathrm{KL}(p \| q) \ge 0 \quad \text{with equality iff } p = q",
)
@claim("kl-divergence", "only if $q(x)/p(x)$ is the same number $c$ for every $x$")
@claim("kl-divergence", r"Summing $q(x) = c\, p(x)$ over $x$ gives $c = 1$, so $q = p$")
def test_never_negative(world: World, rng: np.random.Generator) -> None:
    assert kl(world.p, world.q) > 1e-6
    # Jensen by itself is an equality for a constant ratio, and for no other.
    for ratio in (np.full(POINTS, 3.0), world.ratio):
        gap = math.log(float(world.p @ ratio)) - float(world.p @ np.log(ratio))
        assert (gap < 1e-12) == bool(np.ptp(ratio) == 0)
    for c in (0.5, 1.0, 3.0):
        assert_same(float(np.sum(c * world.p)), c)
    assert_same(kl(world.p, world.p), 0.0)
    for _ in range(20):
        assert kl(distribution(rng, POINTS), distribution(rng, POINTS)) > 1e-6


@step("kl-divergence", "4", r"\mathrm{KL}(p \| q) \ne \mathrm{KL}(q \| p)")
def test_not_symmetric(world: World) -> None:
    assert_differs(kl(world.p, world.q), kl(world.q, world.p))


@claim("kl-divergence", r"are $\frac12 \log \frac43$ and $\frac34 \log 3 - \log 2$")
@claim("kl-divergence", r"the value is $\frac12 \log \frac43 > 0$")
@claim("kl-divergence", "that is about 0.21 bits a symbol")
def test_two_points() -> None:
    p, q = np.array([0.5, 0.5]), np.array([0.25, 0.75])

    assert_same(kl(p, q), 0.5 * math.log(4 / 3))
    assert_same(kl(q, p), 0.75 * math.log(3) - math.log(2))
    assert round(kl(p, q) / math.log(2), 2) == 0.21


@step("kl-divergence", "5a", r"\mathbb{E}_p[-\log q(x)] = H(p) + \mathrm{KL}(p \| q)")
def test_cross_entropy(world: World) -> None:
    cross = -float(np.sum(world.p * np.log(world.q)))

    assert_same(cross, entropy(world.p) + kl(world.p, world.q))


@step(
    "kl-divergence",
    "5b",
    r"""
    \arg\max_\theta \mathbb{E}_{p^*}[\log q_\theta(x)]
    = \arg\min_\theta \mathrm{KL}(p^* \| q_\theta)
    """,
)
@claim("kl-divergence", "the mean on the left is the mean log-likelihood")
@claim("kl-divergence", r"points that do not occur drop out because $t \log t \to 0$ as $t \to 0$")
def test_maximum_likelihood_is_the_forward_direction(
    world: World, rng: np.random.Generator
) -> None:
    assert_same(world.most_likely, world.forward, 1e-4)

    examples = np.array([0, 0, 1, 3, 3, 3, 4])
    empirical = np.bincount(examples, minlength=POINTS) / len(examples)
    occurs = empirical > 0
    assert not np.all(occurs)
    gaps = []
    for _ in range(3):
        log_model = np.log(world.model(column(rng, PARAMETERS)))
        assert_same(float(np.mean(log_model[examples])), float(empirical @ log_model))
        forward = empirical[occurs] @ (np.log(empirical[occurs]) - log_model[occurs])
        gaps.append(float(forward + np.mean(log_model[examples])))
    assert_same(np.array(gaps), np.full(3, gaps[0]))


@step(
    "kl-divergence",
    "6",
    r"""
    \arg\min_\theta \mathrm{KL}(p^* \| q_\theta) \ne \arg\min_\theta \mathrm{KL}(q_\theta \| p^*)
    """,
)
@claim("kl-divergence", "A model that can reach the target reaches it in both directions")
def test_the_two_directions_fit_differently(world: World) -> None:
    assert_differs(world.forward, world.reverse)

    theta = np.array([[0.4], [-0.3], [0.2]])
    within_reach = world._replace(data=world.model(theta))
    assert_same(within_reach.forward, theta, 1e-4)
    assert_same(within_reach.reverse, theta, 1e-4)


@slip(
    "kl-divergence",
    "ratio-not-turned",
    r"-\mathrm{KL}(p \| q) = \sum_x p(x) \log \frac{p(x)}{q(x)}",
)
def test_ratio_not_turned(world: World) -> None:
    assert_differs(-kl(world.p, world.q), float(np.sum(world.p * np.log(1 / world.ratio))))


@slip(
    "kl-divergence",
    "weights-exchanged",
    r"-\mathrm{KL}(p \| q) = \sum_x q(x) \log \frac{q(x)}{p(x)}",
)
@claim("kl-divergence", "the right side is the divergence of $q$ from $p$, with a plus")
@claim("kl-divergence", "under the weights $q(x)$ nothing cancels in the mean of $q(x)/p(x)$")
def test_weights_exchanged(world: World) -> None:
    wrong = float(np.sum(world.q * np.log(world.ratio)))

    assert float(np.sum(world.q * world.ratio)) > 1 + 1e-3

    assert_differs(-kl(world.p, world.q), wrong)
    assert_same(wrong, kl(world.q, world.p))


@slip(
    "kl-divergence",
    "jensen-reversed",
    r"\sum_x p(x) \log \frac{q(x)}{p(x)} \ge \log \sum_x p(x) \frac{q(x)}{p(x)}",
)
@claim("kl-divergence", r"$\frac12 (\log 1 + \log 4) = \log 2 < \log 2.5$")
def test_jensen_reversed(world: World) -> None:
    assert float(np.sum(world.p * np.log(world.ratio))) < math.log(np.sum(world.p * world.ratio))
    assert_same(0.5 * (math.log(1) + math.log(4)), math.log(2))
    assert math.log(2) < math.log(0.5 * (1 + 4)) == math.log(2.5)


@slip(
    "kl-divergence",
    "jensen-equality",
    r"\sum_x p(x) \log \frac{q(x)}{p(x)} = \log \sum_x p(x) \frac{q(x)}{p(x)}",
)
@claim("kl-divergence", r"The right side is $\log 1$ for every pair")
def test_jensen_equality(world: World) -> None:
    mean_of_logs = float(np.sum(world.p * np.log(world.ratio)))

    assert_same(float(np.sum(world.p * world.ratio)), 1.0)
    assert_differs(mean_of_logs, math.log(np.sum(world.p * world.ratio)))


@slip("kl-divergence", "sign-of-kl", r"\mathrm{KL}(p \| q) \le 0")
def test_sign_of_kl(world: World) -> None:
    assert kl(world.p, world.q) > 1e-6


@slip("kl-divergence", "symmetric", r"\mathrm{KL}(p \| q) = \mathrm{KL}(q \| p)")
@claim(
    "kl-divergence",
    r"$q = (\epsilon, 1 - \epsilon)$: as $\epsilon \to 0$ the left side grows without bound and the"
    r" right side tends to $\log 2$",
)
@claim(
    "kl-divergence",
    r"For $p = (\frac12, \frac12)$ and $q = (\epsilon, 1 - \epsilon)$ it grows like"
    r" $\frac12 \log \frac{1}{\epsilon}$",
)
@claim("kl-divergence", "All from 0 upwards, without a limit, even on two points.")
def test_symmetric(world: World) -> None:
    assert_differs(kl(world.p, world.q), kl(world.q, world.p))

    epsilon, half = 1e-9, np.array([0.5, 0.5])
    q = np.array([epsilon, 1 - epsilon])
    assert abs(kl(half, q) - 0.5 * math.log(1 / epsilon)) < 1
    assert_same(kl(q, half), math.log(2), 1e-6)
    for tiny in (1e-20, 1e-100, 1e-300):
        growth = kl(half, np.array([tiny, 1 - tiny])) / (0.5 * math.log(1 / tiny))
        assert abs(growth - 1) < 1 / math.log10(1 / tiny)
    for value in (0.0, 1e-3, 1.0, 50.0):
        # A quadratic for the ε at which the divergence has this value.
        root = math.sqrt(-math.expm1(-2 * value))
        epsilon = 0.5 * math.exp(-2 * value) / (1 + root)
        assert_same(kl(half, np.array([epsilon, 1 - epsilon])), value)


@slip(
    "kl-divergence",
    "triangle",
    r"\mathrm{KL}(p \| r) \le \mathrm{KL}(p \| q) + \mathrm{KL}(q \| r)",
)
@claim(
    "kl-divergence",
    r"Take $q = \frac12(p + r)$ with $p \ne r$: by convexity each term on the right is less than"
    r" half of the left side",
)
@claim("kl-divergence", r"$\mathrm{KL}(p \| q) + \mathrm{KL}(q \| r) < \mathrm{KL}(p \| r)$")
def test_triangle(world: World) -> None:
    p, r = world.p, world.data
    q = 0.5 * (p + r)

    assert max(kl(p, q), kl(q, r)) < 0.5 * kl(p, r)
    assert kl(p, r) > kl(p, q) + kl(q, r)


@slip(
    "kl-divergence", "cross-entropy-sign", r"\mathbb{E}_p[-\log q(x)] = H(p) - \mathrm{KL}(p \| q)"
)
@claim("kl-divergence", "The code of another distribution cannot be shorter on average")
@claim("kl-divergence", r"so it is at least $H(p^*)$ and reaches it exactly at $q_\theta = p^*$")
@claim("kl-divergence", "that is 0, which a softmax approaches without reaching it")
def test_cross_entropy_sign(world: World) -> None:
    cross = -float(np.sum(world.p * np.log(world.q)))

    assert_differs(cross, entropy(world.p) - kl(world.p, world.q))
    assert cross > entropy(world.p) + 1e-6
    assert_same(-float(np.sum(world.p * np.log(world.p))), entropy(world.p))
    losses = [-math.log(softmax(np.array([gap, 0.0]))[0]) for gap in (1.0, 10.0, 30.0)]
    assert losses[0] > losses[1] > losses[2] > 0
    assert losses[2] < 1e-12


@slip("kl-divergence", "wrong-entropy", r"\mathbb{E}_p[-\log q(x)] = H(q) + \mathrm{KL}(p \| q)")
def test_wrong_entropy(world: World) -> None:
    cross = -float(np.sum(world.p * np.log(world.q)))

    assert_differs(cross, entropy(world.q) + kl(world.p, world.q))


@slip(
    "kl-divergence",
    "reverse-direction",
    r"""
    \arg\max_\theta \mathbb{E}_{p^*}[\log q_\theta(x)]
    = \arg\min_\theta \mathrm{KL}(q_\theta \| p^*)
    """,
)
def test_reverse_direction(world: World) -> None:
    assert_differs(world.most_likely, world.reverse)


@claim("kl-divergence", "The forward fit has mean 0 and variance 10, the moments of the target")
@claim("kl-divergence", "its centre lies where the target has almost nothing")
@claim("kl-divergence", "the fit of a model that cannot reach $p^*$ is mass-covering")
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
    "kl-divergence", "a code made for $q$ costs $\\mathrm{KL}(p \\| q)$ bits more, up to rounding"
)
def test_price_of_a_wrong_code(world: World) -> None:
    """A code has words of lengths l if the sum of 2^-l is at most 1."""
    ideal = -np.log2(world.q)
    rounded = np.ceil(ideal)
    extra = kl(world.p, world.q) / math.log(2)
    best = entropy(world.p) / math.log(2)

    assert_same(float(np.sum(2.0**-ideal)), 1.0)
    assert_same(float(world.p @ ideal), best + extra)
    assert np.sum(2.0**-rounded) <= 1
    assert best + extra <= float(world.p @ rounded) < best + extra + 1


@claim("kl-divergence", "up to terms of third order")
def test_the_remainder_is_of_third_order(world: World) -> None:
    def remainders(size: float) -> Array:
        q = world.p + size * (world.q - world.p)
        quadratic = 0.5 * float(np.sum((q - world.p) ** 2 / world.p))
        return np.array([kl(world.p, q) - quadratic, kl(q, world.p) - quadratic])

    assert np.all(np.abs(remainders(1e-3) / remainders(2e-3) - 1 / 8) < 1e-2)


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


@claim("kl-divergence", r"$\frac12 \sum_x |p(x) - q(x)| \le \sqrt{\frac12 \mathrm{KL}(p \| q)}$")
@claim("kl-divergence", "A single point to which $q$ gives far too little")
def test_pinsker_and_its_converse(rng: np.random.Generator) -> None:
    for _ in range(50):
        p, q = distribution(rng, 3), distribution(rng, 3)
        assert 0.5 * float(np.sum(np.abs(p - q))) <= math.sqrt(0.5 * kl(p, q))

    p, q = np.array([0.01, 0.99]), np.array([1e-300, 1.0])
    assert 0.5 * float(np.sum(np.abs(p - q))) < 0.011
    assert kl(p, q) > 6


@claim(
    "kl-divergence",
    "No. A term is negative wherever $q(x) > p(x)$; only the sum is never negative.",
)
@claim("kl-divergence", "so if they differ, $q$ is the larger one somewhere")
def test_some_terms_are_negative(world: World) -> None:
    terms = world.p * np.log(world.p / world.q)

    assert np.array_equal(terms < 0, world.q > world.p)
    assert terms.min() < 0 < terms.sum()


@claim("kl-divergence", r"$\mathrm{KL}(p \| q)$ is infinite.")
@claim("kl-divergence", r"it is $\mathrm{KL}(q \| p)$ that has a zero term")
def test_a_point_that_only_one_of_them_has(world: World) -> None:
    q = np.array([0.0, *world.q[1:]]) / (1 - world.q[0])
    with np.errstate(divide="ignore"):
        assert kl(world.p, q) == math.inf

    shrinking = [np.where(q > 0, q, t) for t in (1e-3, 1e-9, 1e-200)]
    terms = [float(one[0] * np.log(one[0] / world.p[0])) for one in shrinking]
    assert abs(terms[0]) > abs(terms[1]) > abs(terms[2])
    assert abs(terms[2]) < 1e-190


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


@claim("kl-divergence", r"Use $\log t \le t - 1$, with equality only at $t = 1$.")
@claim("kl-divergence", "that is $\\sum_x q(x) - \\sum_x p(x) = 0$")
@claim(
    "kl-divergence",
    "Equality needs $q(x)/p(x) = 1$ at every $x$, because every weight $p(x)$ is positive.",
)
def test_tangent_of_the_logarithm(world: World) -> None:
    t = np.linspace(0.01, 5, 500)
    bound = float(np.sum(world.p * (world.ratio - 1)))

    assert_same(bound, 0.0)
    assert -kl(world.p, world.q) < bound
    # One ratio that is not 1 is enough to be strictly below.
    for i in range(POINTS):
        ratio = np.where(np.arange(POINTS) == i, 1.1, 1.0)
        assert float(world.p @ (ratio - 1 - np.log(ratio))) > 1e-9

    assert np.all(np.log(t) <= t - 1)
    assert np.all(np.log(t[np.abs(t - 1) > 0.05]) < t[np.abs(t - 1) > 0.05] - 1)


@claim("kl-divergence", r"$H(p) \le \log n$, with equality exactly for the uniform distribution")
@claim(
    "kl-divergence",
    r"With $u(x) = \frac1n$ on $n$ points,"
    r" $\mathrm{KL}(p \| u) = \sum_x p(x) \log (n\, p(x)) = \log n - H(p)$",
)
def test_divergence_from_the_uniform_distribution(world: World) -> None:
    uniform = np.full(POINTS, 1 / POINTS)

    assert_same(kl(world.p, uniform), math.log(POINTS) - entropy(world.p))
    assert_same(kl(world.p, uniform), float(world.p @ np.log(POINTS * world.p)))
    assert entropy(world.p) < math.log(POINTS) - 1e-6
    assert_same(entropy(uniform), math.log(POINTS))


@claim(
    "kl-divergence",
    (
        r"$\mathbb{E}\left[\log \frac{p(x)}{q(x)}\right] = \log \frac{\sigma_2}{\sigma_1} + "
        r"\frac{\sigma_1^2 + (\mu_1 - \mu_2)^2}{2\sigma_2^2} - \frac12$"
    ),
)
@claim("kl-divergence", "and only then symmetric")
@claim(
    "kl-divergence",
    (
        r"with $\mathbb{E}[(x - \mu_1)^2] = \sigma_1^2$ and $\mathbb{E}[(x - \mu_2)^2] = "
        r"\sigma_1^2 + (\mu_1 - \mu_2)^2$"
    ),
)
@claim("kl-divergence", "a model that is too narrow pays with the square")
def test_two_gaussians(rng: np.random.Generator) -> None:
    def closed(m1: float, s1: float, m2: float, s2: float) -> float:
        return math.log(s2 / s1) + (s1**2 + (m1 - m2) ** 2) / (2 * s2**2) - 0.5

    m1, m2 = rng.normal(size=2)
    s1, s2 = rng.uniform(0.7, 1.3, size=2)

    assert_same(closed(m1, s1, m2, s2), kl(normal(m1, s1), normal(m2, s2)), 1e-6)
    assert_differs(closed(m1, s1, m2, s2), closed(m2, s2, m1, s1))
    assert_same(closed(m1, s1, m2, s1), (m1 - m2) ** 2 / (2 * s1**2))
    assert_same(closed(m1, s1, m1, s1), 0.0)
    square = float(normal(m1, s1) @ (GRID[:, 0] - m2) ** 2)
    assert_same(square, s1**2 + (m1 - m2) ** 2, 1e-6)
    assert_same(float(normal(m1, s1) @ (GRID[:, 0] - m1) ** 2), s1**2, 1e-6)
    far = 1e4
    assert abs(closed(0, 1, 0, 1 / far) / (far**2 / 2) - 1) < 1e-6
    assert abs(closed(0, 1, 0, far) - (math.log(far) - 0.5)) < 1e-6


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


@claim("kl-divergence", "The sum of both directions is symmetric but still unbounded.")
@claim("kl-divergence", r"finite even for disjoint supports: $\frac{p(x)}{m(x)} \le 2$")
@claim("kl-divergence", "so it is at most $\\log 2$. Its square root is a metric.")
def test_jensen_shannon(rng: np.random.Generator) -> None:
    def shannon(p: Array, q: Array) -> float:
        m = 0.5 * (p + q)
        return 0.5 * kl(p, m) + 0.5 * kl(q, m)

    for _ in range(50):
        p, q, r = (distribution(rng, 3) ** 4 for _ in range(3))
        p, q, r = p / p.sum(), q / q.sum(), r / r.sum()
        assert_same(shannon(p, q), shannon(q, p))
        assert shannon(p, q) <= math.log(2)
        assert shannon(p, r) ** 0.5 <= shannon(p, q) ** 0.5 + shannon(q, r) ** 0.5
        assert np.max(p / (0.5 * (p + q))) <= 2

    apart = (np.array([1 - 1e-300, 1e-300]), np.array([1e-300, 1 - 1e-300]))
    assert_same(shannon(*apart), math.log(2))
    assert kl(*apart) + kl(*apart[::-1]) > 1000


@claim(
    "kl-divergence",
    r"$\mathbb{E}_{q_\theta}\left[\nabla_\theta \log q_\theta(x)"
    r" \log \frac{q_\theta(x)}{p(x)}\right]$",
)
@claim("kl-divergence", "Subtracting a constant from the log-ratio changes nothing in the mean")
@claim("kl-divergence", "and lowers the variance if chosen well; it also means that $p$ need not")
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


@step(CHANNEL, "1", r"\mathrm{KL}(p(x,y) \| q(x,y)) = \mathrm{KL}(p(x) \| q(x))")
def test_channel_cancels_in_the_pair(channel: Channel) -> None:
    assert_same(kl(*channel.pairs), channel.of_input)


@step(
    CHANNEL,
    "2",
    r"""
    \mathrm{KL}(p(x,y) \| q(x,y)) = \mathrm{KL}(p(y) \| q(y))
    + \sum_y p(y)\, \mathrm{KL}(p(x|y) \| q(x|y))
    """,
)
@claim(CHANNEL, "This is the chain rule of the divergence, which needs no channel")
def test_chain_rule(channel: Channel, rng: np.random.Generator) -> None:
    output, _ = channel.outputs
    assert_same(kl(*channel.pairs), channel.of_output + float(output @ channel.given_output))

    first, second = (distribution(rng, 3, 4, axis=(0, 1)) for _ in range(2))
    columns = zip((first / first.sum(axis=0)).T, (second / second.sum(axis=0)).T, strict=True)
    inner = np.array([kl(one, other) for one, other in columns])
    outer = kl(first.sum(axis=0), second.sum(axis=0))
    assert_same(kl(first, second), outer + float(first.sum(axis=0) @ inner))


@step(CHANNEL, "3", r"\mathrm{KL}(p(y) \| q(y)) \le \mathrm{KL}(p(x) \| q(x))")
@claim(CHANNEL, "where every input can lead to every output, that means $p = q$")
def test_data_processing(channel: Channel) -> None:
    assert channel.of_output < channel.of_input
    assert_same(channel._replace(q=channel.p).of_output, 0.0)


@claim(CHANNEL, "$p(x)/q(x)$ has to be the same for all inputs that can lead to the same output")
@claim(CHANNEL, "Merging points of $\\mathcal{X}$ into groups is a channel too")
def test_merging_points(channel: Channel) -> None:
    def merged(p: Array) -> Array:
        result: Array = p.reshape(-1, 2).sum(axis=1)
        return result

    p, q = channel.p, channel.q
    assert kl(merged(p), merged(q)) < kl(p, q)

    constant = np.repeat(merged(q) / merged(p), 2) * p
    assert_same(kl(merged(p), merged(constant)), kl(p, constant))


@slip(
    CHANNEL,
    "channel-counted",
    r"\mathrm{KL}(p(x,y) \| q(x,y)) = \mathrm{KL}(p(x) \| q(x)) + \mathrm{KL}(p(y) \| q(y))",
)
@claim(CHANNEL, "the pair says no more than $x$ does, and this line would count it twice")
def test_channel_counted(channel: Channel) -> None:
    assert_differs(kl(*channel.pairs), channel.of_input + channel.of_output)

    copies = channel._replace(noise=np.eye(POINTS))
    first, second = (np.diag(pair) for pair in copies.pairs)
    assert_same(kl(first, second), channel.of_input)
    assert_same(copies.of_output, channel.of_input)


@slip(
    CHANNEL,
    "weights-of-the-second",
    r"""
    \mathrm{KL}(p(x,y) \| q(x,y)) = \mathrm{KL}(p(y) \| q(y))
    + \sum_y q(y)\, \mathrm{KL}(p(x|y) \| q(x|y))
    """,
)
def test_weights_of_the_second(channel: Channel) -> None:
    _, output = channel.outputs

    assert_differs(kl(*channel.pairs), channel.of_output + float(output @ channel.given_output))


@slip(
    CHANNEL,
    "not-averaged",
    r"""
    \mathrm{KL}(p(x,y) \| q(x,y)) = \mathrm{KL}(p(y) \| q(y)) + \sum_y \mathrm{KL}(p(x|y) \| q(x|y))
    """,
)
@claim(CHANNEL, "would count their divergence once for each value of $y$")
def test_not_averaged(channel: Channel) -> None:
    assert_differs(kl(*channel.pairs), channel.of_output + float(channel.given_output.sum()))

    deaf = channel._replace(noise=np.tile(channel.noise[:1], (POINTS, 1)))
    assert_same(deaf.given_output, np.full(4, channel.of_input))


@slip(CHANNEL, "processing-turned", r"\mathrm{KL}(p(y) \| q(y)) \ge \mathrm{KL}(p(x) \| q(x))")
@claim(CHANNEL, "both outputs have the same distribution and the left side is 0")
def test_processing_turned(channel: Channel) -> None:
    deaf = channel._replace(noise=np.tile(channel.noise[:1], (POINTS, 1)))

    assert channel.of_output < channel.of_input - 1e-6
    assert_same(deaf.of_output, 0.0)


@slip(CHANNEL, "nothing-lost", r"\mathrm{KL}(p(y) \| q(y)) = \mathrm{KL}(p(x) \| q(x))")
def test_nothing_lost(channel: Channel) -> None:
    assert_differs(channel.of_output, channel.of_input)
