"""The slips of the lower bound."""

import numpy as np

from tests.content.elbo.world import ID, World, Z
from tests.content.numeric import Array, assert_differs, assert_same
from tests.content.registry import claim, slip
from tests.content.worlds.common import entropy, kl


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
@claim(ID, "this line exceeds it by the divergence from the prior")
def test_posterior_in_objective(world: World) -> None:
    def wrong(one: World) -> float:
        return one.mean(np.log(one.lik)) - kl(one.q, one.post)

    assert_differs(world.elbo, wrong(world))
    tight = world._replace(q=world.post)
    assert_same(tight.elbo, tight.log_p)
    assert_same(wrong(tight) - tight.log_p, kl(tight.q, tight.prior))


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
