"""What the prose says of the scale and of saturation."""

from math import comb

import numpy as np

from tests.content.attention.world import HARDER, ID, Draws, L, World, draw, softmax
from tests.content.numeric import Array, assert_same
from tests.content.registry import claim


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
@claim(ID, "softmax gives nearly all weight to one key and its gradient fades")
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


@claim(ID, r"so the score has mean $\sqrt{d}$ in spite of the scale")
def test_key_that_equals_its_query(random: Draws) -> None:
    width = random.q.shape[1]
    score = (random.q * random.q).sum(axis=1) / np.sqrt(width)

    assert_same(random.mean(score), float(np.sqrt(width)))


@claim(HARDER, "shifting all its scores changes nothing")
def test_softmax_is_blind_to_a_shift_of_a_row(world: World, rng: np.random.Generator) -> None:
    assert_same(softmax(world.scores + rng.normal(size=(L, 1))), world.weights)
