"""What the prose says of computing: rounding, passes over the data, and the smaller matrix."""

import numpy as np

from tests.content.numeric import assert_same, column
from tests.content.pca_svd.world import ID, D, N, World, decomposed
from tests.content.registry import claim


@claim(ID, "below about $10^{-8}$ times the largest is lost to rounding in double precision")
def test_the_product_loses_small_singular_values(rng: np.random.Generator) -> None:
    U, V = np.linalg.qr(rng.normal(size=(N, 2)))[0], np.linalg.qr(rng.normal(size=(2, 2)))[0]

    def relative_errors(small: float) -> tuple[float, float]:
        X = U @ np.diag([1.0, small]) @ V.T
        from_data = np.linalg.svd(X, compute_uv=False)[-1]
        from_product = np.sqrt(abs(np.linalg.eigvalsh(X.T @ X)[0]))
        return abs(from_data / small - 1), abs(from_product / small - 1)

    assert max(relative_errors(1e-6)) < 0.01
    of_data, of_product = relative_errors(1e-10)
    assert of_data < 1e-3
    assert of_product > 0.5


@claim(ID, "it can be summed in one pass over the data")
def test_covariance_in_one_pass(world: World, rng: np.random.Generator) -> None:
    total, products = np.zeros((D, 1)), np.zeros((D, D))
    for row in world.X + rng.normal(size=(1, D)):
        x = row[:, None]
        total, products = total + x, products + x @ x.T
    m = total / N

    assert_same(products / N - m @ m.T, world.covariance)


@claim(ID, "So it has the same nonzero eigenvalues $s_j^2$")
@claim(ID, r"$v_j = X^\top u_j / s_j$ for $s_j > 0$")
@claim(ID, "At most $n - 1$ of them are positive")
def test_more_features_than_examples(rng: np.random.Generator) -> None:
    few = 4
    X, _, s, V = decomposed(rng.normal(size=(few, 9)))
    squares, vectors = np.linalg.eigh(X @ X.T)

    assert_same(squares[::-1], s**2)
    assert_same(s[-1], 0.0)
    assert np.linalg.matrix_rank(X) == few - 1
    for j in range(few - 1):
        direction = X.T @ vectors[:, [few - 1 - j]] / s[j]
        assert_same(np.abs(direction.T @ V[:, [j]]), np.eye(1))


@claim(ID, r"From $K = U S^2 U^\top$ come $u_j$ and $s_j$.")
@claim(ID, r"$v_j^\top x = \frac{1}{s_j} u_j^\top X x$")
@claim(ID, r"$C = I - \frac{1}{n} \mathbf{1}_n \mathbf{1}_n^\top$ that is $C K C$")
@claim(ID, "the inner products with $x$ are centred with the same training means")
@claim(ID, r"$C K C = (X - \mathbf{1}_n m^\top)(X - \mathbf{1}_n m^\top)^\top$ for the mean $m$")
def test_inner_products_are_enough(world: World, rng: np.random.Generator) -> None:
    x, shift = column(rng, D), rng.normal(size=(1, D))
    raw = world.X + shift
    C = np.eye(N) - np.ones((N, N)) / N

    K_raw, m = raw @ raw.T, raw.mean(axis=0)[:, None]
    assert_same(C @ K_raw @ C, world.X @ world.X.T)
    assert_same(world.X @ world.X.T, world.U @ world.S**2 @ world.U.T)
    centred = C @ (raw @ x - K_raw.mean(axis=1, keepdims=True))
    assert_same(centred, world.X @ (x - m))
    for j in range(D):
        assert_same(world.v(j).T @ x, world.u(j).T @ (world.X @ x) / world.s[j])
