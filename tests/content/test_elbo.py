"""The numbers behind `elbo.toml`, for one observation; a value of z is a place in an array."""

from collections.abc import Callable
from itertools import product
from typing import NamedTuple

import numpy as np
import pytest

from tests.content.numeric import Array, assert_differs, assert_same, gradient, hessian, number
from tests.content.registry import claim, slip, step
from tests.content.worlds.common import distribution, entropy, kl, softmax

X, Z = 3, 4
ID, GAUSSIAN = "elbo", "elbo-gaussian"
OTHERS = 20

# Means over standard normal noise, exact for polynomials and close to it for smooth functions.
NODES, NODE_WEIGHTS = np.polynomial.hermite_e.hermegauss(60)
NODE_WEIGHTS = NODE_WEIGHTS / NODE_WEIGHTS.sum()


class World(NamedTuple):
    prior: Array
    lik: Array  # of the one observation, by z
    q: Array

    @property
    def joint(self) -> Array:
        return np.asarray(self.lik * self.prior)

    @property
    def log_p(self) -> float:
        return float(np.log(self.joint.sum()))

    @property
    def post(self) -> Array:
        return np.asarray(self.joint / self.joint.sum())

    @property
    def elbo(self) -> float:
        return self.bound(self.q)

    def bound(self, q: Array) -> float:
        return float(q @ np.log(self.joint / q))

    @property
    def gap(self) -> float:
        return self.log_p - self.elbo

    def mean(self, values: Array) -> float:
        """Under q."""
        return float(self.q @ values)


@pytest.fixture
def world(rng: np.random.Generator) -> World:
    return World(distribution(rng, Z), rng.uniform(0.05, 0.9, size=Z), distribution(rng, Z))


class Gaussian(NamedTuple):
    x: float
    theta: float
    mu: float
    sigma: float

    @property
    def z(self) -> Array:
        """At the nodes of the noise."""
        return np.asarray(self.mu + self.sigma * NODES)

    @property
    def log_ratio(self) -> Array:
        return log_normal(self.z, self.mu, self.sigma) - log_normal(self.z, 0, 1)

    @property
    def kl(self) -> float:
        return noise_mean(self.log_ratio)

    @property
    def reconstruction(self) -> float:
        return noise_mean(log_normal(self.x, self.theta * self.z, 1))

    @property
    def elbo(self) -> float:
        return self.reconstruction - self.kl

    @property
    def log_p(self) -> float:
        """By summing the joint over a fine grid of z."""
        grid = np.linspace(-12, 12, 20001)
        joint = np.exp(log_normal(self.x, self.theta * grid, 1) + log_normal(grid, 0, 1))
        return float(np.log(joint.sum() * (grid[1] - grid[0])))

    @property
    def best(self) -> "Gaussian":
        precision = 1 + self.theta**2
        return self._replace(mu=self.theta * self.x / precision, sigma=precision**-0.5)


def log_normal(value: Array | float, mean: Array | float, deviation: float) -> Array:
    standard = (np.asarray(value) - mean) / deviation
    return np.asarray(-0.5 * standard**2 - np.log(deviation) - 0.5 * np.log(2 * np.pi))


def noise_mean(values: Array) -> float:
    return float(NODE_WEIGHTS @ values)


def slope(f: Callable[[float], float], at: float) -> float:
    return number(gradient(lambda t: f(float(t[0, 0])), np.array([[at]])))


@pytest.fixture
def gaussian(rng: np.random.Generator) -> Gaussian:
    """With a theta that is not near 0 or 1, where wrong lines are nearly right."""
    x, mu = rng.normal(size=2)
    theta, sigma = rng.uniform(1.2, 2.0), rng.uniform(1.2, 1.8)
    return Gaussian(float(x), float(theta), float(mu), float(sigma))


# --- key steps -----------------------------------------------------------------------------------


@step(
    ID,
    "1",
    r"""
    \begin{aligned}
    \log p_\theta(x) &= \log \int p_\theta(x,z)\,dz \\
    &= \log \mathbb{E}_{q(z|x)}\left[\frac{p_\theta(x,z)}{q(z|x)}\right]
    \end{aligned}
    """,
)
def test_marginal_as_a_mean_under_q(world: World) -> None:
    assert_same(world.log_p, float(np.log(world.lik @ world.prior)))
    assert_same(world.log_p, float(np.log(world.mean(world.joint / world.q))))


@step(
    ID,
    "2",
    r"""
    \begin{aligned}
    \log p_\theta(x) &\ge \mathbb{E}_q\left[\log \frac{p_\theta(x,z)}{q(z|x)}\right] \\
    &= \mathbb{E}_q[\log p_\theta(x,z)] + H(q)
    \end{aligned}
    """,
)
def test_jensen(world: World, rng: np.random.Generator) -> None:
    assert all(world.log_p >= world.bound(distribution(rng, Z)) for _ in range(OTHERS))
    assert_same(world.elbo, world.mean(np.log(world.joint)) + entropy(world.q))


@step(
    ID,
    "3",
    r"""
    \begin{aligned}
    \mathrm{ELBO} &= \mathbb{E}_q[\log p_\theta(x|z)] + \mathbb{E}_q[\log p(z)]
    - \mathbb{E}_q[\log q(z|x)] \\
    &= \mathbb{E}_q[\log p_\theta(x|z)] - \mathrm{KL}(q(z|x) \| p(z))
    \end{aligned}
    """,
)
def test_reconstruction_and_prior(world: World) -> None:
    prior, lik, q = world
    reconstruction = world.mean(np.log(lik))

    assert_same(world.elbo, reconstruction + world.mean(np.log(prior)) - world.mean(np.log(q)))
    assert_same(world.elbo, reconstruction - kl(q, prior))


@step(
    ID,
    "4",
    r"""
    \begin{aligned}
    \log p_\theta(x) - \mathrm{ELBO} &= \mathrm{KL}(q(z|x) \| p_\theta(z|x)) \\
    &\ge 0
    \end{aligned}
    """,
)
@claim(ID, "vanishes exactly if $q(z|x) = p_\\theta(z|x)$ for every $z$")
def test_gap(world: World) -> None:
    assert_same(world.gap, kl(world.q, world.post))
    assert world.gap > 1e-6
    assert_same(world.bound(world.post), world.log_p)


@step(
    GAUSSIAN,
    "1",
    r"\log \frac{q(z|x)}{p(z)} = \frac{1}{2} z^2 - \frac{1}{2} \epsilon^2 - \log \sigma",
)
def test_log_ratio_of_two_normal_densities(gaussian: Gaussian) -> None:
    right = gaussian.z**2 / 2 - NODES**2 / 2 - np.log(gaussian.sigma)

    assert_same(gaussian.log_ratio, right)


@step(
    GAUSSIAN,
    "2",
    r"\mathrm{KL} = \frac{1}{2} \left( \mu^2 + \sigma^2 - 1 - \log \sigma^2 \right)",
)
@claim(GAUSSIAN, r"The mean of $z^2$ is the squared mean plus the variance, $\mu^2 + \sigma^2$")
@claim(GAUSSIAN, r"The result is zero for $\mu = 0$ and $\sigma = 1$")
def test_divergence_of_a_normal_from_the_standard_normal(gaussian: Gaussian) -> None:
    mu, sigma = gaussian.mu, gaussian.sigma

    assert_same(noise_mean(gaussian.z**2), mu**2 + sigma**2)
    assert_same(gaussian.kl, normal_kl(mu, sigma))
    assert_same(noise_mean(NODES**2), 1.0)
    assert_same(gaussian._replace(mu=0.0, sigma=1.0).kl, 0.0)


@step(
    GAUSSIAN,
    "3",
    r"""
    R = -\frac{1}{2} (x - \theta \mu)^2 - \frac{1}{2} \theta^2 \sigma^2 - \frac{1}{2} \log(2\pi)
    """,
)
@claim(GAUSSIAN, "the mixed term has the mean zero")
@claim(GAUSSIAN, "So a wide $q$ costs reconstruction, even if its mean is right.")
def test_reconstruction_of_a_linear_decoder(gaussian: Gaussian) -> None:
    x, theta, mu, sigma = gaussian
    right = -0.5 * (x - theta * mu) ** 2 - 0.5 * theta**2 * sigma**2 - 0.5 * np.log(2 * np.pi)

    assert_same(gaussian.reconstruction, float(right))
    assert_same(noise_mean((x - theta * mu) * theta * sigma * NODES), 0.0)
    on_the_spot = gaussian._replace(mu=x / theta)
    assert on_the_spot._replace(sigma=2 * sigma).reconstruction < on_the_spot.reconstruction


@step(
    GAUSSIAN,
    "4",
    r"""
    \begin{aligned}
    \frac{\partial \mathrm{ELBO}}{\partial \mu} &= \theta (x - \theta \mu) - \mu \\
    \frac{\partial \mathrm{ELBO}}{\partial \sigma} &= \frac{1}{\sigma} - \sigma - \theta^2 \sigma
    \end{aligned}
    """,
)
def test_slopes_of_the_bound(gaussian: Gaussian) -> None:
    x, theta, mu, sigma = gaussian

    by_mu = slope(lambda m: gaussian._replace(mu=m).elbo, mu)
    by_sigma = slope(lambda s: gaussian._replace(sigma=s).elbo, sigma)

    assert_same(by_mu, theta * (x - theta * mu) - mu, 1e-6)
    assert_same(by_sigma, 1 / sigma - sigma - theta**2 * sigma, 1e-6)


@step(
    GAUSSIAN,
    "5",
    r"""
    \begin{aligned}
    \mu &= \frac{\theta x}{1 + \theta^2} \\
    \sigma^2 &= \frac{1}{1 + \theta^2}
    \end{aligned}
    """,
)
@claim(GAUSSIAN, "Both slopes are zero at the mean and the variance of the posterior")
@claim(GAUSSIAN, r"so the gap is zero and the bound equals $\log p_\theta(x)$")
def test_best_encoder_is_the_posterior(gaussian: Gaussian, rng: np.random.Generator) -> None:
    best = gaussian.best
    grid = np.linspace(-12, 12, 20001)
    post = np.exp(log_normal(best.x, best.theta * grid, 1) + log_normal(grid, 0, 1))
    mean, square = (float(grid**power @ post / post.sum()) for power in (1, 2))

    assert_same(best.mu, mean, 1e-6)
    assert_same(best.sigma**2, square - mean**2, 1e-6)
    assert_same(best.elbo, best.log_p, 1e-6)
    for _ in range(OTHERS):
        mu, sigma = best.mu + rng.normal(), best.sigma * rng.uniform(0.3, 3)
        assert best._replace(mu=mu, sigma=sigma).elbo < best.elbo


@claim(GAUSSIAN, r"$\mu$ and $\sigma$ never meet in one term of the bound")
@claim(GAUSSIAN, "The bound is strictly concave in both")
def test_curvature_of_the_bound(gaussian: Gaussian) -> None:
    def elbo(both: Array) -> float:
        return gaussian._replace(mu=float(both[0, 0]), sigma=float(both[1, 0])).elbo

    for sigma in (0.3, gaussian.sigma, 4.0):
        curvature = hessian(elbo, np.array([[gaussian.mu], [sigma]]))
        assert_same(float(curvature[0, 1]), 0.0, 1e-4)
        assert np.max(np.linalg.eigvalsh(curvature)) < -0.5


@claim(GAUSSIAN, "For a decoder that is not linear the posterior is in general not Gaussian")
def test_a_gap_stays_behind_a_square() -> None:
    """The decoder squares z, so that two values of z explain x = 4; all μ and σ of a grid."""
    grid = np.linspace(-8, 8, 8001)
    joint = np.exp(log_normal(4.0, grid**2, 1) + log_normal(grid, 0, 1))
    log_p = float(np.log(joint.sum() * (grid[1] - grid[0])))

    mu, sigma = np.meshgrid(np.linspace(-3, 3, 121), np.geomspace(0.05, 3, 100))
    z = mu[..., None] + sigma[..., None] * NODES
    log_ratio = log_normal(4.0, z**2, 1) + log_normal(z, 0, 1)
    log_ratio += NODES**2 / 2 + np.log(sigma[..., None]) + np.log(2 * np.pi) / 2
    best = float(np.max(log_ratio @ NODE_WEIGHTS))

    assert 0.5 < log_p - best < 1, "about log 2, since q can only cover one of the two values"


def normal_kl(mu: float, sigma: float) -> float:
    return 0.5 * float(mu**2 + sigma**2 - 1 - np.log(sigma**2))


# --- slips ---------------------------------------------------------------------------------------


@slip(ID, "divisor-lost", r"\log p_\theta(x) = \log \mathbb{E}_{q(z|x)}[p_\theta(x,z)]")
@claim(ID, "smaller than $\\log p_\\theta(x)$ whenever $z$ has more than one value")
@claim(ID, "the argument of the logarithm would be $K$ times too small")
def test_divisor_lost(world: World) -> None:
    wrong = float(np.log(world.mean(world.joint)))

    assert_differs(world.log_p, wrong)
    assert wrong < world.log_p
    assert_same(float(np.full(Z, 1 / Z) @ world.joint), world.joint.sum() / Z)


@slip(
    ID,
    "jensen-as-equality",
    r"""
    \log \mathbb{E}_q\left[\frac{p_\theta(x,z)}{q(z|x)}\right] =
    \mathbb{E}_q\left[\log \frac{p_\theta(x,z)}{q(z|x)}\right]
    """,
)
@claim(ID, "The two sides agree only if the ratio is the same for every $z$")
def test_jensen_as_equality(world: World) -> None:
    def sides(q: Array) -> tuple[float, float]:
        ratio = world.joint / q
        return float(np.log(q @ ratio)), float(q @ np.log(ratio))

    assert_differs(*sides(world.q))
    assert_same(*sides(world.post))


@slip(
    ID,
    "jensen-direction",
    r"\log p_\theta(x) \le \mathbb{E}_q\left[\log \frac{p_\theta(x,z)}{q(z|x)}\right]",
)
def test_jensen_direction(world: World) -> None:
    assert world.log_p > world.mean(np.log(world.joint / world.q)) + 1e-6


@slip(ID, "entropy-sign", r"\mathrm{ELBO} = \mathbb{E}_q[\log p_\theta(x,z)] - H(q)")
@claim(ID, "the bound would reward a $q$ that puts everything on one value of $z$")
def test_entropy_sign(world: World) -> None:
    def wrong(q: Array) -> float:
        return float(q @ np.log(world.joint)) - entropy(q)

    assert_differs(world.elbo, wrong(world.q))
    one_value = 1e-9 + (1 - Z * 1e-9) * np.eye(Z)[int(np.argmax(world.joint))]
    assert wrong(one_value) > max(wrong(world.q), wrong(world.post))


@slip(
    ID,
    "kl-plus",
    r"\mathrm{ELBO} = \mathbb{E}_q[\log p_\theta(x|z)] + \mathrm{KL}(q(z|x) \| p(z))",
)
@claim(ID, "a plus would put the bound above it")
def test_kl_plus(world: World) -> None:
    def wrong(one: World) -> float:
        return one.mean(np.log(one.lik)) + kl(one.q, one.prior)

    flat = world._replace(lik=np.full(Z, 0.3))
    assert_differs(world.elbo, wrong(world))
    assert_same(flat.mean(np.log(flat.lik)), flat.log_p)
    assert wrong(flat) > flat.log_p


@slip(
    ID,
    "posterior-in-objective",
    r"""
    \mathrm{ELBO} = \mathbb{E}_q[\log p_\theta(x|z)] - \mathrm{KL}(q(z|x) \| p_\theta(z|x))
    """,
)
def test_posterior_in_objective(world: World) -> None:
    assert_differs(world.elbo, world.mean(np.log(world.lik)) - kl(world.q, world.post))


@slip(
    ID,
    "kl-arguments",
    r"\mathrm{ELBO} = \mathbb{E}_q[\log p_\theta(x|z)] - \mathrm{KL}(p(z) \| q(z|x))",
)
@claim(ID, "the divergence is not symmetric")
def test_kl_arguments(world: World) -> None:
    assert_differs(kl(world.q, world.prior), kl(world.prior, world.q))
    assert_differs(world.elbo, world.mean(np.log(world.lik)) - kl(world.prior, world.q))


@slip(
    ID,
    "prior-twice",
    r"\mathrm{ELBO} = \mathbb{E}_q[\log p_\theta(x,z)] - \mathrm{KL}(q(z|x) \| p(z))",
)
@claim(ID, "the divergence contains it once more")
def test_prior_twice(world: World) -> None:
    wrong = world.mean(np.log(world.joint)) - kl(world.q, world.prior)

    assert_differs(world.elbo, wrong)
    assert_same(wrong, world.mean(np.log(world.lik * world.prior**2)) + entropy(world.q))


@slip(ID, "gap-sign", r"\mathrm{ELBO} = \log p_\theta(x) + \mathrm{KL}(q(z|x) \| p_\theta(z|x))")
def test_gap_sign(world: World) -> None:
    assert_differs(world.elbo, world.log_p + kl(world.q, world.post))


@slip(ID, "gap-to-prior", r"\log p_\theta(x) - \mathrm{ELBO} = \mathrm{KL}(q(z|x) \| p(z))")
def test_gap_to_prior(world: World) -> None:
    assert_differs(world.gap, kl(world.q, world.prior))


@slip(
    ID,
    "gap-arguments",
    r"\log p_\theta(x) - \mathrm{ELBO} = \mathrm{KL}(p_\theta(z|x) \| q(z|x))",
)
def test_gap_arguments(world: World) -> None:
    assert_differs(world.gap, kl(world.post, world.q))


@slip(GAUSSIAN, "noise-forgotten", r"\log \frac{q(z|x)}{p(z)} = \frac{1}{2} z^2 - \log \sigma")
@claim(GAUSSIAN, "the two densities are equal, so the logarithm has to be zero")
def test_noise_forgotten(gaussian: Gaussian) -> None:
    wrong = gaussian.z**2 / 2 - np.log(gaussian.sigma)

    assert_differs(gaussian.log_ratio, wrong)
    assert_same(gaussian._replace(mu=0.0, sigma=1.0).log_ratio, np.zeros_like(NODES))


@slip(
    GAUSSIAN,
    "log-sign",
    r"\mathrm{KL} = \frac{1}{2} \left( \mu^2 + \sigma^2 - 1 + \log \sigma^2 \right)",
)
@claim(GAUSSIAN, r"With a plus the divergence would go to $-\infty$ as $\sigma \to 0$")
def test_log_sign(gaussian: Gaussian) -> None:
    def wrong(mu: float, sigma: float) -> float:
        return 0.5 * float(mu**2 + sigma**2 - 1 + np.log(sigma**2))

    assert_differs(gaussian.kl, wrong(gaussian.mu, gaussian.sigma))
    assert wrong(gaussian.mu, 1e-30) < -50


@slip(
    GAUSSIAN,
    "one-lost",
    r"\mathrm{KL} = \frac{1}{2} \left( \mu^2 + \sigma^2 - \log \sigma^2 \right)",
)
@claim(GAUSSIAN, "for $\\mu = 0$ and $\\sigma = 1$ the divergence is zero")
def test_one_lost(gaussian: Gaussian) -> None:
    assert_differs(gaussian.kl, normal_kl(gaussian.mu, gaussian.sigma) + 0.5)
    assert_same(gaussian._replace(mu=0.0, sigma=1.0).kl, 0.0)


@slip(GAUSSIAN, "spread-forgotten", r"R = -\frac{1}{2} (x - \theta \mu)^2 - \frac{1}{2} \log(2\pi)")
@claim(GAUSSIAN, "the best $\\sigma$ would be one for every $\\theta$")
def test_spread_forgotten(gaussian: Gaussian) -> None:
    wrong = float(log_normal(gaussian.x, gaussian.theta * gaussian.mu, 1))

    assert_differs(gaussian.reconstruction, wrong)
    assert_same(slope(lambda s: -normal_kl(gaussian.mu, s), 1.0), 0.0)


@slip(
    GAUSSIAN,
    "spread-not-squared",
    r"""
    R = -\frac{1}{2} (x - \theta \mu)^2 - \frac{1}{2} \theta \sigma^2 - \frac{1}{2} \log(2\pi)
    """,
)
@claim(GAUSSIAN, "for with this line noise would then improve the reconstruction")
@claim(GAUSSIAN, r"$\mathrm{Var}(\theta z) = \theta^2 \sigma^2$")
def test_spread_not_squared(gaussian: Gaussian) -> None:
    x, theta, mu, sigma = gaussian

    def wrong(theta: float, sigma: float) -> float:
        return float(log_normal(x, theta * mu, 1)) - 0.5 * theta * sigma**2

    assert_differs(gaussian.reconstruction, wrong(theta, sigma))
    assert wrong(-theta, 2 * sigma) > wrong(-theta, sigma)
    variance = noise_mean((theta * gaussian.z) ** 2) - noise_mean(theta * gaussian.z) ** 2
    assert_same(variance, theta**2 * sigma**2)


@slip(GAUSSIAN, "precision-for-variance", r"\sigma^2 = 1 + \theta^2")
@claim(GAUSSIAN, "so $\\sigma^2$ is at most one")
def test_precision_for_variance(gaussian: Gaussian) -> None:
    best = gaussian.best

    assert_differs(best.sigma**2, 1 + best.theta**2)
    assert best.sigma <= 1
    assert best._replace(sigma=(1 + best.theta**2) ** 0.5).elbo < best.elbo


@slip(GAUSSIAN, "prior-forgotten", r"\mu = \frac{x}{\theta}")
@claim(
    GAUSSIAN,
    "For small $\\theta$ the observation says little about $z$ and the mean should stay",
)
def test_prior_forgotten(gaussian: Gaussian) -> None:
    best = gaussian.best
    faint = gaussian._replace(theta=1e-4).best

    assert_differs(best.mu, best.x / best.theta)
    assert abs(faint.mu) < 1e-3 < abs(faint.x / faint.theta)


# --- what the prose says -------------------------------------------------------------------------


@claim(ID, "over $q$ a higher bound means a smaller gap and nothing else")
@claim(ID, "the bound rises by the gain in log-likelihood minus the growth of the gap")
def test_gain_of_the_bound(world: World, rng: np.random.Generator) -> None:
    other = world._replace(q=distribution(rng, Z))
    after = world._replace(lik=rng.uniform(0.05, 0.9, size=Z))

    assert_same(other.elbo - world.elbo, world.gap - other.gap)
    assert_same(after.elbo - world.elbo, after.log_p - world.log_p - (after.gap - world.gap))


@claim(ID, "Mass where the posterior has almost none costs a lot")
def test_extra_mass_costs_more_than_missing_mass() -> None:
    half, nearly_one = np.array([0.5, 0.5]), np.array([1 - 1e-6, 1e-6])

    assert kl(half, nearly_one) > 6
    assert kl(nearly_one, half) < 0.7


@claim(ID, "the best $q$ with independent coordinates has the variances $1 - \\rho^2$")
def test_independent_coordinates_are_too_narrow(rng: np.random.Generator) -> None:
    rho = float(rng.uniform(-0.9, 0.9))
    precision = np.linalg.inv(np.array([[1, rho], [rho, 1]]))

    def divergence(log_variances: Array) -> float:
        """From the posterior, up to a constant; the means are equal."""
        variances = np.exp(log_variances[:, 0])
        return 0.5 * float(np.diag(precision) @ variances - np.log(variances).sum())

    best = np.log(np.full((2, 1), 1 - rho**2))
    assert_same(gradient(divergence, best), np.zeros((2, 1)), 1e-6)
    for _ in range(OTHERS):
        assert divergence(best + rng.normal(size=(2, 1))) > divergence(best)


@claim(ID, "If the likelihood does not depend on $z$, the posterior is the prior.")
@claim(ID, "Then $q(z|x) = p(z)$ makes the bound tight with a divergence of zero")
def test_a_code_that_says_nothing(world: World) -> None:
    flat = world._replace(lik=np.full(Z, 0.3), q=world.prior)

    assert_same(flat.post, flat.prior)
    assert_same(flat.elbo, flat.log_p)
    assert_same(kl(flat.q, flat.prior), 0.0)
    assert world._replace(q=world.prior).gap > 1e-3, "which needs the flat likelihood"


@claim(ID, "One sample then gives the bound exactly.")
@claim(ID, r"For the posterior, $q(z|x) = p_\theta(x,z) / p_\theta(x)$.")
def test_log_ratio_is_constant_at_the_posterior(world: World) -> None:
    evidence = sum(world.lik[z] * world.prior[z] for z in range(Z))
    assert_same(world.bound(world.joint / evidence), float(np.log(evidence)))
    assert world.bound(world.q) < float(np.log(evidence)) - 1e-6
    assert_same(np.log(world.joint / world.post), np.full(Z, world.log_p))
    assert np.ptp(np.log(world.joint / world.q)) > 1e-3


@claim(ID, "only the equality before Jensen turns into $\\ge$")
@claim(ID, "which is less than $p_\\theta(x)$, and the logarithm is increasing")
@claim(ID, r"it makes the bound $-\infty$")
def test_q_may_miss_some_values(world: World, rng: np.random.Generator) -> None:
    """Which is the bound of the model without that value of z, and its marginal is smaller."""
    part = world._replace(prior=world.prior[1:], lik=world.lik[1:], q=distribution(rng, Z - 1))

    assert np.log(part.mean(part.joint / part.q)) < world.log_p
    assert part.elbo <= part.log_p < world.log_p
    with np.errstate(divide="ignore"):
        assert world._replace(lik=world.lik * (np.arange(Z) > 0)).elbo == -np.inf


@claim(ID, "its mean is the ELBO for every $S$")
@claim(ID, "Only the noise becomes smaller: the variance is divided by $S$.")
@claim(ID, "you have to average inside the logarithm")
@claim(ID, "$\\mathcal{L}_1$ is the ELBO")
@claim(ID, "so $\\mathcal{L}_{S+1} \\ge \\mathcal{L}_S$")
@claim(ID, r"so Jensen gives $\mathcal{L}_S \le \log p_\theta(x)$")
def test_averages_outside_and_inside_the_logarithm(world: World) -> None:
    weights = world.joint / world.q
    values = np.log(weights)
    variance = world.mean((values - world.elbo) ** 2)
    inside: list[float] = []
    for samples in (1, 2, 3, 4):
        draws = np.array(list(product(range(Z), repeat=samples)))
        chance = world.q[draws].prod(axis=1)
        outside = values[draws].mean(axis=1)
        assert_same(float(chance @ outside), world.elbo)
        assert_same(float(chance @ (outside - world.elbo) ** 2), variance / samples)
        assert_same(float(chance @ weights[draws].mean(axis=1)), float(np.exp(world.log_p)))
        inside.append(float(chance @ np.log(weights[draws].mean(axis=1))))

    assert_same(inside[0], world.elbo)
    assert inside[0] < inside[1] < inside[2] < inside[3] < world.log_p


@claim(ID, "it tends to $\\log p_\\theta(x)$")
def test_many_weights_reach_the_log_likelihood(world: World, rng: np.random.Generator) -> None:
    draws = rng.choice(Z, p=world.q, size=(200, 5000))
    averages = (world.joint / world.q)[draws].mean(axis=1)

    assert_same(float(np.log(averages).mean()), world.log_p, 5e-3)


@claim(ID, "For $\\beta \\ge 1$ it is, for $\\beta < 1$ not in general.")
@claim(ID, "at the posterior the bound is tight for $\\beta = 1$")
@claim(ID, "so a smaller weight puts the expression above $\\log p_\\theta(x)$")
def test_weight_of_the_divergence(world: World, rng: np.random.Generator) -> None:
    def weighted(q: Array, beta: float) -> float:
        return float(q @ np.log(world.lik)) - beta * kl(q, world.prior)

    assert all(weighted(distribution(rng, Z), 1.5) <= world.log_p for _ in range(OTHERS))
    assert_same(weighted(world.post, 1.0), world.log_p)
    assert weighted(world.post, 0.5) > world.log_p


@claim(ID, "which is zero for every $q$, so nothing would be learned")
@claim(ID, r"\mathbb{E}_q[\log \frac{p_\theta(x,z)}{q(z|x)} \nabla \log q(z|x)]")
def test_gradient_by_the_parameters_of_q(world: World) -> None:
    logits = np.log(world.q)[:, None]

    def log_q(parameters: Array) -> Array:
        return np.log(softmax(parameters[:, 0]))

    scores = np.stack(
        [gradient(lambda t, z=z: float(log_q(t)[z]), logits) for z in range(Z)]  # type: ignore[misc]
    )
    inside = np.tensordot(world.q, -scores, axes=1)
    right = np.tensordot(world.q * np.log(world.joint / world.q), scores, axes=1)
    actual = gradient(lambda t: world.bound(softmax(t[:, 0])), logits)

    assert_same(inside, np.zeros((Z, 1)), 1e-6)
    assert_same(actual, right, 1e-6)
    assert_differs(actual, inside)


@claim(ID, "the log-likelihoods are $-99$ and $-96$")
@claim(ID, "give up some likelihood to get a posterior that its $q$ can match")
def test_a_higher_bound_may_belong_to_the_worse_model(world: World) -> None:
    """Likelihoods of a real number, which are densities, with the bounds and gaps of the text."""

    def model(log_p: float, gap: float) -> World:
        posterior = moved_away(world.q, gap)
        return world._replace(lik=np.exp(log_p) * posterior / world.prior)

    a, b = model(-99.0, 1.0), model(-96.0, 5.0)
    for one, bound, gap, log_p in ((a, -100.0, 1.0, -99.0), (b, -101.0, 5.0, -96.0)):
        assert_same(one.elbo, bound)
        assert_same(one.gap, gap)
        assert_same(one.log_p, log_p)


def moved_away(q: Array, divergence: float) -> Array:
    """A distribution p with KL(q‖p) as demanded, by bisection over how far p is tilted."""
    low, high, moved = 0.0, 50.0, q
    for _ in range(100):
        power = (low + high) / 2
        moved = softmax(np.log(q) - power * np.arange(Z))
        low, high = (power, high) if kl(q, moved) < divergence else (low, power)
    return moved


@claim(ID, r"By Jensen it is at most $\log \mathbb{E}_q[\frac{p_\theta(z|x)}{q(z|x)}]")
def test_gap_is_never_negative(world: World) -> None:
    ratio = world.post / world.q

    assert_same(-world.gap, world.mean(np.log(ratio)))
    assert world.mean(np.log(ratio)) <= np.log(world.mean(ratio))
    assert_same(world.mean(ratio), 1.0)


@claim(ID, "is a mean of numbers and so at most the largest of them")
@claim(ID, "so this is a most probable $z$, a MAP estimate")
@claim(ID, "together the two have the posterior as their optimum")
def test_without_entropy_q_bets_on_one_value(world: World, rng: np.random.Generator) -> None:
    top = int(np.argmax(world.joint))
    nearly = np.full(Z, 1e-9)
    nearly[top] = 1 - (Z - 1) * 1e-9

    assert world.mean(np.log(world.joint)) < np.log(world.joint[top])
    assert_same(float(nearly @ np.log(world.joint)), float(np.log(world.joint[top])))
    assert top == int(np.argmax(world.post))
    for other in (nearly, *(distribution(rng, Z) for _ in range(OTHERS))):
        assert world.bound(other) < world.bound(world.post)


@claim(ID, r"$\mathrm{KL} = \frac{1}{2} \sum_j (\mu_j^2 + \sigma_j^2 - 1 - \log \sigma_j^2)$")
@claim(ID, "it contains $t - 1 - \\log t \\ge 0$")
@claim(ID, "so it vanishes only for $\\mu_j = 0$ and $\\sigma_j = 1$")
def test_divergence_in_two_coordinates(rng: np.random.Generator) -> None:
    mu, sigma = rng.normal(size=2), rng.uniform(0.3, 1.8, size=2)
    grids = np.meshgrid(*(m + s * NODES for m, s in zip(mu, sigma, strict=True)), indexing="ij")
    log_ratio = sum(
        log_normal(z, m, s) - log_normal(z, 0, 1) for z, m, s in zip(grids, mu, sigma, strict=True)
    )
    left = float(NODE_WEIGHTS @ log_ratio @ NODE_WEIGHTS)

    assert_same(left, 0.5 * float(np.sum(mu**2 + sigma**2 - 1 - np.log(sigma**2))))
    t = np.linspace(0.01, 5, 500)
    assert_same(t[99], 1.0)
    assert np.all(np.delete(t - 1 - np.log(t), 99) > 1e-6)


@claim(ID, r"by $\mu$ it is $\mathbb{E}[f'(z)]$ and by $\sigma$ it is $\mathbb{E}[\epsilon f'(z)]$")
@claim(ID, r"the two formulas give $2\mu$ and $2\sigma$")
@claim(ID, r"There $\mathbb{E}_q[f(z) \nabla \log q(z)]$ is unbiased too, but usually noisier.")
@claim(ID, r"Write $z = \mu + \sigma \epsilon$ with $\epsilon$ standard normal")
def test_derivative_moves_inside_after_reparametrising(gaussian: Gaussian) -> None:
    mu, sigma, z = gaussian.mu, gaussian.sigma, gaussian.z
    assert_same(noise_mean(z**2), mu**2 + sigma**2)
    grid = np.linspace(mu - 9 * sigma, mu + 9 * sigma, 20_001)
    density = np.exp(log_normal(grid, mu, sigma))
    direct = float(np.sum(density * np.sin(grid)) * (grid[1] - grid[0]))
    assert_same(noise_mean(np.sin(z)), direct)

    def mean_of_sine(m: float, s: float) -> float:
        return noise_mean(np.sin(m + s * NODES))

    assert_same(slope(lambda m: mean_of_sine(m, sigma), mu), noise_mean(np.cos(z)), 1e-6)
    assert_same(slope(lambda s: mean_of_sine(mu, s), sigma), noise_mean(NODES * np.cos(z)), 1e-6)
    assert_same(noise_mean(np.sin(z) * (z - mu) / sigma**2), noise_mean(np.cos(z)))
    by_score, by_path = z**2 * (z - mu) / sigma**2, 2 * z
    assert noise_mean(by_score**2) > noise_mean(by_path**2), "the means are equal"
    assert_same(noise_mean(2 * z), 2 * mu)
    assert_same(noise_mean(NODES * 2 * z), 2 * sigma)


@claim(ID, r"So the mean divergence is $I(x;z) + \mathrm{KL}(\bar{q}(z) \| p(z))$")
@claim(ID, "where it is near zero, $z$ says almost nothing about $x$")
@claim(
    ID,
    (
        r"let $\bar{q}(z) = \sum_x \hat{p}(x)\, q(z|x)$, and split $\log \frac{q(z|x)}{p(z)} "
        r"= \log \frac{q(z|x)}{\bar{q}(z)} + \log \frac{\bar{q}(z)}{p(z)}$"
    ),
)
def test_mean_divergence_is_information_and_a_mismatch(rng: np.random.Generator) -> None:
    data, prior = distribution(rng, X), distribution(rng, Z)
    codes = distribution(rng, X, Z, axis=1)
    joint = data[:, None] * codes
    mean_code = sum((data[x] * codes[x] for x in range(X)), np.zeros(Z))
    information = kl(joint, data[:, None] * mean_code)

    def cost(p: Array) -> float:
        return float(sum(weight * kl(code, p) for weight, code in zip(data, codes, strict=True)))

    assert_same(cost(prior), information + kl(mean_code, prior))
    assert 0 < information <= cost(prior)


@claim(
    ID,
    (
        r"$\mathbb{E}_q[\log p_\theta(x|z)] - \beta\, \mathrm{KL}(q(z|x) \| p(z)) = \beta "
        r"\log C - \beta\, \mathrm{KL}(q(z|x) \| q_\beta(z|x))$"
    ),
)
@claim(ID, "For $\\beta = 1$ these are the posterior and $\\log p_\\theta(x)$")
@claim(ID, "for $\\beta \\to \\infty$ the optimum tends to the prior")
@claim(
    ID,
    r"Let $C = \sum_z p(z)\, p_\theta(x|z)^{1/\beta}$ and"
    r" $q_\beta(z|x) = p(z)\, p_\theta(x|z)^{1/\beta} / C$.",
)
@claim(ID, r"$\log p_\theta(x|z) = \beta \log \frac{q_\beta(z|x)}{p(z)} + \beta \log C$")
def test_tempered_posterior(world: World, rng: np.random.Generator) -> None:
    def tempered(beta: float) -> tuple[float, Array]:
        powers = world.prior * world.lik ** (1 / beta)
        return float(powers.sum()), np.asarray(powers / powers.sum())

    beta = float(rng.uniform(0.5, 3))
    total, best = tempered(beta)
    left = world.mean(np.log(world.lik)) - beta * kl(world.q, world.prior)

    log_lik = beta * np.log(best / world.prior) + beta * np.log(total)
    assert_same(log_lik, np.log(world.lik))
    assert_same(left, beta * float(np.log(total)) - beta * kl(world.q, best))
    assert_same(tempered(1)[1], world.post)
    assert_same(float(np.log(tempered(1)[0])), world.log_p)
    assert_same(tempered(1e9)[1], world.prior)
