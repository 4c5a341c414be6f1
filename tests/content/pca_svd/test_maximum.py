"""The direction of largest variance, the harder variant of `pca-svd.toml`."""

import numpy as np

from tests.content.numeric import Array, assert_differs, assert_same, column, gradient, number
from tests.content.pca_svd.world import ID, MAXIMUM, D, N, World, decomposed, frobenius
from tests.content.registry import claim, slip, step


def unit(rng: np.random.Generator) -> Array:
    direction = column(rng, D)
    return np.asarray(direction / np.linalg.norm(direction))


def lagrangian(world: World, w: Array, multiplier: float) -> float:
    return float(np.sum((world.X @ w) ** 2)) / N - multiplier * (float(np.sum(w**2)) - 1)


def top_direction(world: World) -> Array:
    """By a high power of the covariance, without a decomposition."""
    power = world.covariance
    for _ in range(30):
        power = power @ power / frobenius(power) ** 2
    w = power @ np.ones((D, 1))
    return np.asarray(w / np.linalg.norm(w))


@step(MAXIMUM, "1", r"\frac{1}{n} \|Xw\|^2 = w^\top \Sigma w")
def test_variance_along_a_direction(world: World, rng: np.random.Generator) -> None:
    w = unit(rng)

    assert_same(float((world.X @ w).mean()), 0.0)
    assert_same(float((world.X @ w).var()), float(np.sum((world.X @ w) ** 2)) / N)
    assert_same(float((world.X @ w).var()), number(w.T @ world.covariance @ w))


@step(MAXIMUM, "2", r"\nabla_w \mathcal{L} = 2 \Sigma w - 2 \lambda w")
@claim(MAXIMUM, r"The gradient of $w^\top \Sigma w$ is $(\Sigma + \Sigma^\top) w$")
@claim(MAXIMUM, r"The gradient of $\|w\|^2$ is $2w$.")
def test_gradient_of_the_lagrangian(world: World, rng: np.random.Generator) -> None:
    w, multiplier = unit(rng), 0.7
    slope = gradient(lambda w: lagrangian(world, w, multiplier), w)

    assert_same(slope, 2 * world.covariance @ w - 2 * multiplier * w, 1e-6)
    lopsided = rng.normal(size=(D, D))
    of_form = gradient(lambda w: number(w.T @ lopsided @ w), w)
    assert_same(of_form, (lopsided + lopsided.T) @ w, 1e-6)
    assert_same(gradient(lambda w: float(np.sum(w**2)), w), 2 * w, 1e-6)


@step(MAXIMUM, "3", r"\Sigma w = \lambda w")
@step(MAXIMUM, "4", r"w^\top \Sigma w = \lambda")
@claim(MAXIMUM, "at a stationary point the multiplier is the variance itself")
def test_the_maximum_is_an_eigenvector(world: World, rng: np.random.Generator) -> None:
    w = top_direction(world)
    multiplier = number(w.T @ world.covariance @ w)

    assert_same(float((world.X @ w).var()), multiplier)
    assert_same(world.covariance @ w, multiplier * w, 1e-5)
    assert_same(gradient(lambda w: lagrangian(world, w, multiplier), w), np.zeros((D, 1)), 1e-5)
    for _ in range(20):
        other = unit(rng)
        assert number(other.T @ world.covariance @ other) < multiplier
        assert np.linalg.norm(world.covariance @ other - multiplier * other) > 1e-3


@step(MAXIMUM, "5", r"w^\top \Sigma w = \sum_j \lambda_j (v_j^\top w)^2 \le \lambda_1")
@claim(ID, r"is a mean of the numbers $s_j^2 / n$ with the weights $(v_j^\top w)^2$")
@claim(ID, "no direction perpendicular to $v_1$ has more than $v_2$")
@claim(MAXIMUM, r"sum to $\|w\|^2 = 1$")
@claim(MAXIMUM, "at most the largest, which $w = v_1$ attains")
def test_no_direction_has_more_variance(world: World, rng: np.random.Generator) -> None:
    w = unit(rng)
    eigenvalues = world.s**2 / N
    weights = np.array([number(world.v(j).T @ w) ** 2 for j in range(D)])

    assert_same(number(w.T @ world.covariance @ w), float(np.sum(eigenvalues * weights)))
    assert_same(float(np.sum(weights)), 1.0)
    assert number(w.T @ world.covariance @ w) <= eigenvalues[0]
    assert_same(float((world.X @ world.v(0)).var()), float(eigenvalues[0]))
    w = w - world.v(0) * number(world.v(0).T @ w)
    w = w / np.linalg.norm(w)
    assert number(w.T @ world.covariance @ w) <= eigenvalues[1]


@slip(MAXIMUM, "mean-lost", r"\frac{1}{n} \|Xw\|^2 = w^\top X^\top X w")
@claim(MAXIMUM, "the left side is its variance, and this is $n$ times that")
def test_mean_lost(world: World, rng: np.random.Generator) -> None:
    w = unit(rng)

    assert_differs(np.sum((world.X @ w) ** 2) / N, number(w.T @ world.X.T @ world.X @ w))
    single = world.X[:, :1]
    assert_same(number(single.T @ single), N * float(single.var()))


@slip(MAXIMUM, "one-two-lost", r"\nabla_w \mathcal{L} = 2 \Sigma w - \lambda w")
@claim(MAXIMUM, "With this line the multiplier would be twice the variance.")
@claim(MAXIMUM, r"In one dimension the derivative of $\lambda w^2$ is $2 \lambda w$.")
def test_one_two_lost(world: World, rng: np.random.Generator) -> None:
    w, multiplier = unit(rng), 0.7
    slope = gradient(lambda w: lagrangian(world, w, multiplier), w)

    assert_differs(slope, 2 * world.covariance @ w - multiplier * w)
    best = top_direction(world)
    solved = float(np.linalg.lstsq(best, 2 * world.covariance @ best, rcond=None)[0][0, 0])
    assert_same(solved * best, 2 * world.covariance @ best, 1e-5)
    assert_same(solved, 2 * float((world.X @ best).var()))
    in_one_dimension = gradient(lambda w: multiplier * float(w[0, 0]) ** 2, w[:1])
    assert_same(number(in_one_dimension), 2 * multiplier * float(w[0, 0]))


@slip(MAXIMUM, "multiplier-sign", r"\Sigma w = -\lambda w")
@slip(MAXIMUM, "inverse-eigenvalue", r"w = \lambda \Sigma w")
@slip(MAXIMUM, "number-is-vector", r"w^\top \Sigma w = \lambda w")
@claim(MAXIMUM, "An eigenvalue of a covariance is never negative.")
@claim(MAXIMUM, r"in the Lagrangian $\lambda$ has the unit of a variance, and so has $\Sigma$")
@claim(MAXIMUM, r"A quadratic form is a number, and $\lambda w$ is a vector.")
def test_wrong_eigenvalue_equations(world: World) -> None:
    w, multiplier = world.v(0), world.s[0] ** 2 / N

    assert np.all(np.linalg.eigvalsh(world.covariance) >= 0)
    assert_same(decomposed(100 * world.X).covariance @ w, 100**2 * world.covariance @ w)
    assert (w.T @ world.covariance @ w).shape != (multiplier * w).shape

    assert_differs(world.covariance @ w, -multiplier * w)
    assert_differs(w, multiplier * world.covariance @ w)
    assert_differs(w.T @ world.covariance @ w, multiplier * w)


@slip(MAXIMUM, "weights-not-squared", r"w^\top \Sigma w = \sum_j \lambda_j v_j^\top w")
@claim(MAXIMUM, "the variance along $-w$ is the same, and the right side changes its sign")
def test_weights_not_squared(world: World, rng: np.random.Generator) -> None:
    w = unit(rng)
    coordinates = (world.V.T @ w)[:, 0]

    wrong = float(np.sum(world.s**2 / N * coordinates))

    assert_differs(number(w.T @ world.covariance @ w), wrong)
    assert_same(float((world.X @ -w).var()), float((world.X @ w).var()))
    assert_same(float(np.sum(world.s**2 / N * (world.V.T @ -w)[:, 0])), -wrong)


@slip(MAXIMUM, "bound-reversed", r"w^\top \Sigma w \ge \lambda_1")
@claim(MAXIMUM, r"the variance along it is $\lambda_d$")
def test_bound_reversed(world: World) -> None:
    last = world.v(D - 1)

    assert number(last.T @ world.covariance @ last) < world.s[0] ** 2 / N - 1e-3
    assert_same(number(last.T @ world.covariance @ last), float(world.s[-1] ** 2 / N))
