"""All pairs together, the harder variant of `rope.toml`."""

import numpy as np

from tests.content.numeric import assert_differs, assert_same
from tests.content.registry import claim, slip, step
from tests.content.rope.world import HARDER, ID, PAIRS, QUARTER, Pairs, World, turn


@step(HARDER, "1", r"s = \sum_{i=1}^{p} q_i^\top R(r\theta_i)\, k_i")
def test_offset_in_every_pair(pairs: Pairs) -> None:
    assert_same(pairs.score, pairs.total([turn(pairs.r * angle) for angle in pairs.angles]))


@step(HARDER, "2", r"R(\alpha) = \cos\alpha\, I + \sin\alpha\, J")
@claim(HARDER, "$J^2 = -I$, so $J$ plays the part of the imaginary unit")
def test_two_parts_of_a_turn(world: World) -> None:
    alpha = world.theta

    assert_same(turn(alpha), np.cos(alpha) * np.eye(2) + np.sin(alpha) * QUARTER)
    assert_same(QUARTER @ QUARTER, -np.eye(2))
    assert_same(turn(np.pi / 2), QUARTER)


@step(
    HARDER,
    "3",
    r"""
    s = \sum_{i=1}^{p} \left( q_i^\top k_i \cos(r\theta_i) + q_i^\top J k_i \sin(r\theta_i) \right)
    """,
)
@claim(HARDER, "The first part is even in $r$ and the second odd")
def test_cosines_and_sines(pairs: Pairs) -> None:
    angles = pairs.r * pairs.angles
    even = pairs.total([np.cos(angle) * np.eye(2) for angle in angles])
    odd = pairs.total([np.sin(angle) * QUARTER for angle in angles])

    assert_same(pairs.score, even + odd)
    assert_same(pairs._replace(m=pairs.n, n=pairs.m).score, even - odd)


@step(
    HARDER,
    "4",
    r"""
    \begin{aligned}
    \sum_{i=1}^{p} q_i^\top R(r\theta_i)\, q_i &= \sum_{i=1}^{p} \|q_i\|^2 \cos(r\theta_i) \\
    &\le \sum_{i=1}^{p} \|q_i\|^2
    \end{aligned}
    """,
)
@claim(HARDER, "A quarter turn is perpendicular to what it turns, $q_i^\\top J q_i = 0$")
@claim(HARDER, "at $r = 0$ all of them are 1 at once, so no offset gives more")
@claim(ID, "no offset scores higher than offset 0; away from there the score goes up and down")
@claim(ID, r"rational multiples of $\pi$ the largest value would come back")
def test_equal_vectors(pairs: Pairs) -> None:
    lengths = np.sum(pairs.q**2, axis=1)
    equal = pairs._replace(k=pairs.q, m=0)
    scores = np.array([equal._replace(n=n).score for n in range(200)])

    by_formula = [float(lengths @ np.cos(n * pairs.angles)) for n in range(200)]
    assert_same(scores, np.array(by_formula))
    assert_same(scores[0], lengths.sum())
    assert np.all(scores <= scores[0])
    assert np.any(np.diff(scores) > 0)
    assert_same(equal.total([QUARTER] * PAIRS), 0.0)
    periodic = equal._replace(angles=np.pi * np.array([1 / 2, 1 / 3, 2 / 5, 1]))
    assert_same(periodic._replace(n=60).score, scores[0])


@slip(HARDER, "offset-reversed", r"s = \sum_{i=1}^{p} q_i^\top R((m - n)\theta_i)\, k_i")
def test_offset_reversed(pairs: Pairs) -> None:
    assert_differs(pairs.score, pairs.total([turn(-pairs.r * angle) for angle in pairs.angles]))
    unmoved = pairs._replace(m=0)
    forward = unmoved.total([turn(unmoved.n * angle) for angle in unmoved.angles])
    assert_same(unmoved.score, forward)


@slip(HARDER, "angle-forgotten", r"s = \sum_{i=1}^{p} q_i^\top R(r)\, k_i")
@claim(HARDER, r"Check with $\theta_i = 0$, where positions must not matter.")
def test_angle_forgotten(pairs: Pairs) -> None:
    wrong = pairs.total([turn(pairs.r)] * PAIRS)

    assert_differs(pairs.score, wrong)
    still = pairs._replace(angles=np.zeros(PAIRS))
    assert_same(still.score, still._replace(n=still.n + 1).score)


@slip(HARDER, "sine-lost", r"s = \sum_{i=1}^{p} q_i^\top k_i \cos(r\theta_i)")
@claim(HARDER, r"the score is $-\sin(r\theta)$ and not zero for all offsets")
def test_sine_lost(pairs: Pairs) -> None:
    even = [np.cos(pairs.r * angle) * np.eye(2) for angle in pairs.angles]

    assert_differs(pairs.score, pairs.total(even))
    on_one_line = pairs._replace(k=pairs.q * np.array([[2.0], [-1.0], [0.5], [3.0]]))
    assert_same(on_one_line.score, on_one_line.total(even))
    q, k = np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]])
    one = Pairs(q, k, pairs.angles[:1], pairs.m, pairs.n)
    assert_same(one.score, -float(np.sin(one.r * one.angles[0])))


@slip(
    HARDER,
    "sine-sign",
    r"""
    s = \sum_{i=1}^{p} \left( q_i^\top k_i \cos(r\theta_i) - q_i^\top J k_i \sin(r\theta_i) \right)
    """,
)
@claim(HARDER, "This is the score for the offset $-r$.")
@claim(HARDER, r"Check with a quarter turn, $r\theta = \pi/2$: the matrix is then $J$ itself.")
def test_sine_sign(pairs: Pairs) -> None:
    angles = pairs.r * pairs.angles
    wrong = pairs.total([np.cos(angle) * np.eye(2) - np.sin(angle) * QUARTER for angle in angles])

    assert_differs(pairs.score, wrong)
    assert_same(pairs._replace(m=pairs.n, n=pairs.m).score, wrong)
    assert_same(turn(np.pi / 2), QUARTER)


@slip(HARDER, "quarter-turn-parallel", r"q_i^\top J q_i = \|q_i\|^2")
@claim(
    HARDER,
    "The quarter turn of a vector is perpendicular to it: $-q_1 q_2 + q_2 q_1 = 0$ in the entries",
)
def test_quarter_turn_parallel(pairs: Pairs) -> None:
    for q in pairs.q:
        assert_differs(float(q @ QUARTER @ q), float(q @ q))
        assert_same(turn(np.pi / 2) @ q, np.array([-q[1], q[0]]))
        assert_same(float(q @ turn(np.pi / 2) @ q), 0.0)
