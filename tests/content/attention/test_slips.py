"""The slips."""

import numpy as np
import pytest

from tests.content.attention.world import (
    CAUSAL,
    HEADS,
    ID,
    NARROW,
    D,
    Draws,
    Heads,
    L,
    World,
    draw,
    softmax,
)
from tests.content.numeric import assert_differs, assert_same
from tests.content.registry import claim, slip


@slip(ID, "divided-by-d", r"S = \frac{Q K^\top}{d}")
@claim(ID, "With $d$ the scores have variance $1/d$")
@claim(ID, "the weights are nearly equal for wide heads")
def test_divided_by_d(world: World, random: Draws, rng: np.random.Generator) -> None:
    assert_differs(world.scores, world.Q @ world.K.T / D)

    q, k, _ = random
    width = q.shape[1]
    assert_same(random.variance((q * k).sum(axis=1) / width), 1 / width)
    wide = draw(rng, 8, 10_000)
    assert np.max(np.abs(softmax(wide.Q @ wide.K.T / 10_000) - 1 / 8)) < 0.01


@slip(ID, "scale-missing", r"S = Q K^\top")
@claim(ID, "it gives one key about three thousand times the weight of the other")
def test_scale_missing(world: World) -> None:
    assert_differs(world.scores, world.Q @ world.K.T)

    weights = softmax(np.array([[8.0, 0.0]]))[0]
    assert 2900 < weights[0] / weights[1] < 3100


@slip(ID, "features-compared", r"S = \frac{Q^\top K}{\sqrt{d}}")
def test_features_compared(world: World, rng: np.random.Generator) -> None:
    assert (world.Q.T @ world.K).shape == (D, D) != world.scores.shape

    square = draw(rng, D, D)
    assert_differs(square.scores, square.Q.T @ square.K / np.sqrt(D))


@slip(
    ID,
    "softmax-over-queries",
    r"A_{ij} = \frac{\exp(S_{ij})}{\sum_{l=1}^{L} \exp(S_{lj})}",
)
@claim(ID, "could add up to anything between 0 and $L$")
def test_softmax_over_queries(world: World) -> None:
    by_columns = np.exp(world.scores) / np.exp(world.scores).sum(axis=0)

    assert_differs(world.weights, by_columns)
    assert_same(by_columns.sum(axis=0), np.ones(L))
    loud = world.scores + np.array([[30.0], *[[0.0]] * (L - 1)])
    totals = (np.exp(loud) / np.exp(loud).sum(axis=0)).sum(axis=1)
    assert totals[0] > L - 1e-6
    assert np.all(totals[1:] < 1e-6)


@slip(ID, "weights-transposed", r"O = A^\top V")
@claim(
    ID, "row $i$ of $A^\\top$ holds what all queries pay to token $i$, and it need not add up to 1"
)
def test_weights_transposed(world: World) -> None:
    wrong = world.weights.T @ world.V

    assert wrong.shape == world.outputs.shape
    assert_differs(world.outputs, wrong)
    assert_differs(world.weights.T.sum(axis=1), np.ones(L))


@slip(ID, "deviation-for-variance", r"\mathrm{Var}(q^\top k) = \sqrt{d}")
@claim(ID, "Check at $d = 4$: four terms of variance 1 make 4.")
def test_deviation_for_variance(random: Draws) -> None:
    q, k, _ = random

    assert q.shape[1] == 4
    assert_differs(random.variance((q * k).sum(axis=1)), np.sqrt(q.shape[1]))
    assert_same(random.variance((q * k).sum(axis=1)), 4.0)


@slip(
    ID,
    "scale-not-squared",
    r"\mathrm{Var}\left(\frac{q^\top k}{\sqrt{d}}\right) = \sqrt{d}",
)
@claim(ID, r"$\mathrm{Var}(ct) = c^2\,\mathrm{Var}(t)$")
@claim(ID, r"Here $c^2 = 1/d$, which meets the variance $d$ exactly.")
def test_scale_not_squared(random: Draws) -> None:
    q, k, _ = random
    width = q.shape[1]
    inner = (q * k).sum(axis=1)

    assert_differs(random.variance(inner / np.sqrt(width)), np.sqrt(width))
    for c in (-3.0, 0.2):
        assert_same(random.variance(c * inner), c**2 * random.variance(inner))
    assert_same(random.variance(inner), float(width))
    assert_same(random.variance(inner / np.sqrt(width)), 1 / width * random.variance(inner))


@slip(
    ID,
    "model-width",
    r"\mathrm{head}_h = \mathrm{softmax}\left(\frac{Q_h K_h^\top}{\sqrt{d}}\right) V_h",
)
@claim(ID, r"makes the scores too small by the factor $\sqrt{h}$, and the heads attend too evenly")
def test_model_width(heads: Heads) -> None:
    world = heads.projected(0)
    small = world.Q @ world.K.T / np.sqrt(D)

    assert_differs(world.outputs, softmax(small) @ world.V)
    assert_same(small * np.sqrt(HEADS), world.scores)
    assert np.all(softmax(small).max(axis=1) < world.weights.max(axis=1))
    assert np.all(softmax(small).min(axis=1) > world.weights.min(axis=1))


@slip(
    ID,
    "heads-added",
    r"\mathrm{MHA}(X) = \left(\sum_{i=1}^{h} \mathrm{head}_i\right) W^O",
)
def test_heads_added(heads: Heads) -> None:
    total = np.sum([heads.projected(head).outputs for head in range(HEADS)], axis=0)

    assert total.shape == (L, NARROW)
    with pytest.raises(ValueError, match="matmul"):
        total @ heads.WO


@slip(ID, "mask-after-softmax", r"A_{ij} = \mathrm{softmax}(S)_{ij}\, \mathbb{1}[j \le i]")
@claim(ID, r"Then it equals $-\infty$ before the softmax")
@claim(ID, "leaves all rows but the last with less than 1 in total")
@claim(ID, "that depends on the scores of tokens that should be invisible")
@claim(ID, "token 1 sees only itself, so its weight on itself must be 1")
def test_mask_after_softmax(world: World) -> None:
    true = softmax(world.scores + CAUSAL)
    zeroed = softmax(world.scores) * np.tri(L)

    assert_differs(true, zeroed)
    assert zeroed[0, 0] < true[0, 0] == 1
    totals = zeroed.sum(axis=1)
    assert np.all(totals[:-1] < 1 - 1e-6)
    assert_same(totals[-1], 1.0)
    future = world.scores + np.triu(np.ones((L, L)), 1)
    assert np.all((softmax(future) * np.tri(L)).sum(axis=1)[:-1] < totals[:-1])
    assert_same(softmax(future + CAUSAL), true)
    assert_same(zeroed / zeroed.sum(axis=1, keepdims=True), true)


@claim(ID, "as long as floating point leaves anything of that sum")
def test_a_hidden_score_may_leave_nothing_to_rescue() -> None:
    zeroed = softmax(np.array([[0.0, 800.0]])) * np.array([[1.0, 0.0]])

    assert zeroed.sum() == 0
    assert_same(softmax(np.array([[0.0, -np.inf]])), np.array([[1.0, 0.0]]))


@slip(ID, "mask-reversed", r"M_{ij} = \begin{cases} 0 & j \ge i \\ -\infty & j < i \end{cases}")
def test_mask_reversed(world: World) -> None:
    reversed_mask = np.where(np.tri(L).T == 1, 0.0, -np.inf)

    assert_differs(softmax(world.scores + CAUSAL), softmax(world.scores + reversed_mask))
    assert_same((softmax(world.scores + reversed_mask) @ world.V)[-1], world.V[-1])
