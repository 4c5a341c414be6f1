"""The slips of backpropagation."""

import numpy as np
import pytest

from tests.content.mlp_backprop.world import ID, C, M, World, cross_entropy, dsigma, sigma, softmax
from tests.content.numeric import assert_differs, assert_same, gradient, jacobian, number
from tests.content.registry import claim, slip


@slip(
    ID,
    "jacobian-diagonal",
    r"\frac{\partial \hat{y}_i}{\partial z_{2,j}} = \hat{y}_i (1 - \hat{y}_i)\, \delta_{ij}",
)
@claim(ID, "every column of the Jacobian must add up to 0")
def test_jacobian_diagonal(world: World) -> None:
    y_hat = world.y_hat[:, 0]
    true = jacobian(softmax, world.z_2)

    assert_differs(true, np.diag(y_hat * (1 - y_hat)))
    assert_same(true.sum(axis=0), np.zeros(C))
    assert_same(true[0, 1], -y_hat[0] * y_hat[1])


@slip(
    ID,
    "reciprocal-sign",
    r"\frac{\partial \mathcal{L}}{\partial \hat{y}_i} = \frac{y_i}{\hat{y}_i}",
)
@claim(ID, "so the derivative cannot be positive")
def test_reciprocal_sign(world: World) -> None:
    y, y_hat = world.y, world.y_hat
    true = gradient(lambda q: cross_entropy(q, y), y_hat)

    assert_differs(true, y / y_hat)
    assert np.max(true) < 1e-7


@slip(ID, "residual-sign", r"\delta_2 = y - \hat{y}")
@claim(ID, r"so that entry of $\delta_2$ is negative: $\hat{y}_j - 1 < 0$")
def test_residual_sign(world: World) -> None:
    assert_differs(world.delta_2, world.y - world.y_hat)
    assert world.delta_2[world.y == 1] < -1e-6


@slip(ID, "outer-transposed", r"\nabla_{W_2} \mathcal{L} = h_1 \delta_2^\top")
@claim(ID, "except where two layers have the same width")
@claim(ID, "With $m = c$ the shapes agree and only the values are wrong.")
def test_outer_transposed(world: World, equal_widths: World) -> None:
    assert (world.h_1 @ world.delta_2.T).shape != world.W_2.shape

    wrong = equal_widths.h_1 @ equal_widths.delta_2.T
    assert wrong.shape == equal_widths.W_2.shape
    assert_differs(equal_widths.slope("W_2"), wrong)


@slip(ID, "transpose-lost", r"\delta_1 = W_2 \delta_2 \odot \sigma'(z_1)")
@claim(ID, r"The product $W_2 \delta_2$ exists only if $m = c$")
def test_transpose_lost(world: World, equal_widths: World) -> None:
    with pytest.raises(ValueError, match="matmul"):
        world.W_2 @ world.delta_2

    wrong = equal_widths.W_2 @ equal_widths.delta_2 * dsigma(equal_widths.z_1)
    assert_differs(equal_widths.delta_1, wrong)


@slip(ID, "gate-missing", r"\delta_1 = W_2^\top \delta_2")
@claim(ID, r"gives $W_2^\top \delta_2$, the gradient with respect to $h_1$")
@claim(ID, "it is the gradient with respect to the output of the activation")
def test_gate_missing(world: World) -> None:
    wrong = world.W_2.T @ world.delta_2

    assert wrong.shape == world.delta_1.shape
    assert_differs(world.delta_1, wrong)
    by_output = gradient(lambda h: world.loss_from_z_2(world.W_2 @ h + world.b_2), world.h_1)
    assert_same(wrong, by_output)


@slip(ID, "gate-as-product", r"\delta_1 = W_2^\top \delta_2\, \sigma'(z_1)")
def test_gate_as_product(world: World) -> None:
    with pytest.raises(ValueError, match="matmul"):
        world.W_2.T @ world.delta_2 @ dsigma(world.z_1)


@slip(ID, "gate-at-output", r"\delta_1 = W_2^\top \delta_2 \odot \sigma'(h_1)")
@claim(ID, r"at $z_1 = 10$ the slope must be nearly zero, but $\sigma'(h_1)$ is about 0.2")
def test_gate_at_output(world: World) -> None:
    assert_differs(world.delta_1, world.W_2.T @ world.delta_2 * dsigma(world.h_1))

    ten = np.array([[10.0]])
    assert number(dsigma(ten)) < 1e-4
    assert round(number(dsigma(sigma(ten))), 1) == 0.2


@slip(ID, "wrong-layer", r"\delta_1 = W_1^\top \delta_2 \odot \sigma'(z_1)")
@claim(ID, r"The shapes tell: $W_1^\top$ takes $m$ numbers, and $\delta_2$ has $c$.")
def test_wrong_layer(world: World, equal_widths: World) -> None:
    with pytest.raises(ValueError, match="matmul"):
        world.W_1.T @ world.delta_2

    wrong = equal_widths.W_1.T @ equal_widths.delta_2 * dsigma(equal_widths.z_1)
    assert_differs(equal_widths.delta_1, wrong)


@slip(ID, "activation-for-input", r"\nabla_{W_1} \mathcal{L} = \delta_1 h_1^\top")
@claim(ID, r"This line is $m \times m$ instead of $m \times d$.")
def test_activation_for_input(world: World, equal_widths: World) -> None:
    assert (world.delta_1 @ world.h_1.T).shape == (M, M) != world.W_1.shape

    assert_differs(equal_widths.slope("W_1"), equal_widths.delta_1 @ equal_widths.h_1.T)
