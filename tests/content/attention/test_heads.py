"""What the prose says of heads, of the order of tokens, and of masks."""

import numpy as np
import pytest

from tests.content.attention.world import (
    CAUSAL,
    HEADS,
    ID,
    LARGE_L,
    NARROW,
    D,
    Heads,
    L,
    World,
    draw,
    softmax,
)
from tests.content.numeric import Array, assert_differs, assert_same
from tests.content.registry import claim


@claim(ID, "which is linear in each of the two and has a matrix of rank at most $d/h$")
def test_a_head_compares_with_low_rank(heads: Heads) -> None:
    form = heads.WQ[0] @ heads.WK[0].T
    world = heads.projected(0)

    assert np.linalg.matrix_rank(form) == NARROW
    assert_same(heads.X @ form @ heads.X.T / np.sqrt(NARROW), world.scores)


@claim(ID, "Two matrices allow any bilinear form whose rank is at most the width of the head.")
@pytest.mark.parametrize("rank", range(NARROW + 1))
def test_two_matrices_give_any_form_of_low_rank(rank: int, rng: np.random.Generator) -> None:
    form = rng.normal(size=(D, rank)) @ rng.normal(size=(rank, D))
    left, sizes, right = np.linalg.svd(form)
    roots = np.sqrt(sizes[:NARROW])

    WQ, WK = left[:, :NARROW] * roots, right[:NARROW].T * roots

    assert WQ.shape == WK.shape == (D, NARROW)
    assert_same(WQ @ WK.T, form)


@claim(ID, r"the output becomes $\Pi A \Pi^\top \Pi V = \Pi A V$")
@claim(ID, "a causal mask, which treats earlier and later differently")
def test_permuted_tokens_give_permuted_outputs(world: World) -> None:
    P = np.eye(L)[np.roll(np.arange(L), 1)]
    permuted = World(P @ world.Q, P @ world.K, P @ world.V)

    assert_same(permuted.scores, P @ world.scores @ P.T)
    assert_same(permuted.weights, P @ world.weights @ P.T)
    assert_same(permuted.outputs, P @ world.outputs)
    causal = softmax(world.scores + CAUSAL) @ world.V
    assert_differs(softmax(permuted.scores + CAUSAL) @ permuted.V, P @ causal)


@claim(ID, r"$S$ and $A$ are $L \times L'$, the softmax still runs over the keys")
def test_cross_attention(world: World, rng: np.random.Generator) -> None:
    other = draw(rng, L + 2)
    cross = World(world.Q, other.K, other.V)

    assert cross.scores.shape == cross.weights.shape == (L, L + 2)
    assert_same(cross.weights.sum(axis=1), np.ones(L))
    assert cross.outputs.shape == (L, D)


@claim(
    ID,
    r"$S = X W^Q W^{Q\top} X^\top / \sqrt{d}$ is symmetric and positive semidefinite",
)
@claim(ID, r"$S_{ij} \le \max(S_{ii}, S_{jj})$")
def test_one_matrix_for_queries_and_keys(rng: np.random.Generator) -> None:
    X, W = rng.normal(size=(LARGE_L, D)), rng.normal(size=(D, NARROW))
    Q = X @ W
    S = World(Q, Q, Q).scores

    assert_same(S, X @ W @ W.T @ X.T / np.sqrt(NARROW))
    assert_same(S, S.T)
    assert np.linalg.eigvalsh(S)[0] > -1e-9
    own = np.diag(S)
    assert np.all(np.maximum(own[:, None], own[None, :]) + 1e-12 >= S)


@claim(ID, r"$\mathrm{MHA}(X) = \sum_{i=1}^{h} A_i X W_i^V W_i^O$")
@claim(ID, "which is a single wide head again")
def test_heads_with_one_pattern_are_one_wide_head(heads: Heads) -> None:
    blocks = heads.WO.reshape(HEADS, NARROW, D)
    own = [heads.projected(head).weights for head in range(HEADS)]
    values = heads.X @ np.hstack(list(heads.WV))

    def total(patterns: list[Array]) -> Array:
        """Over the heads, each with its pattern."""
        parts = zip(patterns, heads.WV, blocks, strict=True)
        return np.asarray(sum(A @ heads.X @ WV @ WO for A, WV, WO in parts))

    assert_same(total(own), heads.output())
    assert_same(total([own[0]] * HEADS), own[0] @ values @ heads.WO)


@claim(ID, "A row in which everything is masked has the sum 0 in its denominator and becomes NaN.")
@claim(ID, "the first row sees only a padding token")
def test_a_fully_masked_row_is_not_a_number(world: World) -> None:
    padding = np.array([True] + [False] * (L - 1))
    S = world.scores + CAUSAL + np.where(padding, -np.inf, 0.0)
    with np.errstate(invalid="ignore"):
        A = np.exp(S) / np.exp(S).sum(axis=1, keepdims=True)

    assert np.all(np.isnan(A[0]))
    assert np.all(A[1:, 0] == 0)
    assert_same(A[1:].sum(axis=1), np.ones(L - 1))
