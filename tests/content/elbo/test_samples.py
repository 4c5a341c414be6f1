"""What the prose says of estimates from samples, and of their gradients."""

from itertools import product

import numpy as np

from tests.content.elbo.world import ID, NODES, Gaussian, World, Z, log_normal, noise_mean, slope
from tests.content.numeric import Array, assert_differs, assert_same, gradient
from tests.content.registry import claim
from tests.content.worlds.common import softmax


@claim(ID, "its mean is the ELBO for every $S$")
@claim(ID, "Only the noise becomes smaller: the variance is divided by $S$.")
@claim(ID, "only if they are averaged inside the logarithm")
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


@claim(ID, r"by $\mu$ it is $\mathbb{E}[f'(z)]$ and by $\sigma$ it is $\mathbb{E}[\epsilon f'(z)]$")
@claim(ID, r"the two formulas give $2\mu$ and $2\sigma$")
@claim(ID, r"But the gradient is also the mean $\mathbb{E}_q[f(z) \nabla \log q(z)]$")
@claim(ID, "its samples are usually noisier")
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
