"""What the prose says of how large the divergence is, and of its relatives."""

import math

import numpy as np

from tests.content.kl_divergence.world import GRID, POINTS, World, normal
from tests.content.numeric import Array, assert_differs, assert_same
from tests.content.registry import claim
from tests.content.worlds.common import distribution, entropy, kl


@claim("kl-divergence", r"are $\frac12 \log \frac43$ and $\frac34 \log 3 - \log 2$")
@claim("kl-divergence", r"the value is $\frac12 \log \frac43 > 0$")
@claim("kl-divergence", "that is about 0.21 bits a symbol")
def test_two_points() -> None:
    p, q = np.array([0.5, 0.5]), np.array([0.25, 0.75])

    assert_same(kl(p, q), 0.5 * math.log(4 / 3))
    assert_same(kl(q, p), 0.75 * math.log(3) - math.log(2))
    assert round(kl(p, q) / math.log(2), 2) == 0.21


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


@claim("kl-divergence", "The sum of both directions is symmetric but still unbounded.")
@claim("kl-divergence", r"finite even for disjoint supports: $\frac{p(x)}{m(x)} \le 2$")
@claim("kl-divergence", "no point can be surprising by more than a factor of two")
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
