"""The key steps of the lower bound."""

import numpy as np

from tests.content.elbo.world import ID, OTHERS, World, Z
from tests.content.numeric import assert_same
from tests.content.registry import claim, step
from tests.content.worlds.common import distribution, entropy, kl


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
