"""What the prose says of keeping some directions: what is lost, and that nothing loses less."""

from itertools import pairwise

import numpy as np

from tests.content.numeric import Array, assert_differs, assert_same, column
from tests.content.pca_svd.world import ID, D, K, N, World, frobenius, of_rank_k
from tests.content.registry import claim


def closest_of_rank_k(target: Array, rng: np.random.Generator) -> Array:
    """By alternating least squares, without a decomposition."""
    rows = rng.normal(size=(K, D))
    for _ in range(3000):
        columns = np.linalg.lstsq(rows.T, target.T, rcond=None)[0].T
        rows = np.linalg.lstsq(columns, target, rcond=None)[0]
    return np.asarray(columns @ rows)


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
