"""What the prose says of costs: each method is carried out, shown to be right, and counted. A count
that is an exact polynomial shows the order."""

from __future__ import annotations

import math
from functools import partial

import numpy as np
import pytest

from tests.content.counting import Counted, Numbers, cost, counted, multiplications, plain
from tests.content.numeric import Array, assert_same
from tests.content.registry import claim

ZERO = Counted(0.0)
SIZES = [(9, 3), (18, 3), (9, 6), (20, 8)]


def inner(left: Numbers, right: Numbers) -> Counted:
    return sum((a * b for a, b in zip(left, right, strict=True)), ZERO)


def cholesky(A: Numbers) -> Numbers:
    L = counted(np.zeros(A.shape))
    for j in range(len(A)):
        L[j, j] = (A[j, j] - inner(L[j, :j], L[j, :j])).root()
        for i in range(j + 1, len(A)):
            L[i, j] = (A[i, j] - inner(L[i, :j], L[j, :j])) / L[j, j]
    return L


def forwards(L: Numbers, b: Numbers) -> Numbers:
    """Solves Lz = b for a lower triangle."""
    z = counted(np.zeros(len(b)))
    for i in range(len(b)):
        z[i] = (b[i] - inner(L[i, :i], z[:i])) / L[i, i]
    return z


def backwards(R: Numbers, b: Numbers) -> Numbers:
    """Solves Rz = b for an upper triangle."""
    return forwards(R[::-1, ::-1], b[::-1])[::-1]


# --- em-gmm --------------------------------------------------------------------------------------


@claim(
    "em-gmm",
    r"That is $O(K d^3)$ for the factors and $O(N K d^2)$ for all points,"
    r" and the covariance update costs $O(N K d^2)$ again.",
)
@pytest.mark.parametrize(("N", "K", "d"), [(4, 2, 3), (8, 2, 3), (4, 4, 3), (4, 2, 6)])
def test_an_iteration_of_em(rng: np.random.Generator, N: int, K: int, d: int) -> None:
    points = rng.normal(size=(N, d))
    covariances = [r @ r.T + np.eye(d) for r in rng.normal(size=(K, d, d))]
    weights = rng.uniform(0.2, 1.0, size=N)

    roots, factors = cost(lambda: [cholesky(counted(one)) for one in covariances])
    x = counted(points)
    distances, solves = cost(
        lambda: [[inner(z, z) for z in (forwards(L, one) for one in x)] for L in roots]
    )
    scatters, update = cost(
        lambda: [
            sum(
                (np.outer(counted(weights)[i] * x[i], x[i]) for i in range(N)),
                counted(np.zeros((d, d))),
            )
            for _ in range(K)
        ]
    )

    assert factors == K * d * (d + 1) * (d + 2) // 6
    assert solves == N * K * d * (d + 3) // 2
    assert update == N * K * (d + d**2)
    for L, found, covariance in zip(roots, distances, covariances, strict=True):
        assert_same(plain(L), np.linalg.cholesky(covariance))
        inverse = np.linalg.inv(covariance)
        assert_same(plain(np.array(found)), np.einsum("ij,jk,ik->i", points, inverse, points))
    assert_same(plain(scatters[0]), (weights[:, None] * points).T @ points)


# --- information-gain ----------------------------------------------------------------------------


class Compared:
    """A number that counts how often two of them are compared."""

    times = 0

    def __init__(self, value: float) -> None:
        self.value = value

    def __lt__(self, other: Compared) -> bool:
        Compared.times += 1
        return self.value < other.value


@claim("information-gain", "Moving a threshold past one example changes two class counts")
@claim(
    "information-gain",
    r"so a sweep costs $O(n)$ count updates and $O(C)$ for each evaluation,"
    r" after $O(n \log n)$ for sorting",
)
@pytest.mark.parametrize("doublings", [5, 7, 9])
def test_a_sweep_over_thresholds(rng: np.random.Generator, doublings: int) -> None:
    n, C = 2**doublings, 3
    feature, labels = rng.normal(size=n), rng.integers(C, size=n)

    Compared.times = 0
    order = labels[sorted(range(n), key=lambda i: Compared(float(feature[i])))]
    assert n * (doublings - 2) < Compared.times <= n * doublings

    updates = terms = 0
    below, above = np.zeros(C), np.bincount(labels, minlength=C).astype(float)

    def mass_and_entropy(counts: Array) -> float:
        """The entropy of a part times the number of its examples."""
        nonlocal terms
        terms += len(counts)
        return -float(sum(c * math.log(c / counts.sum()) for c in counts if c > 0))

    swept = []
    for label in order[:-1]:
        below[label] += 1
        above[label] -= 1
        updates += 2
        swept.append((mass_and_entropy(below) + mass_and_entropy(above)) / n)

    assert updates == 2 * (n - 1)
    assert terms == 2 * C * (n - 1)
    for place in range(1, n, n // 8):
        cut = np.sort(feature)[place]
        parts = [labels[feature < cut], labels[feature >= cut]]
        shares = [np.bincount(part, minlength=C) / len(part) for part in parts]
        entropies = [-float(np.sum(p[p > 0] * np.log(p[p > 0]))) for p in shares]
        weighted = sum(len(part) * h for part, h in zip(parts, entropies, strict=True)) / n
        assert_same(swept[place - 1], weighted)


# --- ols and pca-svd -----------------------------------------------------------------------------


def orthonormal(X: Numbers) -> tuple[Numbers, Numbers]:
    """Q and R, column after column."""
    Q, R = X.copy(), counted(np.zeros((X.shape[1], X.shape[1])))
    for j in range(X.shape[1]):
        R[j, j] = inner(Q[:, j], Q[:, j]).root()
        Q[:, j] = np.array([entry / R[j, j] for entry in Q[:, j]])
        for k in range(j + 1, X.shape[1]):
            R[j, k] = inner(Q[:, j], Q[:, k])
            Q[:, k] = Q[:, k] - R[j, k] * Q[:, j]
    return Q, R


def by_qr(X: Numbers, y: Numbers) -> Numbers:
    Q, R = orthonormal(X)
    return backwards(R, Q.T @ y)


def by_cholesky(X: Numbers, y: Numbers) -> Numbers:
    d = X.shape[1]
    gram = counted(np.zeros((d, d)))
    for i in range(d):
        for j in range(i + 1):
            gram[i, j] = gram[j, i] = inner(X[:, i], X[:, j])
    L = cholesky(gram)
    return backwards(L.T, forwards(L, X.T @ y))


@claim("ols", r"For $n \ge d$ all direct methods cost on the order of $nd^2$.")
@claim("ols", "Cholesky on the normal equations is cheapest")
@pytest.mark.parametrize(("n", "d"), SIZES)
def test_least_squares_by_two_methods(rng: np.random.Generator, n: int, d: int) -> None:
    X, y = rng.normal(size=(n, d)), rng.normal(size=n)
    best = np.linalg.lstsq(X, y, rcond=None)[0]

    first, qr = cost(lambda: by_qr(counted(X), counted(y)))
    second, normal = cost(lambda: by_cholesky(counted(X), counted(y)))

    assert_same(plain(first), best)
    assert_same(plain(second), best)
    triangle = d * (d + 1) // 2
    assert qr == n * d * (d + 1) + d + n * d + triangle
    assert normal == n * triangle + d * (d + 1) * (d + 2) // 6 + n * d + 2 * triangle
    assert normal < qr


def sweep(X: Numbers) -> None:
    """Turns each pair of columns until they are perpendicular: one round of Jacobi's method."""
    for j in range(X.shape[1]):
        for k in range(j):
            a, b = inner(X[:, j], X[:, j]), inner(X[:, k], X[:, k])
            angle = 0.5 * math.atan2(2 * inner(X[:, j], X[:, k]).value, a.value - b.value)
            c, s = Counted(math.cos(angle)), Counted(math.sin(angle))
            X[:, j], X[:, k] = c * X[:, j] + s * X[:, k], c * X[:, k] - s * X[:, j]


@claim("pca-svd", "The thin decomposition costs on the order of $n d^2$ operations.")
@claim("pca-svd", "Forming $X^\\top X$ costs the same order and its eigenvectors another $d^3$")
@claim("ols", r"For $n \ge d$ all direct methods cost on the order of $nd^2$.")
@pytest.mark.parametrize(("n", "d"), SIZES)
def test_singular_values_and_eigenvalues(rng: np.random.Generator, n: int, d: int) -> None:
    """A few sweeps are enough, whatever the size."""
    X = rng.normal(size=(n, d))

    for start in (X, X.T @ X):
        turned, rows = counted(start), len(start)
        for _ in range(8):
            _, times = cost(partial(sweep, turned))
            assert times == d * (d - 1) // 2 * 7 * rows
        lengths = np.sort(np.linalg.norm(plain(turned), axis=0))[::-1]
        assert_same(lengths, np.linalg.svd(start, compute_uv=False), 1e-6)
    assert multiplications((d, n), (n, d)) == n * d**2


@claim("pca-svd", "randomised methods cost on the order of $n d k$ a pass")
def test_a_pass_over_the_data() -> None:
    n, d, k = 9, 6, 2

    assert multiplications((n, d), (d, k)) == multiplications((d, n), (n, k)) == n * d * k


# --- svm-dual, attention and rope ----------------------------------------------------------------


@claim(
    "svm-dual",
    "Its Gram matrix takes $n^2$ numbers and, for a linear kernel,"
    " on the order of $n^2 d$ operations.",
)
@pytest.mark.parametrize(("n", "d"), SIZES)
def test_a_gram_matrix(rng: np.random.Generator, n: int, d: int) -> None:
    X = counted(rng.normal(size=(n, d)))
    gram, times = cost(lambda: X @ X.T)

    assert gram.size == n**2
    assert times == n**2 * d


@claim("svm-dual", "the scores of all points take $n s$ multiplications")
@claim("svm-dual", "on the order of $s^3$ even if one knows which points they belong to")
@claim("svm-dual", "takes between the order of $n^2$ and $n^3$ operations")
@pytest.mark.parametrize(("n", "s"), [(8, 4), (16, 4), (8, 6), (16, 8)])
def test_multipliers_of_known_support_vectors(rng: np.random.Generator, n: int, s: int) -> None:
    """All of s points are on the margin of a narrow kernel; the others are only looked at. Where s
    is a fixed share of n, the first count is of the order of n², the second of n³."""
    X, y = rng.normal(size=(n, 2)), np.where(np.arange(n) % 2, 1.0, -1.0)
    gram = np.exp(-30 * np.sum((X[:, None] - X[:s]) ** 2, axis=2)) + 0.1 * np.eye(n, s)

    def signed_multipliers() -> tuple[Numbers, Counted]:
        """Of the points whose scores are their labels, with the sum zero."""
        L = cholesky(counted(gram[:s]))
        labels, ones = (backwards(L.T, forwards(L, counted(one))) for one in (y[:s], np.ones(s)))
        b = sum(labels, ZERO) / sum(ones, ZERO)
        return labels - ones * b, b

    (multipliers, b), solved = cost(signed_multipliers)
    scores, looked = cost(lambda: counted(gram) @ multipliers)

    assert looked == n * s
    assert solved == s * (s + 1) * (s + 2) // 6 + 4 * (s * (s + 1) // 2) + 1 + s
    assert_same(plain(scores)[:s] + b.value, y[:s])
    assert_same(plain(multipliers).sum(), 0.0)
    assert np.all(plain(multipliers) * y[:s] > 0), "so they are optimal"


@claim("attention", "the softmax takes on the order of $L^2$ operations")
@claim("attention", "The time is still of order $L^2 d$; extra memory is of order $L$")
@pytest.mark.parametrize(("L", "d"), [(8, 3), (16, 3), (8, 6)])
def test_attention_in_blocks(rng: np.random.Generator, L: int, d: int) -> None:
    """With two numbers, m and c, beside each row of the output."""
    block = 4
    Q, K, V = rng.normal(size=(3, L, d))
    scores = Q @ K.T
    top = counted(np.exp(scores - scores.max(axis=1, keepdims=True)))
    weights, divisions = cost(lambda: np.array([[e / sum(row, ZERO) for e in row] for row in top]))

    def in_blocks() -> tuple[Numbers, int]:
        q, k, v = counted(Q), counted(K), counted(V)
        m, c, u = np.full(L, -np.inf), counted(np.zeros(L)), counted(np.zeros((L, d)))
        for start in range(0, L, block):
            s = q @ k[start : start + block].T
            new = np.maximum(m, plain(s).max(axis=1))
            for i in range(L):
                shrink = Counted(math.exp(m[i] - new[i]))
                e = counted(np.exp(plain(s[i]) - new[i]))
                c[i] = c[i] * shrink + sum(e, ZERO)
                u[i] = shrink * u[i] + e @ v[start : start + block]
            m = new
        return np.array([[entry / c[i] for entry in u[i]] for i in range(L)]), m.size + c.size

    (output, extra), times = cost(in_blocks)

    assert divisions == top.size == L**2
    assert_same(plain(output), plain(weights) @ V)
    assert times == 2 * L**2 * d + L**2 // block * (d + 1) + L * d
    assert extra == 2 * L


@claim("rope", r"$x \odot c + Jx \odot s$, with $2d$ multiplications instead of $d^2$")
@pytest.mark.parametrize("d", [4, 8, 16])
def test_a_turned_vector(rng: np.random.Generator, d: int) -> None:
    x, angles = rng.normal(size=d), rng.normal(size=d // 2)
    c, s = (np.repeat(f(angles), 2) for f in (np.cos, np.sin))
    R = np.diag(c) + np.kron(np.eye(d // 2), [[0, -1], [1, 0]]) * s[:, None]
    quarter = np.stack([-x[1::2], x[::2]], axis=1).ravel()

    turned, times = cost(lambda: counted(x) * counted(c) + counted(quarter) * counted(s))

    assert_same(plain(turned), R @ x)
    assert times == 2 * d
    assert multiplications((d, d), (d, 1)) == d**2
    assert_same(R @ R.T, np.eye(d))


@claim("rope", "Turning a vector of $d$ numbers takes $2d$ multiplications, as many as two scores.")
@claim("rope", "for $L$ of both that makes $4Ld$, beside $L^2 d$ for the scores between")
@pytest.mark.parametrize(("L", "d"), [(5, 4), (10, 4), (5, 8)])
def test_turns_beside_scores(rng: np.random.Generator, L: int, d: int) -> None:
    Q, K = rng.normal(size=(2, L, d))
    angles = 10_000.0 ** (-np.arange(0, d, 2) / d)
    c, s = (f(np.outer(np.arange(L), angles)) for f in (np.cos, np.sin))

    def turned(rows: Array) -> Numbers:
        pairs, cosines, sines = (counted(each) for each in (rows, c, s))
        first, second = pairs[:, ::2], pairs[:, 1::2]
        turns = [first * cosines - second * sines, first * sines + second * cosines]
        return np.stack(turns, axis=2).reshape(L, d)

    (q, k), turning = cost(lambda: (turned(Q), turned(K)))
    scores, scoring = cost(lambda: q @ k.T)

    assert turning == 4 * L * d
    assert scoring == L**2 * d
    for m, n in np.ndindex(L, L):
        # By complex numbers: the score of turned pairs depends on the offset.
        offset = np.exp(1j * (n - m) * angles)
        pairs = (Q[m, ::2] - 1j * Q[m, 1::2]) * (K[n, ::2] + 1j * K[n, 1::2]) * offset
        assert_same(scores[m, n].value, pairs.sum().real)
