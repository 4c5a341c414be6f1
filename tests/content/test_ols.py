"""The numbers behind `ols.toml`."""

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
    number,
)
from tests.content.registry import claim, slip, step

N, D = 7, 3
RIDGE = "ols-ridge"


class World(NamedTuple):
    X: Array
    y: Array
    w: Array

    def loss(self, w: Array) -> float:
        r = self.y - self.X @ w
        return 0.5 * float(np.sum(r**2))

    @property
    def best(self) -> Array:
        """By a library that does not know our formula."""
        solution: Array = np.linalg.lstsq(self.X, self.y, rcond=None)[0]
        return solution


@pytest.fixture
def world(rng: np.random.Generator) -> World:
    return World(rng.normal(size=(N, D)), column(rng, N), column(rng, D))


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
def test_gradient(world: World) -> None:
    X, y, w = world

    assert_same(gradient(world.loss, w), -X.T @ (y - X @ w), 1e-6)
    assert_same(-X.T @ (y - X @ w), X.T @ X @ w - X.T @ y)


@step("ols", "2", r"X^\top X w = X^\top y")
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
def test_fitted_values_are_a_projection(world: World) -> None:
    X, y, _ = world
    P = X @ np.linalg.inv(X.T @ X) @ X.T
    fitted = X @ world.best

    assert_same(fitted, P @ y)
    assert_same(P @ P, P)
    assert_same(P.T, P)
    assert_same(X.T @ (y - fitted), np.zeros((D, 1)))


@slip("ols", "factor-two", r"\nabla_w \mathcal{L} = 2 X^\top (Xw - y)")
def test_factor_two(world: World) -> None:
    X, y, w = world

    assert_differs(gradient(world.loss, w), 2 * X.T @ (X @ w - y))


@slip("ols", "gradient-sign", r"\nabla_w \mathcal{L} = X^\top (y - Xw)")
def test_gradient_sign(world: World) -> None:
    X, y, w = world

    assert_differs(gradient(world.loss, w), X.T @ (y - X @ w))


@slip("ols", "gradient-transpose", r"\nabla_w \mathcal{L} = X (Xw - y)")
def test_gradient_transpose(world: World, rng: np.random.Generator) -> None:
    with pytest.raises(ValueError, match="matmul"):
        world.X @ (world.X @ world.w - world.y)

    square = World(rng.normal(size=(D, D)), column(rng, D), world.w)
    assert_differs(gradient(square.loss, square.w), square.X @ (square.X @ square.w - square.y))


@slip("ols", "normal-sign", r"X^\top X w = -X^\top y")
def test_normal_sign(world: World) -> None:
    X, y, _ = world

    assert_differs(X.T @ X @ world.best, -X.T @ y)


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
def test_hessian_flipped(world: World) -> None:
    X = world.X

    assert_differs(hessian(world.loss, world.w), X @ X.T)
    assert_same(np.linalg.eigvalsh(X @ X.T)[-D:], np.linalg.eigvalsh(X.T @ X))


@slip("ols", "projection-flipped", r"P = X^\top (X^\top X)^{-1} X")
def test_projection_flipped(world: World) -> None:
    X = world.X

    with pytest.raises(ValueError, match="matmul"):
        X.T @ np.linalg.inv(X.T @ X) @ X


@claim("ols", "adding any $u$ with $Xu = 0$ to a minimiser gives another one")
@claim("ols", "drop the redundant columns")
def test_a_repeated_column_makes_the_minimiser_ambiguous(world: World) -> None:
    twin = world._replace(X=np.hstack([world.X, world.X[:, :1]]), w=np.vstack([world.w, [[0.0]]]))
    u = np.array([[1.0], [0.0], [0.0], [-1.0]])

    assert np.linalg.matrix_rank(twin.X.T @ twin.X) == D
    assert_same(twin.loss(twin.best + u), twin.loss(twin.best))
    assert_same(twin.X @ (twin.best + u), twin.X @ twin.best)
    assert_same(twin.loss(twin.best), world.loss(world.best))


@claim("ols", "or add the sum of two columns as a third")
def test_a_dependent_column_makes_the_matrix_singular(world: World) -> None:
    X = np.hstack([world.X[:, :2], world.X[:, :1] + world.X[:, 1:2]])

    assert np.linalg.matrix_rank(X.T @ X) == 2


@claim("ols", "a single Newton step from any starting point lands on $\\hat{w}$")
def test_one_newton_step(world: World) -> None:
    X, y, w = world
    slope = X.T @ (X @ w - y)

    assert_same(w - np.linalg.solve(X.T @ X, slope), world.best)


@claim(
    "ols",
    r"Least squares is maximum likelihood under independent Gaussian noise of constant variance",
)
def test_gaussian_likelihood_has_the_same_slope(world: World) -> None:
    variance = 0.7

    def log_density(w: Array) -> float:
        r = world.y - world.X @ w
        return float(np.sum(-0.5 * r**2 / variance - 0.5 * np.log(2 * np.pi * variance)))

    assert_same(
        gradient(log_density, world.w), -gradient(world.loss, world.w) / variance, tolerance=1e-6
    )


@claim("ols", r"$\kappa(X^\top X) = \kappa(X)^2$")
def test_condition_number_is_squared(world: World) -> None:
    assert_same(np.linalg.cond(world.X.T @ world.X), np.linalg.cond(world.X) ** 2, 1e-6)


@claim("ols", "Gradient and Hessian are multiplied by $2/n$; the minimiser stays where it was.")
def test_mean_squared_error_has_the_same_minimiser(world: World) -> None:
    def mean_squared(w: Array) -> float:
        return float(np.mean((world.y - world.X @ w) ** 2))

    assert_same(gradient(mean_squared, world.w), 2 / N * gradient(world.loss, world.w), 1e-6)
    assert_same(gradient(mean_squared, world.best), np.zeros((D, 1)), 1e-6)


@claim("ols", r"$\hat{w} = X^+ y$ with the pseudoinverse")
@claim("ols", "As the penalty goes to zero the ridge solution tends to $X^+ y$.")
def test_pseudoinverse_is_the_smallest_minimiser(world: World) -> None:
    X = np.hstack([world.X, world.X[:, :1]])
    smallest = np.linalg.pinv(X) @ world.y
    u = np.array([[1.0], [0.0], [0.0], [-1.0]])
    nearly = np.linalg.solve(X.T @ X + 1e-7 * np.eye(D + 1), X.T @ world.y)

    assert_same(X.T @ X @ smallest, X.T @ world.y)
    assert np.linalg.norm(smallest + 0.1 * u) > np.linalg.norm(smallest)
    assert_same(nearly, smallest, 1e-5)


@claim("ols", r"$\hat{b} = \bar{y} - \bar{x}^\top \hat{w}$")
@claim("ols", "the residuals sum to zero")
def test_intercept(world: World) -> None:
    X = np.hstack([world.X, np.ones((N, 1))])
    solution = np.linalg.lstsq(X, world.y, rcond=None)[0]
    w, b = solution[:D], solution[D, 0]

    assert_same(float(np.sum(world.y - X @ solution)), 0.0)
    assert_same(b, number(world.y.mean(axis=0, keepdims=True) - world.X.mean(axis=0) @ w[:, :1]))


@claim("ols", r"solve the triangular system $R\hat{w} = Q^\top y$")
def test_qr(world: World) -> None:
    Q, R = np.linalg.qr(world.X)

    assert_same(np.tril(R, -1), np.zeros((D, D)))
    assert_same(np.linalg.solve(R, Q.T @ world.y), world.best)


@claim("ols", "a single wild target can move the fit as far as you like")
def test_a_wild_target_moves_the_fit_without_limit(world: World) -> None:
    push = np.eye(N)[:, :1]
    moves = [world._replace(y=world.y + far * push).best - world.best for far in (1.0, 1e6)]

    assert np.linalg.norm(moves[0]) > 1e-3
    assert_same(moves[1], 1e6 * moves[0], 1e-6)


@claim("ols", "If the model is a constant, squares give the mean and absolute values a median.")
@claim("ols", "A mean follows a far point wherever it goes.")
def test_mean_and_median() -> None:
    for far in (4.0, 1000.0):
        y = np.array([0.0, 1, 2, 3, far])
        constants = np.linspace(0, far, 100_001)
        squares = sum((one - constants) ** 2 for one in y)
        distances = sum(np.abs(one - constants) for one in y)

        assert abs(constants[np.argmin(squares)] - y.mean()) < 0.02
        assert abs(constants[np.argmin(distances)] - 2.0) < 0.02


@claim("ols", r"covariance is $\sigma^2 (X^\top X)^{-1}$")
def test_covariance_of_the_estimate(world: World, rng: np.random.Generator) -> None:
    """The estimate is linear in the noise, so its covariance follows from the linear map."""
    X, _, true = world
    noise = column(rng, N)
    noisy = world._replace(y=X @ true + noise)
    to_weights = np.linalg.inv(X.T @ X) @ X.T

    assert_same(noisy.best, true + to_weights @ noise)
    assert_same(to_weights @ to_weights.T, np.linalg.inv(X.T @ X))


@claim("ols", r"exactly if $0 < \eta < 2 / \lambda_{\max}(X^\top X)$")
@claim("ols", r"$(\kappa - 1)/(\kappa + 1)$ a step")
def test_step_sizes_of_gradient_descent(world: World) -> None:
    X = world.X
    eigenvalues = np.linalg.eigvalsh(X.T @ X)
    low, high = eigenvalues[0], eigenvalues[-1]

    def shrinkage(eta: float) -> float:
        """Largest factor by which one step can multiply the error."""
        return float(np.linalg.norm(np.eye(D) - eta * X.T @ X, 2))

    assert shrinkage(1.99 / high) < 1 < shrinkage(2.01 / high)
    best = 2 / (high + low)
    kappa = high / low
    assert_same(shrinkage(best), (kappa - 1) / (kappa + 1))
    assert shrinkage(best) < min(shrinkage(0.98 * best), shrinkage(1.02 * best))


@claim("ols", "trace is $d$: the degrees of freedom of the fit")
@claim("ols", r"\sigma^2 \mathrm{tr}(I - P) = \sigma^2 (n - d)")
@claim("ols", r"Then $y - \hat{y} = (I - P)\epsilon$")
def test_trace_of_the_projection(world: World, rng: np.random.Generator) -> None:
    X, noise = world.X, column(rng, N)
    P = X @ np.linalg.inv(X.T @ X) @ X.T
    y = X @ world.w + noise

    assert_same(np.sort(np.linalg.eigvalsh(P)), np.array([0.0] * (N - D) + [1.0] * D))
    assert_same(y - P @ y, (np.eye(N) - P) @ noise)
    # The expected squared length of Mε is σ² tr(MᵀM).
    assert_same(float(np.trace((np.eye(N) - P).T @ (np.eye(N) - P))), float(N - D))


@claim("ols", "Projecting onto the ones is taking the mean. What is left over has no mean.")
def test_projection_onto_the_ones(world: World) -> None:
    ones = np.ones((N, 1))
    P = ones @ np.linalg.inv(ones.T @ ones) @ ones.T

    assert_same(P @ world.y, np.full((N, 1), world.y.mean()))
    assert_same(float(np.sum(world.y - P @ world.y)), 0.0)


@claim("ols", "so $R$ has the condition number of $X$ and not its square")
def test_condition_number_of_the_triangle(world: World) -> None:
    _, R = np.linalg.qr(world.X)

    assert_same(np.linalg.cond(R), np.linalg.cond(world.X))


@claim("ols", r"with $\lambda = \sigma^2 / \tau^2$")
@claim("ols", "so it is the posterior mean as well")
def test_ridge_is_the_posterior_mode(world: World) -> None:
    """The mean comes from conditioning the joint Gaussian of weights and targets."""
    X, y, w = world
    noise, spread = 0.7, 1.6
    ridge = Ridge(X, y, w, noise / spread)

    def negative_log_posterior(w: Array) -> float:
        r = y - X @ w
        return float(np.sum(r**2) / (2 * noise) + np.sum(w**2) / (2 * spread))

    assert_same(noise * negative_log_posterior(w), ridge.loss(w))
    mean = spread * X.T @ np.linalg.inv(spread * X @ X.T + noise * np.eye(N)) @ y
    assert_same(gradient(negative_log_posterior, mean), np.zeros((D, 1)), 1e-6)


# --- ridge regression ----------------------------------------------------------------------------


class Ridge(NamedTuple):
    X: Array
    y: Array
    w: Array
    penalty: float

    def loss(self, w: Array) -> float:
        r = self.y - self.X @ w
        return 0.5 * float(np.sum(r**2)) + self.penalty / 2 * float(np.sum(w**2))

    @property
    def matrix(self) -> Array:
        return np.asarray(self.X.T @ self.X + self.penalty * np.eye(len(self.w)))

    @property
    def best(self) -> Array:
        """Least squares on the data and one more row for each weight."""
        size = len(self.w)
        X = np.vstack([self.X, np.sqrt(self.penalty) * np.eye(size)])
        y = np.vstack([self.y, np.zeros((size, 1))])
        solution: Array = np.linalg.lstsq(X, y, rcond=None)[0]
        return solution


@pytest.fixture(params=[(N, D), (D, N)], ids=["tall", "wide"])
def ridge(rng: np.random.Generator, request: pytest.FixtureRequest) -> Ridge:
    n, d = request.param
    return Ridge(rng.normal(size=(n, d)), column(rng, n), column(rng, d), 0.3)


@step(
    RIDGE,
    "1",
    r"""
    \begin{aligned}
    \nabla_w \mathcal{L} &= -X^\top (y - Xw) + \lambda w \\
    &= (X^\top X + \lambda I) w - X^\top y
    \end{aligned}
    """,
)
def test_ridge_gradient(ridge: Ridge) -> None:
    X, y, w, penalty = ridge

    assert_same(gradient(ridge.loss, w), -X.T @ (y - X @ w) + penalty * w, 1e-6)
    assert_same(-X.T @ (y - X @ w) + penalty * w, ridge.matrix @ w - X.T @ y)


@step(RIDGE, "2", r"(X^\top X + \lambda I) w = X^\top y")
def test_ridge_normal_equations(ridge: Ridge) -> None:
    assert_same(ridge.matrix @ ridge.best, ridge.X.T @ ridge.y)
    assert_differs(ridge.matrix @ ridge.w, ridge.X.T @ ridge.y)


@step(
    RIDGE,
    "3",
    r"""
    \begin{aligned}
    \nabla_w^2 \mathcal{L} &= X^\top X + \lambda I \\
    v^\top (X^\top X + \lambda I) v &= \|Xv\|^2 + \lambda \|v\|^2
    \end{aligned}
    """,
)
@claim(RIDGE, "whatever the rank of $X$")
@claim(RIDGE, r"The smallest eigenvalue of the matrix is at least $\lambda$.")
def test_ridge_hessian_is_positive_definite(ridge: Ridge, rng: np.random.Generator) -> None:
    X, _, w, penalty = ridge
    v = column(rng, len(w))

    assert_same(hessian(ridge.loss, w), ridge.matrix, 1e-5)
    lengths = float(np.sum((X @ v) ** 2)) + penalty * float(np.sum(v**2))
    assert_same(number(v.T @ ridge.matrix @ v), lengths)
    assert np.linalg.eigvalsh(ridge.matrix)[0] >= penalty - 1e-9


@step(RIDGE, "4", r"\hat{w} = (X^\top X + \lambda I)^{-1} X^\top y")
def test_ridge_closed_form(ridge: Ridge, rng: np.random.Generator) -> None:
    w = np.linalg.inv(ridge.matrix) @ ridge.X.T @ ridge.y

    assert_same(w, ridge.best)
    for _ in range(5):
        assert ridge.loss(w + 0.1 * column(rng, len(w))) > ridge.loss(w)


@step(RIDGE, "5", r"\hat{w} = X^\top (X X^\top + \lambda I)^{-1} y")
def test_ridge_with_one_row_for_each_example(ridge: Ridge) -> None:
    X = ridge.X
    gram = X @ X.T + ridge.penalty * np.eye(len(X))

    assert_same(ridge.matrix @ X.T, X.T @ gram)
    assert_same(X.T @ np.linalg.inv(gram) @ ridge.y, ridge.best)


@claim(RIDGE, r"drawn towards zero by the factor $x^2 / (x^2 + \lambda)$")
def test_ridge_with_one_example_and_one_weight() -> None:
    x, y, penalty = 2.0, 3.0, 0.5
    one = Ridge(np.array([[x]]), np.array([[y]]), np.array([[0.0]]), penalty)

    assert_same(number(one.best), x * y / (x**2 + penalty))
    assert_same(number(one.best), y / x * x**2 / (x**2 + penalty))


@slip(RIDGE, "penalty-sign", r"\nabla_w \mathcal{L} = X^\top (Xw - y) - \lambda w")
def test_penalty_sign(ridge: Ridge) -> None:
    X, y, w, penalty = ridge

    assert_differs(gradient(ridge.loss, w), X.T @ (X @ w - y) - penalty * w)


@slip(RIDGE, "penalty-doubled", r"\nabla_w \mathcal{L} = X^\top (Xw - y) + 2 \lambda w")
@claim(RIDGE, "the minimiser would be that of twice the penalty")
def test_penalty_doubled(ridge: Ridge) -> None:
    X, y, w, penalty = ridge
    twice = ridge._replace(penalty=2 * penalty)

    assert_differs(gradient(ridge.loss, w), X.T @ (X @ w - y) + 2 * penalty * w)
    zero = X.T @ (X @ twice.best - y) + 2 * penalty * twice.best
    assert_same(zero, np.zeros_like(w))


@slip(RIDGE, "penalty-not-in-hessian", r"\nabla_w^2 \mathcal{L} = X^\top X")
@claim(RIDGE, "With more features than examples, this matrix would be singular.")
def test_penalty_not_in_hessian(ridge: Ridge) -> None:
    n, d = ridge.X.shape

    assert_differs(hessian(ridge.loss, ridge.w), ridge.X.T @ ridge.X)
    assert (np.linalg.matrix_rank(ridge.X.T @ ridge.X) < d) == (n < d)


@slip(RIDGE, "penalty-lost", r"\hat{w} = (X^\top X)^{-1} X^\top y")
@claim(RIDGE, "so the weights have to go to zero")
def test_penalty_lost(world: World) -> None:
    X, y, w = world
    plain = np.linalg.solve(X.T @ X, X.T @ y)

    assert_differs(Ridge(X, y, w, 0.3).best, plain)
    assert np.linalg.norm(Ridge(X, y, w, 1e9).best) < 1e-6


@slip(
    RIDGE,
    "uniform-shrinkage",
    r"\hat{w} = \frac{1}{1 + \lambda} (X^\top X)^{-1} X^\top y",
)
@claim(RIDGE, r"for all targets only if $X^\top X = I$")
@claim(RIDGE, "a direction in which the inputs vary little is shrunk more")
def test_uniform_shrinkage(world: World) -> None:
    X, y, w = world
    ridge = Ridge(X, y, w, 0.3)
    orthonormal, _ = np.linalg.qr(X)
    easy = Ridge(orthonormal, y, w, 0.3)

    assert_differs(ridge.best, world.best / 1.3)
    assert_same(easy.best, orthonormal.T @ y / 1.3)
    _, s, V = np.linalg.svd(X)
    shrunk = (V @ ridge.best) / (V @ world.best)
    assert_same(shrunk[:, 0], s**2 / (s**2 + 0.3))


@slip(RIDGE, "number-plus-matrix", r"\hat{w} = (X^\top X + \lambda)^{-1} X^\top y")
@claim(RIDGE, r"it adds $\lambda$ to every entry and not to the diagonal")
def test_number_plus_matrix(ridge: Ridge) -> None:
    """Numpy does add the two."""
    broadcast = ridge.X.T @ ridge.X + ridge.penalty

    assert_differs(broadcast, ridge.matrix)
    assert_differs(broadcast @ ridge.best, ridge.X.T @ ridge.y)


@slip(RIDGE, "both-sides-flipped", r"\hat{w} = (X X^\top + \lambda I)^{-1} X^\top y")
def test_both_sides_flipped(ridge: Ridge) -> None:
    X, y, _, penalty = ridge

    with pytest.raises(ValueError, match="matmul"):
        np.linalg.inv(X @ X.T + penalty * np.eye(len(X))) @ X.T @ y
