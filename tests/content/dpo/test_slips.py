"""The slips."""

import numpy as np

from tests.content.dpo.world import ANSWERS, ID, OTHER_POLICIES, L, W, World, bradley_terry, loss_of
from tests.content.numeric import Array, assert_differs, assert_same
from tests.content.registry import claim, slip
from tests.content.worlds.common import distribution, entropy, sigma, softmax


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
