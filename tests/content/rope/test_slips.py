"""The slips."""

import numpy as np
import pytest

from tests.content.numeric import assert_differs, assert_same, number
from tests.content.registry import claim, slip
from tests.content.rope.world import ID, World, turn


@slip(ID, "transpose-lost", r"\langle R_m q, R_n k \rangle = q^\top R_m R_n k")
@claim(ID, "two tokens at the same place would be turned against each other")
def test_transpose_lost(world: World) -> None:
    q, k, m, n, _ = world

    assert_differs(world.score, number(q.T @ world.R(m) @ world.R(n) @ k))
    assert_same(world.R(m) @ world.R(n), world.R(m + n))
    together = world._replace(n=m)
    assert_same(together.score, number(q.T @ k))
    assert_differs(number(q.T @ world.R(m) @ world.R(m) @ k), number(q.T @ k))


@slip(ID, "order-kept", r"(R_m q)^\top = R_m^\top q^\top")
def test_order_kept(world: World) -> None:
    with pytest.raises(ValueError, match="matmul"):
        world.R(world.m).T @ world.q.T


@slip(ID, "symmetric", r"R_m^\top = R_m")
@claim(ID, r"Only a turn by a multiple of $\pi$ is symmetric.")
def test_symmetric(world: World) -> None:
    assert_differs(world.R(world.m).T, world.R(world.m))
    assert_same(turn(3 * np.pi).T, turn(3 * np.pi))
    assert_same(turn(np.pi / 2).T, turn(-np.pi / 2))


@slip(ID, "negative-matrix", r"R_{-m} = -R_m")
@claim(ID, "at $m = 0$ this line says $I = -I$")
def test_negative_matrix(world: World) -> None:
    assert_differs(world.R(-world.m), -world.R(world.m))
    assert_same(world.R(0), np.eye(2))


@slip(ID, "sum-of-positions", r"R_m^\top R_n = R_{m+n}")
@claim(ID, "the product must be $I$, and $R_{2m}$ in general is not")
def test_sum_of_positions(world: World) -> None:
    R, m, n = world.R, world.m, world.n

    assert_differs(R(m).T @ R(n), R(m + n))
    assert_same(R(m).T @ R(m), np.eye(2))
    assert_differs(R(2 * m), np.eye(2))
    assert_same(R(m) @ R(n), R(m + n))


@slip(ID, "difference-reversed", r"R_m^\top R_n = R_{m-n}")
@claim(ID, "It is the transpose of the right answer.")
def test_difference_reversed(world: World) -> None:
    R, m, n = world.R, world.m, world.n

    assert_differs(R(m).T @ R(n), R(m - n))
    assert_same((R(m).T @ R(n)).T, R(m - n))
    assert_same(R(0).T @ R(n), R(n))


@slip(ID, "score-reversed", r"\langle R_m q, R_n k \rangle = q^\top R_{m-n} k")
@claim(ID, r"$k^\top R_{m-n} q$, which is the same number")
def test_score_reversed(world: World) -> None:
    q, k, m, n, _ = world

    assert_differs(world.score, number(q.T @ world.R(m - n) @ k))
    assert_same(world.score, number(k.T @ world.R(m - n) @ q))
    assert_same(world._replace(m=0).score, number(q.T @ world.R(n) @ k))
