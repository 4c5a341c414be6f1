"""What the prose says of computing the weights."""

import numpy as np

from tests.content.numeric import Array, assert_same, gradient, hessian
from tests.content.ols.world import D, N, Ridge, World
from tests.content.registry import claim


@claim("ols", "a single Newton step from any starting point lands on $\\hat{w}$")
@claim("ols", r"it goes to $w - (\nabla_w^2 \mathcal{L})^{-1} \nabla_w \mathcal{L}$")
def test_one_newton_step(world: World) -> None:
    X, y, w = world
    slope = X.T @ (X @ w - y)

    assert_same(w - np.linalg.solve(X.T @ X, slope), world.best)


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
    X, _, w = world
    after = w - 0.1 * gradient(world.loss, w)
    assert_same(after - world.best, (np.eye(D) - 0.1 * X.T @ X) @ (w - world.best), 1e-6)

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


@claim("ols", "so $R$ has the condition number of $X$ and not its square")
def test_condition_number_of_the_triangle(world: World) -> None:
    _, R = np.linalg.qr(world.X)

    assert_same(np.linalg.cond(R), np.linalg.cond(world.X))
