"""What the prose says of training on pairs."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from tests.content.dpo.world import ANSWERS, ID, WEIGHTS, L, W, World, loss_of, slope
from tests.content.numeric import Array, assert_differs, assert_same, gradient
from tests.content.registry import claim
from tests.content.worlds.common import sigma


@claim(ID, "The loss is that of logistic regression without an intercept")
def test_loss_is_that_of_logistic_regression(world: World) -> None:
    """In either order: the label is 1 if the first answer of the pair is preferred."""
    rewards = world.implicit(world.theta)
    for score, label in ((rewards[W] - rewards[L], 1), (rewards[L] - rewards[W], 0)):
        p = 1 / (1 + np.exp(-score))
        cross_entropy = -float(label * np.log(p) + (1 - label) * np.log(1 - p))
        assert_same(world.loss(world.theta), cross_entropy)


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


@claim(ID, "A pair costs four log-probabilities, two of them with a gradient.")
def test_what_a_pair_costs(world: World) -> None:
    def loss(logs: Array) -> float:
        of_policy, of_reference = logs[:2, 0], logs[2:, 0]
        return loss_of(world.beta * float(np.diff(of_reference - of_policy)[0]))

    pair = [W, L]
    logs = np.log(np.concatenate([world.pi[pair], world.ref[pair]]))[:, None]

    assert_same(loss(logs), world.loss(world.theta))
    assert np.all(np.abs(gradient(loss, logs)) > 1e-6), "none can be left out"
    for answer in pair:
        slope = gradient(lambda theta, y=answer: float(world.policy(theta)[y]), world.theta)  # type: ignore[misc]
        assert_differs(slope, np.zeros((WEIGHTS, 1)))


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
