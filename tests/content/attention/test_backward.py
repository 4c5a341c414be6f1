"""The harder variant: backwards through one head."""

from typing import NamedTuple

import numpy as np
import pytest

from tests.content.attention.world import HARDER, D, L, World, draw, softmax
from tests.content.numeric import Array, assert_differs, assert_same, gradient
from tests.content.registry import claim, slip, step


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
@claim(HARDER, r"Without it the gradients are too large by the factor $\sqrt{d}$.")
def test_scale_lost(backward: Backward) -> None:
    wrong = backward.by_scores @ backward.world.K

    assert_differs(backward.of("Q"), wrong)
    assert_same(wrong / backward.of("Q"), np.full((L, D), np.sqrt(D)), 1e-4)
