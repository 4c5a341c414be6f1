"""A batch with weight decay, the harder variant."""

from typing import NamedTuple

import numpy as np
import pytest

from tests.content.mlp_backprop.world import C, D, N, World, dsigma
from tests.content.numeric import Array, assert_differs, assert_same, gradient, number
from tests.content.registry import claim, slip, step

HARDER = "mlp-backprop-batch"


class Batch(NamedTuple):
    net: World
    X: Array
    Y: Array
    decay: float

    def one(self, i: int) -> World:
        return self.net._replace(x=self.X[[i]].T, y=self.Y[[i]].T)

    @property
    def loss(self) -> float:
        """Example by example."""
        data = sum(self.one(i).loss for i in range(len(self.X))) / len(self.X)
        return data + self.decay / 2 * float(np.sum(self.net.W_1**2) + np.sum(self.net.W_2**2))

    def slope(self, name: str) -> Array:
        def moved(value: Array) -> float:
            return self._replace(net=self.net._replace(**{name: value})).loss

        return gradient(moved, getattr(self.net, name))

    def rows(self, name: str) -> Array:
        """What one example has as a column, for all of them."""
        return np.vstack([getattr(self.one(i), name).T for i in range(len(self.X))])

    @property
    def Delta_2(self) -> Array:  # noqa: N802
        """The mean makes each example's share of the loss smaller."""
        return self.rows("delta_2") / len(self.X)

    @property
    def Delta_1(self) -> Array:  # noqa: N802
        return self.rows("delta_1") / len(self.X)


@pytest.fixture
def batch(world: World, rng: np.random.Generator) -> Batch:
    return Batch(world, rng.normal(size=(N, D)), rng.dirichlet(np.ones(C), size=N), 0.3)


@step(HARDER, "1", r"\Delta_2 = \frac{1}{n} (\hat{Y} - Y)")
def test_errors_of_a_batch(batch: Batch) -> None:
    assert_same(batch.Delta_2, (batch.rows("y_hat") - batch.Y) / N)


@step(HARDER, "2", r"\nabla_{W_2} \mathcal{L} = \Delta_2^\top H_1 + \lambda W_2")
def test_second_weight_matrix_of_a_batch(batch: Batch) -> None:
    H_1, Delta_2 = batch.rows("h_1"), batch.Delta_2

    assert_same(batch.slope("W_2"), Delta_2.T @ H_1 + batch.decay * batch.net.W_2)
    outer_products = sum(np.outer(Delta_2[i], H_1[i]) for i in range(N))
    assert_same(Delta_2.T @ H_1, np.asarray(outer_products))


@step(HARDER, "3", r"\nabla_{b_2} \mathcal{L} = \Delta_2^\top \mathbf{1}_n")
def test_second_bias_of_a_batch(batch: Batch) -> None:
    assert_same(batch.slope("b_2"), batch.Delta_2.T @ np.ones((N, 1)))


@step(HARDER, "4", r"\Delta_1 = \Delta_2 W_2 \odot \sigma'(Z_1)")
@claim(
    HARDER,
    (
        r"row $i$ of $\Delta_1$, the gradient by $Z_1$, is $(W_2^\top \delta_2)^\top = "
        r"\delta_2^\top W_2$"
    ),
)
def test_back_through_the_hidden_layer_of_a_batch(batch: Batch) -> None:
    assert_same(batch.Delta_1, batch.Delta_2 @ batch.net.W_2 * dsigma(batch.rows("z_1")))
    before_the_gate = batch.Delta_2 @ batch.net.W_2
    for i in range(N):
        as_column = batch.Delta_2[[i]].T
        assert_same((batch.net.W_2.T @ as_column).T, before_the_gate[[i]])
        assert_same((batch.net.W_2.T @ as_column).T, as_column.T @ batch.net.W_2)


@step(
    HARDER,
    "5",
    r"""
    \begin{aligned}
    \nabla_{W_1} \mathcal{L} &= \Delta_1^\top X + \lambda W_1 \\
    \nabla_{b_1} \mathcal{L} &= \Delta_1^\top \mathbf{1}_n
    \end{aligned}
    """,
)
def test_first_layer_of_a_batch(batch: Batch) -> None:
    assert_same(batch.slope("W_1"), batch.Delta_1.T @ batch.X + batch.decay * batch.net.W_1)
    assert_same(batch.slope("b_1"), batch.Delta_1.T @ np.ones((N, 1)))


@slip(HARDER, "errors-reversed", r"\Delta_2 = \frac{1}{n} (Y - \hat{Y})")
@claim(HARDER, "so its entry of the gradient must be positive")
def test_errors_reversed(batch: Batch) -> None:
    y_hat = batch.rows("y_hat")

    assert_differs(batch.Delta_2, (batch.Y - y_hat) / N)
    assert np.all(batch.Delta_2[y_hat > batch.Y] > 0)


@slip(HARDER, "mean-forgotten", r"\Delta_2 = \hat{Y} - Y")
@claim(HARDER, "copying every example once must leave the gradient of $W_2$ as it is")
def test_mean_forgotten(batch: Batch) -> None:
    twice = batch._replace(X=np.vstack([batch.X, batch.X]), Y=np.vstack([batch.Y, batch.Y]))

    assert_differs(batch.Delta_2, batch.rows("y_hat") - batch.Y)
    assert_same(twice.slope("W_2"), batch.slope("W_2"))

    def by_the_slip(batch: Batch) -> Array:
        return np.asarray((batch.rows("y_hat") - batch.Y).T @ batch.rows("h_1"))

    assert_same(by_the_slip(twice), 2 * by_the_slip(batch))


@slip(HARDER, "features-summed", r"\nabla_{W_2} \mathcal{L} = \Delta_2 H_1^\top + \lambda W_2")
def test_features_summed(batch: Batch, equal_widths: World, rng: np.random.Generator) -> None:
    with pytest.raises(ValueError, match="matmul"):
        batch.Delta_2 @ batch.rows("h_1").T

    square = Batch(equal_widths, rng.normal(size=(3, 3)), rng.dirichlet(np.ones(3), size=3), 0.3)
    wrong = square.Delta_2 @ square.rows("h_1").T + square.decay * square.net.W_2
    assert_differs(square.slope("W_2"), wrong)


@slip(HARDER, "penalty-lost", r"\nabla_{W_2} \mathcal{L} = \Delta_2^\top H_1")
@claim(HARDER, "the data part is zero, and the weights should still shrink")
def test_penalty_lost(batch: Batch) -> None:
    assert_differs(batch.slope("W_2"), batch.Delta_2.T @ batch.rows("h_1"))

    perfect = batch._replace(Y=batch.rows("y_hat"))
    assert_same(perfect.slope("W_2"), batch.decay * batch.net.W_2)


@slip(
    HARDER,
    "penalty-doubled",
    r"\nabla_{W_2} \mathcal{L} = \Delta_2^\top H_1 + 2 \lambda W_2",
)
@claim(HARDER, r"the penalty is $\frac{\lambda}{2} w^2$ with slope $\lambda w$")
def test_penalty_doubled(batch: Batch) -> None:
    wrong = batch.Delta_2.T @ batch.rows("h_1") + 2 * batch.decay * batch.net.W_2

    assert_differs(batch.slope("W_2"), wrong)
    single = np.array([[1.7]])
    assert_same(gradient(lambda w: batch.decay / 2 * number(w) ** 2, single), batch.decay * single)


@slip(HARDER, "bias-not-summed", r"\nabla_{b_2} \mathcal{L} = \Delta_2")
def test_bias_not_summed(batch: Batch) -> None:
    assert batch.Delta_2.shape == (N, C) != batch.net.b_2.shape


@slip(
    HARDER,
    "bias-decayed",
    r"\nabla_{b_2} \mathcal{L} = \Delta_2^\top \mathbf{1}_n + \lambda b_2",
)
def test_bias_decayed(batch: Batch) -> None:
    wrong = batch.Delta_2.T @ np.ones((N, 1)) + batch.decay * batch.net.b_2

    assert_differs(batch.slope("b_2"), wrong)


@slip(HARDER, "column-habit", r"\Delta_1 = W_2^\top \Delta_2 \odot \sigma'(Z_1)")
def test_column_habit(batch: Batch, equal_widths: World, rng: np.random.Generator) -> None:
    with pytest.raises(ValueError, match="matmul"):
        batch.net.W_2.T @ batch.Delta_2

    square = Batch(equal_widths, rng.normal(size=(3, 3)), rng.dirichlet(np.ones(3), size=3), 0.3)
    wrong = square.net.W_2.T @ square.Delta_2 * dsigma(square.rows("z_1"))
    assert_differs(square.Delta_1, wrong)
