"""What the prose says of columns, ranks and projections."""

import numpy as np

from tests.content.numeric import assert_differs, assert_same, column, number
from tests.content.ols.world import D, N, World, noises
from tests.content.registry import claim


@claim("ols", r"adding any $u \ne 0$ with $Xu = 0$ to a minimiser gives another one")
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


@claim("ols", r"$\hat{b} = \bar{y} - \bar{x}^\top \hat{w}$")
@claim("ols", "the residuals sum to zero")
def test_intercept(world: World) -> None:
    X = np.hstack([world.X, np.ones((N, 1))])
    solution = np.linalg.lstsq(X, world.y, rcond=None)[0]
    w, b = solution[:D], solution[D, 0]

    assert_same(float(np.sum(world.y - X @ solution)), 0.0)
    assert_same(b, number(world.y.mean(axis=0, keepdims=True) - world.X.mean(axis=0) @ w[:, :1]))


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
