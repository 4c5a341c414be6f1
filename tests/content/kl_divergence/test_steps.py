"""The key steps of the divergence."""

import math

import numpy as np

from tests.content.kl_divergence.world import PARAMETERS, POINTS, World
from tests.content.numeric import assert_differs, assert_same, column
from tests.content.registry import claim, step
from tests.content.worlds.common import distribution, entropy, kl


@step("kl-divergence", "1", r"-\mathrm{KL}(p \| q) = \sum_x p(x) \log \frac{q(x)}{p(x)}")
def test_ratio_turned(world: World) -> None:
    assert_same(-kl(world.p, world.q), float(np.sum(world.p * np.log(world.ratio))))


@step(
    "kl-divergence",
    "2",
    r"""
    \begin{aligned}
    \sum_x p(x) \log \frac{q(x)}{p(x)} &\le \log \sum_x p(x) \frac{q(x)}{p(x)} \\
    &= \log \sum_x q(x) = \log 1 = 0
    \end{aligned}
    """,
)
@claim(
    "kl-divergence", "In the mean the $p(x)$ cancels, and what is left is the total mass of $q$."
)
def test_jensen(world: World) -> None:
    mean = float(np.sum(world.p * world.ratio))

    assert float(np.sum(world.p * np.log(world.ratio))) < math.log(mean)
    assert_same(mean, float(np.sum(world.q)))
    assert_same(math.log(mean), 0.0)


@step(
    "kl-divergence",
    "3",
    r"\mathrm{KL}(p \| q) \ge 0 \quad \text{with equality iff } p = q",
)
@claim("kl-divergence", "only if $q(x)/p(x)$ is the same number $c$ for every $x$")
@claim("kl-divergence", r"Summing $q(x) = c\, p(x)$ over $x$ gives $c = 1$, so $q = p$")
def test_never_negative(world: World, rng: np.random.Generator) -> None:
    assert kl(world.p, world.q) > 1e-6
    # Jensen by itself is an equality for a constant ratio, and for no other.
    for ratio in (np.full(POINTS, 3.0), world.ratio):
        gap = math.log(float(world.p @ ratio)) - float(world.p @ np.log(ratio))
        assert (gap < 1e-12) == bool(np.ptp(ratio) == 0)
    for c in (0.5, 1.0, 3.0):
        assert_same(float(np.sum(c * world.p)), c)
    assert_same(kl(world.p, world.p), 0.0)
    for _ in range(20):
        assert kl(distribution(rng, POINTS), distribution(rng, POINTS)) > 1e-6


@step("kl-divergence", "4", r"\mathrm{KL}(p \| q) \ne \mathrm{KL}(q \| p)")
def test_not_symmetric(world: World) -> None:
    assert_differs(kl(world.p, world.q), kl(world.q, world.p))


@step("kl-divergence", "5a", r"\mathbb{E}_p[-\log q(x)] = H(p) + \mathrm{KL}(p \| q)")
def test_cross_entropy(world: World) -> None:
    cross = -float(np.sum(world.p * np.log(world.q)))

    assert_same(cross, entropy(world.p) + kl(world.p, world.q))


@step(
    "kl-divergence",
    "5b",
    r"""
    \arg\max_\theta \mathbb{E}_{p^*}[\log q_\theta(x)]
    = \arg\min_\theta \mathrm{KL}(p^* \| q_\theta)
    """,
)
@claim("kl-divergence", "the mean on the left is the mean log-likelihood")
@claim("kl-divergence", r"points that do not occur drop out because $t \log t \to 0$ as $t \to 0$")
def test_maximum_likelihood_is_the_forward_direction(
    world: World, rng: np.random.Generator
) -> None:
    assert_same(world.most_likely, world.forward, 1e-4)

    examples = np.array([0, 0, 1, 3, 3, 3, 4])
    empirical = np.bincount(examples, minlength=POINTS) / len(examples)
    occurs = empirical > 0
    assert not np.all(occurs)
    gaps = []
    for _ in range(3):
        log_model = np.log(world.model(column(rng, PARAMETERS)))
        assert_same(float(np.mean(log_model[examples])), float(empirical @ log_model))
        forward = empirical[occurs] @ (np.log(empirical[occurs]) - log_model[occurs])
        gaps.append(float(forward + np.mean(log_model[examples])))
    assert_same(np.array(gaps), np.full(3, gaps[0]))


@step(
    "kl-divergence",
    "6",
    r"""
    \arg\min_\theta \mathrm{KL}(p^* \| q_\theta) \ne \arg\min_\theta \mathrm{KL}(q_\theta \| p^*)
    """,
)
@claim("kl-divergence", "A model that can reach the target reaches it in both directions")
def test_the_two_directions_fit_differently(world: World) -> None:
    assert_differs(world.forward, world.reverse)

    theta = np.array([[0.4], [-0.3], [0.2]])
    within_reach = world._replace(data=world.model(theta))
    assert_same(within_reach.forward, theta, 1e-4)
    assert_same(within_reach.reverse, theta, 1e-4)
