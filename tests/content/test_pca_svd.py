"""The numbers behind `pca-svd.toml`."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pytest

from tests.content.numeric import Array, assert_differs, assert_same, column, gradient, number
from tests.content.registry import claim, slip, step

N, D, K = 8, 4, 2
ID, MAXIMUM = "pca-svd", "pca-svd-maximum"


class World(NamedTuple):
    """Centred data with its thin decomposition, by a library that does not know our formulas."""

    X: Array
    U: Array
    s: Array
    V: Array

    @property
    def S(self) -> Array:  # noqa: N802
        return np.diag(self.s)

    @property
    def covariance(self) -> Array:
        return np.cov(self.X.T, bias=True)

    @property
    def truncated(self) -> Array:
        terms = (self.s[j] * self.u(j) @ self.v(j).T for j in range(K))
        return np.asarray(sum(terms, np.zeros_like(self.X)))

    def u(self, j: int) -> Array:
        return self.U[:, [j]]

    def v(self, j: int) -> Array:
        return self.V[:, [j]]


def decomposed(raw: Array) -> World:
    X = raw - raw.mean(axis=0, keepdims=True)
    U, s, transposed = np.linalg.svd(X, full_matrices=False)
    return World(X, U, s, transposed.T)


@pytest.fixture
def world(rng: np.random.Generator) -> World:
    return decomposed(rng.normal(size=(N, D)) @ rng.normal(size=(D, D)))


def frobenius(matrix: Array) -> float:
    return float(np.sqrt(np.sum(matrix**2)))


def of_rank_k(rng: np.random.Generator) -> Array:
    return np.asarray(rng.normal(size=(N, K)) @ rng.normal(size=(K, D)))


def fitted_to_rows(target: Array, rows: Array) -> Array:
    """The nearest matrix whose rows are combinations of the given ones."""
    coefficients = np.linalg.lstsq(rows.T, target.T, rcond=None)[0]
    return np.asarray((rows.T @ coefficients).T)


def closest_of_rank_k(target: Array, rng: np.random.Generator) -> Array:
    """By alternating least squares, without a decomposition."""
    rows = rng.normal(size=(K, D))
    for _ in range(3000):
        columns = np.linalg.lstsq(rows.T, target.T, rcond=None)[0].T
        rows = np.linalg.lstsq(columns, target, rcond=None)[0]
    return np.asarray(columns @ rows)


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


@claim(ID, "$X_k$ is the only closest one exactly if $s_k > s_{k+1}$")
def test_a_search_without_decompositions_ends_at_the_truncated_one(
    rng: np.random.Generator,
) -> None:
    values = np.diag([3.0, 2.0, 1.0, 0.5])
    U, V = np.linalg.qr(rng.normal(size=(N, D)))[0], np.linalg.qr(rng.normal(size=(D, D)))[0]
    X = U @ values @ V.T

    assert_same(closest_of_rank_k(X, rng), U[:, :K] @ values[:K, :K] @ V[:, :K].T, 1e-5)
    tied = U @ np.diag([3.0, 2.0, 2.0, 0.5]) @ V.T
    one, other = (tied @ V[:, kept] @ V[:, kept].T for kept in ([0, 1], [0, 2]))
    assert_same(frobenius(tied - one), frobenius(tied - other))
    assert_differs(one, other)


@slip(ID, "gram-of-examples", r"\Sigma = \frac{1}{n} X X^\top")
@claim(ID, r"This matrix is $n \times n$ and compares examples.")
def test_gram_of_examples(world: World) -> None:
    wrong = world.X @ world.X.T / N

    assert_differs(world.covariance, wrong)
    assert (wrong.shape, world.covariance.shape) == ((N, N), (D, D))
    over_examples = sum(row[:, None] @ row[None, :] for row in world.X)
    assert_same(world.covariance, np.asarray(over_examples) / N)


@slip(ID, "no-transpose", r"X = U S V")
@claim(ID, "$V^\\top v_j$ is the unit vector number $j$")
@claim(ID, "$V v_j$ is no unit vector of the standard basis in general")
def test_no_transpose(world: World) -> None:
    assert_differs(world.X, world.U @ world.S @ world.V)
    for j in range(D):
        assert_same(world.V.T @ world.v(j), np.eye(D)[:, [j]])
        assert_same(world.X @ world.v(j), world.s[j] * world.u(j))
        assert np.max(np.abs(world.V @ world.v(j))) < 0.999


@slip(ID, "left-factor-kept", r"X^\top X = U S^2 U^\top")
@claim(ID, "What stands on the right here is $X X^\\top$.")
def test_left_factor_kept(world: World) -> None:
    wrong = world.U @ world.S @ world.S @ world.U.T

    assert_differs(world.X.T @ world.X, wrong)
    assert_same(world.X @ world.X.T, wrong)


@slip(ID, "not-squared", r"\Sigma = V \frac{S}{n} V^\top")
@claim(ID, "if $X$ is in metres, a covariance is in square metres")
def test_not_squared(world: World) -> None:
    wrong = world.V @ world.S @ world.V.T / N
    centimetres = decomposed(100 * world.X)

    assert_differs(world.covariance, wrong)
    assert_same(centimetres.covariance / 100**2, world.covariance)
    assert_same(centimetres.V @ centimetres.S @ centimetres.V.T / N / 100, wrong)


@slip(ID, "n-lost", r"\Sigma = V S^2 V^\top")
@claim(ID, "the variances must stay, and this line doubles")
def test_n_lost(world: World) -> None:
    twice = decomposed(np.vstack([world.X, world.X]))

    assert_differs(world.covariance, world.V @ world.S @ world.S @ world.V.T)
    assert_same(twice.covariance, world.covariance)
    assert_same(twice.s**2, 2 * world.s**2)


@slip(ID, "left-directions", r"\Sigma u_j = \frac{s_j^2}{n} u_j")
@claim(ID, "so the product does not exist")
def test_left_directions(world: World) -> None:
    with pytest.raises(ValueError, match="matmul"):
        world.covariance @ world.u(0)


@slip(ID, "variance-is-s", r"\Sigma v_j = s_j v_j")
@claim(ID, r"so it is $\sqrt{n}$ times a standard deviation and not a variance")
@claim(ID, "variances grow fourfold, and $s_j$ only doubles")
def test_variance_is_s(world: World) -> None:
    scores = world.X @ world.v(0)

    assert_differs(world.covariance @ world.v(0), world.s[0] * world.v(0))
    assert_same(float(world.s[0]), float(np.linalg.norm(scores)))
    assert_same(float(world.s[0]), float(np.sqrt(N) * scores.std()))
    doubled = decomposed(2 * world.X)
    assert_same(doubled.covariance, 4 * world.covariance)
    assert_same(doubled.s, 2 * world.s)


@slip(ID, "scores-with-left", r"X U_k = V_k S_k")
@claim(ID, "$X$ cannot be multiplied by $U_k$")
@claim(ID, r"$X^\top U_k = V_k S_k$, but it is not the scores")
def test_scores_with_left(world: World) -> None:
    with pytest.raises(ValueError, match="matmul"):
        world.X @ world.U[:, :K]

    assert_same(world.X.T @ world.U[:, :K], world.V[:, :K] @ np.diag(world.s[:K]))


@slip(ID, "kept-for-lost", r"\|X - X_k\|_F^2 = \sum_{j \le k} s_j^2")
@claim(ID, r"their squares sum to $\|X_k\|_F^2$")
@claim(ID, "nothing is left out, and the error must be zero")
@claim(ID, r"$\|X_k\|_F^2 + \|X - X_k\|_F^2 = \|X\|_F^2$")
@claim(ID, r"it is the total variance $\mathrm{tr}(\Sigma)$")
def test_kept_for_lost(world: World) -> None:
    kept = float(np.sum(world.s[:K] ** 2))
    lost = frobenius(world.X - world.truncated) ** 2

    assert_differs(lost, kept)
    assert_same(frobenius(world.truncated) ** 2, kept)
    assert_same(kept + lost, frobenius(world.X) ** 2)
    assert_same((kept + lost) / N, float(np.trace(world.covariance)))
    assert_same(world.X @ world.V @ world.V.T, world.X)


@slip(ID, "residual-not-squared", r"\|X - X_k\|_F^2 = \sum_{j > k} s_j")
@claim(ID, "is doubled, the left side grows fourfold and this right side only doubles.")
@claim(ID, "The sum of singular values is another norm.")
def test_residual_not_squared(world: World, rng: np.random.Generator) -> None:
    doubled = decomposed(2 * world.X)

    assert_differs(frobenius(world.X - world.truncated) ** 2, float(np.sum(world.s[K:])))
    assert_same(
        frobenius(doubled.X - doubled.truncated) ** 2,
        4 * frobenius(world.X - world.truncated) ** 2,
    )
    assert_same(doubled.s, 2 * world.s)
    other = decomposed(rng.normal(size=(N, D)))
    both = decomposed(world.X + other.X)
    assert np.sum(both.s) <= np.sum(world.s) + np.sum(other.s)
    assert_differs(float(np.sum(world.s)), frobenius(world.X))


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


@claim(ID, "$u_j$ and $v_j$ may change their sign together")
@claim(ID, "any rotation within")
def test_directions_are_not_unique(world: World, rng: np.random.Generator) -> None:
    signs = np.diag(rng.choice([-1.0, 1.0], size=D))
    assert_same(world.U @ signs @ world.S @ (world.V @ signs).T, world.X)

    turn = np.eye(D)
    turn[:2, :2] = [[np.cos(0.7), -np.sin(0.7)], [np.sin(0.7), np.cos(0.7)]]
    tied = np.diag([2.0, 2.0, 1.0, 0.5])
    assert_same(world.U @ turn @ tied @ (world.V @ turn).T, world.U @ tied @ world.V.T)


@claim(ID, "If they are nearly equal, a little noise rotates them.")
def test_noise_rotates_directions_of_nearly_equal_variance(
    world: World, rng: np.random.Generator
) -> None:
    noise = rng.normal(size=(N, D))

    def turned(gap: float) -> float:
        """The sine of the angle by which a little noise turns the first direction."""
        X = world.U @ np.diag([2.0 + gap, 2.0, 0.1, 0.05]) @ world.V.T
        first = decomposed(X + 1e-3 * noise).v(0)
        return float(np.linalg.norm(first - world.v(0) * number(world.v(0).T @ first)))

    assert turned(1e-6) > 0.05
    assert turned(1.0) < 0.01


@claim(ID, "grows by the factor $10^6$")
@claim(ID, "Dividing each feature by its standard")
def test_units(world: World) -> None:
    rescaled = decomposed(world.X * np.array([1000.0, 1, 1, 1]))
    standardised = decomposed(world.X / world.X.std(axis=0))

    assert_same(rescaled.covariance[0, 0], 1e6 * world.covariance[0, 0])
    assert abs(rescaled.V[0, 0]) > 0.99
    assert_same(standardised.covariance, np.corrcoef(world.X.T))


@claim(ID, "Two long parallel")
def test_the_direction_between_clusters_may_be_dropped_first(rng: np.random.Generator) -> None:
    along, side = 10 * rng.normal(size=200), np.repeat([-1.0, 1.0], 100)
    clusters = decomposed(np.column_stack([along, side + 0.1 * rng.normal(size=200)]))

    assert abs(clusters.V[1, 1]) > 0.99


@claim(ID, r"$\frac{1}{n} X^\top X = \Sigma + m m^\top$")
@claim(ID, "the first direction points nearly towards $m$")
@claim(ID, "would come first if the constant is large")
def test_without_centring(world: World) -> None:
    m = 100 * np.array([[1.0], [-2.0], [0.5], [3.0]])
    raw = world.X + m.T
    first = np.linalg.eigh(raw.T @ raw)[1][:, [-1]]

    assert_same(raw.T @ raw / N, world.covariance + m @ m.T)
    assert abs(number(first.T @ m)) > 0.99 * np.linalg.norm(m)

    constant = np.hstack([world.X, np.full((N, 1), 100.0)])
    assert abs(np.linalg.eigh(constant.T @ constant)[1][-1, -1]) > 0.99


@claim(ID, "All variances are multiplied by $n / (n - 1)$, and nothing else changes.")
@claim(ID, "cancels in the shares of explained variance")
def test_divisor(world: World) -> None:
    other = np.cov(world.X.T)

    for j in range(D):
        assert_same(other @ world.v(j), N / (N - 1) * world.s[j] ** 2 / N * world.v(j))
    shares = np.linalg.eigvalsh(other) / np.trace(other)
    assert_same(shares[::-1], world.s**2 / np.sum(world.s**2))


@claim(ID, r"$\frac{1}{n} (X V_k)^\top X V_k = S_k^2 / n$ is diagonal")
@claim(ID, "with $t$ spread evenly from $-1$ to $1$")
@claim(ID, "and still the second score is a function of the first")
def test_scores_are_uncorrelated_and_may_be_dependent(world: World) -> None:
    scores = world.X @ world.V[:, :K]
    assert_same(scores.T @ scores / N, np.diag(world.s[:K] ** 2) / N)

    t = np.linspace(-1, 1, 21)
    parabola = decomposed(np.column_stack([t, t**2]))
    assert_same(np.abs(parabola.V), np.eye(2))
    assert_same(parabola.X[:, 1], parabola.X[:, 0] ** 2 - np.mean(t**2))


@claim(ID, r"going back gives $X_k = X V_k V_k^\top$")
@claim(ID, r"In the other order $V_k^\top V_k = I$, but $V_k V_k^\top$ is a")
def test_scores_and_approximation(world: World) -> None:
    kept = world.V[:, :K]
    P = kept @ kept.T

    assert_same(world.truncated, world.X @ P)
    assert (world.X @ kept).shape == (N, K)
    assert_same(kept.T @ kept, np.eye(K))
    assert_same(P @ P, P)
    assert_differs(P, np.eye(D))


@claim(ID, r"has $\frac{100}{101}$ of the variance, more than 99 %")
def test_variance_is_not_relevance() -> None:
    """All four combinations of noise and label, equally often."""
    data = decomposed(np.array([[10.0, 1], [10, -1], [-10, 1], [-10, -1]]))
    shares = data.s**2 / np.sum(data.s**2)

    assert_same(np.abs(data.V), np.eye(2))
    assert_same(float(shares[0]), 100 / 101)
    assert 100 / 101 > 0.99
    assert_same(data.X[:, 0] @ data.X[:, 1], 0.0)


@claim(ID, "is perpendicular to all directions that are kept")
@claim(ID, r"$m + V_k V_k^\top (x - m)$")
def test_new_example(world: World, rng: np.random.Generator) -> None:
    m, x, kept = column(rng, D), column(rng, D), world.V[:, :K]
    back = m + kept @ kept.T @ (x - m)

    assert_same(kept.T @ (x - back), np.zeros((K, 1)))
    assert_same(back - m, kept @ (kept.T @ (x - m)))


@claim(ID, r"is $\sum_{j \le k} s_j^2 / \sum_j s_j^2$")
@claim(ID, "it falls with every $k$ and is zero at $k = d$")
def test_training_error_cannot_choose_k(world: World) -> None:
    errors = [
        frobenius(world.X - world.X @ world.V[:, :k] @ world.V[:, :k].T) for k in range(D + 1)
    ]

    assert all(after < before for before, after in pairwise(errors))
    assert_same(errors[-1], 0.0)
    kept = (world.X @ world.V[:, :K]).var(axis=0).sum() / world.X.var(axis=0).sum()
    assert_same(float(kept), float(np.sum(world.s[:K] ** 2) / np.sum(world.s**2)))


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


@claim(ID, r"$Z = \sqrt{n}\, X V S^{-1} = \sqrt{n}\, U$")
@claim(ID, r"divides by $\sqrt{s_j^2 / n + \delta}$ with a small $\delta > 0$")
@claim(ID, "they are blown up to the size of the others")
@claim(ID, "$Z Q$ is white for every")
@claim(ID, r"Then $\frac{1}{n} Z^\top Z = U^\top U = I$.")
def test_whitening(world: World, rng: np.random.Generator) -> None:
    Z = np.sqrt(N) * world.X @ world.V @ np.linalg.inv(world.S)
    Q = np.linalg.qr(rng.normal(size=(D, D)))[0]

    assert_same(Z, np.sqrt(N) * world.U)
    assert_same(np.cov(Z.T, bias=True), np.eye(D))
    assert_same(Z.T @ Z / N, np.eye(D))
    assert_same(Z.T @ Z / N, world.U.T @ world.U)
    assert_same(np.cov((Z @ Q).T, bias=True), np.eye(D))

    faint = decomposed(world.U @ np.diag([3.0, 2.0, 1.0, 1e-6]) @ world.V.T)
    scores = faint.X @ faint.V
    white = np.sqrt(N) * scores @ np.linalg.inv(faint.S)
    assert scores[:, 3].std() < 1e-6
    assert_same(white[:, 3].std(), white[:, 0].std())
    damped = (scores / np.sqrt(faint.s**2 / N + 1e-4)).std(axis=0)
    assert np.all(damped[:3] > 0.99)
    assert damped[3] < 1e-3


@claim(
    ID,
    (
        r"So do $A = V_k M$ and $B = M^{-1} V_k^\top$ for every invertible $M$,"
        " with the same $X A B = X_k$."
    ),
)
@claim(ID, "span the space of the first $k$ directions and need not be these directions")
@claim(ID, r"by Eckart and Young the loss is at least $\sum_{j > k} s_j^2$")
def test_linear_autoencoder(world: World, rng: np.random.Generator) -> None:
    X, kept = world.X, world.V[:, :K]
    least = float(np.sum(world.s[K:] ** 2))
    M = rng.normal(size=(K, K))

    assert_same(X @ kept @ M @ np.linalg.inv(M) @ kept.T, world.truncated)
    assert_same(frobenius(X - X @ kept @ kept.T) ** 2, least)
    rows = np.linalg.inv(M) @ kept.T
    assert np.linalg.matrix_rank(np.vstack([rows, kept.T])) == K
    assert np.all(np.abs(rows @ kept / np.linalg.norm(rows, axis=1, keepdims=True)) < 0.999)
    for _ in range(50):
        A, B = kept + 0.1 * rng.normal(size=(D, K)), kept.T + 0.1 * rng.normal(size=(K, D))
        assert frobenius(X - X @ A @ B) ** 2 > least


@claim(ID, r"\sum_j \frac{s_j^2}{s_j^2 + \lambda} u_j u_j^\top y$")
@claim(ID, r"scores gives $\sum_{j \le k} u_j u_j^\top y$")
def test_ridge_in_principal_coordinates(world: World, rng: np.random.Generator) -> None:
    X, penalty, y = world.X, 0.8, column(rng, N)
    scores = X @ world.V[:, :K]
    factors = np.diag(world.s**2 / (world.s**2 + penalty))

    ridge = X @ np.linalg.solve(X.T @ X + penalty * np.eye(D), X.T @ y)
    regression = scores @ np.linalg.lstsq(scores, y, rcond=None)[0]

    assert_same(ridge, world.U @ factors @ world.U.T @ y)
    assert_same(regression, world.U[:, :K] @ world.U[:, :K].T @ y)


@claim(
    ID,
    r"$\|X - \tilde{X}\|_F^2 \ge \|X - X Q Q^\top\|_F^2 = \|X\|_F^2 - \|X Q\|_F^2$",
)
@claim(ID, r"$\|X Q\|_F^2 = \sum_j s_j^2 c_j$ with $c_j = \|Q^\top v_j\|^2$")
@claim(ID, r"$\sum_j c_j = \|Q\|_F^2 = k$")
@claim(ID, r"the error is at least $\sum_{j > k} s_j^2$, which $X_k$ attains")
def test_proof_of_the_best_approximation(world: World, rng: np.random.Generator) -> None:
    X, other = world.X, of_rank_k(rng)
    Q = np.linalg.qr(other.T)[0][:, :K]
    weights = np.sum((Q.T @ world.V) ** 2, axis=0)

    assert_same(other @ Q @ Q.T, other)
    projected = frobenius(X - X @ Q @ Q.T) ** 2
    assert frobenius(X - other) ** 2 >= projected
    assert_same(projected, frobenius(X) ** 2 - frobenius(X @ Q) ** 2)
    assert_same(frobenius(X @ Q) ** 2, float(np.sum(world.s**2 * weights)))
    assert np.all((weights >= 0) & (weights <= 1 + 1e-12))
    assert_same(float(np.sum(weights)), float(K))
    assert projected >= np.sum(world.s[K:] ** 2) - 1e-9
    assert_same(frobenius(X - world.truncated) ** 2, float(np.sum(world.s[K:] ** 2)))


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
    centred = C @ (raw @ x - K_raw.mean(axis=1, keepdims=True))
    assert_same(centred, world.X @ (x - m))
    for j in range(D):
        assert_same(world.v(j).T @ x, world.u(j).T @ (world.X @ x) / world.s[j])


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
