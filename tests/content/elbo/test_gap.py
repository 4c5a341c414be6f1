"""What the prose says of the gap between bound and log-likelihood."""

import numpy as np

from tests.content.elbo.world import ID, OTHERS, World, Z
from tests.content.numeric import Array, assert_same, gradient
from tests.content.registry import claim
from tests.content.worlds.common import distribution, kl, softmax


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
