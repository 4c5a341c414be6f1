"""The key steps."""

import numpy as np

from tests.content.numeric import Array, assert_same
from tests.content.pca_svd.world import ID, D, K, N, World, frobenius, of_rank_k
from tests.content.registry import claim, step


@step(ID, "1", r"\Sigma = \frac{1}{n} X^\top X")
def test_covariance(world: World) -> None:
    assert_same(world.covariance, world.X.T @ world.X / N)


@step(ID, "2", r"X = U S V^\top")
def test_decomposition(world: World) -> None:
    assert_same(world.X, world.U @ world.S @ world.V.T)
    assert_same(world.U.T @ world.U, np.eye(D))
    assert_same(world.V.T @ world.V, np.eye(D))


@step(
    ID,
    "3",
    r"""
    \begin{aligned}
    X^\top X &= (U S V^\top)^\top (U S V^\top) \\
    &= V S U^\top U S V^\top = V S^2 V^\top \\
    \Sigma &= V \frac{S^2}{n} V^\top
    \end{aligned}
    """,
)
def test_substitution(world: World) -> None:
    X, U, _, V = world
    S = world.S
    product = U @ S @ V.T

    assert_same(X.T @ X, product.T @ product)
    assert_same(product.T @ product, V @ S @ U.T @ U @ S @ V.T)
    assert_same(V @ S @ U.T @ U @ S @ V.T, V @ S @ S @ V.T)
    assert_same(world.covariance, V @ (S @ S / N) @ V.T)


@step(ID, "4", r"\Sigma v_j = \frac{s_j^2}{n} v_j")
@claim(ID, r"The entries of $X v_j$ have mean zero, so their variance is $\frac{1}{n} \|X v_j\|^2$")
@claim(ID, r"$v_j^\top \Sigma v_j = s_j^2 / n$")
@claim(ID, r"its direction, $s_j / \sqrt{n}$; its square is the eigenvalue of $\Sigma$")
def test_directions_are_eigenvectors(world: World) -> None:
    for j in range(D):
        assert_same(world.covariance @ world.v(j), world.s[j] ** 2 / N * world.v(j))
        scores = world.X @ world.v(j)
        assert_same(float(scores.mean()), 0.0)
        assert_same(float(scores.var()), float(np.sum(scores**2) / N))
        assert_same(float(scores.var()), float(world.s[j] ** 2 / N))
        assert_same(float(scores.std()), float(world.s[j] / np.sqrt(N)))
    assert_same(np.linalg.eigvalsh(world.covariance)[::-1], world.s**2 / N)


@step(ID, "5", r"X V_k = U_k S_k")
def test_scores(world: World) -> None:
    assert_same(world.X @ world.V[:, :K], world.U[:, :K] @ np.diag(world.s[:K]))


def fitted_to_rows(target: Array, rows: Array) -> Array:
    """The nearest matrix whose rows are combinations of the given ones."""
    coefficients = np.linalg.lstsq(rows.T, target.T, rcond=None)[0]
    return np.asarray((rows.T @ coefficients).T)


@step(
    ID,
    "6",
    r"""
    \begin{aligned}
    X_k &= U_k S_k V_k^\top \\
    \|X - X_k\|_F &\le \|X - \tilde{X}\|_F \quad \text{if } \mathrm{rank}(\tilde{X}) \le k \\
    \|X - X_k\|_F^2 &= \sum_{j > k} s_j^2
    \end{aligned}
    """,
)
@claim(ID, "a sum of orthogonal terms of norms $s_j$")
@claim(ID, r"The terms $s_j u_j v_j^\top$ are orthogonal")
def test_best_approximation(world: World, rng: np.random.Generator) -> None:
    X, nearest = world.X, world.truncated
    error = frobenius(X - nearest)

    assert_same(nearest, world.U[:, :K] @ np.diag(world.s[:K]) @ world.V[:, :K].T)
    assert_same(error**2, float(np.sum(world.s[K:] ** 2)))
    terms = np.array([(world.s[j] * world.u(j) @ world.v(j).T).ravel() for j in range(D)])
    assert_same(terms @ terms.T, np.diag(world.s**2))
    for _ in range(200):
        other = of_rank_k(rng)
        assert error < frobenius(X - other)
        # As good as any matrix with these rows can be, and still no better.
        assert error < frobenius(X - fitted_to_rows(X, other[:K]))
