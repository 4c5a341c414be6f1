"""Ridge regression, the harder variant."""

import numpy as np
import pytest

from tests.content.numeric import assert_differs, assert_same, column, gradient, hessian, number
from tests.content.ols.world import Ridge, World
from tests.content.registry import claim, slip, step

RIDGE = "ols-ridge"


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
@claim(RIDGE, "a direction in which the inputs are short is shrunk more")
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
