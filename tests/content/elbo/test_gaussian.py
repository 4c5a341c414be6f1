"""The Gaussian case, the harder variant."""

import numpy as np

from tests.content.elbo.world import (
    GAUSSIAN,
    NODE_WEIGHTS,
    NODES,
    OTHERS,
    Gaussian,
    log_normal,
    noise_mean,
    slope,
)
from tests.content.numeric import Array, assert_differs, assert_same, hessian
from tests.content.registry import claim, slip, step


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
