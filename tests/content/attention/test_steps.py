"""The key steps."""

import numpy as np

from tests.content.attention.world import CAUSAL, HEADS, ID, D, Draws, Heads, L, World, softmax
from tests.content.numeric import Array, assert_differs, assert_same
from tests.content.registry import claim, step


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
