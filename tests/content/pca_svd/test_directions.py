"""What the prose says of directions and scores: how unique they are, what moves them, and what
they say of a label."""

import numpy as np

from tests.content.numeric import assert_same, column, number
from tests.content.pca_svd.world import ID, D, K, N, World, decomposed
from tests.content.registry import claim


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
@claim(ID, "With most data the first direction is then nearly its axis.")
@claim(ID, "Dividing each feature by its standard")
def test_units(world: World) -> None:
    rescaled = decomposed(world.X * np.array([1000.0, 1, 1, 1]))
    standardised = decomposed(world.X / world.X.std(axis=0))

    assert_same(rescaled.covariance[0, 0], 1e6 * world.covariance[0, 0])
    assert abs(rescaled.V[0, 0]) > 0.99
    assert_same(standardised.covariance, np.corrcoef(world.X.T))


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


@claim(ID, "Two long parallel")
def test_the_direction_between_clusters_may_be_dropped_first(rng: np.random.Generator) -> None:
    along, side = 10 * rng.normal(size=200), np.repeat([-1.0, 1.0], 100)
    clusters = decomposed(np.column_stack([along, side + 0.1 * rng.normal(size=200)]))

    assert abs(clusters.V[1, 1]) > 0.99


@claim(ID, r"has $\frac{100}{101}$ of the variance, more than 99 %")
def test_variance_is_not_relevance() -> None:
    """All four combinations of noise and label, equally often."""
    data = decomposed(np.array([[10.0, 1], [10, -1], [-10, 1], [-10, -1]]))
    shares = data.s**2 / np.sum(data.s**2)

    assert_same(np.abs(data.V), np.eye(2))
    assert_same(float(shares[0]), 100 / 101)
    assert 100 / 101 > 0.99
    assert_same(data.X[:, 0] @ data.X[:, 1], 0.0)


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
