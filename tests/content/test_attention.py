"""The numbers behind `attention.toml`."""

from itertools import product
from math import comb
from typing import NamedTuple

import numpy as np
import pytest

from tests.content.numeric import Array, assert_differs, assert_same, gradient
from tests.content.registry import claim, slip, step

ID = "attention"
SHORTER = "attention-variance"
HARDER = "attention-backward"
L, D, HEADS = 5, 6, 3
NARROW = D // HEADS
LARGE_L = 40


def softmax(S: Array) -> Array:
    """Of each row."""
    e = np.exp(S - S.max(axis=1, keepdims=True))
    return np.asarray(e / e.sum(axis=1, keepdims=True))


class World(NamedTuple):
    Q: Array
    K: Array
    V: Array

    @property
    def scores(self) -> Array:
        """Entry by entry, so that no transpose is taken for granted."""
        tokens, width = self.Q.shape
        scores = [
            [sum(self.Q[i, a] * self.K[j, a] for a in range(width)) for j in range(len(self.K))]
            for i in range(tokens)
        ]
        return np.asarray(np.array(scores) / np.sqrt(width))

    @property
    def weights(self) -> Array:
        """Each query shares a weight of 1 out in proportion to the exponentials."""
        rows = [np.exp(row) / sum(np.exp(s) for s in row) for row in self.scores]
        return np.array(rows)

    @property
    def outputs(self) -> Array:
        """Each output is the mean of the values under its query's weights."""
        return np.array([np.average(self.V, axis=0, weights=row) for row in self.weights])


def draw(rng: np.random.Generator, tokens: int = L, width: int = D) -> World:
    Q, K, V = (rng.normal(size=(tokens, width)) for _ in range(3))
    return World(Q, K, V)


@pytest.fixture
def world(rng: np.random.Generator) -> World:
    return draw(rng)


CAUSAL = np.where(np.tri(L) == 1, 0.0, -np.inf)


class Heads(NamedTuple):
    """An input and the matrices of a layer with several heads, which are the first axis."""

    X: Array
    WQ: Array
    WK: Array
    WV: Array
    WO: Array

    def projected(self, head: int) -> World:
        """Token by token."""
        Q, K, V = (np.array([W[head].T @ x for x in self.X]) for W in (self.WQ, self.WK, self.WV))
        return World(Q, K, V)

    def output(self) -> Array:
        """Each token's pieces, one after the other, and then mixed."""
        pieces = [self.projected(head).outputs for head in range(HEADS)]
        rows = [np.concatenate([piece[i] for piece in pieces]) for i in range(len(self.X))]
        return np.array([self.WO.T @ row for row in rows])


@pytest.fixture
def heads(rng: np.random.Generator) -> Heads:
    WQ, WK, WV = rng.normal(size=(3, HEADS, D, NARROW))
    return Heads(rng.normal(size=(L, D)), WQ, WK, WV, rng.normal(size=(D, D)))


class Draws(NamedTuple):
    """All outcomes of a random query and a random key, with their chances.

    The entries are independent with two values each, of mean 0 and variance 1, so that an
    expectation is an exact sum."""

    q: Array
    k: Array
    chances: Array

    def mean(self, value: Array) -> float:
        return float(self.chances @ value)

    def variance(self, value: Array) -> float:
        return self.mean((value - self.mean(value)) ** 2)


@pytest.fixture
def random(rng: np.random.Generator) -> Draws:
    width = 4
    entries = []
    for chance in rng.uniform(0.2, 0.8, size=2 * width):
        odds = np.sqrt((1 - chance) / chance)
        entries.append([(odds, chance), (-1 / odds, 1 - chance)])
    outcomes = np.array(list(product(*entries)))
    values, chances = outcomes[:, :, 0], outcomes[:, :, 1]
    return Draws(values[:, :width], values[:, width:], chances.prod(axis=1))


# --- the key steps -------------------------------------------------------------------------------


@step(ID, "1", r"S = \frac{Q K^\top}{\sqrt{d}}")
def test_scores(world: World) -> None:
    assert_same(world.scores, world.Q @ world.K.T / np.sqrt(D))
    assert world.scores.shape == (L, L)


@step(ID, "2", r"A = \mathrm{softmax}(S)")
@claim(ID, "The columns add up to nothing in particular")
def test_weights(world: World) -> None:
    assert_same(world.weights, softmax(world.scores))
    assert_same(world.weights.sum(axis=1), np.ones(L))
    assert_differs(world.weights.sum(axis=0), np.ones(L))


@step(ID, "3", r"O = A V")
@claim(ID, "each of its entries lies between the smallest and the largest entry")
def test_output(world: World) -> None:
    assert_same(world.outputs, world.weights @ world.V)
    assert np.all(world.V.min(axis=0) <= world.outputs)
    assert np.all(world.V.max(axis=0) >= world.outputs)


@step(
    ID,
    "4",
    r"""
    \begin{aligned}
    \mathrm{Var}(q^\top k) &= \sum_{i=1}^{d} \mathrm{Var}(q_i k_i) \\
    &= d \\
    \mathrm{Var}\left(\frac{q^\top k}{\sqrt{d}}\right) &= 1
    \end{aligned}
    """,
)
@claim(ID, r"has variance $d$, so without the division the scores grow like $\sqrt{d}$")
def test_variance_of_a_score(random: Draws) -> None:
    q, k, _ = random
    width = q.shape[1]
    inner = (q * k).sum(axis=1)

    terms = sum(random.variance(q[:, i] * k[:, i]) for i in range(width))
    assert_same(random.variance(inner), terms)
    assert_same(random.variance(inner), float(width))
    assert_same(random.variance(inner / np.sqrt(width)), 1.0)


@step(
    ID,
    "5a",
    r"""
    \begin{aligned}
    Q_h &= X W_h^Q \\
    K_h &= X W_h^K \\
    V_h &= X W_h^V
    \end{aligned}
    """,
)
def test_projections(heads: Heads) -> None:
    for head in range(HEADS):
        Q, K, V = heads.projected(head)
        assert_same(Q, heads.X @ heads.WQ[head])
        assert_same(K, heads.X @ heads.WK[head])
        assert_same(V, heads.X @ heads.WV[head])


@step(
    ID,
    "5b",
    r"\mathrm{head}_h = \mathrm{softmax}\left(\frac{Q_h K_h^\top}{\sqrt{d/h}}\right) V_h",
)
def test_one_head(heads: Heads) -> None:
    for head in range(HEADS):
        Q, K, V = heads.projected(head)
        assert_same(heads.projected(head).outputs, softmax(Q @ K.T / np.sqrt(D / HEADS)) @ V)


@step(ID, "5c", r"\mathrm{MHA}(X) = [\mathrm{head}_1; \dots; \mathrm{head}_h]\, W^O")
def test_joining_the_heads(heads: Heads) -> None:
    side_by_side = np.hstack([heads.projected(head).outputs for head in range(HEADS)])

    assert side_by_side.shape == (L, D)
    assert_same(heads.output(), side_by_side @ heads.WO)


def without_the_future(world: World) -> Array:
    """The outputs if each token is given only the tokens up to itself, with no mask at all."""
    seen = [World(world.Q[[i]], world.K[: i + 1], world.V[: i + 1]) for i in range(L)]
    return np.vstack([one.outputs for one in seen])


@step(ID, "6a", r"M_{ij} = \begin{cases} 0 & j \le i \\ -\infty & j > i \end{cases}")
@claim(ID, r"Under the causal mask output $i$ is a function of the tokens $1$ to $i$ only.")
@claim(ID, "outputs of earlier tokens do not depend on later ones")
def test_causal_mask(world: World, rng: np.random.Generator) -> None:
    M = np.array([[0.0 if j <= i else -np.inf for j in range(L)] for i in range(L)])
    outputs = softmax(world.scores + M) @ world.V

    assert_same(outputs, without_the_future(world))
    last = world._replace(K=world.K.copy(), V=world.V.copy())
    last.K[-1], last.V[-1] = rng.normal(size=(2, D))
    assert_same((softmax(last.scores + M) @ last.V)[:-1], outputs[:-1])
    assert_differs(last.outputs[:-1], world.outputs[:-1])


@step(ID, "6b", r"A = \mathrm{softmax}(S + M)")
@claim(ID, "so each row still adds up to 1")
def test_weights_under_the_mask(world: World) -> None:
    A = softmax(world.scores + CAUSAL)

    assert_same(A @ world.V, without_the_future(world))
    assert_same(A.sum(axis=1), np.ones(L))
    assert_same(np.triu(A, 1), np.zeros((L, L)))


# --- the slips -----------------------------------------------------------------------------------


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
    ID, "row $i$ of $A^\\top$ holds what the others pay to token $i$, and it does not add up to 1"
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
@claim(ID, r"makes the scores too small by $\sqrt{h}$, and the heads attend too evenly")
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


# --- what the prose says -------------------------------------------------------------------------


@claim(ID, "the mean tends to the value at the largest score, where there is only one.")
@claim(ID, "If they shrink towards zero, it tends to the plain mean of all values.")
def test_soft_lookup_between_the_best_value_and_the_mean(world: World) -> None:
    best = world.V[world.scores.argmax(axis=1)]

    assert_same(softmax(1e5 * world.scores) @ world.V, best)
    assert_same(softmax(1e-9 * world.scores) @ world.V, np.tile(world.V.mean(axis=0), (L, 1)))


@claim(ID, "the difference has variance $2d$ before scaling and $2$ after it")
def test_difference_of_two_scores(random: Draws) -> None:
    """Given the query the two scores are independent with mean 0, so the variances add up."""
    q, k, _ = random
    width = q.shape[1]
    inner = (q * k).sum(axis=1)
    # The covariance of qᵀk and qᵀk′ is that of their means given q, and these are all zero.
    for query in np.unique(q, axis=0):
        given = np.all(q == query, axis=1)
        assert_same(float(random.chances[given] @ inner[given]), 0.0)

    assert_same(2 * random.variance(inner), 2.0 * width)
    assert_same(2 * random.variance(inner / np.sqrt(width)), 2.0)


@claim(ID, "Unscaled, a wide head gives nearly all its weight to one key")
@claim(ID, "softmax saturates and its gradient fades")
def test_an_unscaled_wide_head_saturates(rng: np.random.Generator) -> None:
    wide = draw(rng, 8, 100_000)
    raw = wide.Q @ wide.K.T

    assert np.median(softmax(raw).max(axis=1)) > 0.99
    assert np.median(softmax(raw / np.sqrt(100_000)).max(axis=1)) < 0.7

    def steepest(rows: Array) -> float:
        slopes = [np.abs(np.diag(row) - np.outer(row, row)).max() for row in rows]
        return float(np.median(slopes))

    assert steepest(softmax(raw)) < 0.01 < 0.1 < steepest(softmax(raw / np.sqrt(100_000)))


@claim(ID, "a sum of typical size 10 must be divided by 10")
@claim(ID, "At $d = 64$ a gap of 8 between two scores is nothing special")
@claim(ID, "Raw scores have a standard deviation of $8$")
def test_deviation_of_a_raw_score() -> None:
    """Of entries that are 1 or -1 with equal chance: their products are such signs again."""
    for width, deviation in ((100, 10.0), (64, 8.0)):
        ups = np.arange(width + 1)
        chances = np.array([comb(width, up) for up in ups], dtype=float) / 2.0**width
        inner = 2.0 * ups - width

        assert_same(float(chances @ inner), 0.0)
        assert_same(float(np.sqrt(chances @ inner**2)), deviation)
    # Two scores of one query with independent keys are independent of each other.
    gaps = np.abs(inner[:, None] - inner[None, :])
    assert np.sum(np.outer(chances, chances)[gaps >= 8]) > 0.4


@claim(
    ID,
    (
        r"The derivatives of a row of weights by its scores are $A_{ij}(\delta_{jk} - "
        r"A_{ik})$, where $\delta_{jk}$ is 1 for $j = k$ and 0 otherwise. If the row is "
        "nearly one-hot, with 1 at one key and 0 at the others, all of them are nearly zero"
    ),
)
def test_a_saturated_row_has_no_slope() -> None:
    a = softmax(np.array([[20.0, 0.0, 1.0]]))[0]

    assert np.max(np.abs(np.diag(a) - np.outer(a, a))) < 1e-7


class Counted:
    """A number that counts the multiplications in which it takes part."""

    times = 0

    def __mul__(self, other: "Counted") -> "Counted":
        Counted.times += 1
        return self

    def __add__(self, other: "Counted") -> "Counted":
        return self


def multiplications(left: tuple[int, int], right: tuple[int, int]) -> int:
    """In the product of two matrices of these shapes."""
    before = Counted.times
    _ = np.full(left, Counted(), dtype=object) @ np.full(right, Counted(), dtype=object)
    return Counted.times - before


@claim(ID, "The products $QK^\\top$ and $AV$ take $L^2 d$ multiplications each")
@claim(ID, "So the quadratic part costs more only once $L > 2d$.")
@claim(ID, "doubling the length makes four times as many meetings")
def test_where_the_quadratic_part_takes_over() -> None:
    def quadratic(tokens: int) -> int:
        scores = multiplications((tokens, D), (D, tokens))
        means = multiplications((tokens, tokens), (tokens, D))
        assert scores == means == tokens**2 * D
        return scores + means

    def projections(tokens: int) -> int:
        return 4 * multiplications((tokens, D), (D, D))

    assert projections(L) == 4 * L * D**2
    assert quadratic(2 * L) == 4 * quadratic(L)
    assert quadratic(2 * D) == projections(2 * D)
    assert quadratic(2 * D + 1) > projections(2 * D + 1)
    assert quadratic(2 * D - 1) < projections(2 * D - 1)


@claim(ID, "one row of scores, $t d$ multiplications at length $t$, and as many for the mean")
@claim(ID, "Computing all rows anew would take on the order of $t^2 d$.")
def test_cost_of_one_more_token(world: World) -> None:
    t = L
    assert multiplications((1, D), (D, t)) == multiplications((1, t), (t, D)) == t * D
    assert multiplications((t, D), (D, t)) == t**2 * D

    # What is kept is enough for the new row.
    last = World(world.Q[-1:], world.K, world.V).outputs
    assert_same(last, (softmax(world.scores + CAUSAL) @ world.V)[-1:])


@claim(ID, "which is linear in each of the two and has a matrix of rank at most $d/h$")
def test_a_head_compares_with_low_rank(heads: Heads) -> None:
    form = heads.WQ[0] @ heads.WK[0].T
    world = heads.projected(0)

    assert np.linalg.matrix_rank(form) == NARROW
    assert_same(heads.X @ form @ heads.X.T / np.sqrt(NARROW), world.scores)


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


@claim(ID, "so the matrix products cost the same as for one head of width $d$")
@claim(ID, r"each kind of projection has $h \cdot d \cdot d/h = d^2$ entries")
@claim(ID, "together they are as large as those of one head of full width")
def test_cost_of_several_heads(heads: Heads) -> None:
    in_a_head = multiplications((L, NARROW), (NARROW, L))
    assert HEADS * in_a_head == multiplications((L, D), (D, L))
    assert multiplications((L, L), (L, NARROW)) == in_a_head
    assert [sum(M.size for M in W) for W in (heads.WQ, heads.WK, heads.WV)] == [D**2] * 3


@claim(ID, r"so the score has mean $\sqrt{d}$ in spite of the scale")
def test_key_that_equals_its_query(random: Draws) -> None:
    width = random.q.shape[1]
    score = (random.q * random.q).sum(axis=1) / np.sqrt(width)

    assert_same(random.mean(score), float(np.sqrt(width)))


@claim(ID, "at $L = 10^5$ one table has $10^{10}$ entries")
def test_size_of_a_table() -> None:
    assert (10**5) ** 2 == 10**10


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


@claim(HARDER, "shifting all its scores changes nothing")
def test_softmax_is_blind_to_a_shift_of_a_row(world: World, rng: np.random.Generator) -> None:
    assert_same(softmax(world.scores + rng.normal(size=(L, 1))), world.weights)


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


@claim(
    ID,
    r"the sum $c = \sum_j e^{S_{ij} - m}$ and the vector $u = \sum_j e^{S_{ij} - m} v_j$",
)
@claim(ID, "multiply $c$ and $u$ by $e^{m - m'}$")
@claim(ID, "exactly up to rounding")
@claim(ID, "computes the weights again from the stored $m$ and $c$")
def test_one_pass_over_blocks_of_keys(rng: np.random.Generator) -> None:
    world = draw(rng, LARGE_L)
    S = 5 * world.scores
    for i, row in enumerate(softmax(S) @ world.V):
        m, c, u = -np.inf, 0.0, np.zeros(D)
        for block in np.split(np.arange(LARGE_L), 8):
            larger = max(m, float(S[i, block].max()))
            c, u = c * np.exp(m - larger), u * np.exp(m - larger)
            m = larger
            c += np.exp(S[i, block] - m).sum()
            u += np.exp(S[i, block] - m) @ world.V[block]
            seen = range(block[-1] + 1)
            assert_same(c, sum(np.exp(S[i, j] - m) for j in seen))
            assert_same(u, np.sum([np.exp(S[i, j] - m) * world.V[j] for j in seen], axis=0))
        assert_same(u / c, row)
        assert_same(np.exp(S[i] - m) / c, softmax(S)[i])


@claim(
    ID, r"$\phi(q_i)^\top \sum_j \phi(k_j) v_j^\top$ divided by $\phi(q_i)^\top \sum_j \phi(k_j)$"
)
@claim(ID, "form a matrix of rank at most $r$")
@claim(ID, "Causally they are running sums")
@claim(ID, "a recurrent network with a state of $rd + r$ numbers")
@claim(ID, "the cost is of order $L r d$ instead of $L^2 d$")
def test_attention_without_a_softmax(rng: np.random.Generator) -> None:
    world, r = draw(rng, LARGE_L), 3
    features = rng.normal(size=(D, r))
    of_queries, of_keys = np.exp(world.Q @ features), np.exp(world.K @ features)
    weights = of_queries @ of_keys.T

    plain = weights @ world.V / weights.sum(axis=1, keepdims=True)
    bracketed = of_queries @ (of_keys.T @ world.V)
    assert_same(bracketed / (of_queries @ of_keys.sum(axis=0))[:, None], plain)
    assert np.linalg.matrix_rank(weights) == r

    causal = np.tri(LARGE_L) * weights
    state, total = np.zeros((r, D)), np.zeros(r)
    assert state.size + total.size == r * D + r
    bracketed_cost = multiplications((r, LARGE_L), (LARGE_L, D))
    assert multiplications((LARGE_L, r), (r, D)) == bracketed_cost == LARGE_L * r * D
    for i in range(LARGE_L):
        state += np.outer(of_keys[i], world.V[i])
        total += of_keys[i]
        output = of_queries[i] @ state / (of_queries[i] @ total)
        assert_same(output, causal[i] @ world.V / causal[i].sum())


# --- the shorter variant -------------------------------------------------------------------------


@step(
    SHORTER,
    "1",
    r"\mathbb{E}[q^\top k] = \sum_{i=1}^{d} \mathbb{E}[q_i]\, \mathbb{E}[k_i] = 0",
)
@claim(SHORTER, "One of the two means being zero would be enough.")
def test_mean_of_the_inner_product(random: Draws) -> None:
    q, k, _ = random
    by_terms = sum(random.mean(q[:, i]) * random.mean(k[:, i]) for i in range(q.shape[1]))

    assert_same(random.mean((q * k).sum(axis=1)), by_terms)
    assert_same(random.mean((q * k).sum(axis=1)), 0.0)
    assert_same(random.mean((q * (k + 2)).sum(axis=1)), 0.0)
    assert_differs(random.mean(((q + 1) * (k + 2)).sum(axis=1)), 0.0)


@step(SHORTER, "2", r"\mathrm{Var}(q_i k_i) = \mathbb{E}[q_i^2]\, \mathbb{E}[k_i^2] = 1")
@claim(SHORTER, "whatever the shape of the distribution")
def test_variance_of_one_product(random: Draws) -> None:
    q, k, _ = random

    for i in range(q.shape[1]):
        variance = random.variance(q[:, i] * k[:, i])
        assert_same(variance, random.mean(q[:, i] ** 2) * random.mean(k[:, i] ** 2))
        assert_same(variance, 1.0)


@step(SHORTER, "3", r"\mathrm{Cov}(q_i k_i, q_j k_j) = 0 \quad (i \ne j)")
def test_two_products_are_uncorrelated(random: Draws) -> None:
    products = random.q * random.k
    means = random.chances @ products
    covariance = (products - means).T @ ((products - means) * random.chances[:, None])

    assert_same(covariance, np.eye(products.shape[1]))


@slip(SHORTER, "mean-is-d", r"\mathbb{E}[q^\top k] = d")
@claim(SHORTER, "That is the mean of $q^\\top q$, where every entry meets itself.")
def test_mean_is_d(random: Draws) -> None:
    q, k, _ = random

    assert_differs(random.mean((q * k).sum(axis=1)), float(q.shape[1]))
    assert_same(random.mean((q * q).sum(axis=1)), float(q.shape[1]))


@slip(
    SHORTER,
    "variances-added",
    r"\mathrm{Var}(q_i k_i) = \mathrm{Var}(q_i) + \mathrm{Var}(k_i)",
)
@claim(SHORTER, "the product is again $1$ or $-1$, so its variance is 1 and not 2")
def test_variances_added(random: Draws) -> None:
    q, k, _ = random
    added = random.variance(q[:, 0]) + random.variance(k[:, 0])

    assert_differs(random.variance(q[:, 0] * k[:, 0]), added)
    signs = np.array([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]])
    assert_same(float(np.var(signs.prod(axis=1))), 1.0)
    assert_same(float(np.var(signs[:, 0]) + np.var(signs[:, 1])), 2.0)


# --- the harder variant --------------------------------------------------------------------------


class Backward(NamedTuple):
    world: World
    G: Array

    def of_weights(self, A: Array) -> float:
        return float(np.sum(self.G * (A @ self.world.V)))

    def of_scores(self, S: Array) -> float:
        return self.of_weights(softmax(S))

    def of(self, name: str) -> Array:
        """Gradient with respect to Q, K or V, by central differences."""
        return gradient(
            lambda value: float(np.sum(self.G * self.world._replace(**{name: value}).outputs)),
            getattr(self.world, name),
        )

    @property
    def by_weights(self) -> Array:
        return gradient(self.of_weights, self.world.weights)

    @property
    def by_scores(self) -> Array:
        return gradient(self.of_scores, self.world.scores)


@pytest.fixture
def backward(world: World, rng: np.random.Generator) -> Backward:
    return Backward(world, rng.normal(size=(L, D)))


@step(HARDER, "1", r"\nabla_V \mathcal{L} = A^\top G")
def test_gradient_of_the_values(backward: Backward) -> None:
    assert_same(backward.of("V"), backward.world.weights.T @ backward.G)


@step(HARDER, "2", r"\nabla_A \mathcal{L} = G V^\top")
def test_gradient_of_the_weights(backward: Backward) -> None:
    assert_same(backward.by_weights, backward.G @ backward.world.V.T)


@step(
    HARDER,
    "3",
    r"\frac{\partial A_{ij}}{\partial S_{il}} = A_{ij} (\delta_{jl} - A_{il})",
)
@claim(HARDER, "Entries of different rows do not touch each other")
def test_softmax_of_a_row(world: World) -> None:
    for i, j in np.ndindex(L, L):
        slopes = gradient(lambda S, i=i, j=j: float(softmax(S)[i, j]), world.scores)  # type: ignore[misc]
        expected = np.zeros((L, L))
        expected[i] = world.weights[i, j] * (np.eye(L)[j] - world.weights[i])
        assert_same(slopes, expected)


@step(
    HARDER,
    "4",
    r"""
    \frac{\partial \mathcal{L}}{\partial S_{ij}} = A_{ij} \left(
    \frac{\partial \mathcal{L}}{\partial A_{ij}}
    - \sum_{l=1}^{n} A_{il} \frac{\partial \mathcal{L}}{\partial A_{il}}
    \right)
    """,
)
@claim(HARDER, "The derivatives of a row add up to zero")
def test_gradient_of_the_scores(backward: Backward) -> None:
    A, by_weights = backward.world.weights, backward.by_weights
    mean = (A * by_weights).sum(axis=1, keepdims=True)

    assert_same(backward.by_scores, A * (by_weights - mean))
    assert_same(mean, (backward.G * backward.world.outputs).sum(axis=1, keepdims=True))
    assert_same(backward.by_scores.sum(axis=1), np.zeros(L))


@step(
    HARDER,
    "5",
    r"""
    \begin{aligned}
    \nabla_Q \mathcal{L} &= \frac{1}{\sqrt{d}} \nabla_S \mathcal{L}\, K \\
    \nabla_K \mathcal{L} &= \frac{1}{\sqrt{d}} (\nabla_S \mathcal{L})^\top Q
    \end{aligned}
    """,
)
def test_gradients_of_queries_and_keys(backward: Backward) -> None:
    Q, K, _ = backward.world

    assert_same(backward.of("Q"), backward.by_scores @ K / np.sqrt(D))
    assert_same(backward.of("K"), backward.by_scores.T @ Q / np.sqrt(D))


@slip(HARDER, "values-transpose-lost", r"\nabla_V \mathcal{L} = A G")
@claim(HARDER, "Check with all weight on value 2: only row 2 of the gradient may differ from zero.")
def test_values_transpose_lost(backward: Backward) -> None:
    assert_differs(backward.of("V"), backward.world.weights @ backward.G)

    on_the_second = np.tile(np.eye(L)[1], (L, 1))
    assert np.flatnonzero(np.any(on_the_second.T @ backward.G != 0, axis=1)).tolist() == [1]
    assert np.all(np.any(on_the_second @ backward.G != 0, axis=1))


@slip(HARDER, "features-for-tokens", r"\nabla_A \mathcal{L} = G^\top V")
def test_features_for_tokens(backward: Backward, rng: np.random.Generator) -> None:
    assert (backward.G.T @ backward.world.V).shape == (D, D) != backward.by_weights.shape

    square = Backward(draw(rng, D, D), rng.normal(size=(D, D)))
    assert_differs(square.by_weights, square.G.T @ square.world.V)


@slip(
    HARDER,
    "diagonal-only",
    r"""
    \frac{\partial \mathcal{L}}{\partial S_{ij}}
    = A_{ij} (1 - A_{ij}) \frac{\partial \mathcal{L}}{\partial A_{ij}}
    """,
)
@claim(HARDER, r"the entries of a row of $\nabla_S \mathcal{L}$ must add up to 0")
def test_diagonal_only(backward: Backward) -> None:
    A = backward.world.weights
    wrong = A * (1 - A) * backward.by_weights

    assert_differs(backward.by_scores, wrong)
    assert_differs(wrong.sum(axis=1), np.zeros(L))


@slip(
    HARDER,
    "mean-over-queries",
    r"""
    \frac{\partial \mathcal{L}}{\partial S_{ij}} = A_{ij} \left(
    \frac{\partial \mathcal{L}}{\partial A_{ij}}
    - \sum_{l=1}^{n} A_{lj} \frac{\partial \mathcal{L}}{\partial A_{lj}}
    \right)
    """,
)
@claim(HARDER, "it runs down a column, whose weights do not even add up to 1")
def test_mean_over_queries(backward: Backward) -> None:
    A, by_weights = backward.world.weights, backward.by_weights
    down_a_column = (A * by_weights).sum(axis=0, keepdims=True)

    assert_differs(backward.by_scores, A * (by_weights - down_a_column))
    assert_differs(A.sum(axis=0), np.ones(L))


@slip(
    HARDER,
    "keys-transpose-lost",
    r"\nabla_K \mathcal{L} = \frac{1}{\sqrt{d}} \nabla_S \mathcal{L}\, Q",
)
def test_keys_transpose_lost(backward: Backward) -> None:
    wrong = backward.by_scores @ backward.world.Q / np.sqrt(D)

    assert wrong.shape == backward.world.K.shape
    assert_differs(backward.of("K"), wrong)


@slip(HARDER, "scale-lost", r"\nabla_Q \mathcal{L} = \nabla_S \mathcal{L}\, K")
@claim(HARDER, r"Without it the gradients are too large by $\sqrt{d}$.")
def test_scale_lost(backward: Backward) -> None:
    wrong = backward.by_scores @ backward.world.K

    assert_differs(backward.of("Q"), wrong)
    assert_same(wrong / backward.of("Q"), np.full((L, D), np.sqrt(D)), 1e-4)
