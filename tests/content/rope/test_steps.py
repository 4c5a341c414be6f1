"""The key steps."""

import numpy as np

from tests.content.numeric import assert_differs, assert_same, column, number
from tests.content.registry import claim, step
from tests.content.rope.world import ID, PAIRS, QUARTER, World, rope_angles, turn, whole_turn


@step(
    ID,
    "1",
    r"""
    \begin{aligned}
    \langle R_m q, R_n k \rangle &= (R_m q)^\top (R_n k) \\
    &= q^\top R_m^\top R_n k
    \end{aligned}
    """,
)
def test_score_as_a_product(world: World) -> None:
    q, k, m, n, _ = world
    R = world.R

    assert_same(number((R(m) @ q).T @ (R(n) @ k)), world.score)
    assert_same(number(q.T @ R(m).T @ R(n) @ k), world.score)


@step(ID, "2", r"R_m^\top = R_m^{-1} = R_{-m}")
def test_transposing_turns_back(world: World) -> None:
    R, m = world.R, world.m

    assert_same(R(m).T, np.linalg.inv(R(m)))
    assert_same(R(m).T, R(-m))


@step(ID, "3", r"R_{-m} R_n = R_{n-m}")
@claim(
    ID, r"$\cos m\theta \cos n\theta + \sin m\theta \sin n\theta$, which is $\cos((n - m)\theta)$"
)
@claim(ID, r"so $R_m^\top R_n = R_{n-m}$, and a shift of both positions cancels")
def test_angles_add(world: World) -> None:
    _, _, m, n, theta = world
    R = world.R

    assert_same(R(-m) @ R(n), R(n - m))
    for shift in (-7, 0, 30):
        assert_same(R(m + shift).T @ R(n + shift), R(n - m))
    entry = np.cos(m * theta) * np.cos(n * theta) + np.sin(m * theta) * np.sin(n * theta)
    assert_same(float((R(-m) @ R(n))[0, 0]), float(entry))
    assert_same(float(np.cos((n - m) * theta)), float(entry))


@step(
    ID,
    "4",
    r"""
    \begin{aligned}
    \langle R_m q, R_n k \rangle &= q^\top R_{n-m} k \\
    &= \langle q, R_{n-m} k \rangle
    \end{aligned}
    """,
)
@claim(ID, "shifting both tokens by the same distance changes nothing")
def test_relative_position(world: World) -> None:
    q, k, m, n, _ = world

    assert_same(world.score, number(q.T @ world.R(n - m) @ k))
    assert_same(world._replace(m=m + 17, n=n + 17).score, world.score)
    assert_differs(world._replace(n=n + 1).score, world.score)


@claim(ID, "each with its own angle, so it has the same property")
def test_score_of_the_whole_vectors(world: World, rng: np.random.Generator) -> None:
    angles = rope_angles(2 * PAIRS, base=50.0)
    q, k = column(rng, 2 * PAIRS), column(rng, 2 * PAIRS)

    def score(m: int, n: int) -> float:
        return number((whole_turn(angles, m) @ q).T @ whole_turn(angles, n) @ k)

    assert_same(score(world.m + 17, world.n + 17), score(world.m, world.n))
    assert_differs(score(world.m, world.n + 1), score(world.m, world.n))


@claim(ID, "turns the whole pair and leaves the angle between its members alone")
def test_moving_both_positions_by_four(world: World) -> None:
    q, k, m, n, theta = world
    before, after = ((world.R(m + by) @ q, world.R(n + by) @ k) for by in (0, 4))

    for old, new in zip(before, after, strict=True):
        assert_same(new, turn(4 * theta) @ old)
    sines = [number(a.T @ QUARTER @ b) for a, b in (before, after)]
    assert_same(sines[0], sines[1])
    assert_same(number(after[0].T @ after[1]), world.score)
