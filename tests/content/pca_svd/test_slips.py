"""The slips."""

import numpy as np
import pytest

from tests.content.numeric import assert_differs, assert_same
from tests.content.pca_svd.world import ID, D, K, N, World, decomposed, frobenius
from tests.content.registry import claim, slip


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
