"""What the prose says of the divergence from the prior."""

import numpy as np

from tests.content.elbo.world import ID, NODE_WEIGHTS, NODES, OTHERS, World, X, Z, log_normal
from tests.content.numeric import Array, assert_same
from tests.content.registry import claim
from tests.content.worlds.common import distribution, kl


@claim(ID, "If the likelihood does not depend on $z$, the posterior is the prior.")
@claim(ID, "Then $q(z|x) = p(z)$ makes the bound tight with a divergence of zero")
def test_a_code_that_says_nothing(world: World) -> None:
    flat = world._replace(lik=np.full(Z, 0.3), q=world.prior)

    assert_same(flat.post, flat.prior)
    assert_same(flat.elbo, flat.log_p)
    assert_same(kl(flat.q, flat.prior), 0.0)
    assert world._replace(q=world.prior).gap > 1e-3, "which needs the flat likelihood"


@claim(ID, "For $\\beta \\ge 1$ it is, for $\\beta < 1$ not in general.")
@claim(ID, "at the posterior the bound is tight for $\\beta = 1$")
@claim(ID, "so a smaller weight puts the expression above $\\log p_\\theta(x)$")
def test_weight_of_the_divergence(world: World, rng: np.random.Generator) -> None:
    def weighted(q: Array, beta: float) -> float:
        return float(q @ np.log(world.lik)) - beta * kl(q, world.prior)

    assert all(weighted(distribution(rng, Z), 1.5) <= world.log_p for _ in range(OTHERS))
    assert_same(weighted(world.post, 1.0), world.log_p)
    assert weighted(world.post, 0.5) > world.log_p


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
