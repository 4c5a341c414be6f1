"""The slips of least squares."""

import numpy as np
import pytest

from tests.content.numeric import assert_differs, assert_same, column, gradient, hessian, number
from tests.content.ols.world import D, World
from tests.content.registry import claim, slip


@slip("ols", "factor-two", r"\nabla_w \mathcal{L} = 2 X^\top (Xw - y)")
@claim("ols", "but the gradient and the Hessian are twice too large")
@claim("ols", r"the derivative of $\frac{1}{2}(y - xw)^2$ is $-x(y - xw)$")
def test_factor_two(world: World) -> None:
    X, y, w = world

    assert_differs(gradient(world.loss, w), 2 * X.T @ (X @ w - y))
    assert_same(2 * gradient(world.loss, w), 2 * X.T @ (X @ w - y), 1e-6)
    assert_same(2 * X.T @ (X @ world.best - y), np.zeros((D, 1)))
    one = World(np.array([[2.0]]), np.array([[3.0]]), np.array([[0.4]]))
    assert_same(number(gradient(one.loss, one.w)), -2.0 * (3.0 - 2.0 * 0.4))


@slip("ols", "gradient-sign", r"\nabla_w \mathcal{L} = X^\top (y - Xw)")
@claim("ols", "Descent along this line would increase the loss.")
@claim("ols", "so its entry of the gradient has to be negative")
def test_gradient_sign(world: World) -> None:
    X, y, w = world

    assert_differs(gradient(world.loss, w), X.T @ (y - X @ w))
    assert world.loss(w - 1e-3 * X.T @ (y - X @ w)) > world.loss(w)
    at_zero = gradient(world.loss, np.zeros((D, 1)))
    assert np.array_equal(at_zero < 0, X.T @ y > 0)


@slip("ols", "gradient-transpose", r"\nabla_w \mathcal{L} = X (Xw - y)")
def test_gradient_transpose(world: World, rng: np.random.Generator) -> None:
    with pytest.raises(ValueError, match="matmul"):
        world.X @ (world.X @ world.w - world.y)

    square = World(rng.normal(size=(D, D)), column(rng, D), world.w)
    assert_differs(gradient(square.loss, square.w), square.X @ (square.X @ square.w - square.y))


@slip("ols", "normal-sign", r"X^\top X w = -X^\top y")
@claim("ols", "a single feature that equals the target would get the weight $-1$")
def test_normal_sign(world: World) -> None:
    X, y, _ = world

    assert_differs(X.T @ X @ world.best, -X.T @ y)
    assert_same(number(np.linalg.solve(y.T @ y, -y.T @ y)), -1.0)
    assert_same(number(world._replace(X=y).best), 1.0)


@slip("ols", "gram-flipped", r"X X^\top w = X^\top y")
def test_gram_flipped(world: World, rng: np.random.Generator) -> None:
    with pytest.raises(ValueError, match="matmul"):
        world.X @ world.X.T @ world.best

    square = World(rng.normal(size=(D, D)), column(rng, D), world.w)
    assert_differs(square.X @ square.X.T @ square.best, square.X.T @ square.y)


@slip("ols", "inverse-of-x", r"\hat{w} = X^{-1} y")
def test_inverse_of_x(world: World) -> None:
    with pytest.raises(np.linalg.LinAlgError, match="square"):
        np.linalg.inv(world.X)

    exact = np.linalg.norm(world.X @ world.best - world.y)
    assert exact > 1e-3, "no w at all solves Xw = y"


@slip("ols", "inverse-on-the-right", r"\hat{w} = X^\top y (X^\top X)^{-1}")
def test_inverse_on_the_right(world: World) -> None:
    X, y, _ = world

    with pytest.raises(ValueError, match="matmul"):
        X.T @ y @ np.linalg.inv(X.T @ X)


@slip("ols", "hessian-flipped", r"\nabla_w^2 \mathcal{L} = X X^\top")
@claim("ols", "Its nonzero eigenvalues are the right ones")
def test_hessian_flipped(world: World) -> None:
    X = world.X

    assert_differs(hessian(world.loss, world.w), X @ X.T)
    assert_same(np.linalg.eigvalsh(X @ X.T)[-D:], np.linalg.eigvalsh(X.T @ X))


@slip("ols", "projection-flipped", r"P = X^\top (X^\top X)^{-1} X")
def test_projection_flipped(world: World) -> None:
    X = world.X

    with pytest.raises(ValueError, match="matmul"):
        X.T @ np.linalg.inv(X.T @ X) @ X
