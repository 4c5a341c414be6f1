"""The slips of the divergence."""

import math

import numpy as np

from tests.content.kl_divergence.world import World
from tests.content.numeric import assert_differs, assert_same
from tests.content.registry import claim, slip
from tests.content.worlds.common import entropy, kl, softmax


@slip(
    "kl-divergence",
    "ratio-not-turned",
    r"-\mathrm{KL}(p \| q) = \sum_x p(x) \log \frac{p(x)}{q(x)}",
)
def test_ratio_not_turned(world: World) -> None:
    assert_differs(-kl(world.p, world.q), float(np.sum(world.p * np.log(1 / world.ratio))))


@slip(
    "kl-divergence",
    "weights-exchanged",
    r"-\mathrm{KL}(p \| q) = \sum_x q(x) \log \frac{q(x)}{p(x)}",
)
@claim("kl-divergence", "the right side is the divergence of $q$ from $p$, with a plus")
@claim("kl-divergence", "under the weights $q(x)$ nothing cancels in the mean of $q(x)/p(x)$")
def test_weights_exchanged(world: World) -> None:
    wrong = float(np.sum(world.q * np.log(world.ratio)))

    assert float(np.sum(world.q * world.ratio)) > 1 + 1e-3

    assert_differs(-kl(world.p, world.q), wrong)
    assert_same(wrong, kl(world.q, world.p))


@slip(
    "kl-divergence",
    "jensen-reversed",
    r"\sum_x p(x) \log \frac{q(x)}{p(x)} \ge \log \sum_x p(x) \frac{q(x)}{p(x)}",
)
@claim("kl-divergence", r"$\frac12 (\log 1 + \log 4) = \log 2 < \log 2.5$")
def test_jensen_reversed(world: World) -> None:
    assert float(np.sum(world.p * np.log(world.ratio))) < math.log(np.sum(world.p * world.ratio))
    assert_same(0.5 * (math.log(1) + math.log(4)), math.log(2))
    assert math.log(2) < math.log(0.5 * (1 + 4)) == math.log(2.5)


@slip(
    "kl-divergence",
    "jensen-equality",
    r"\sum_x p(x) \log \frac{q(x)}{p(x)} = \log \sum_x p(x) \frac{q(x)}{p(x)}",
)
@claim("kl-divergence", r"The right side is $\log 1$ for every pair")
def test_jensen_equality(world: World) -> None:
    mean_of_logs = float(np.sum(world.p * np.log(world.ratio)))

    assert_same(float(np.sum(world.p * world.ratio)), 1.0)
    assert_differs(mean_of_logs, math.log(np.sum(world.p * world.ratio)))


@slip("kl-divergence", "sign-of-kl", r"\mathrm{KL}(p \| q) \le 0")
def test_sign_of_kl(world: World) -> None:
    assert kl(world.p, world.q) > 1e-6


@slip("kl-divergence", "symmetric", r"\mathrm{KL}(p \| q) = \mathrm{KL}(q \| p)")
@claim(
    "kl-divergence",
    r"$q = (\epsilon, 1 - \epsilon)$: as $\epsilon \to 0$ the left side grows without bound and the"
    r" right side tends to $\log 2$",
)
@claim(
    "kl-divergence",
    r"For $p = (\frac12, \frac12)$ and $q = (\epsilon, 1 - \epsilon)$ it grows like"
    r" $\frac12 \log \frac{1}{\epsilon}$",
)
@claim("kl-divergence", "All from 0 upwards, without a limit, even on two points.")
def test_symmetric(world: World) -> None:
    assert_differs(kl(world.p, world.q), kl(world.q, world.p))

    epsilon, half = 1e-9, np.array([0.5, 0.5])
    q = np.array([epsilon, 1 - epsilon])
    assert abs(kl(half, q) - 0.5 * math.log(1 / epsilon)) < 1
    assert_same(kl(q, half), math.log(2), 1e-6)
    for tiny in (1e-20, 1e-100, 1e-300):
        growth = kl(half, np.array([tiny, 1 - tiny])) / (0.5 * math.log(1 / tiny))
        assert abs(growth - 1) < 1 / math.log10(1 / tiny)
    for value in (0.0, 1e-3, 1.0, 50.0):
        # A quadratic for the ε at which the divergence has this value.
        root = math.sqrt(-math.expm1(-2 * value))
        epsilon = 0.5 * math.exp(-2 * value) / (1 + root)
        assert_same(kl(half, np.array([epsilon, 1 - epsilon])), value)


@slip(
    "kl-divergence",
    "triangle",
    r"\mathrm{KL}(p \| r) \le \mathrm{KL}(p \| q) + \mathrm{KL}(q \| r)",
)
@claim(
    "kl-divergence",
    r"Take $q = \frac12(p + r)$ with $p \ne r$: by convexity in each argument each term on the"
    r" right is less than half of the left side",
)
@claim("kl-divergence", r"$\mathrm{KL}(p \| q) + \mathrm{KL}(q \| r) < \mathrm{KL}(p \| r)$")
def test_triangle(world: World) -> None:
    p, r = world.p, world.data
    q = 0.5 * (p + r)

    assert max(kl(p, q), kl(q, r)) < 0.5 * kl(p, r)
    assert kl(p, r) > kl(p, q) + kl(q, r)


@slip(
    "kl-divergence", "cross-entropy-sign", r"\mathbb{E}_p[-\log q(x)] = H(p) - \mathrm{KL}(p \| q)"
)
@claim("kl-divergence", "The code of another distribution cannot be shorter on average")
@claim("kl-divergence", r"so it is at least $H(p^*)$ and reaches it exactly at $q_\theta = p^*$")
@claim("kl-divergence", "that is 0, which a softmax approaches without reaching it")
def test_cross_entropy_sign(world: World) -> None:
    cross = -float(np.sum(world.p * np.log(world.q)))

    assert_differs(cross, entropy(world.p) - kl(world.p, world.q))
    assert cross > entropy(world.p) + 1e-6
    assert_same(-float(np.sum(world.p * np.log(world.p))), entropy(world.p))
    losses = [-math.log(softmax(np.array([gap, 0.0]))[0]) for gap in (1.0, 10.0, 30.0)]
    assert losses[0] > losses[1] > losses[2] > 0
    assert losses[2] < 1e-12


@slip("kl-divergence", "wrong-entropy", r"\mathbb{E}_p[-\log q(x)] = H(q) + \mathrm{KL}(p \| q)")
def test_wrong_entropy(world: World) -> None:
    cross = -float(np.sum(world.p * np.log(world.q)))

    assert_differs(cross, entropy(world.q) + kl(world.p, world.q))


@slip(
    "kl-divergence",
    "reverse-direction",
    r"""
    \arg\max_\theta \mathbb{E}_{p^*}[\log q_\theta(x)]
    = \arg\min_\theta \mathrm{KL}(q_\theta \| p^*)
    """,
)
def test_reverse_direction(world: World) -> None:
    assert_differs(world.most_likely, world.reverse)
