"""The key steps."""

import numpy as np

from tests.content.dpo.world import ANSWERS, ID, OTHER_POLICIES, L, W, World, bradley_terry
from tests.content.numeric import Array, assert_differs, assert_same, gradient
from tests.content.registry import claim, step
from tests.content.worlds.common import distribution, sigma


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
