"""The key steps of least squares."""

import numpy as np

from tests.content.numeric import assert_differs, assert_same, column, gradient, hessian, number
from tests.content.ols.world import D, World
from tests.content.registry import claim, step


@step(
    "ols",
    "1",
    r"""
    \begin{aligned}
    \nabla_w \mathcal{L} &= -X^\top (y - Xw) \\
    &= X^\top X w - X^\top y
    \end{aligned}
    """,
)
@claim("ols", r"by $r^\top dr = -r^\top X\,dw$")
def test_gradient(world: World, rng: np.random.Generator) -> None:
    X, y, w = world

    assert_same(gradient(world.loss, w), -X.T @ (y - X @ w), 1e-6)
    assert_same(-X.T @ (y - X @ w), X.T @ X @ w - X.T @ y)
    dw = 1e-6 * column(rng, D)
    change = world.loss(w + dw) - world.loss(w)
    assert_same(1e6 * change, 1e6 * number(-(y - X @ w).T @ X @ dw), 1e-3)


@step("ols", "2", r"X^\top X w = X^\top y")
@claim("ols", "this condition on $w$ holds at the minimisers and nowhere else")
def test_normal_equations_hold_at_the_optimum_and_not_elsewhere(world: World) -> None:
    X, y, w = world

    assert_same(X.T @ X @ world.best, X.T @ y)
    assert_differs(X.T @ X @ w, X.T @ y)


@step("ols", "3", r"\hat{w} = (X^\top X)^{-1} X^\top y")
def test_closed_form_is_the_minimiser(world: World, rng: np.random.Generator) -> None:
    X, y, _ = world

    w = np.linalg.inv(X.T @ X) @ X.T @ y

    assert_same(w, world.best)
    for _ in range(5):
        assert world.loss(w + 0.1 * column(rng, D)) > world.loss(w)


@step(
    "ols",
    "4",
    r"""
    \begin{aligned}
    \nabla_w^2 \mathcal{L} &= X^\top X \\
    v^\top X^\top X v &= \|Xv\|^2 \ge 0
    \end{aligned}
    """,
)
def test_hessian_is_positive_semidefinite(world: World, rng: np.random.Generator) -> None:
    X, _, w = world
    v = column(rng, D)

    assert_same(hessian(world.loss, w), X.T @ X, 1e-5)
    assert_same(number(v.T @ X.T @ X @ v), np.linalg.norm(X @ v) ** 2)
    assert number(v.T @ X.T @ X @ v) >= 0


@step(
    "ols",
    "5",
    r"""
    \begin{aligned}
    \hat{y} &= P y \\
    P &= X (X^\top X)^{-1} X^\top \\
    P^2 &= P, \quad P^\top = P \\
    X^\top (y - \hat{y}) &= 0
    \end{aligned}
    """,
)
@claim("ols", "an orthogonal projection, here onto the column space of $X$")
@claim("ols", "so the residual is perpendicular to every column")
def test_fitted_values_are_a_projection(world: World) -> None:
    X, y, _ = world
    P = X @ np.linalg.inv(X.T @ X) @ X.T
    fitted = X @ world.best

    assert_same(fitted, P @ y)
    assert_same(P @ P, P)
    assert_same(P.T, P)
    assert_same(X.T @ (y - fitted), np.zeros((D, 1)))
    assert_same(P @ X, X)
    assert np.linalg.matrix_rank(P) == D
