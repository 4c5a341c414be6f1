"""The key steps of logistic regression."""

import numpy as np

from tests.content.logistic_regression.world import ID, D, World, loss_of, sigma, slope
from tests.content.numeric import assert_same, column, gradient, hessian, number
from tests.content.registry import step


@step(
    ID,
    "1",
    r"""
    \begin{aligned}
    \frac{\partial \mathcal{L}}{\partial p} &= -\frac{y}{p} + \frac{1 - y}{1 - p} \\
    &= \frac{p - y}{p(1 - p)}
    \end{aligned}
    """,
)
def test_loss_by_probability(world: World) -> None:
    p, y = world.p, world.y

    assert_same(slope(lambda p: loss_of(p, y), p), -y / p + (1 - y) / (1 - p), 1e-5)
    assert_same(-y / p + (1 - y) / (1 - p), (p - y) / (p * (1 - p)))


@step(
    ID,
    "2",
    r"""
    \begin{aligned}
    \frac{\partial p}{\partial z} &= \sigma(z)(1 - \sigma(z)) \\
    &= p(1 - p)
    \end{aligned}
    """,
)
def test_probability_by_score(world: World) -> None:
    z, p = world.z, world.p

    assert_same(slope(sigma, z), sigma(z) * (1 - sigma(z)))
    assert_same(sigma(z) * (1 - sigma(z)), p * (1 - p))


@step(
    ID,
    "3",
    r"""
    \begin{aligned}
    \frac{\partial \mathcal{L}}{\partial z} &= \frac{p - y}{p(1 - p)} \cdot p(1 - p) \\
    &= p - y
    \end{aligned}
    """,
)
def test_cancellation(world: World) -> None:
    z, p, y = world.z, world.p, world.y

    assert_same(slope(lambda z: loss_of(sigma(z), y), z), p - y)
    assert_same((p - y) / (p * (1 - p)) * p * (1 - p), p - y)


@step(ID, "4", r"\nabla_w \mathcal{L} = (p - y)\, x")
def test_gradient(world: World) -> None:
    assert_same(gradient(world.loss, world.w), (world.p - world.y) * world.x)


@step(
    ID,
    "5",
    r"""
    \begin{aligned}
    \nabla_w^2 \mathcal{L} &= p(1 - p)\, x x^\top \\
    v^\top \nabla_w^2 \mathcal{L}\, v &= p(1 - p)(v^\top x)^2 \ge 0
    \end{aligned}
    """,
)
def test_convexity(world: World, rng: np.random.Generator) -> None:
    x, p = world.x, world.p
    v = column(rng, D)
    curvature = p * (1 - p) * x @ x.T

    assert_same(hessian(world.loss, world.w), curvature, 1e-5)
    assert_same(number(v.T @ curvature @ v), p * (1 - p) * number(v.T @ x) ** 2)
    assert number(v.T @ curvature @ v) >= 0
