"""The numbers behind `mlp-backprop.toml`."""

from typing import NamedTuple

import numpy as np
import pytest

from tests.content.numeric import (
    Array,
    assert_differs,
    assert_same,
    column,
    gradient,
    hessian,
    jacobian,
    number,
)
from tests.content.registry import claim, slip, step

D, M, C = 2, 4, 3
ID = "mlp-backprop"


def sigma(z: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-z)))


def dsigma(z: Array) -> Array:
    """Not through σ(1 - σ): this is where the other checks get their slope from."""
    return np.asarray(1 / (2 + np.exp(z) + np.exp(-z)))


def softmax(z: Array) -> Array:
    e = np.exp(z)
    return np.asarray(e / e.sum())


def cross_entropy(y_hat: Array, y: Array) -> float:
    return -float(np.sum(y * np.log(y_hat)))


class World(NamedTuple):
    x: Array
    y: Array
    W_1: Array
    b_1: Array
    W_2: Array
    b_2: Array

    @property
    def z_1(self) -> Array:
        return self.W_1 @ self.x + self.b_1

    @property
    def h_1(self) -> Array:
        return sigma(self.z_1)

    @property
    def z_2(self) -> Array:
        return self.W_2 @ self.h_1 + self.b_2

    @property
    def y_hat(self) -> Array:
        return softmax(self.z_2)

    @property
    def loss(self) -> float:
        return cross_entropy(self.y_hat, self.y)

    def loss_from_z_2(self, z_2: Array) -> float:
        return cross_entropy(softmax(z_2), self.y)

    def loss_from_z_1(self, z_1: Array) -> float:
        return self.loss_from_z_2(self.W_2 @ sigma(z_1) + self.b_2)

    def slope(self, name: str) -> Array:
        """Gradient with respect to a parameter or the input, by central differences."""
        return gradient(lambda value: self._replace(**{name: value}).loss, getattr(self, name))

    @property
    def delta_2(self) -> Array:
        """By central differences: the steps are compared with it, not derived from it."""
        return gradient(self.loss_from_z_2, self.z_2)

    @property
    def delta_1(self) -> Array:
        return gradient(self.loss_from_z_1, self.z_1)


def draw(rng: np.random.Generator, d: int = D, m: int = M, c: int = C) -> World:
    return World(
        x=column(rng, d),
        y=np.eye(c)[:, [rng.integers(c)]],
        W_1=rng.normal(size=(m, d)),
        b_1=column(rng, m),
        W_2=rng.normal(size=(c, m)),
        b_2=column(rng, c),
    )


@pytest.fixture
def world(rng: np.random.Generator) -> World:
    return draw(rng)


@pytest.fixture
def equal_widths(rng: np.random.Generator) -> World:
    """All layers equally wide, where shapes no longer give a slip away."""
    return draw(rng, 3, 3, 3)


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


@slip(
    ID,
    "jacobian-diagonal",
    r"\frac{\partial \hat{y}_i}{\partial z_{2,j}} = \hat{y}_i (1 - \hat{y}_i)\, \delta_{ij}",
)
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
def test_reciprocal_sign(world: World) -> None:
    y, y_hat = world.y, world.y_hat

    assert_differs(gradient(lambda q: cross_entropy(q, y), y_hat), y / y_hat)


@slip(ID, "residual-sign", r"\delta_2 = y - \hat{y}")
def test_residual_sign(world: World) -> None:
    assert_differs(world.delta_2, world.y - world.y_hat)


@slip(ID, "outer-transposed", r"\nabla_{W_2} \mathcal{L} = h_1 \delta_2^\top")
def test_outer_transposed(world: World, equal_widths: World) -> None:
    assert (world.h_1 @ world.delta_2.T).shape != world.W_2.shape

    wrong = equal_widths.h_1 @ equal_widths.delta_2.T
    assert wrong.shape == equal_widths.W_2.shape
    assert_differs(equal_widths.slope("W_2"), wrong)


@slip(ID, "transpose-lost", r"\delta_1 = W_2 \delta_2 \odot \sigma'(z_1)")
def test_transpose_lost(world: World, equal_widths: World) -> None:
    with pytest.raises(ValueError, match="matmul"):
        world.W_2 @ world.delta_2

    wrong = equal_widths.W_2 @ equal_widths.delta_2 * dsigma(equal_widths.z_1)
    assert_differs(equal_widths.delta_1, wrong)


@slip(ID, "gate-missing", r"\delta_1 = W_2^\top \delta_2")
def test_gate_missing(world: World) -> None:
    wrong = world.W_2.T @ world.delta_2

    assert wrong.shape == world.delta_1.shape
    assert_differs(world.delta_1, wrong)


@slip(ID, "gate-as-product", r"\delta_1 = W_2^\top \delta_2\, \sigma'(z_1)")
def test_gate_as_product(world: World) -> None:
    with pytest.raises(ValueError, match="matmul"):
        world.W_2.T @ world.delta_2 @ dsigma(world.z_1)


@slip(ID, "gate-at-output", r"\delta_1 = W_2^\top \delta_2 \odot \sigma'(h_1)")
@claim(ID, r"at $z_1 = 10$ the gate must be nearly closed, but $\sigma'(h_1)$ is about 0.2")
def test_gate_at_output(world: World) -> None:
    assert_differs(world.delta_1, world.W_2.T @ world.delta_2 * dsigma(world.h_1))

    ten = np.array([[10.0]])
    assert number(dsigma(ten)) < 1e-4
    assert round(number(dsigma(sigma(ten))), 1) == 0.2


@slip(ID, "wrong-layer", r"\delta_1 = W_1^\top \delta_2 \odot \sigma'(z_1)")
def test_wrong_layer(world: World, equal_widths: World) -> None:
    with pytest.raises(ValueError, match="matmul"):
        world.W_1.T @ world.delta_2

    wrong = equal_widths.W_1.T @ equal_widths.delta_2 * dsigma(equal_widths.z_1)
    assert_differs(equal_widths.delta_1, wrong)


@slip(ID, "activation-for-input", r"\nabla_{W_1} \mathcal{L} = \delta_1 h_1^\top")
def test_activation_for_input(world: World, equal_widths: World) -> None:
    assert (world.delta_1 @ world.h_1.T).shape == (M, M) != world.W_1.shape

    assert_differs(equal_widths.slope("W_1"), equal_widths.delta_1 @ equal_widths.h_1.T)


@claim(ID, r"for the logistic function that value happens to be $h_1 \odot (1 - h_1)$")
def test_logistic_slope_through_its_output(world: World) -> None:
    assert_same(jacobian(sigma, world.z_1), np.diag(dsigma(world.z_1)[:, 0]))
    assert_same(dsigma(world.z_1), world.h_1 * (1 - world.h_1))


@claim(ID, "left is prediction minus target, bounded and cheap")
@claim(ID, r"The entries of $\delta_2$ add up to zero")
@claim(ID, "softmax does not change when a constant is added to all scores")
def test_residual_is_bounded_and_adds_up_to_zero(world: World) -> None:
    assert_same(float(world.delta_2.sum()), 0.0)
    assert np.all(np.abs(world.delta_2) < 1)
    assert_same(softmax(world.z_2 + 5), world.y_hat)


@claim(ID, "does not fade when a wrong answer is confident")
@claim(ID, r"$\delta_2 = (\mathrm{diag}(\hat{y}) - \hat{y}\hat{y}^\top)(\hat{y} - y)$")
def test_squared_error_behind_a_softmax(world: World) -> None:
    y, y_hat = world.y, world.y_hat

    def squared_error(z: Array) -> float:
        return 0.5 * float(np.sum((softmax(z) - y) ** 2))

    def by_formula(y_hat: Array, y: Array) -> Array:
        return (np.diag(y_hat[:, 0]) - y_hat @ y_hat.T) @ (y_hat - y)

    assert_same(gradient(squared_error, world.z_2), by_formula(y_hat, y))
    wrong, truth = softmax(np.array([[12.0], [0.0], [0.0]])), np.array([[0.0], [1.0], [0.0]])
    assert np.max(np.abs(by_formula(wrong, truth))) < 1e-4
    assert np.max(np.abs(wrong - truth)) > 0.99


@claim(ID, "For one example it has rank one at most")
def test_gradient_of_one_example_has_rank_one(world: World) -> None:
    singular_values = np.linalg.svd(world.slope("W_1"), compute_uv=False)

    assert_same(singular_values[1:], np.zeros(min(M, D) - 1))


@claim(ID, r"If the targets add up to $s$, the gradient is $s\,\hat{y} - y$.")
@claim(ID, "Smoothed labels and the soft targets of a teacher network add up to 1")
def test_soft_targets(world: World, rng: np.random.Generator) -> None:
    soft = world._replace(y=rng.dirichlet(np.ones(C))[:, None])
    other = world._replace(y=rng.uniform(size=(C, 1)))

    assert_same(soft.delta_2, soft.y_hat - soft.y)
    assert_same(other.delta_2, other.y.sum() * other.y_hat - other.y)


@claim(ID, "All hidden units would stay copies of one another.")
@claim(ID, r"With $W_2 = 0$ the signal $\delta_1$ is zero")
def test_zero_start_keeps_hidden_units_equal(world: World) -> None:
    net = World(world.x, world.y, *(np.zeros_like(value) for value in world[2:]))
    assert_same(net.delta_1, np.zeros((M, 1)))

    for _ in range(3):
        moved = {name: getattr(net, name) - net.slope(name) for name in World._fields[2:]}
        net = net._replace(**moved)

    assert np.max(np.abs(net.W_1)) > 1e-3, "it does train"
    assert_same(net.W_2, np.repeat(net.W_2[:, :1], M, axis=1))
    assert_same(net.W_1, np.repeat(net.W_1[:1], M, axis=0))


@claim(ID, r"$\nabla_{W_2} \mathcal{L} = \Delta_2^\top H_1$")
@claim(ID, r"$\Delta_1 = \Delta_2 W_2 \odot \sigma'(Z_1)$")
def test_batch(world: World, rng: np.random.Generator) -> None:
    N = 5
    X, Y = rng.normal(size=(N, D)), np.eye(C)[rng.integers(C, size=N)]
    single = [world._replace(x=X[[i]].T, y=Y[[i]].T) for i in range(N)]
    Z_1 = X @ world.W_1.T + world.b_1.T
    H_1 = sigma(Z_1)
    Y_hat = np.vstack([one.y_hat.T for one in single])

    Delta_2 = (Y_hat - Y) / N
    Delta_1 = Delta_2 @ world.W_2 * dsigma(Z_1)

    mean = {name: sum(one.slope(name) for one in single) / N for name in World._fields[2:]}
    assert_same(Delta_2.T @ H_1, mean["W_2"])
    assert_same(Delta_2.sum(axis=0)[:, None], mean["b_2"])
    assert_same(Delta_1.T @ X, mean["W_1"])
    assert_same(Delta_1.sum(axis=0)[:, None], mean["b_1"])


@claim(ID, r"$\sigma'(z_1)$ becomes 1 where $z_1 > 0$ and 0 where $z_1 < 0$")
def test_relu(world: World) -> None:
    def loss(z_1: Array) -> float:
        return world.loss_from_z_2(world.W_2 @ np.maximum(z_1, 0) + world.b_2)

    y_hat = softmax(world.W_2 @ np.maximum(world.z_1, 0) + world.b_2)
    expected = world.W_2.T @ (y_hat - world.y) * (world.z_1 > 0)

    assert_same(gradient(loss, world.z_1), expected)


@claim(ID, r"$\nabla_x \mathcal{L} = W_1^\top \delta_1$")
def test_gradient_of_the_input(world: World) -> None:
    assert_same(world.slope("x"), world.W_1.T @ world.delta_1)


@claim(ID, r"which is at most $\frac{1}{4}$, reached at 0")
@claim(ID, "$4^{10}$, about a million")
def test_logistic_slope_is_at_most_a_quarter() -> None:
    z = np.linspace(-5, 5, 1001)

    assert_same(float(np.max(dsigma(z))), 0.25)
    assert_same(float(dsigma(np.array(0.0))), 0.25)
    assert 1e6 < 4**10 < 1.1e6


@claim(ID, r"$\log \sum_k e^{z_{2,k}} - \sum_i y_i z_{2,i}$")
def test_loss_from_scores(world: World) -> None:
    z, shift = world.z_2, float(world.z_2.max())
    log_sum = shift + float(np.log(np.sum(np.exp(z - shift))))

    assert_same(log_sum - float(np.sum(world.y * z)), world.loss)


@claim(ID, r"It is $\mathrm{diag}(\hat{y}) - \hat{y}\hat{y}^\top$")
@claim(ID, "semidefinite and the loss is convex in $z_2$")
def test_hessian_in_the_scores(world: World) -> None:
    y_hat = world.y_hat
    expected = np.diag(y_hat[:, 0]) - y_hat @ y_hat.T

    assert_same(hessian(world.loss_from_z_2, world.z_2), expected, 1e-5)
    assert np.linalg.eigvalsh(expected)[0] >= -1e-12


@claim(ID, "permuting the hidden units gives other minimisers of the same value")
def test_hidden_units_can_be_permuted(world: World, rng: np.random.Generator) -> None:
    order = rng.permutation(M)
    permuted = world._replace(W_1=world.W_1[order], b_1=world.b_1[order], W_2=world.W_2[:, order])

    assert_same(permuted.loss, world.loss)


@claim(ID, r"in double precision with $\epsilon$ near $10^{-5}$")
def test_central_differences_see_a_wrong_gradient(world: World) -> None:
    """The check that the follow-up recommends, on a right gradient and on one slip."""
    true = world.slope("W_2")

    def relative_difference(claimed: Array) -> float:
        return float(np.linalg.norm(claimed - true) / np.linalg.norm(true))

    assert relative_difference((world.y_hat - world.y) @ world.h_1.T) < 1e-4
    assert relative_difference((world.y - world.y_hat) @ world.h_1.T) > 1e-4
