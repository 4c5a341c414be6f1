"""The numbers behind `logistic-regression.toml`."""

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

N, D = 9, 3
ID = "logistic-regression"
SOFTMAX = "logistic-regression-softmax"


class World(NamedTuple):
    x: Array
    w: Array
    y: float

    @property
    def z(self) -> float:
        return number(self.w.T @ self.x)

    @property
    def p(self) -> float:
        return sigma(self.z)

    def loss(self, w: Array) -> float:
        return loss_of(sigma(number(w.T @ self.x)), self.y)


class Data(NamedTuple):
    """Several examples, one a row."""

    X: Array
    y: Array
    w: Array

    def p(self, w: Array) -> Array:
        return 1 / (1 + np.exp(-self.X @ w))

    def loss(self, w: Array) -> float:
        p = self.p(w)
        return -float(np.sum(self.y * np.log(p) + (1 - self.y) * np.log(1 - p)))


def sigma(t: float) -> float:
    return float(1 / (1 + np.exp(-t)))


def loss_of(p: float, y: float) -> float:
    return -float(y * np.log(p) + (1 - y) * np.log(1 - p))


def slope(f: object, at: float) -> float:
    """Derivative of a function of one number."""
    assert callable(f)
    return number(gradient(lambda t: float(f(float(t[0, 0]))), np.array([[at]])))


@pytest.fixture(params=[0.0, 1.0], ids=["y=0", "y=1"])
def world(rng: np.random.Generator, request: pytest.FixtureRequest) -> World:
    return World(column(rng, D), column(rng, D), request.param)


@pytest.fixture
def data(rng: np.random.Generator) -> Data:
    """Both labels occur at one and the same input, so no weights separate them."""
    X = rng.normal(size=(N, D))
    X[1], X[3], X[5] = X[0], X[2], X[4]
    y = np.array([[0.0, 1, 0, 1, 0, 1, 1, 0, 1]]).T
    return Data(X, y, column(rng, D))


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
@claim(ID, r"Its gradient is $(p - y)\, p(1 - p)\, x$, with the factor that cross-entropy cancels")
def test_slope_left_over(world: World) -> None:
    x, p, y = world.x, world.p, world.y

    def squared_error(w: Array) -> float:
        return 0.5 * (sigma(number(w.T @ x)) - y) ** 2

    assert_differs(gradient(world.loss, world.w), (p - y) * p * (1 - p) * x)
    assert_same(gradient(squared_error, world.w), (p - y) * p * (1 - p) * x)


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


@claim(ID, "the logistic function never reaches 0 or 1")
@claim(ID, "It is never zero, so the cancellation holds for every score.")
@claim(ID, r"Its largest value is $\frac{1}{4}$.")
def test_slope_is_positive_and_at_most_a_quarter() -> None:
    p = np.array([sigma(z) for z in np.linspace(-30, 30, 6001)])

    assert np.all((p > 0) & (p < 1) & (p * (1 - p) > 0))
    assert_same(float(np.max(p * (1 - p))), 0.25)


@claim(ID, "the derivative of its negative by the score is mean minus observation")
def test_canonical_links() -> None:
    """Minus the log-likelihood by the score, without the terms that do not depend on the score."""
    score, count, value, variance = 0.7, 3.0, -1.2, 2.5

    poisson = slope(lambda t: np.exp(t) - count * t, score)
    gaussian = slope(lambda t: (value - t) ** 2 / (2 * variance), score)

    assert_same(poisson, float(np.exp(score)) - count)
    assert_same(gaussian * variance, score - value)


@claim(ID, "is the variance of the label under the model")
@claim(
    ID,
    (
        "So its mean over labels drawn from the model, the Fisher information, is the "
        "Hessian itself."
    ),
)
def test_curvature_is_a_variance(world: World) -> None:
    x, p = world.x, world.p
    likelihood = {0.0: 1 - p, 1.0: p}
    variance = sum(chance * (label - p) ** 2 for label, chance in likelihood.items())
    gradients = {label: gradient(world._replace(y=label).loss, world.w) for label in likelihood}
    expected = sum(
        chance * gradients[label] @ gradients[label].T for label, chance in likelihood.items()
    )

    assert_same(variance, p * (1 - p))
    assert_same(expected, hessian(world.loss, world.w), 1e-5)
    assert_same(expected, variance * x @ x.T)


@claim(ID, "A local minimum of a convex loss is global because the loss is never above its chords")
def test_loss_is_never_above_its_chords(data: Data, rng: np.random.Generator) -> None:
    for _ in range(20):
        start, end = 2 * column(rng, D), 2 * column(rng, D)
        for part in (0.1, 0.5, 0.9):
            chord = (1 - part) * data.loss(start) + part * data.loss(end)
            assert data.loss((1 - part) * start + part * end) <= chord + 1e-9


@claim(ID, "so the worst mistakes hardly move the weights")
@claim(ID, r"A confident mistake gets nearly the full signal, $\pm 1$")
@claim(ID, r"the signal vanishes together with the slope of $\sigma$")
def test_signal_of_a_confident_mistake() -> None:
    for y, z in ((1.0, -12.0), (0.0, 12.0)):
        full = slope(lambda t, y=y: loss_of(sigma(t), y), z)
        squared = slope(lambda t, y=y: 0.5 * (sigma(t) - y) ** 2, z)

        assert abs(full - (1 - 2 * y)) < 1e-4
        assert abs(squared) < 1e-4

    p = np.linspace(0, 1, 1001)
    assert np.max(p**2 * (1 - p)) < 0.15, "as the picture says in words"


@claim(ID, r"$p^y (1 - p)^{1 - y}$ says both at once")
@claim(ID, "Independent examples multiply their probabilities, so their losses add up.")
def test_probability_of_the_label(world: World, data: Data) -> None:
    p, y = world.p, world.y
    each = data.p(data.w) ** data.y * (1 - data.p(data.w)) ** (1 - data.y)

    assert_same(p**y * (1 - p) ** (1 - y), p if y == 1 else 1 - p)
    assert_same(-float(np.log(p**y * (1 - p) ** (1 - y))), loss_of(p, y))
    assert_same(-float(np.log(np.prod(each))), data.loss(data.w))


@claim(ID, r"In terms of the score the loss is $\log(1 + e^z) - yz$")
@claim(ID, r"The first part has the slope $\sigma(z)$, which increases")
@claim(ID, r"$\mathcal{L} = \max(z, 0) - yz + \log(1 + e^{-|z|})$")
def test_loss_through_the_score(world: World) -> None:
    z, y = world.z, world.y
    expected = loss_of(world.p, y)

    assert_same(float(np.log(1 + np.exp(z)) - y * z), expected)
    assert_same(slope(lambda t: np.log(1 + np.exp(t)), z), sigma(z))
    assert sigma(z + 0.01) > sigma(z)
    assert_same(float(max(z, 0) - y * z + np.log1p(np.exp(-abs(z)))), expected)


@claim(
    ID,
    (
        r"so nothing overflows, and `log1p`, which computes $\log(1 + t)$ without forming $1 "
        "+ t$, keeps the small values exact"
    ),
)
def test_loss_does_not_overflow() -> None:
    assert np.log1p(np.exp(-40)) > 0 == np.log(1 + np.exp(-40))
    with np.errstate(over="raise"):
        for z in (-1e4, 1e4):
            for y in (0, 1):
                loss = max(z, 0) - y * z + np.log1p(np.exp(-abs(z)))
                assert_same(float(loss), abs(z) if (z > 0) != (y == 1) else 0.0)


@claim(ID, "The Hessian does not contain the label")
def test_hessian_is_the_same_for_both_labels(world: World) -> None:
    other = world._replace(y=1 - world.y)

    assert_same(hessian(world.loss, world.w), hessian(other.loss, world.w), 1e-5)


@claim(ID, r"as a function of $w$ it is not convex")
def test_squared_error_is_not_convex() -> None:
    def squared_error(z: Array) -> float:
        return 0.5 * (sigma(float(z[0, 0])) - 1) ** 2

    assert number(hessian(squared_error, np.array([[-4.0]]))) < -1e-3
    assert number(hessian(squared_error, np.array([[1.0]]))) > 1e-3


@claim(ID, r"$\nabla_w \mathcal{L} = X^\top (p - y)$ and $\nabla_w^2 \mathcal{L} = X^\top D X$")
@claim(
    ID,
    r"the Hessian $X^\top D X$ with a positive diagonal $D$ sends a direction $v$ to zero exactly"
    r" if $Xv = 0$",
)
@claim(ID, "One example curves the loss along $x$ only")
@claim(ID, "and along such a direction the loss is constant")
def test_matrix_form(data: Data) -> None:
    X, y, w = data
    p = data.p(w)
    curvature = X.T @ np.diag((p * (1 - p))[:, 0]) @ X

    assert_same(gradient(data.loss, w), X.T @ (p - y), 1e-6)
    assert_same(hessian(data.loss, w), curvature, 1e-5)
    assert np.linalg.eigvalsh(curvature)[0] > 0

    one = p[0, 0] * (1 - p[0, 0]) * X[:1].T @ X[:1]
    assert np.linalg.matrix_rank(one) == 1
    # The first two examples have one input, so they span a line, and the loss is flat across it.
    flat = Data(X[:2], y[:2], w)
    across = np.cross(X[0], [1.0, 2.0, 3.0])[:, None]
    assert_same(hessian(flat.loss, w) @ across, np.zeros((D, 1)), 1e-5)
    assert_same(flat.loss(w + 5 * across), flat.loss(w))
    assert_same(flat.X @ across, np.zeros((2, 1)))
    for v in (across + 0.1 * np.eye(D)[:, [i]] for i in range(D)):
        assert np.linalg.norm(flat.X @ v) > 1e-2
        assert np.linalg.norm(hessian(flat.loss, w) @ v) > 1e-3


@claim(ID, "the infimum is 0 and is never attained")
@claim(ID, "Scaling a separating $w$ up pushes each probability towards its label")
def test_separable_data_has_no_minimiser(rng: np.random.Generator) -> None:
    X = rng.normal(size=(N, D))
    w = column(rng, D)
    y = (X @ w > 0).astype(float)
    separable = Data(X, y, w)

    def stable_loss(w: Array) -> float:
        z = X @ w
        return float(np.sum(np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z)))))

    assert_same(stable_loss(w), separable.loss(w))
    assert np.all(np.abs(separable.p(2 * w) - y) < np.abs(separable.p(w) - y))
    losses = [stable_loss(scale * w) for scale in (1, 10, 100, 1000)]
    assert losses == sorted(losses, reverse=True)
    assert stable_loss(1e5 * w) < 1e-6


@claim(ID, "the loss then falls for ever along $w$, though its infimum may be positive")
def test_examples_on_the_boundary_of_a_separation() -> None:
    """With w = (1, 0) two examples of either label are on the boundary and one is beyond it."""
    X, y = np.array([[0.0, 1.0], [0.0, 1.0], [1.0, 0.0]]), np.array([[0.0], [1.0], [1.0]])
    along = np.array([[1.0], [0.0]])
    for start in (np.zeros((2, 1)), np.array([[0.3], [-0.4]])):
        losses = [Data(X, y, start).loss(start + t * along) for t in range(9)]
        assert np.all(np.diff(losses) < 0)

    w = np.array([[20.0], [0.0]])
    assert_same(Data(X, y, w).loss(w), 2 * float(np.log(2)))
    assert min(Data(X, y, w).loss(w + np.array([[0.0], [t]])) for t in (-0.1, 0.1)) > 2 * np.log(2)


@claim(ID, r"exactly if $w^\top x \ge 0$")
@claim(
    ID,
    r"it is the hyperplane $w^\top x = 0$, and another threshold than $\frac{1}{2}$ only shifts it",
)
def test_boundary_is_a_hyperplane(world: World) -> None:
    assert (world.p >= 0.5) == (world.z >= 0)
    across = world.w / float(np.sum(world.w**2))
    onto = world._replace(x=world.x - world.z * across)
    assert_same(number(world.w.T @ onto.x), 0.0)
    assert_same(onto.p, 0.5)
    for threshold in (0.1, 0.3, 0.8):
        shift = float(np.log(threshold / (1 - threshold)))
        assert (world.p >= threshold) == (number(world.w.T @ world.x) >= shift)
        assert_same(onto._replace(x=onto.x + shift * across).p, threshold)


@claim(ID, r"the loss is $\log(1 + e^{-sz})$ and its gradient is $-s\,\sigma(-sz)\, x$")
@claim(ID, "with the factor $p - 1$ for $s = 1$ and $p$ for $s = -1$")
@claim(
    ID,
    r"which is $y = (s + 1)/2$, and with it $-s\,\sigma(-sz) = p - y$",
)
def test_labels_plus_and_minus_one(world: World) -> None:
    x, z = world.x, world.z
    s = 1 if world.y == 1 else -1
    assert_same(world.y, (s + 1) / 2)

    def loss(w: Array) -> float:
        return float(np.log(1 + np.exp(-s * number(w.T @ x))))

    assert_same(loss(world.w), world.loss(world.w))
    assert_same(gradient(loss, world.w), -s * sigma(-s * z) * x)
    assert_same(-s * sigma(-s * z), world.p - world.y)
    assert_same(-s * sigma(-s * z), world.p - 1 if s == 1 else world.p)
    if s == -1:
        assert_differs(gradient(loss, world.w), (world.p - s) * x)


@claim(ID, r"The score is the log-odds, $w^\top x = \log \frac{p}{1 - p}$.")
@claim(ID, "multiplies the odds by $e^{w_j}$")
def test_odds(world: World) -> None:
    p = world.p
    moved = world._replace(x=world.x + np.array([[1.0], [0.0], [0.0]]))

    assert_same(world.z, float(np.log(p / (1 - p))))
    factor = moved.p / (1 - moved.p) / (p / (1 - p))
    assert_same(factor, float(np.exp(world.w[0, 0])))


@claim(ID, r"The gradient gains $\lambda w$ and the Hessian $\lambda I$.")
def test_penalty(world: World) -> None:
    x, p, w = world.x, world.p, world.w
    penalty = 0.4

    def loss(w: Array) -> float:
        return world.loss(w) + penalty / 2 * float(np.sum(w**2))

    assert_same(gradient(loss, w), (p - world.y) * x + penalty * w)
    assert_same(hessian(loss, w), p * (1 - p) * x @ x.T + penalty * np.eye(D), 1e-5)


@claim(ID, "so exactly one minimiser exists, even if the classes can be separated")
def test_penalty_brings_one_minimiser(rng: np.random.Generator) -> None:
    X, direction, penalty = rng.normal(size=(N, D)), column(rng, D), 0.4
    separable = Data(X, (X @ direction > 0).astype(float), direction)
    found = []
    for start in (np.zeros((D, 1)), column(rng, D)):
        w = start
        for _ in range(200):
            slopes = X.T @ (separable.p(w) - separable.y) + penalty * w
            w = w - slopes / (penalty + np.linalg.norm(X, 2) ** 2 / 4)
        found.append(w)

    assert_same(found[0], found[1], 1e-4)
    assert np.linalg.norm(slopes) < 1e-4
    for _ in range(20):
        moved = found[0] + 0.1 * column(rng, D)
        assert penalised(separable, moved, penalty) > penalised(separable, found[0], penalty)


def penalised(data: Data, w: Array, penalty: float) -> float:
    return data.loss(w) + penalty / 2 * float(np.sum(w**2))


@claim(
    ID,
    (
        r"With $u = Xw + D^{-1}(y - p)$ the new weights are $w - (X^\top D X)^{-1} X^\top (p "
        r"- y) = (X^\top D X)^{-1} X^\top D u$"
    ),
)
def test_newton_step_is_weighted_least_squares(data: Data) -> None:
    X, y, w = data
    p = data.p(w)
    D_ = np.diag((p * (1 - p))[:, 0])
    u = X @ w + np.linalg.inv(D_) @ (y - p)

    newton = w - np.linalg.inv(X.T @ D_ @ X) @ X.T @ (p - y)

    assert_same(newton, np.linalg.inv(X.T @ D_ @ X) @ X.T @ D_ @ u)


@claim(ID, "To the number of positive labels.")
@claim(ID, "If the predictions were too high on average, a lower intercept would fit better.")
def test_fitted_probabilities_add_up_to_the_positives(data: Data) -> None:
    X = np.hstack([data.X[:, :1], np.ones((N, 1))])
    fit = data._replace(X=X)
    w = np.zeros((2, 1))
    for _ in range(30):
        p = fit.p(w)
        w = w - np.linalg.solve(X.T @ (p * (1 - p) * X), X.T @ (p - fit.y))

    assert_same(float(np.sum(fit.p(w))), float(np.sum(fit.y)))
    raised = w + np.array([[0.0], [0.5]])
    assert np.mean(fit.p(raised)) > np.mean(fit.y)
    assert fit.loss(raised - np.array([[0.0], [0.01]])) < fit.loss(raised)


@claim(ID, "A full step may overshoot and raise the loss")
@claim(ID, r"$X^\top (p - y) = 0$ is not linear in $w$, because $p$ is not")
def test_newton_may_overshoot() -> None:
    """The same input with both labels, so that the minimum is at zero."""
    one = Data(np.ones((2, 1)), np.array([[0.0], [1.0]]), np.array([[3.0]]))
    X, y, w = one
    p = one.p(w)
    newton = w - np.linalg.solve(X.T @ (p * (1 - p) * X), X.T @ (p - y))

    assert one.loss(newton) > one.loss(w)
    # Were the condition linear, the step would end where it holds, and that is at zero.
    assert_same(X.T @ (one.p(0 * w) - y), np.zeros((1, 1)))
    assert np.linalg.norm(X.T @ (one.p(newton) - y)) > 0.5


@claim(ID, "For $y = 1$ the loss must fall as $p$ rises")
@claim(ID, "this line is positive, although the loss falls as $p$ rises")
@claim(ID, "For $y = 0$ a higher score must cost more")
def test_signs_by_which_a_slip_shows() -> None:
    p = np.linspace(0.01, 0.99, 99)

    assert np.all(np.diff([loss_of(one, 1.0) for one in p]) < 0)
    assert np.all((1 - p) / (p * (1 - p)) > 0)
    assert np.all(np.diff([loss_of(sigma(z), 0.0) for z in np.linspace(-9, 9, 99)]) > 0)


@claim(ID, r"with $w = \Sigma^{-1}(\mu_1 - \mu_0)$")
@claim(
    ID,
    r"$b = \log \frac{\pi_1}{\pi_0} - \frac{1}{2}(\mu_1 + \mu_0)^\top \Sigma^{-1} (\mu_1 - \mu_0)$."
    r" So the posterior is $\sigma(w^\top x + b)$.",
)
def test_gaussian_classes_have_a_logistic_posterior(world: World, rng: np.random.Generator) -> None:
    means = [column(rng, D), column(rng, D)]
    prior = [0.3, 0.7]
    root = rng.normal(size=(D, D))
    precision = np.linalg.inv(root @ root.T + np.eye(D))

    def joint(k: int) -> float:
        """Up to a factor that the classes share."""
        gap = world.x - means[k]
        return prior[k] * float(np.exp(-0.5 * number(gap.T @ precision @ gap)))

    w = precision @ (means[1] - means[0])
    middle = number((means[1] + means[0]).T @ precision @ (means[1] - means[0])) / 2
    b = float(np.log(prior[1] / prior[0])) - middle

    assert_same(joint(1) / (joint(0) + joint(1)), sigma(number(w.T @ world.x) + b))


@claim(ID, "With two different covariances the quadratic terms stay and the boundary is curved.")
def test_log_odds_bend_only_with_two_covariances(rng: np.random.Generator) -> None:
    means = [column(rng, D), column(rng, D)]
    same, other = np.diag([1.0, 2.0, 3.0]), np.diag([2.0, 2.0, 1.0])

    def log_odds(x: Array, precisions: list[Array]) -> float:
        bowls = [number((x - means[k]).T @ precisions[k] @ (x - means[k])) for k in range(2)]
        return (bowls[0] - bowls[1]) / 2

    x, move = column(rng, D), column(rng, D)
    for precisions, expected in (
        ([same, same], 0.0),
        ([same, other], number(move.T @ (same - other) @ move)),
    ):
        ahead, here, behind = (log_odds(x + t * move, precisions) for t in (1, 0, -1))
        assert_same(ahead - 2 * here + behind, expected)


@claim(ID, "Far on the wrong side the loss is the length of the score, up to a tiny rest.")
def test_loss_far_on_the_wrong_side() -> None:
    assert_same(loss_of(sigma(-20.0), 1.0), 20.0)
    assert_same(loss_of(sigma(20.0), 0.0), 20.0, 1e-6)


# --- softmax regression --------------------------------------------------------------------------

CLASSES = 4


class Softmax(NamedTuple):
    W: Array
    x: Array
    y: Array

    @property
    def z(self) -> Array:
        return np.asarray(self.W @ self.x)

    @property
    def p(self) -> Array:
        return probabilities(self.z)

    def loss(self, W: Array) -> float:
        return self.loss_of_scores(W @ self.x)

    def loss_of_scores(self, z: Array) -> float:
        return -float(np.sum(self.y * np.log(probabilities(z))))

    @property
    def curvature(self) -> Array:
        return np.asarray(np.diag(self.p[:, 0]) - self.p @ self.p.T)


def probabilities(z: Array) -> Array:
    return np.asarray(np.exp(z) / np.sum(np.exp(z)))


@pytest.fixture
def softmax(rng: np.random.Generator) -> Softmax:
    W, x = rng.normal(size=(CLASSES, D)), column(rng, D)
    return Softmax(W, x, np.eye(CLASSES)[:, [rng.integers(CLASSES)]])


@step(SOFTMAX, "1", r"\mathcal{L} = \log \sum_j e^{z_j} - y^\top z")
@claim(SOFTMAX, r"$\log p_i = z_i - \log \sum_j e^{z_j}$")
def test_softmax_loss_by_scores(softmax: Softmax) -> None:
    normaliser = float(np.log(np.sum(np.exp(softmax.z))))

    assert_same(softmax.loss(softmax.W), normaliser - number(softmax.y.T @ softmax.z))
    assert_same(np.log(softmax.p), softmax.z - normaliser)


@step(SOFTMAX, "2", r"\frac{\partial \mathcal{L}}{\partial z_j} = p_j - y_j")
@claim(SOFTMAX, r"The derivative of $\log \sum_i e^{z_i}$ by $z_j$ is $e^{z_j}$ over the sum")
def test_softmax_gradient_by_scores(softmax: Softmax) -> None:
    normaliser = gradient(lambda z: float(np.log(np.sum(np.exp(z)))), softmax.z)

    assert_same(gradient(softmax.loss_of_scores, softmax.z), softmax.p - softmax.y)
    assert_same(normaliser, np.exp(softmax.z) / np.sum(np.exp(softmax.z)))


@step(SOFTMAX, "3", r"\nabla_W \mathcal{L} = (p - y)\, x^\top")
@claim(SOFTMAX, "each row is the binary rule for its class")
def test_softmax_gradient_by_weights(softmax: Softmax) -> None:
    slope = gradient(softmax.loss, softmax.W)

    assert_same(slope, (softmax.p - softmax.y) @ softmax.x.T)
    for k in range(CLASSES):
        assert_same(slope[k], (softmax.p[k, 0] - softmax.y[k, 0]) * softmax.x[:, 0])


@step(
    SOFTMAX,
    "4",
    r"""
    \begin{aligned}
    \nabla_z^2 \mathcal{L} &= \mathrm{diag}(p) - p p^\top \\
    v^\top \nabla_z^2 \mathcal{L}\, v &= \sum_i p_i v_i^2 - \left( \sum_i p_i v_i \right)^2 \ge 0
    \end{aligned}
    """,
)
@claim(SOFTMAX, r"$p_i(1 - p_i)$ for $j = i$ and $-p_i p_j$ otherwise")
@claim(SOFTMAX, "a random variable that is $v_i$ with probability $p_i$")
@claim(
    SOFTMAX, "The scores are linear in $W$, and a convex function of something linear is convex."
)
def test_softmax_convexity(softmax: Softmax, rng: np.random.Generator) -> None:
    p, v = softmax.p, column(rng, CLASSES)
    form = number(v.T @ softmax.curvature @ v)

    assert_same(hessian(softmax.loss_of_scores, softmax.z), softmax.curvature, 1e-5)
    assert_same(jacobian(probabilities, softmax.z), softmax.curvature)
    assert_same(form, float(np.sum(p * v**2) - np.sum(p * v) ** 2))
    assert_same(form, float(np.sum(p * (v - np.sum(p * v)) ** 2)))
    assert form >= 0
    start, end = 3 * rng.normal(size=(CLASSES, D)), 3 * rng.normal(size=(CLASSES, D))
    chord = (softmax.loss(start) + softmax.loss(end)) / 2
    assert softmax.loss((start + end) / 2) <= chord


@step(
    SOFTMAX,
    "5",
    r"""
    \begin{aligned}
    \mathrm{softmax}(z + a \mathbf{1}) &= p \\
    (\mathrm{diag}(p) - p p^\top)\, \mathbf{1} &= 0
    \end{aligned}
    """,
)
@claim(SOFTMAX, "one vector may be added to all rows of $W$ without any effect")
@claim(SOFTMAX, "the variance is zero exactly if all $v_i$ are equal")
@claim(SOFTMAX, "adding 1 to all of them changes no probability")
def test_softmax_flat_direction(softmax: Softmax, rng: np.random.Generator) -> None:
    ones = np.ones((CLASSES, 1))
    moved = softmax._replace(W=softmax.W + ones @ column(rng, D).T)

    assert_same(probabilities(softmax.z + 1.7), softmax.p)
    assert_same(softmax.curvature @ ones, np.zeros((CLASSES, 1)))
    assert np.linalg.matrix_rank(softmax.curvature) == CLASSES - 1
    assert_same(moved.p, softmax.p)


@slip(SOFTMAX, "exponential-lost", r"\mathcal{L} = \log \sum_j z_j - y^\top z")
@claim(SOFTMAX, r"take all scores equal to zero: the loss has to be $\log c$")
def test_exponential_lost(softmax: Softmax) -> None:
    assert_same(softmax.loss(np.zeros_like(softmax.W)), float(np.log(CLASSES)))

    positive = softmax._replace(W=np.abs(softmax.W), x=np.abs(softmax.x))
    wrong = float(np.log(np.sum(positive.z))) - number(positive.y.T @ positive.z)

    assert_differs(positive.loss(positive.W), wrong)


@slip(SOFTMAX, "residual-sign", r"\frac{\partial \mathcal{L}}{\partial z_j} = y_j - p_j")
@claim(SOFTMAX, "a higher score of a wrong class must cost more")
def test_softmax_residual_sign(softmax: Softmax) -> None:
    slope = gradient(softmax.loss_of_scores, softmax.z)

    assert_differs(slope, softmax.y - softmax.p)
    assert np.all(slope[softmax.y == 0] > 0)


@slip(SOFTMAX, "outer-product-transposed", r"\nabla_W \mathcal{L} = x (p - y)^\top")
@claim(SOFTMAX, r"This matrix is $d \times c$, and $W$ is $c \times d$.")
def test_outer_product_transposed(softmax: Softmax) -> None:
    wrong = softmax.x @ (softmax.p - softmax.y).T

    assert_differs(gradient(softmax.loss, softmax.W), wrong)
    assert wrong.shape == (D, CLASSES) == softmax.W.T.shape


@slip(
    SOFTMAX,
    "classes-decoupled",
    r"\nabla_z^2 \mathcal{L} = \mathrm{diag}(p \odot (\mathbf{1} - p))",
)
@claim(SOFTMAX, "raising one score lowers all other probabilities")
@claim(SOFTMAX, "the entries off the diagonal are $-p_i p_j$")
@claim(SOFTMAX, "each row has to add up to zero")
def test_classes_decoupled(softmax: Softmax) -> None:
    p = softmax.p
    curvature = hessian(softmax.loss_of_scores, softmax.z)

    assert_differs(curvature, np.diag((p * (1 - p))[:, 0]))
    assert_same(curvature[0, 1], -p[0, 0] * p[1, 0], 1e-5)
    assert_same(curvature.sum(axis=1), np.zeros(CLASSES), 1e-5)
    raised = probabilities(softmax.z + np.eye(CLASSES)[:, [0]])
    assert np.all(raised[1:] < p[1:])


@slip(SOFTMAX, "outer-product-lost", r"\nabla_z^2 \mathcal{L} = \mathrm{diag}(p)")
@claim(SOFTMAX, r"the curvature along one score is $p(1 - p) = \frac{1}{4}$")
def test_outer_product_lost(softmax: Softmax) -> None:
    even = Softmax(np.zeros((2, D)), softmax.x, np.array([[1.0], [0.0]]))

    assert_differs(hessian(softmax.loss_of_scores, softmax.z), np.diag(softmax.p[:, 0]))
    assert_same(hessian(even.loss_of_scores, even.z)[0, 0], 0.25, 1e-5)


@slip(SOFTMAX, "strictly-convex", r"\nabla_z^2 \mathcal{L} \succ 0")
@claim(SOFTMAX, r"The form is positive for most directions, but not for $v = \mathbf{1}$.")
def test_strictly_convex(softmax: Softmax, rng: np.random.Generator) -> None:
    v = column(rng, CLASSES)

    assert np.linalg.eigvalsh(softmax.curvature)[0] < 1e-9
    assert number(v.T @ softmax.curvature @ v) > 1e-6
