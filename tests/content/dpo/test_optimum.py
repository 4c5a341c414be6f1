"""What the prose says of the optimal policy and its reward."""

import numpy as np

from tests.content.dpo.world import ANSWERS, ID, OTHER_POLICIES, L, W, World, bradley_terry
from tests.content.numeric import Array, assert_differs, assert_same, column, gradient
from tests.content.registry import claim
from tests.content.worlds.common import distribution, kl, sigma, softmax


@claim(ID, "$\\log Z(x) = 1 - \\lambda/\\beta$")
@claim(ID, "times $\\exp(\\lambda/\\beta - 1)$")
@claim(ID, "so a further $-1$ in the exponent would leave a sum of $1/e$")
def test_normaliser_holds_the_one_and_the_multiplier(world: World) -> None:
    ref, r, beta, lam = world.ref, world.r, world.beta, world.lam

    assert_same(float(np.log(world.Z)), 1 - lam / beta)
    assert_same(ref * np.exp(r / beta) * np.exp(lam / beta - 1), world.best)
    assert_same(np.sum(ref * np.exp(r / beta - 1)) / world.Z, float(np.exp(-1)))


@claim(ID, "has $\\pi_\\theta$ itself as its optimal policy, with a normaliser of exactly one")
@claim(ID, "from each such family the reward with $Z(x) = 1$")
def test_implicit_reward_has_the_policy_as_its_optimum(world: World) -> None:
    rewards = world.implicit(world.theta)

    assert_same(world._replace(r=rewards).Z, 1.0)
    assert_same(world._replace(r=rewards).best, world.pi)


@claim(ID, "Comparisons cannot tell the rewards $r(x, y)$ and $r(x, y) + c(x)$ apart")
def test_a_shift_of_all_rewards_changes_nothing(world: World) -> None:
    shifted = world._replace(r=world.r + 0.7)

    assert_same(bradley_terry(shifted.r, W, L), bradley_terry(world.r, W, L))
    assert_same(shifted.best, world.best)


@claim(ID, r"$\beta \log Z(x) - \beta\, \mathrm{KL}(\pi \| \pi^*)$")
@claim(ID, "A policy falls short of it by $\\beta$ times its divergence.")
def test_objective_is_a_constant_minus_a_divergence(world: World) -> None:
    pi, best, beta = world.pi, world.best, world.beta
    value = beta * float(np.log(world.Z))

    assert_same(world.objective(best), value)
    assert_same(world.objective(pi), value - beta * kl(pi, best))


@claim(ID, r"as $\beta$ goes to zero all its mass goes to the answers of highest reward")
@claim(ID, r"so $Z(x) \to 1$ and $\pi^* \to \pi_{\mathrm{ref}}$")
@claim(ID, "Those at the maximum share the mass in proportion to $\\pi_{\\mathrm{ref}}$.")
def test_limits_of_beta(world: World) -> None:
    r = np.array([1.0, 1.0, 0.5, 0.0])

    def tilted(beta: float) -> Array:
        powers = world.ref * np.exp((r - r.max()) / beta)
        return np.asarray(powers / powers.sum())

    winners = np.array([*world.ref[:2], 0, 0]) / world.ref[:2].sum()
    assert_same(world._replace(beta=1e9).Z, 1.0)
    assert_same(tilted(1e9), world.ref)
    assert_same(tilted(1e-3), winners)


@claim(ID, r"would get no probability at any $\beta$, and it would have no log ratio")
def test_an_answer_that_the_reference_hardly_gives(world: World) -> None:
    """The rarer it is at the reference, the rarer it is at the optimum, in proportion."""
    masses = []
    for rare in (1e-6, 1e-9):
        ref = np.array([rare, *((1 - rare) * world.ref[1:] / world.ref[1:].sum())])
        masses.append(world._replace(ref=ref).best[0])

    assert 0 < masses[0] < 1e-3
    assert_same(masses[1] / masses[0], 1e-3, 1e-5)


@claim(ID, r"the difference of the rewards would keep $\beta \log Z(x) - \beta \log Z(x')$")
def test_two_prompts_keep_their_normalisers(world: World, rng: np.random.Generator) -> None:
    other = world._replace(r=rng.normal(size=ANSWERS), ref=distribution(rng, ANSWERS))
    here, there = (one.beta * np.log(one.best / one.ref) for one in (world, other))
    kept = world.beta * np.log(world.Z) - other.beta * np.log(other.Z)

    assert_same(world.r[W] - other.r[L], here[W] - there[L] + kept)
    assert abs(kept) > 1e-3


@claim(ID, r"with the implicit reward $-\beta \pi_{\mathrm{ref}} / \pi$")
@claim(
    ID,
    (
        r"$\frac{\partial J(x)}{\partial \pi(y|x)} = r(x,y) + \beta "
        r"\frac{\pi_{\mathrm{ref}}(y|x)}{\pi(y|x)} + \lambda$, where the multiplier still "
        "cancels within a pair"
    ),
)
def test_other_direction_of_the_divergence(world: World, rng: np.random.Generator) -> None:
    ref, r, beta = world.ref, world.r, world.beta

    def solved(lam: float) -> Array:
        return np.asarray(-beta * ref / (r + lam))

    low, high = -r.max() - 2 * beta, -r.max() - 1e-9  # the sum rises with lam
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (low, middle) if solved(middle).sum() > 1 else (middle, high)
    best = solved(low)

    def objective(pi: Array) -> float:
        return float(pi @ r) - beta * kl(ref, pi)

    assert_same(best.sum(), 1.0)
    assert all(
        objective(distribution(rng, ANSWERS)) < objective(best) for _ in range(OTHER_POLICIES)
    )
    slopes = gradient(lambda pi: objective(pi[:, 0]) + low * float(pi.sum()), best[:, None])
    assert_same(slopes, np.zeros((ANSWERS, 1)), 1e-4)
    pi = world.pi
    slopes = gradient(lambda pi: objective(pi[:, 0]) + low * float(pi.sum()), pi[:, None])
    assert_same(slopes[:, 0], r + beta * ref / pi + low, 1e-4)
    rewards = -beta * ref / best
    assert_same(rewards[W] - rewards[L], r[W] - r[L])
    assert_differs(best, world.best)


@claim(ID, "The policy is therefore $\\pi^*$, however often each pair was drawn.")
@claim(ID, "it is smallest exactly where both agree")
def test_mean_loss_is_smallest_at_the_optimal_policy(
    world: World, rng: np.random.Generator
) -> None:
    frequency = distribution(rng, ANSWERS, ANSWERS, axis=(0, 1))
    truth = np.array(
        [[bradley_terry(world.r, i, j) for j in range(ANSWERS)] for i in range(ANSWERS)]
    )

    def mean_loss(logits: Array) -> float:
        """Each pair is labelled one way or the other."""
        rewards = world.beta * np.log(softmax(logits[:, 0]) / world.ref)
        margins = rewards[:, None] - rewards[None, :]
        losses = truth * -np.log(sigma(margins)) + (1 - truth) * -np.log(sigma(-margins))
        return float(np.sum(frequency * losses))

    best = np.log(world.best)[:, None]
    assert_same(gradient(mean_loss, best), np.zeros((ANSWERS, 1)), 1e-6)
    for _ in range(10):
        assert mean_loss(best + column(rng, ANSWERS)) > mean_loss(best)
