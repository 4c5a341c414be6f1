"""What the prose says of what else knows a position: values, masks, vectors, biases, old keys."""

import numpy as np

from tests.content.numeric import Array, assert_differs, assert_same, column, number
from tests.content.registry import claim
from tests.content.rope.world import ID, World, turn


@claim(ID, "so it would depend on absolute positions")
def test_turned_values_would_show_the_position(world: World, rng: np.random.Generator) -> None:
    values, weights = rng.normal(size=(5, 2)), rng.dirichlet(np.ones(5))

    def output(start: int) -> Array:
        turned = [world.R(start + j) @ value for j, value in enumerate(values)]
        return np.average(turned, axis=0, weights=weights)

    assert_differs(output(0), output(1))


@claim(
    ID, "the first token sees one key and the hundredth sees a hundred, and the mean that they take"
)
def test_a_mean_under_a_causal_mask_shows_the_position() -> None:
    """The first value is 1 and the others are 0; all scores are equal."""
    values = np.eye(100)[0]

    for position in (1, 2, 100):
        assert_same(float(np.mean(values[:position])), 1 / position)


@claim(ID, r"$(q + a_m)^\top (k + b_n) = q^\top k + q^\top b_n + a_m^\top k + a_m^\top b_n$")
def test_added_positions_stay_absolute(world: World, rng: np.random.Generator) -> None:
    q, k = world.q, world.k
    a, b = rng.normal(size=(2, 3, 2, 1))
    table = [[number((q + a[m]).T @ (k + b[n])) for n in range(3)] for m in range(3)]

    terms = q.T @ k + q.T @ b[1] + a[0].T @ k + a[0].T @ b[1]
    assert_same(table[0][1], number(terms))
    assert_differs(table[0][1], table[1][2])


@claim(ID, r"$q^\top k + b_{n-m}$ depends on the positions only through the offset as well")
@claim(ID, "so all queries of a head have one preference among the offsets")
@claim(ID, "the content decides which offset scores highest")
@claim(ID, r"ALiBi takes $b_{n-m} = -a\,|n - m|$ with a fixed slope $a > 0$ for each head.")
@claim(ID, "with a steep slope a far token is hard to find")
def test_a_bias_prefers_the_same_offsets_for_every_content(rng: np.random.Generator) -> None:
    """All keys have the same content, so only the offset can make a difference."""
    k = column(rng, 2)
    queries = [turn(angle) @ k for angle in (0.0, 0.9, 1.8)]
    bias = {r: -0.1 * abs(r) for r in range(-8, 9)}

    def best(scores: dict[int, float]) -> int:
        return max(scores, key=lambda r: scores[r])

    assert {best({r: number(q.T @ k) + bias[r] for r in bias}) for q in queries} == {0}
    assert [best({r: number(q.T @ turn(0.3 * r) @ k) for r in bias}) for q in queries] == [0, 3, 6]

    def weight_of_a_far_match(slope: float) -> float:
        scores = np.array([5.0 if offset == -20 else 0.0 for offset in range(-20, 1)])
        weights = np.exp(scores - slope * np.abs(np.arange(-20, 1)))
        return float(weights[0] / weights.sum())

    assert weight_of_a_far_match(0.01) > 0.8
    assert weight_of_a_far_match(1.0) < 1e-6


@claim(ID, r"$R_{n+\Delta} = R_\Delta R_n$")
@claim(ID, r"Without it all their offsets would be wrong by $\Delta$.")
def test_renumbered_keys(world: World) -> None:
    q, k, m, n, _ = world
    R, shift = world.R, 4
    stored, query = R(n) @ k, R(m + shift) @ q

    assert_same(R(shift) @ stored, R(n + shift) @ k)
    assert_same(number(query.T @ R(shift) @ stored), world.score)
    assert_same(number(query.T @ stored), world._replace(n=n - shift).score)
