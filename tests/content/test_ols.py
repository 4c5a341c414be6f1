"""The numbers behind `ols.toml`."""

from collections.abc import Callable
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


@claim("ols", "adding any $u$ with $Xu = 0$ to a minimiser gives another one")
@claim("ols", "drop the redundant columns")
def test_a_repeated_column_makes_the_minimiser_ambiguous(world: World) -> None:
    twin = world._replace(X=np.hstack([world.X, world.X[:, :1]]), w=np.vstack([world.w, [[0.0]]]))
    u = np.array([[1.0], [0.0], [0.0], [-1.0]])

    assert np.linalg.matrix_rank(twin.X.T @ twin.X) == D
    assert_same(twin.loss(twin.best + u), twin.loss(twin.best))
    assert_same(twin.X @ (twin.best + u), twin.X @ twin.best)
    assert_same(twin.loss(twin.best), world.loss(world.best))


@claim(
    "ols",
    "a copied column, a column that is the sum of two others, or a full set of dummy variables",
)
@claim("ols", "exactly if the columns of $X$ are linearly independent")
def test_a_dependent_column_makes_the_matrix_singular(world: World) -> None:
    X = world.X
    dummies = np.eye(D)[np.arange(N) % D]

    assert np.linalg.matrix_rank(X.T @ X) == D
    for columns in (X[:, :1], X[:, :1] + X[:, 1:2]):
        more = np.hstack([X, columns])
        assert np.linalg.matrix_rank(more.T @ more) == D
    with_intercept = np.hstack([dummies, np.ones((N, 1))])
    assert np.linalg.matrix_rank(dummies.T @ dummies) == D
    assert np.linalg.matrix_rank(with_intercept.T @ with_intercept) == D


@claim(
    "ols",
    r"because $X^\top X v = 0$ gives $v^\top X^\top X v = \|Xv\|^2 = 0$ and so $Xv = 0$",
)
def test_the_gram_matrix_has_no_null_space_of_its_own(rng: np.random.Generator) -> None:
    """Of a wide matrix, where there is something to be sent to zero."""
    X = rng.normal(size=(D, N))
    _, s, directions = np.linalg.svd(X.T @ X)
    null = directions[s < 1e-9].T

    assert null.shape == (N, N - D)
    for v in (null @ column(rng, N - D) for _ in range(5)):
        assert_same(X.T @ X @ v, np.zeros((N, 1)))
        assert_same(number(v.T @ X.T @ X @ v), 0.0)
        assert_same(X @ v, np.zeros((D, 1)))
        assert np.linalg.norm(v) > 1e-3


@claim("ols", "positive definite, and the minimiser unique, exactly if $X$ has full column rank")
@claim("ols", "and along $v$ the loss is flat")
def test_the_loss_is_flat_where_columns_depend_on_each_other(world: World) -> None:
    twin = world._replace(X=np.hstack([world.X, world.X[:, :1]]), w=np.vstack([world.w, [[0.0]]]))
    v = np.array([[1.0], [0.0], [0.0], [-1.0]])

    assert np.linalg.eigvalsh(world.X.T @ world.X)[0] > 1e-3
    assert_same(number(v.T @ twin.X.T @ twin.X @ v), 0.0)
    for far in (1.0, 100.0):
        assert_same(twin.loss(twin.w + far * v), twin.loss(twin.w))
        assert twin.loss(twin.best + far * np.eye(D + 1)[:, 1:2]) > twin.loss(twin.best)


@claim("ols", "A minimiser always exists")
@claim("ols", "the foot of the perpendicular is nearest to $y$")
def test_the_foot_of_the_perpendicular_is_nearest(world: World, rng: np.random.Generator) -> None:
    """For any rank of X: the foot comes from an orthonormal basis of the column space."""
    for X in (world.X, np.hstack([world.X, world.X[:, :1]]), rng.normal(size=(D, N))):
        y = world.y[: len(X)]
        U, s, _ = np.linalg.svd(X, full_matrices=False)
        basis = U[:, s > 1e-9]
        foot = basis @ basis.T @ y
        w = np.linalg.lstsq(X, foot, rcond=None)[0]

        assert_same(X @ w, foot)
        assert_same(X.T @ (y - X @ w), np.zeros((X.shape[1], 1)))
        for _ in range(5):
            other = X @ (w + column(rng, len(w)))
            assert np.linalg.norm(y - other) > np.linalg.norm(y - foot)


@claim(
    "ols", "a left inverse, which under full column rank is for example $(X^\\top X)^{-1} X^\\top$"
)
@claim("ols", "Only if $X$ is square and invertible, and then the fit is exact")
def test_inverse_of_a_square_matrix(world: World) -> None:
    X, y, _ = world
    left = np.linalg.inv(X.T @ X) @ X.T
    square = world._replace(X=X[:D], y=y[:D])

    assert_same(left @ X, np.eye(D))
    assert_differs(X @ left, np.eye(N))
    assert_same(square.best, np.linalg.inv(square.X) @ square.y, 1e-5)
    assert_same(square.X @ square.best, square.y)


@claim("ols", "a single Newton step from any starting point lands on $\\hat{w}$")
@claim("ols", r"it goes to $w - (\nabla_w^2 \mathcal{L})^{-1} \nabla_w \mathcal{L}$")
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
    assert_same(hessian(mean_squared, world.w), 2 / N * world.X.T @ world.X, 1e-5)
    assert_same(gradient(mean_squared, world.best), np.zeros((D, 1)), 1e-6)


@claim("ols", "penalty beside it then means a different amount of shrinkage")
@claim("ols", "and the step size has to change as well")
def test_a_factor_of_the_loss_matters_beside_a_penalty(world: World) -> None:
    X, y, w = world
    half, mean = X.T @ X, 2 / N * X.T @ X

    shrunk = np.linalg.solve(mean + 0.3 * np.eye(D), 2 / N * X.T @ y)
    assert np.linalg.norm(shrunk) < np.linalg.norm(Ridge(X, y, w, 0.3).best)
    assert_same(shrunk, Ridge(X, y, w, 0.3 * N / 2).best)
    limits = [2 / np.linalg.eigvalsh(matrix)[-1] for matrix in (half, mean)]
    assert_same(limits[1], N / 2 * limits[0])


@claim("ols", "by the theorem of Gauss and Markov")
def test_no_linear_unbiased_estimate_has_less_variance(
    world: World, rng: np.random.Generator
) -> None:
    """An estimate Ay is unbiased if A undoes X, and for unit noise its covariance is AAᵀ."""
    X = world.X
    best = np.linalg.inv(X.T @ X) @ X.T
    beside = np.eye(N) - X @ best

    for _ in range(5):
        A = best + rng.normal(size=(D, N)) @ beside
        assert_same(A @ X, np.eye(D))
        excess = np.linalg.eigvalsh(A @ A.T - best @ best.T)
        assert excess[0] > -1e-9
        assert excess[-1] > 1e-3


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


@claim(
    "ols",
    (
        "With $X = QR$, where $Q$ has orthonormal columns and $R$ is upper triangular, solve "
        r"the triangular system $R\hat{w} = Q^\top y$"
    ),
)
def test_qr(world: World) -> None:
    Q, R = np.linalg.qr(world.X)

    assert_same(Q @ R, world.X)
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


@claim("ols", "an example counts in proportion to its residual")
@claim("ols", "With absolute values only the sign of the residual counts.")
@claim("ols", "quadratic near zero, linear further out")
def test_how_a_residual_pulls() -> None:
    """A model that is a constant, at 0."""

    def pull(loss: Callable[[float], float], residual: float) -> float:
        return -number(gradient(lambda c: loss(residual - float(c[0, 0])), np.zeros((1, 1))))

    def huber(r: float) -> float:
        return 0.5 * r**2 if abs(r) <= 1 else abs(r) - 0.5

    for r in (-40.0, -3.0, 0.2, 0.8, 5.0, 100.0):
        assert_same(pull(lambda r: 0.5 * r**2, r), r, 1e-6)
        assert_same(pull(abs, r), float(np.sign(r)), 1e-6)
        assert_same(pull(huber, r), float(np.clip(r, -1, 1)), 1e-6)


@claim("ols", "Gaussian noise and absolute values to Laplace noise, whose tails are heavier")
def test_laplace_noise() -> None:
    """Both densities have variance 1."""
    r = np.linspace(3, 20, 100)
    gaussian = -0.5 * r**2 - 0.5 * np.log(2 * np.pi)
    scale = 1 / np.sqrt(2)
    laplace = -r / scale - np.log(2 * scale)
    grid = np.linspace(-40, 40, 800_001)
    density = np.exp(-np.abs(grid) / scale) / (2 * scale)

    assert_same(float(np.sum(density * grid**2) * (grid[1] - grid[0])), 1.0, 1e-5)
    assert np.all(laplace > gaussian)
    assert_same(np.diff(laplace), -np.diff(np.abs(r)) / scale)


@claim("ols", r"Nearly dependent columns give small eigenvalues of $X^\top X$")
def test_nearly_dependent_columns_give_a_large_variance(world: World) -> None:
    def variances(gap: float) -> Array:
        X = world.X.copy()
        X[:, 1] = X[:, 0] + gap * X[:, 1]
        assert np.linalg.eigvalsh(X.T @ X)[0] < gap**2 * np.sum(world.X[:, 1] ** 2)
        return np.asarray(np.diag(np.linalg.inv(X.T @ X)))

    assert_same(variances(1e-3)[1], 1e4 * variances(1e-1)[1], 1e-4)
    assert variances(1e-3)[0] > 1e3


def noises(variance: float) -> list[Array]:
    """Equally likely; their mean is zero and their covariance a multiple of the identity."""
    size = np.sqrt(variance * N)
    found = [sign * size * np.eye(N)[:, [i]] for i in range(N) for sign in (1, -1)]
    assert_same(np.mean([one @ one.T for one in found], axis=0), variance * np.eye(N))
    return found


@claim("ols", r"Suppose $y = Xw^* + \epsilon$ with $\mathrm{Cov}(\epsilon) = \sigma^2 I$.")
@claim("ols", r"$\hat{w} = w^* + (X^\top X)^{-1} X^\top \epsilon$, so it is unbiased")
@claim("ols", "so it is unbiased if the noise has mean zero")
@claim("ols", r"covariance is $\sigma^2 (X^\top X)^{-1}$")
def test_covariance_of_the_estimate(world: World, rng: np.random.Generator) -> None:
    X, _, true = world
    noise = column(rng, N)
    noisy = world._replace(y=X @ true + noise)

    assert_same(noisy.best, true + np.linalg.inv(X.T @ X) @ X.T @ noise)

    errors = [world._replace(y=X @ true + one).best - true for one in noises(0.7)]
    assert_same(np.mean(errors, axis=0), np.zeros((D, 1)))
    assert_same(np.mean([e @ e.T for e in errors], axis=0), 0.7 * np.linalg.inv(X.T @ X))


@claim(
    "ols",
    (
        r"takes the error $e = w - \hat{w}$ to $w - \eta \nabla_w \mathcal{L} - \hat{w} = (I "
        r"- \eta X^\top X)\, e$"
    ),
)
@claim("ols", r"exactly if $\eta$ is positive and below $2 / \lambda_{\max}(X^\top X)$")
@claim(
    "ols",
    r"$(\kappa - 1)/(\kappa + 1)$ a step, where $\kappa$ is the condition number"
    r" $\lambda_{\max} / \lambda_{\min}$",
)
def test_step_sizes_of_gradient_descent(world: World) -> None:
    X, y, w = world
    after = w - 0.1 * X.T @ (X @ w - y)
    assert_same(after - world.best, (np.eye(D) - 0.1 * X.T @ X) @ (w - world.best))

    eigenvalues = np.linalg.eigvalsh(X.T @ X)
    low, high = eigenvalues[0], eigenvalues[-1]

    def shrinkage(eta: float) -> float:
        """Largest factor by which one step can multiply the error."""
        return float(np.linalg.norm(np.eye(D) - eta * X.T @ X, 2))

    assert shrinkage(1.99 / high) < 1 < shrinkage(2.01 / high)
    best = 2 / (high + low)
    kappa = high / low
    assert_same(kappa, np.linalg.cond(X.T @ X))
    assert_same(shrinkage(best), (kappa - 1) / (kappa + 1))
    assert shrinkage(best) < min(shrinkage(0.98 * best), shrinkage(1.02 * best))


@claim("ols", "trace is $d$: the degrees of freedom of the fit")
@claim(
    "ols",
    r"Let $y = Xw^* + \epsilon$, with noise of mean zero and covariance $\sigma^2 I$."
    r" Then $y - \hat{y} = (I - P)\epsilon$",
)
@claim(
    "ols",
    r"$\mathbb{E}\|y - \hat{y}\|^2 = \sigma^2 \mathrm{tr}(I - P) = \sigma^2 (n - d)$",
)
def test_trace_of_the_projection(world: World, rng: np.random.Generator) -> None:
    X, noise = world.X, column(rng, N)
    P = X @ np.linalg.inv(X.T @ X) @ X.T
    y = X @ world.w + noise

    assert_same(np.sort(np.linalg.eigvalsh(P)), np.array([0.0] * (N - D) + [1.0] * D))
    assert_same(y - P @ y, (np.eye(N) - P) @ noise)
    assert_same(float(np.trace(np.eye(N) - P)), float(N - D))
    fits = [world._replace(y=X @ world.w + one) for one in noises(0.7)]
    lengths = [float(np.sum((fit.y - X @ fit.best) ** 2)) for fit in fits]
    assert_same(np.mean(lengths), 0.7 * (N - D))


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
@claim(RIDGE, r"while the smallest eigenvalue of the right one is at least $\lambda$")
def test_ridge_hessian_is_positive_definite(ridge: Ridge, rng: np.random.Generator) -> None:
    X, _, w, penalty = ridge
    v = column(rng, len(w))

    assert_same(hessian(ridge.loss, w), ridge.matrix, 1e-5)
    lengths = float(np.sum((X @ v) ** 2)) + penalty * float(np.sum(v**2))
    assert_same(number(v.T @ ridge.matrix @ v), lengths)
    assert np.linalg.eigvalsh(ridge.matrix)[0] >= penalty - 1e-9


@step(RIDGE, "4", r"\hat{w} = (X^\top X + \lambda I)^{-1} X^\top y")
@claim(RIDGE, "a strictly convex quadratic, has exactly one minimiser")
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
@claim(RIDGE, "descent along this line would lead away from zero")
def test_penalty_sign(ridge: Ridge) -> None:
    X, y, w, penalty = ridge

    assert_differs(gradient(ridge.loss, w), X.T @ (X @ w - y) - penalty * w)
    alone = ridge._replace(X=0 * X)
    wrong = alone.X.T @ (alone.X @ w - y) - penalty * w
    assert np.linalg.norm(w - 0.1 * wrong) > np.linalg.norm(w)
    assert alone.loss(w - 0.1 * wrong) > alone.loss(w)


@slip(RIDGE, "penalty-doubled", r"\nabla_w \mathcal{L} = X^\top (Xw - y) + 2 \lambda w")
@claim(RIDGE, "the minimiser would be that of twice the penalty")
@claim(RIDGE, r"the loss is $\frac{\lambda}{2} w^2$, with slope $\lambda w$")
def test_penalty_doubled(ridge: Ridge) -> None:
    X, y, w, penalty = ridge
    twice = ridge._replace(penalty=2 * penalty)

    assert_differs(gradient(ridge.loss, w), X.T @ (X @ w - y) + 2 * penalty * w)
    zero = X.T @ (X @ twice.best - y) + 2 * penalty * twice.best
    assert_same(zero, np.zeros_like(w))
    alone = Ridge(np.zeros((1, 1)), np.zeros((1, 1)), w[:1], penalty)
    assert_same(alone.loss(w[:1]), penalty / 2 * number(w[:1]) ** 2)
    assert_same(gradient(alone.loss, w[:1]), penalty * w[:1], 1e-6)


@slip(RIDGE, "penalty-not-in-hessian", r"\nabla_w^2 \mathcal{L} = X^\top X")
@claim(RIDGE, "with more features than examples, this matrix would be singular")
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
