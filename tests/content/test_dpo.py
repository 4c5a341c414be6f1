"""The numbers behind `dpo.toml`, for one prompt; an answer is a place in an array."""

from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pytest

from tests.content.numeric import Array, assert_differs, assert_same, column, gradient, number
from tests.content.registry import claim, slip, step
from tests.content.worlds.common import distribution, entropy, kl, sigma, softmax

ANSWERS, WEIGHTS = 4, 3
ID, POLICY, GRADIENT = "dpo", "dpo-policy", "dpo-gradient"
W, L = 0, 2  # the preferred answer and the other one
OTHER_POLICIES = 50


class World(NamedTuple):
    """A reference, a reward, and a policy with a parameter vector."""

    ref: Array
    r: Array
    beta: float
    features: Array
    theta: Array

    def objective(self, pi: Array) -> float:
        return float(pi @ self.r) - self.beta * kl(pi, self.ref)

    @property
    def Z(self) -> float:  # noqa: N802
        return float(self.ref @ np.exp(self.r / self.beta))

    @property
    def lam(self) -> float:
        return self.beta - self.beta * float(np.log(self.Z))

    @property
    def best(self) -> Array:
        """By mirror ascent, which knows the slope of the objective and not our formula."""
        logits = np.zeros(ANSWERS)
        for _ in range(60):
            slope = self.r - self.beta * np.log(softmax(logits) / self.ref)
            logits = logits + slope / (2 * self.beta)
        return softmax(logits)

    def policy(self, theta: Array) -> Array:
        return softmax((self.features @ theta)[:, 0])

    @property
    def pi(self) -> Array:
        return self.policy(self.theta)

    def implicit(self, theta: Array) -> Array:
        return self.beta * np.log(self.policy(theta) / self.ref)

    def margin(self, theta: Array) -> float:
        rewards = self.implicit(theta)
        return float(rewards[W] - rewards[L])

    def loss(self, theta: Array) -> float:
        return loss_of(self.margin(theta))

    def slope_of_log(self, answer: int) -> Array:
        return gradient(lambda t: float(np.log(self.policy(t)[answer])), self.theta)

    @property
    def loss_slope(self) -> Array:
        return gradient(self.loss, self.theta)

    @property
    def pull(self) -> Array:
        """Towards the preferred answer and away from the other one."""
        return self.slope_of_log(W) - self.slope_of_log(L)


def loss_of(margin: float) -> float:
    return -float(np.log(sigma(margin)))


def slope(f: Callable[[float], float], at: float) -> float:
    return number(gradient(lambda t: f(float(t[0, 0])), np.array([[at]])))


def bradley_terry(r: Array, winner: int, loser: int) -> float:
    return float(np.exp(r[winner]) / (np.exp(r[winner]) + np.exp(r[loser])))


@pytest.fixture
def world(rng: np.random.Generator) -> World:
    return World(
        ref=distribution(rng, ANSWERS),
        r=rng.normal(size=ANSWERS),
        beta=float(rng.uniform(0.4, 0.8)),
        features=rng.normal(size=(ANSWERS, WEIGHTS)),
        theta=column(rng, WEIGHTS),
    )


# --- key steps -----------------------------------------------------------------------------------


@step(
    ID,
    "1a",
    r"""
    r(x,y) - \beta \left( \log \frac{\pi(y|x)}{\pi_{\mathrm{ref}}(y|x)} + 1 \right) + \lambda = 0
    """,
)
def test_stationarity(world: World) -> None:
    ref, r, beta, lam = world.ref, world.r, world.beta, world.lam

    def lagrangian(pi: Array) -> float:
        return float(
            pi[:, 0] @ r - beta * np.sum(pi[:, 0] * np.log(pi[:, 0] / ref)) + lam * (pi.sum() - 1)
        )

    pi = world.pi
    left = r - beta * (np.log(pi / ref) + 1) + lam
    assert_same(gradient(lagrangian, pi[:, None])[:, 0], left, 1e-5)
    assert_differs(left, np.zeros(ANSWERS))

    there = r - beta * (np.log(world.best / ref) + 1) + lam
    assert_same(there, np.zeros(ANSWERS))


@step(
    ID,
    "1b",
    r"""
    \begin{aligned}
    \pi^*(y|x) &= \frac{1}{Z(x)} \pi_{\mathrm{ref}}(y|x) \exp(r(x,y)/\beta) \\
    Z(x) &= \sum_y \pi_{\mathrm{ref}}(y|x) \exp(r(x,y)/\beta)
    \end{aligned}
    """,
)
@claim(ID, "The objective is strictly concave in $\\pi$, so the equations of all answers")
@claim(ID, "All values come out positive")
def test_optimal_policy(world: World, rng: np.random.Generator) -> None:
    Z = sum(world.ref * np.exp(world.r / world.beta))
    best = world.ref * np.exp(world.r / world.beta) / Z

    assert_same(best, world.best)
    assert_same(best.sum(), 1.0)
    assert np.all(world.best > 0)
    for _ in range(OTHER_POLICIES):
        one, two = distribution(rng, ANSWERS), distribution(rng, ANSWERS)
        assert world.objective(one) < world.objective(best)
        mean = (world.objective(one) + world.objective(two)) / 2
        assert world.objective((one + two) / 2) > mean


@step(
    ID,
    "2",
    r"r(x,y) = \beta \log \frac{\pi^*(y|x)}{\pi_{\mathrm{ref}}(y|x)} + \beta \log Z(x)",
)
def test_reward_from_the_policy(world: World) -> None:
    log_ratio = np.log(world.best / world.ref)

    assert_same(world.r, world.beta * log_ratio + world.beta * np.log(world.Z))


@step(
    ID,
    "3",
    r"""
    \begin{aligned}
    p(y_w \succ y_l | x) &= \sigma(r(x,y_w) - r(x,y_l)) \\
    &= \sigma\left( \beta \log \frac{\pi^*(y_w|x)}{\pi_{\mathrm{ref}}(y_w|x)}
    - \beta \log \frac{\pi^*(y_l|x)}{\pi_{\mathrm{ref}}(y_l|x)} \right)
    \end{aligned}
    """,
)
def test_preferences_without_the_normaliser(world: World) -> None:
    best, ref, r, beta = world.best, world.ref, world.r, world.beta

    assert_same(bradley_terry(r, W, L), sigma(r[W] - r[L]))
    assert_same(
        sigma(r[W] - r[L]),
        sigma(beta * np.log(best[W] / ref[W]) - beta * np.log(best[L] / ref[L])),
    )


@step(
    ID,
    "4",
    r"""
    \mathcal{L}_{\mathrm{DPO}} = -\log \sigma\left( \beta \log
    \frac{\pi_\theta(y_w|x)}{\pi_{\mathrm{ref}}(y_w|x)}
    - \beta \log \frac{\pi_\theta(y_l|x)}{\pi_{\mathrm{ref}}(y_l|x)} \right)
    """,
)
def test_loss_is_the_negative_log_likelihood_of_the_preference(world: World) -> None:
    pi, ref, beta = world.pi, world.ref, world.beta
    rewards = beta * np.log(pi / ref)

    left = -float(np.log(bradley_terry(rewards, W, L)))

    right = -np.log(sigma(beta * np.log(pi[W] / ref[W]) - beta * np.log(pi[L] / ref[L])))
    assert_same(left, float(right))


@step(
    GRADIENT,
    "1",
    r"""
    \begin{aligned}
    \frac{\partial \mathcal{L}_{\mathrm{DPO}}}{\partial u} &= \sigma(u) - 1 \\
    &= -\sigma(-u)
    \end{aligned}
    """,
)
@claim(ID, r"The derivative of $-\log \sigma$ at zero is $-\frac{1}{2}$")
@claim(GRADIENT, r"$\sigma' = \sigma (1 - \sigma)$, so one factor cancels")
def test_outer_derivative(world: World) -> None:
    u = world.margin(world.theta)

    assert_same(loss_of(u), float(np.log(1 + np.exp(-u))))
    assert_same(slope(loss_of, u), sigma(u) - 1)
    assert_same(sigma(u) - 1, -sigma(-u))
    assert_same(slope(loss_of, 0.0), -0.5)
    assert_same(slope(sigma, u), sigma(u) * (1 - sigma(u)))


@step(
    GRADIENT,
    "2",
    r"""
    \nabla_\theta u = \beta \left( \nabla_\theta \log \pi_\theta(y_w|x)
    - \nabla_\theta \log \pi_\theta(y_l|x) \right)
    """,
)
def test_gradient_of_the_margin(world: World) -> None:
    left = gradient(world.margin, world.theta)

    assert_same(left, world.beta * (world.slope_of_log(W) - world.slope_of_log(L)), 1e-6)


@step(
    GRADIENT,
    "3",
    r"""
    \nabla_\theta \mathcal{L}_{\mathrm{DPO}} = -\beta\,
    \sigma(\hat{r}_\theta(x, y_l) - \hat{r}_\theta(x, y_w))
    \left( \nabla_\theta \log \pi_\theta(y_w|x) - \nabla_\theta \log \pi_\theta(y_l|x) \right)
    """,
)
@claim(ID, "The chain rule gives $-\\beta\\, \\sigma(\\hat{r}_l - \\hat{r}_w)\\,")
def test_gradient_of_the_loss(world: World) -> None:
    rewards = world.implicit(world.theta)
    weight = sigma(rewards[L] - rewards[W])

    assert_same(
        world.loss_slope,
        -world.beta * weight * (world.slope_of_log(W) - world.slope_of_log(L)),
        1e-6,
    )


@step(
    GRADIENT,
    "4",
    r"""
    \begin{aligned}
    \sigma(\hat{r}_\theta(x, y_l) - \hat{r}_\theta(x, y_w)) &= p_\theta(y_l \succ y_w | x) \\
    &= 1 - p_\theta(y_w \succ y_l | x)
    \end{aligned}
    """,
)
@claim(GRADIENT, "one half at the reference, and near zero for a pair that it has learned")
@claim(ID, "It is near one for pairs that the model has the wrong way round by far")
@claim(GRADIENT, "A pair that the policy gets right with probability $0.9$ has the weight $0.1$.")
def test_weight_is_the_probability_of_the_wrong_order(world: World) -> None:
    rewards = world.implicit(world.theta)
    weight = sigma(rewards[L] - rewards[W])

    assert_same(weight, bradley_terry(rewards, L, W))
    assert_same(weight, 1 - bradley_terry(rewards, W, L))
    at_reference = world._replace(ref=world.pi).implicit(world.theta)
    assert_same(sigma(at_reference[L] - at_reference[W]), 0.5)
    assert_same(sigma(np.log(9)), 0.9)
    assert_same(-slope(loss_of, float(np.log(9))), 0.1)
    assert -slope(loss_of, -6.0) > 0.99
    assert -slope(loss_of, 6.0) < 0.01


# --- slips ---------------------------------------------------------------------------------------


@slip(
    ID,
    "one-counted-twice",
    r"r(x,y) - \beta \log \frac{\pi(y|x)}{\pi_{\mathrm{ref}}(y|x)} - \beta \log Z(x) - \beta = 0",
)
@claim(ID, "$\\lambda - \\beta = -\\beta \\log Z(x)$. With both, the probabilities would sum to")
def test_one_counted_twice(world: World) -> None:
    ref, r, beta = world.ref, world.r, world.beta
    left = r - beta * np.log(world.best / ref) - beta * np.log(world.Z) - beta
    solved = ref * np.exp(r / beta - np.log(world.Z) - 1)

    assert_differs(left, np.zeros(ANSWERS))
    assert_same(solved.sum(), float(np.exp(-1)))


@slip(
    ID,
    "beta-in-the-exponent",
    r"\pi^*(y|x) = \frac{1}{Z(x)} \pi_{\mathrm{ref}}(y|x) \exp(\beta\, r(x,y))",
)
@claim(ID, r"for very large $\beta$ the policy has to stay at the reference")
def test_beta_in_the_exponent(world: World) -> None:
    powers = world.ref * np.exp(world.beta * world.r)
    dear = world._replace(beta=1e3)
    moved = softmax(np.log(world.ref) + dear.beta * world.r)

    assert_differs(world.best, powers / world.Z)
    assert_differs(world.best, powers / powers.sum())
    assert np.max(np.abs(dear.best - world.ref)) < 1e-2
    assert moved.max() > 0.99, "all mass has gone to a single answer"


@slip(ID, "reference-lost", r"\pi^*(y|x) = \frac{1}{Z(x)} \exp(r(x,y)/\beta)")
@claim(ID, "with an entropy bonus in the place of the divergence")
@claim(ID, "where all rewards are equal the reference itself must come out")
def test_reference_lost(world: World, rng: np.random.Generator) -> None:
    powers = np.exp(world.r / world.beta)

    assert_differs(world.best, powers / world.Z)
    assert_differs(world.best, powers / powers.sum())
    assert_same(world._replace(r=np.full(ANSWERS, 0.3)).best, world.ref)

    def with_bonus(pi: Array) -> float:
        return float(pi @ world.r) + world.beta * entropy(pi)

    for _ in range(OTHER_POLICIES):
        assert with_bonus(distribution(rng, ANSWERS)) < with_bonus(powers / powers.sum())


@slip(ID, "z-depends-on-y", r"Z(x) = \pi_{\mathrm{ref}}(y|x) \exp(r(x,y)/\beta)")
@claim(ID, "every answer would get the probability one")
def test_normaliser_without_the_sum(world: World) -> None:
    wrong = world.ref * np.exp(world.r / world.beta)

    assert_differs(np.full(ANSWERS, world.Z), wrong)
    assert_same(world.ref * np.exp(world.r / world.beta) / wrong, np.ones(ANSWERS))


@slip(
    ID,
    "normaliser-sign",
    r"r(x,y) = \beta \log \frac{\pi^*(y|x)}{\pi_{\mathrm{ref}}(y|x)} - \beta \log Z(x)",
)
@claim(ID, "With a constant reward $c$ the ratio is one and $\\beta \\log Z = c$")
def test_normaliser_sign(world: World) -> None:
    log_ratio = np.log(world.best / world.ref)
    constant = world._replace(r=np.full(ANSWERS, 0.3))

    assert_differs(world.r, world.beta * log_ratio - world.beta * np.log(world.Z))
    assert_same(constant.beta * float(np.log(constant.Z)), 0.3)
    assert_same(constant.best / constant.ref, np.ones(ANSWERS))


@slip(
    ID,
    "ratio-upside-down",
    r"r(x,y) = \beta \log \frac{\pi_{\mathrm{ref}}(y|x)}{\pi^*(y|x)} + \beta \log Z(x)",
)
@claim(ID, r"must have a reward above $\beta \log Z(x)$")
def test_ratio_upside_down(world: World) -> None:
    log_ratio = np.log(world.ref / world.best)
    above = world.r > world.beta * np.log(world.Z)

    assert np.array_equal(world.best > world.ref, above)
    assert 0 < above.sum() < ANSWERS

    assert_differs(world.r, world.beta * log_ratio + world.beta * np.log(world.Z))


@slip(
    ID,
    "sigma-taken-apart",
    r"p(y_w \succ y_l | x) = \sigma(r(x,y_w)) - \sigma(r(x,y_l))",
)
@claim(ID, "For equal rewards this line says zero, where the probability is one half.")
def test_sigma_taken_apart(world: World) -> None:
    r = world.r

    assert_differs(bradley_terry(r, W, L), sigma(r[W]) - sigma(r[L]))
    assert_same(bradley_terry(np.full(ANSWERS, 0.3), W, L), 0.5)


@slip(
    ID,
    "pair-exchanged",
    r"""
    \mathcal{L}_{\mathrm{DPO}} = -\log \sigma\left( \beta \log
    \frac{\pi_\theta(y_l|x)}{\pi_{\mathrm{ref}}(y_l|x)}
    - \beta \log \frac{\pi_\theta(y_w|x)}{\pi_{\mathrm{ref}}(y_w|x)} \right)
    """,
)
@claim(ID, "Here the loss falls as the rejected answer becomes more likely")
@claim(ID, "The same happens with both ratios upside down.")
def test_pair_exchanged(world: World) -> None:
    rewards = world.implicit(world.theta)
    wrong = loss_of(float(rewards[L] - rewards[W]))
    upside_down = world.beta * np.log(world.ref / world.pi)

    assert_differs(world.loss(world.theta), wrong)
    assert_same(wrong, loss_of(float(upside_down[W] - upside_down[L])))
    raised = softmax(np.log(world.pi) + 0.1 * np.eye(ANSWERS)[L])
    with_raised = world.beta * np.log(raised / world.ref)
    assert loss_of(float(with_raised[L] - with_raised[W])) < wrong


@slip(
    ID,
    "beta-divides",
    r"""
    \mathcal{L}_{\mathrm{DPO}} = -\log \sigma\left( \frac{1}{\beta} \log
    \frac{\pi_\theta(y_w|x)}{\pi_{\mathrm{ref}}(y_w|x)}
    - \frac{1}{\beta} \log \frac{\pi_\theta(y_l|x)}{\pi_{\mathrm{ref}}(y_l|x)} \right)
    """,
)
@claim(ID, r"for large $\beta$ a small log ratio must mean a large reward")
def test_beta_divides(world: World) -> None:
    log_ratio = np.log(world.pi / world.ref)
    dear = world._replace(beta=100.0)
    moved = np.log(dear.best / dear.ref)

    assert abs(moved[W] - moved[L]) < 0.02 * abs(world.r[W] - world.r[L])

    assert_differs(
        world.loss(world.theta), loss_of(float(log_ratio[W] - log_ratio[L]) / world.beta)
    )


@slip(
    ID,
    "minus-lost",
    r"""
    \mathcal{L}_{\mathrm{DPO}} = \log \sigma\left( \beta \log
    \frac{\pi_\theta(y_w|x)}{\pi_{\mathrm{ref}}(y_w|x)}
    - \beta \log \frac{\pi_\theta(y_l|x)}{\pi_{\mathrm{ref}}(y_l|x)} \right)
    """,
)
@claim(ID, "it is positive, and it goes to zero when the preferred answer wins by far")
def test_minus_lost(world: World) -> None:
    wrong = float(np.log(sigma(world.margin(world.theta))))

    assert_differs(world.loss(world.theta), wrong)
    assert wrong < 0 < world.loss(world.theta)
    assert 0 < loss_of(20.0) < 1e-8


@slip(
    GRADIENT,
    "inner-slope-lost",
    r"\frac{\partial \mathcal{L}_{\mathrm{DPO}}}{\partial u} = -\frac{1}{\sigma(u)}",
)
@claim(GRADIENT, "Here it never comes closer to zero than $-1$.")
def test_inner_slope_lost(world: World) -> None:
    u = world.margin(world.theta)

    assert_differs(slope(loss_of, u), -1 / sigma(u))
    assert np.all(-1 / sigma(np.linspace(-20, 20, 9)) < -1)
    assert_same(slope(loss_of, 20.0), 0.0)


@slip(
    GRADIENT,
    "slope-of-sigma",
    r"\frac{\partial \mathcal{L}_{\mathrm{DPO}}}{\partial u} = -\sigma(u)(1 - \sigma(u))",
)
@claim(GRADIENT, "this slope fades and the pair would be given up")
def test_slope_of_sigma(world: World) -> None:
    u = world.margin(world.theta)

    assert_differs(slope(loss_of, u), -sigma(u) * (1 - sigma(u)))
    assert_same(-sigma(-20.0) * (1 - sigma(-20.0)), 0.0)
    assert_same(slope(loss_of, -20.0), -1.0)


@slip(
    GRADIENT,
    "log-lost",
    r"""
    \nabla_\theta u = \beta
    \left( \nabla_\theta \pi_\theta(y_w|x) - \nabla_\theta \pi_\theta(y_l|x) \right)
    """,
)
@claim(GRADIENT, r"$\nabla_\theta \log \pi_\theta = \nabla_\theta \pi_\theta / \pi_\theta$")
def test_log_lost(world: World) -> None:
    up, down = (
        gradient(lambda t, at=at: float(world.policy(t)[at]), world.theta)  # type: ignore[misc]
        for at in (W, L)
    )

    assert_differs(gradient(world.margin, world.theta), world.beta * (up - down))
    assert_same(world.slope_of_log(W), up / world.pi[W], 1e-6)


@claim(
    GRADIENT, "answers of many tokens, whose probabilities are tiny, would have hardly any gradient"
)
@claim(ID, "is the sum of the log-probabilities of the tokens of $y$")
def test_answers_of_many_tokens(rng: np.random.Generator) -> None:
    """Every token is drawn from a softmax with the same scores."""
    tokens, scores = rng.integers(ANSWERS, size=60), column(rng, ANSWERS)

    def probability(scores: Array) -> float:
        return float(np.prod(softmax(scores[:, 0])[tokens]))

    def log_probability(scores: Array) -> float:
        return float(np.sum(np.log(softmax(scores[:, 0])[tokens])))

    assert_same(float(np.log(probability(scores))), log_probability(scores))
    assert np.max(np.abs(gradient(probability, scores))) < 1e-12
    assert np.max(np.abs(gradient(log_probability, scores))) > 0.1


@slip(
    GRADIENT,
    "weight-turned",
    r"""
    \nabla_\theta \mathcal{L}_{\mathrm{DPO}} = -\beta\,
    \sigma(\hat{r}_\theta(x, y_w) - \hat{r}_\theta(x, y_l))
    \left( \nabla_\theta \log \pi_\theta(y_w|x) - \nabla_\theta \log \pi_\theta(y_l|x) \right)
    """,
)
@claim(GRADIENT, "the pairs that are already right would get the largest steps")
def test_weight_turned(world: World) -> None:
    wrong = -world.beta * sigma(world.margin(world.theta)) * world.pull
    slopes = [-slope(loss_of, u) for u in (-4.0, 0.0, 4.0)]

    assert_differs(world.loss_slope, wrong)
    assert slopes == sorted(slopes, reverse=True)
    assert sigma(-4.0) < sigma(0.0) < sigma(4.0)


@slip(
    GRADIENT,
    "descent-for-gradient",
    r"""
    \nabla_\theta \mathcal{L}_{\mathrm{DPO}} = \beta\,
    \sigma(\hat{r}_\theta(x, y_l) - \hat{r}_\theta(x, y_w))
    \left( \nabla_\theta \log \pi_\theta(y_w|x) - \nabla_\theta \log \pi_\theta(y_l|x) \right)
    """,
)
@claim(GRADIENT, "The loss falls when the preferred answer becomes more likely")
def test_descent_for_gradient(world: World) -> None:
    wrong = world.beta * sigma(-world.margin(world.theta)) * world.pull
    raised = softmax(np.log(world.pi) + 0.1 * np.eye(ANSWERS)[W])
    rewards = world.beta * np.log(raised / world.ref)

    assert loss_of(float(rewards[W] - rewards[L])) < world.loss(world.theta)

    assert_differs(world.loss_slope, wrong)
    assert_same(world.loss_slope, -wrong, 1e-6)


@slip(
    GRADIENT,
    "beta-lost",
    r"""
    \nabla_\theta \mathcal{L}_{\mathrm{DPO}} =
    -\sigma(\hat{r}_\theta(x, y_l) - \hat{r}_\theta(x, y_w))
    \left( \nabla_\theta \log \pi_\theta(y_w|x) - \nabla_\theta \log \pi_\theta(y_l|x) \right)
    """,
)
@claim(GRADIENT, "In the limit $\\beta \\to 0$ the loss is $\\log 2$ for every policy")
def test_beta_lost(world: World) -> None:
    assert_differs(world.loss_slope, -sigma(-world.margin(world.theta)) * world.pull)

    free = world._replace(beta=1e-9)
    assert_same(free.loss(world.theta), float(np.log(2)))
    assert_same(free.loss_slope, np.zeros((WEIGHTS, 1)))


@slip(
    GRADIENT,
    "weight-of-the-right-order",
    r"\sigma(\hat{r}_\theta(x, y_l) - \hat{r}_\theta(x, y_w)) = p_\theta(y_w \succ y_l | x)",
)
def test_weight_of_the_right_order(world: World) -> None:
    rewards = world.implicit(world.theta)

    assert_differs(sigma(rewards[L] - rewards[W]), bradley_terry(rewards, W, L))


# --- what the prose says -------------------------------------------------------------------------


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


@claim(ID, "The loss is that of logistic regression without an intercept")
def test_loss_is_that_of_logistic_regression(world: World) -> None:
    """In either order: the label is 1 if the first answer of the pair is preferred."""
    rewards = world.implicit(world.theta)
    for score, label in ((rewards[W] - rewards[L], 1), (rewards[L] - rewards[W], 0)):
        p = 1 / (1 + np.exp(-score))
        cross_entropy = -float(label * np.log(p) + (1 - label) * np.log(1 - p))
        assert_same(world.loss(world.theta), cross_entropy)


@claim(ID, r"the difference of the rewards would keep $\beta \log Z(x) - \beta \log Z(x')$")
def test_two_prompts_keep_their_normalisers(world: World, rng: np.random.Generator) -> None:
    other = world._replace(r=rng.normal(size=ANSWERS), ref=distribution(rng, ANSWERS))
    here, there = (one.beta * np.log(one.best / one.ref) for one in (world, other))
    kept = world.beta * np.log(world.Z) - other.beta * np.log(other.Z)

    assert_same(world.r[W] - other.r[L], here[W] - there[L] + kept)
    assert abs(kept) > 1e-3


@claim(ID, "The preferred one has lost half of its probability")
@claim(ID, r"the argument of $\sigma$ has grown from $0$ to $\beta \log 4$")
@claim(ID, "It can fall while both answers become less")
@claim(ID, "if the rejected one shrinks by the larger factor")
def test_loss_can_fall_while_the_preferred_answer_becomes_rarer(world: World) -> None:
    ref, pi = np.array([0.4, 0.4, 0.2]), np.array([0.2, 0.05, 0.75])
    log_ratio = np.log(pi / ref)
    margin = world.beta * float(log_ratio[0] - log_ratio[1])

    assert_same(pi.sum(), 1.0)
    assert_same(margin, world.beta * float(np.log(4)))
    assert_same(pi[0], ref[0] / 2)
    assert pi[1] / ref[1] < pi[0] / ref[0] < 1
    assert loss_of(margin) < loss_of(0.0)


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


@claim(ID, r"$\log 2 \approx 0.693$, whatever $\beta$ is")
@claim(ID, r"so each pair pulls with the factor $\beta/2$")
def test_training_starts_at_log_two(world: World) -> None:
    start = world._replace(ref=world.pi)

    assert_same(start.loss(world.theta), float(np.log(2)))
    assert abs(np.log(2) - 0.693) < 5e-4
    assert_same(start.loss_slope, -world.beta / 2 * start.pull, 1e-6)
    assert_differs(start.loss_slope, np.zeros((WEIGHTS, 1)))


@claim(
    ID,
    r"Its derivative is $\sigma(u) - (1 - \varepsilon)$, so it is smallest at"
    r" $u = \log \frac{1-\varepsilon}{\varepsilon}$.",
)
@claim(ID, r"For $\varepsilon = 0.1$ that is $\log 9 \approx 2.2$.")
@claim(ID, "Pairs that are fitted better than this are pulled back.")
@claim(ID, "being surer than nine to one of a pair is too sure")
def test_smoothed_labels_have_a_finite_best_margin(world: World) -> None:
    def smoothed(u: float, noise: float = 0.1) -> float:
        return (1 - noise) * loss_of(u) + noise * loss_of(-u)

    for noise in (0.02, 0.3, 0.45, 0.1):
        least = float(np.log((1 - noise) / noise))
        grid = least + np.linspace(-3, 3, 61)
        assert int(np.argmin([smoothed(float(at), noise) for at in grid])) == 30

    u = world.margin(world.theta)
    best = float(np.log((1 - noise) / noise))
    assert_same(slope(smoothed, u), sigma(u) - (1 - noise))
    assert_same(best, float(np.log(9)))
    assert abs(best - 2.2) < 0.05
    assert_same(sigma(best) / sigma(-best), 9.0)
    assert smoothed(best) < min(smoothed(best - 0.1), smoothed(best + 0.1))
    assert slope(smoothed, best + 1) > 0 > slope(smoothed, best - 1)


@claim(ID, "if training starts at the reference, every log ratio starts at zero")
@claim(ID, "Leaving it out is the same as a uniform reference")
def test_no_reference_is_a_uniform_one(world: World) -> None:
    uniform = world._replace(ref=np.full(ANSWERS, 1 / ANSWERS))
    without = world.beta * float(np.log(world.pi[W]) - np.log(world.pi[L]))

    assert_same(world._replace(ref=world.pi).implicit(world.theta), np.zeros(ANSWERS))
    assert_same(uniform.margin(world.theta), without)
    assert_differs(world.margin(world.theta), without)


@claim(ID, "A preferred answer that is much longer then usually starts with a negative margin.")
def test_length_without_a_reference(rng: np.random.Generator) -> None:
    margins = []
    for _ in range(100):
        longer, shorter = rng.uniform(0.1, 0.9, size=60), rng.uniform(0.1, 0.9, size=20)
        margins.append(np.sum(np.log(longer)) - np.sum(np.log(shorter)))

    assert np.mean(np.array(margins) < 0) > 0.9


@claim(ID, r"$(h - \frac{1}{2\beta})^2$")
@claim(ID, "whose minimum is at a finite $h$")
def test_squared_loss_has_a_finite_best_margin(world: World) -> None:
    """Either loss of one pair, minimised by descent."""

    def trained(slope_of_loss: Callable[[float], float], steps: int) -> float:
        h = 0.0
        for _ in range(steps):
            h -= 0.1 * slope_of_loss(h)
        return h

    def squared(h: float) -> float:
        return (h - 1 / (2 * world.beta)) ** 2

    assert_same(trained(lambda h: slope(squared, h), 200), 1 / (2 * world.beta), 1e-6)
    lengths = [
        trained(lambda h: -world.beta * sigma(-world.beta * h), n) for n in (200, 2000, 20000)
    ]
    assert lengths[0] + 1 < lengths[1] < lengths[2] - 1


@claim(ID, "Pairs that it ranks wrongly pull hard, those that it ranks rightly hardly at all.")
def test_slopes_of_the_picture() -> None:
    assert round(slope(loss_of, -2.0), 2) == -0.88
    assert round(slope(loss_of, 2.0), 2) == -0.12


@claim(ID, "its infimum, zero, is reached nowhere")
@claim(ID, "because $\\pi_\\theta(y_w|x)$ cannot exceed one")
def test_a_certain_preference_has_no_finite_optimum(world: World) -> None:
    losses = [loss_of(u) for u in np.linspace(0, 30, 31)]
    assert all(one > two > 0 for one, two in pairwise(losses))
    assert_same(losses[-1], 0.0)

    # The margin bounds the probability of the rejected answer, with the preferred one at most 1.
    margin, log_ref = world.margin(world.theta), np.log(world.ref)
    bound = np.exp(log_ref[L] - log_ref[W] - margin / world.beta)
    assert world.pi[L] <= bound + 1e-12


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
