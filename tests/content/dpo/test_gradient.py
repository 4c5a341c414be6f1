"""The harder variant: how a pair moves the policy."""

import numpy as np

from tests.content.dpo.world import (
    ANSWERS,
    GRADIENT,
    ID,
    WEIGHTS,
    L,
    W,
    World,
    bradley_terry,
    loss_of,
    slope,
)
from tests.content.numeric import Array, assert_differs, assert_same, column, gradient
from tests.content.registry import claim, slip, step
from tests.content.worlds.common import sigma, softmax


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
