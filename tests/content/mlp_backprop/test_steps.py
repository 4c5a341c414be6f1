"""The key steps of backpropagation."""

import numpy as np

from tests.content.mlp_backprop.world import ID, C, World, cross_entropy, dsigma, softmax
from tests.content.numeric import assert_same, gradient, jacobian, number
from tests.content.registry import claim, step


@step(
    ID,
    "1a",
    r"\frac{\partial \hat{y}_i}{\partial z_{2,j}} = \hat{y}_i (\delta_{ij} - \hat{y}_j)",
)
def test_softmax_jacobian(world: World) -> None:
    y_hat = world.y_hat
    expected = np.array(
        [[y_hat[i, 0] * ((i == j) - y_hat[j, 0]) for j in range(C)] for i in range(C)]
    )

    assert_same(jacobian(softmax, world.z_2), expected)


@step(ID, "1b", r"\frac{\partial \mathcal{L}}{\partial \hat{y}_i} = -\frac{y_i}{\hat{y}_i}")
def test_loss_by_output(world: World) -> None:
    y, y_hat = world.y, world.y_hat

    assert_same(gradient(lambda q: cross_entropy(q, y), y_hat), -y / y_hat, 1e-4)


@step(
    ID,
    "1c",
    r"""
    \begin{aligned}
    \frac{\partial \mathcal{L}}{\partial z_{2,j}}
    &= -\sum_i \frac{y_i}{\hat{y}_i}\, \hat{y}_i (\delta_{ij} - \hat{y}_j) \\
    &= -y_j + \hat{y}_j \sum_i y_i \\
    &= \hat{y}_j - y_j \\
    \delta_2 &= \hat{y} - y
    \end{aligned}
    """,
)
@claim(ID, r"a factor $1/\hat{y}_i$ from the logarithm, which cancel")
def test_cancellation(world: World) -> None:
    y, y_hat = world.y[:, 0], world.y_hat[:, 0]

    for j in range(C):
        by_paths = -sum(y[i] / y_hat[i] * y_hat[i] * ((i == j) - y_hat[j]) for i in range(C))
        assert_same(number(world.delta_2[[j]]), by_paths)
        assert_same(by_paths, -y[j] + y_hat[j] * sum(y))
        assert_same(by_paths, y_hat[j] - y[j])
    assert_same(world.delta_2, world.y_hat - world.y)


@step(ID, "2", r"\nabla_{W_2} \mathcal{L} = \delta_2 h_1^\top")
def test_second_weight_matrix(world: World) -> None:
    assert_same(world.slope("W_2"), world.delta_2 @ world.h_1.T)


@step(ID, "3", r"\nabla_{b_2} \mathcal{L} = \delta_2")
def test_second_bias(world: World) -> None:
    assert_same(world.slope("b_2"), world.delta_2)


@step(ID, "4", r"\delta_1 = W_2^\top \delta_2 \odot \sigma'(z_1)")
def test_back_through_the_hidden_layer(world: World) -> None:
    assert_same(world.delta_1, world.W_2.T @ world.delta_2 * dsigma(world.z_1))


@step(ID, "5", r"\nabla_{W_1} \mathcal{L} = \delta_1 x^\top")
def test_first_weight_matrix(world: World) -> None:
    assert_same(world.slope("W_1"), world.delta_1 @ world.x.T)


@step(ID, "6", r"\nabla_{b_1} \mathcal{L} = \delta_1")
def test_first_bias(world: World) -> None:
    assert_same(world.slope("b_1"), world.delta_1)
