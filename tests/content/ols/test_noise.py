"""What the prose says of noise: likelihood, outliers and uncertainty."""

from collections.abc import Callable

import numpy as np

from tests.content.numeric import Array, assert_same, column, gradient, number
from tests.content.ols.world import D, N, Ridge, World, noises
from tests.content.registry import claim


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


@claim(
    "ols", "In a direction in which all inputs are short, the data say little about the weights."
)
def test_short_inputs_say_little(world: World) -> None:
    """A feature that does not vary but is large says much."""
    _, s, V = np.linalg.svd(world.X)
    steady = np.hstack([world.X[:, :2], np.full((N, 1), 10.0)])

    assert_same(np.diag(V @ np.linalg.inv(world.X.T @ world.X) @ V.T), 1 / s**2)
    variances = np.diag(np.linalg.inv(steady.T @ steady))
    assert variances[2] < variances[:2].min()


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
