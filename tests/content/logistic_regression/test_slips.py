"""The slips of logistic regression."""

import numpy as np

from tests.content.logistic_regression.world import ID, D, World, loss_of, sigma, slope
from tests.content.numeric import Array, assert_differs, assert_same, gradient, hessian, number
from tests.content.registry import claim, slip


@slip(
    ID,
    "first-minus-lost",
    r"\frac{\partial \mathcal{L}}{\partial p} = \frac{y}{p} + \frac{1 - y}{1 - p}",
)
def test_first_minus_lost(rng: np.random.Generator) -> None:
    """Wrong for y = 1 only: the line that it should be has one term at a time."""
    p, y = rng.uniform(0.1, 0.9), 1.0

    assert_differs(slope(lambda p: loss_of(p, y), p), y / p + (1 - y) / (1 - p))


@slip(
    ID,
    "numerator-flipped",
    r"\frac{\partial \mathcal{L}}{\partial p} = \frac{y - p}{p(1 - p)}",
)
def test_numerator_flipped(world: World) -> None:
    p, y = world.p, world.y

    assert_differs(slope(lambda p: loss_of(p, y), p), (y - p) / (p * (1 - p)))


@slip(ID, "slope-at-the-score", r"\frac{\partial p}{\partial z} = z(1 - z)")
@claim(ID, r"At $z = 3$ the line says $-6$, but $\sigma$ is increasing")
def test_slope_at_the_score(world: World) -> None:
    assert_differs(slope(sigma, world.z), world.z * (1 - world.z))
    assert 3 * (1 - 3) == -6
    assert slope(sigma, 3.0) > 0


@slip(ID, "residual-sign", r"\frac{\partial \mathcal{L}}{\partial z} = y - p")
def test_residual_sign(world: World) -> None:
    y = world.y

    assert_differs(slope(lambda z: loss_of(sigma(z), y), world.z), y - world.p)


@slip(ID, "slope-left-over", r"\nabla_w \mathcal{L} = (p - y)\, p(1 - p)\, x")
@claim(ID, r"the gradient of the squared error $\frac{1}{2}(p - y)^2$")
@claim(ID, "it dies out wherever the model is confident, even where it is most wrong")
@claim(ID, r"Its gradient is $(p - y)\, p(1 - p)\, x$, with the factor that cross-entropy cancels")
def test_slope_left_over(world: World) -> None:
    x, p, y = world.x, world.p, world.y

    def squared_error(w: Array) -> float:
        return 0.5 * (sigma(number(w.T @ x)) - y) ** 2

    assert_differs(gradient(world.loss, world.w), (p - y) * p * (1 - p) * x)
    assert_same(gradient(squared_error, world.w), (p - y) * p * (1 - p) * x)
    for label in (0.0, 1.0):
        slopes = [(sigma(z) - label) * sigma(z) * (1 - sigma(z)) for z in (-20.0, 20.0)]
        assert np.max(np.abs(slopes)) < 1e-8


@slip(ID, "weights-for-input", r"\nabla_w \mathcal{L} = (p - y)\, w")
@claim(ID, "this gradient vanishes there and training would never start")
def test_weights_for_input(world: World) -> None:
    at_zero = np.zeros((D, 1))

    assert_differs(gradient(world.loss, world.w), (world.p - world.y) * world.w)
    assert np.all((0.5 - world.y) * at_zero == 0)
    assert_differs(gradient(world.loss, at_zero), at_zero)


@slip(ID, "inner-product", r"\nabla_w^2 \mathcal{L} = p(1 - p)\, x^\top x")
@claim(ID, r"Entry $(i, j)$ is $p(1 - p)\, x_i x_j$")
def test_inner_product(world: World) -> None:
    x, p = world.x, world.p
    wrong = p * (1 - p) * x.T @ x
    right = hessian(world.loss, world.w)

    assert wrong.shape == (1, 1)
    assert_differs(right, wrong)
    assert_differs(right, np.full((D, D), wrong))
    assert_same(right[0, 2], p * (1 - p) * x[0, 0] * x[2, 0], 1e-5)


@slip(ID, "residual-in-hessian", r"\nabla_w^2 \mathcal{L} = (p - y)\, x x^\top")
@claim(ID, "this line would even make the loss concave there")
def test_residual_in_hessian(world: World) -> None:
    x, p, y = world.x, world.p, world.y
    wrong = (p - y) * x @ x.T

    assert_differs(hessian(world.loss, world.w), wrong)
    assert (np.linalg.eigvalsh(wrong)[0] < -1e-6) == (y == 1)


@slip(ID, "curvature-missing", r"\nabla_w^2 \mathcal{L} = x x^\top")
@claim(ID, "This is the Hessian of linear regression, where the mean is the score itself.")
@claim(ID, "a saturated example hardly curves the loss")
def test_curvature_missing(world: World) -> None:
    x, y = world.x, world.y

    def half_squared_error(w: Array) -> float:
        return 0.5 * (number(w.T @ x) - y) ** 2

    assert_differs(hessian(world.loss, world.w), x @ x.T)
    assert_same(hessian(half_squared_error, world.w), x @ x.T, 1e-5)
    saturated = 9 * x / number(x.T @ x)
    assert np.max(np.abs(hessian(world.loss, saturated))) < 2e-4 * number(x.T @ x)
