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
N = 5
ID = "mlp-backprop"
HARDER = "mlp-backprop-batch"


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
@claim(ID, "it is 1 for smoothed labels and for the soft targets of a teacher network too")
def test_soft_targets(world: World, rng: np.random.Generator) -> None:
    smoothed, soft = 0.9 * world.y + 0.1 / C, softmax(column(rng, C))
    other = world._replace(y=rng.uniform(size=(C, 1)))

    for targets in (smoothed, soft):
        assert_same(float(targets.sum()), 1.0)
        assert_same(world._replace(y=targets).delta_2, world.y_hat - targets)
    assert_same(other.delta_2, other.y.sum() * other.y_hat - other.y)


@claim(ID, "All hidden units would stay copies of one another")
@claim(ID, "with $W_2 = 0$ the first layer would not even move in the first step")
@claim(ID, "Random weights break the tie; the biases may start at zero.")
def test_zero_start_keeps_hidden_units_equal(world: World) -> None:
    net = World(world.x, world.y, *(np.zeros_like(value) for value in world[2:]))
    assert_same(net.delta_1, np.zeros((M, 1)))

    for _ in range(3):
        moved = {name: getattr(net, name) - net.slope(name) for name in World._fields[2:]}
        net = net._replace(**moved)

    assert np.max(np.abs(net.W_1)) > 1e-3, "it does train"
    assert_same(net.W_2, np.repeat(net.W_2[:, :1], M, axis=1))
    assert_same(net.W_1, np.repeat(net.W_1[:1], M, axis=0))

    no_biases = world._replace(b_1=np.zeros((M, 1)), b_2=np.zeros((C, 1)))
    by_unit = no_biases.slope("b_1")[:, 0]
    assert np.min(np.abs(np.diff(np.sort(by_unit)))) > 1e-7, "all units go their own ways"


@claim(ID, r"$\sigma'(z_1)$ becomes 1 where $z_1 > 0$ and 0 where $z_1 < 0$")
def test_relu(world: World) -> None:
    def loss(z_1: Array) -> float:
        return world.loss_from_z_2(world.W_2 @ np.maximum(z_1, 0) + world.b_2)

    y_hat = softmax(world.W_2 @ np.maximum(world.z_1, 0) + world.b_2)
    expected = world.W_2.T @ (y_hat - world.y) * (world.z_1 > 0)

    assert_same(gradient(loss, world.z_1), expected)


@claim(ID, "any value between 0 and 1 is a subgradient")
@claim(ID, "A unit that is negative on all examples gets no gradient at all.")
def test_relu_at_zero_and_below(world: World, rng: np.random.Generator) -> None:
    around = np.linspace(-1, 1, 21)
    assert all(np.all(np.maximum(around, 0) >= slope * around) for slope in (0.0, 0.4, 1.0))
    assert not np.all(np.maximum(around, 0) >= 1.1 * around)

    inputs = rng.normal(size=(D, N))
    dead = -1 - np.max(world.W_1[0] @ inputs)

    def loss(first_unit: Array) -> float:
        """By its incoming weights and bias, and by its outgoing weights."""
        W_1, b_1, W_2 = world.W_1.copy(), world.b_1.copy(), world.W_2.copy()
        W_1[0], b_1[0], W_2[:, 0] = np.split(first_unit[:, 0], [D, D + 1])
        scores = W_2 @ np.maximum(W_1 @ inputs + b_1, 0) + world.b_2
        return sum(cross_entropy(softmax(scores[:, [i]]), world.y) for i in range(N))

    def slope(bias: float) -> Array:
        at = np.concatenate([world.W_1[0], [bias], world.W_2[:, 0]])[:, None]
        return gradient(loss, at)

    assert_same(slope(dead), np.zeros((D + 1 + C, 1)))
    assert np.max(np.abs(slope(-dead))) > 1e-4, "a live unit does get one"


@claim(ID, r"$\nabla_x \mathcal{L} = W_1^\top \delta_1$")
def test_gradient_of_the_input(world: World) -> None:
    assert_same(world.slope("x"), world.W_1.T @ world.delta_1)


@claim(ID, "Each layer back is the same move")
@claim(ID, "one pass gives all derivatives for about twice the cost of the forward pass")
def test_one_move_back_for_every_layer(rng: np.random.Generator) -> None:
    """Ten hidden layers, with a count of the multiplications in products with weights."""
    width, layers = 4, 11
    weights: list[Array] = [rng.normal(size=(width, width)) for _ in range(layers)]
    x, y = column(rng, width), np.eye(width)[:, [1]]
    count = 0

    def times(left: Array, right: Array) -> Array:
        nonlocal count
        count += left.shape[0] * left.shape[1] * right.shape[1]
        return left @ right

    def forward(weights: list[Array]) -> tuple[list[Array], list[Array]]:
        inputs, sums = [x], []
        for W in weights:
            sums.append(times(W, inputs[-1]))
            inputs.append(sigma(sums[-1]))
        return inputs, sums

    inputs, sums = forward(weights)
    forth, count = count, 0
    delta = softmax(sums[-1]) - y
    slopes = [times(delta, inputs[-2].T)]
    for layer in range(layers - 1, 0, -1):
        delta = times(weights[layer].T, delta) * dsigma(sums[layer - 1])
        slopes.insert(0, times(delta, inputs[layer - 1].T))
    back = count

    for layer in range(layers):

        def loss(W: Array, layer: int = layer) -> float:
            _, sums = forward([*weights[:layer], W, *weights[layer + 1 :]])
            return cross_entropy(softmax(sums[-1]), y)

        assert_same(slopes[layer], gradient(loss, weights[layer]))
    assert 1.9 < back / forth < 2


@claim(ID, "Forward mode gives the derivative along one direction a pass")
def test_forward_mode(world: World) -> None:
    y, y_hat = world.y, world.y_hat

    def along(direction: Array) -> float:
        """How the loss changes when the first weights move that way."""
        moved_scores = world.W_2 @ (dsigma(world.z_1) * (direction @ world.x))
        moved_outputs = y_hat * (moved_scores - float(np.sum(y_hat * moved_scores)))
        return -float(np.sum(y / y_hat * moved_outputs))

    units = np.eye(M * D).reshape(M * D, M, D)
    one_by_one = np.array([along(unit) for unit in units]).reshape(M, D)

    assert_same(one_by_one, world.slope("W_1"))


@claim(ID, r"which is at most $\frac{1}{4}$, reached at 0")
@claim(ID, "$4^{10}$, about a million")
def test_logistic_slope_is_at_most_a_quarter() -> None:
    z = np.linspace(-5, 5, 1001)

    assert_same(float(np.max(dsigma(z))), 0.25)
    assert_same(float(dsigma(np.array(0.0))), 0.25)
    assert 1e6 < 4**10 < 1.1e6


@claim(ID, r"$\log \sum_k e^{z_{2,k}} - \sum_i y_i z_{2,i}$")
@claim(ID, "move the largest to zero, where no exponential overflows")
def test_loss_from_scores(world: World) -> None:
    def stable(z: Array) -> float:
        shift = float(z.max())
        log_sum = shift + float(np.log(np.sum(np.exp(z - shift))))
        return log_sum - float(np.sum(world.y * z))

    assert_same(stable(world.z_2), world.loss)
    with np.errstate(over="ignore", invalid="ignore"):
        assert not np.isfinite(world.loss_from_z_2(world.z_2 + 1000))
    assert_same(stable(world.z_2 + 1000), world.loss)


@claim(ID, r"It is $\mathrm{diag}(\hat{y}) - \hat{y}\hat{y}^\top$")
@claim(ID, r"the covariance of a one-hot draw from $\hat{y}$")
@claim(ID, "semidefinite and the loss is convex in $z_2$")
def test_hessian_in_the_scores(world: World) -> None:
    y_hat = world.y_hat
    expected = np.diag(y_hat[:, 0]) - y_hat @ y_hat.T

    assert_same(hessian(world.loss_from_z_2, world.z_2), expected, 1e-5)
    assert_same(np.cov(np.eye(C), aweights=y_hat[:, 0], ddof=0), expected)
    assert np.linalg.eigvalsh(expected)[0] >= -1e-12


@claim(ID, r"is $\delta_{2,i}\, \sigma'(z_{1,j}) \ne 0$")
@claim(ID, "a nonzero entry beside it has a negative eigenvalue")
def test_loss_is_not_convex_in_all_parameters(world: World) -> None:
    """Curvature of the loss in b_1 and W_2, at W_2 = 0."""
    flat = world._replace(W_2=np.zeros((C, M)))

    def loss(both: Array) -> float:
        return flat._replace(b_1=both[:M], W_2=both[M:].reshape(C, M)).loss

    curvature = hessian(loss, np.vstack([flat.b_1, flat.W_2.reshape(-1, 1)]))
    mixed = curvature[:M, M:].reshape(M, C, M)

    assert_same(curvature[:M, :M], np.zeros((M, M)), 1e-5)
    for j in range(M):
        assert_same(mixed[j, :, [j]].T, flat.delta_2 * dsigma(flat.z_1)[j], 1e-5)
    assert np.linalg.eigvalsh(curvature)[0] < -1e-3


@claim(ID, r"A wrong class $j$ gets $\hat{y}_j > 0$, so its score is pushed down,")
@claim(ID, "all these pushes together are as large as the one push up")
def test_wrong_classes_are_pushed_down(world: World) -> None:
    true = int(world.y.argmax())
    wrong = np.delete(world.delta_2[:, 0], true)

    assert_same(wrong, np.delete(world.y_hat[:, 0], true))
    assert_same(float(wrong.sum()), 1 - world.y_hat[true, 0])
    assert_same(world.delta_2[true, 0], -float(wrong.sum()))


@claim(ID, r"The error is of order $\epsilon^2$ plus rounding")
@claim(ID, r"in double precision with $\epsilon$ near $10^{-5}$")
def test_error_of_central_differences(world: World) -> None:
    """Of the exponential, whose derivative is known."""
    z = world.z_1

    def error(epsilon: float) -> float:
        differences = (np.exp(z + epsilon) - np.exp(z - epsilon)) / (2 * epsilon)
        return float(np.max(np.abs(differences - np.exp(z))))

    assert_same(error(1e-2) / error(1e-3), 100.0, 1e-2)
    assert error(1e-5) < min(error(1e-3), error(1e-9)), "shorter steps lose by rounding"


@claim(ID, "so a relative difference above $10^{-4}$ or so deserves a look")
def test_central_differences_see_a_wrong_gradient(world: World) -> None:
    """The check that the follow-up recommends, on a right gradient and on one slip."""
    true = world.slope("W_2")

    def relative_difference(claimed: Array) -> float:
        return float(np.linalg.norm(claimed - true) / np.linalg.norm(true))

    assert relative_difference((world.y_hat - world.y) @ world.h_1.T) < 1e-4
    assert relative_difference((world.y - world.y_hat) @ world.h_1.T) > 1e-4


# --- the harder variant: a batch, with weight decay ----------------------------------------------


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
