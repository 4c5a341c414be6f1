"""What the prose says of multiplications and memory."""

from itertools import combinations

import numpy as np

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
from tests.content.counting import multiplications
from tests.content.numeric import assert_differs, assert_same
from tests.content.registry import claim


@claim(ID, "The products $QK^\\top$ and $AV$ take $L^2 d$ multiplications each")
@claim(ID, "The projections take $L d^2$ each.")
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
@claim(ID, "The memory is $2 t d$ numbers a layer.")
@claim(ID, "Computing all rows anew would take on the order of $t^2 d$.")
def test_cost_of_one_more_token(world: World) -> None:
    t = L
    assert multiplications((1, D), (D, t)) == multiplications((1, t), (t, D)) == t * D
    assert multiplications((t, D), (D, t)) == t**2 * D

    # What is kept is enough for the new row.
    assert world.K.size + world.V.size == 2 * t * D
    last = World(world.Q[-1:], world.K, world.V).outputs
    assert_same(last, (softmax(world.scores + CAUSAL) @ world.V)[-1:])


@claim(ID, "so the matrix products cost the same as for one head of width $d$")
@claim(ID, r"each kind of projection has $h \cdot d \cdot d/h = d^2$ entries")
@claim(ID, "Only the softmax runs on $h$ times as many entries.")
@claim(ID, "every head has its own $L \\times L$ weights")
@claim(ID, "together they are as large as those of one head of full width")
def test_cost_of_several_heads(heads: Heads) -> None:
    in_a_head = multiplications((L, NARROW), (NARROW, L))
    assert HEADS * in_a_head == multiplications((L, D), (D, L))
    assert multiplications((L, L), (L, NARROW)) == in_a_head
    tables = [heads.projected(head).weights for head in range(HEADS)]
    assert sum(table.size for table in tables) == HEADS * L**2
    for one, other in combinations(tables, 2):
        assert_differs(one, other)
    assert [sum(M.size for M in W) for W in (heads.WQ, heads.WK, heads.WV)] == [D**2] * 3


@claim(ID, "at $L = 10^5$ one table has $10^{10}$ entries")
def test_size_of_a_table() -> None:
    assert (10**5) ** 2 == 10**10


@claim(
    ID,
    r"the sum $c = \sum_j e^{S_{ij} - m}$ and the vector $u = \sum_j e^{S_{ij} - m} v_j$",
)
@claim(ID, "multiply $c$ and $u$ by $e^{m - m'}$")
@claim(ID, "exactly up to rounding")
@claim(ID, "computes the weights again from the stored $m$ and $c$")
@claim(ID, r"At the end the output is $u / c = \sum_j A_{ij} v_j$")
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
