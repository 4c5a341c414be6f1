"""What the prose says of convexity and curvature."""

import numpy as np

from tests.content.logistic_regression.world import ID, D, Data, World, sigma, slope
from tests.content.numeric import Array, assert_same, column, gradient, hessian, number
from tests.content.registry import claim


@claim(ID, "the logistic function never reaches 0 or 1")
@claim(ID, "It is never zero, so the cancellation holds for every score.")
@claim(ID, r"Its largest value is $\frac{1}{4}$.")
def test_slope_is_positive_and_at_most_a_quarter() -> None:
    p = np.array([sigma(z) for z in np.linspace(-30, 30, 6001)])

    assert np.all((p > 0) & (p < 1) & (p * (1 - p) > 0))
    assert_same(float(np.max(p * (1 - p))), 0.25)


@claim(ID, "the derivative of its negative by the score is mean minus observation")
def test_canonical_links() -> None:
    """Minus the log-likelihood by the score, without the terms that do not depend on the score."""
    score, count, value, variance = 0.7, 3.0, -1.2, 2.5

    poisson = slope(lambda t: np.exp(t) - count * t, score)
    gaussian = slope(lambda t: (value - t) ** 2 / (2 * variance), score)

    assert_same(poisson, float(np.exp(score)) - count)
    assert_same(gaussian * variance, score - value)


@claim(ID, "is the variance of the label under the model")
@claim(
    ID,
    (
        "So its mean over labels drawn from the model, the Fisher information, is the "
        "Hessian itself."
    ),
)
def test_curvature_is_a_variance(world: World) -> None:
    x, p = world.x, world.p
    likelihood = {0.0: 1 - p, 1.0: p}
    variance = sum(chance * (label - p) ** 2 for label, chance in likelihood.items())
    gradients = {label: gradient(world._replace(y=label).loss, world.w) for label in likelihood}
    expected = sum(
        chance * gradients[label] @ gradients[label].T for label, chance in likelihood.items()
    )

    assert_same(variance, p * (1 - p))
    assert_same(expected, hessian(world.loss, world.w), 1e-5)
    assert_same(expected, variance * x @ x.T)


@claim(ID, "A local minimum of a convex loss is global because the loss is never above its chords")
def test_loss_is_never_above_its_chords(data: Data, rng: np.random.Generator) -> None:
    for _ in range(20):
        start, end = 2 * column(rng, D), 2 * column(rng, D)
        for part in (0.1, 0.5, 0.9):
            chord = (1 - part) * data.loss(start) + part * data.loss(end)
            assert data.loss((1 - part) * start + part * end) <= chord + 1e-9


@claim(ID, "The Hessian does not contain the label")
def test_hessian_is_the_same_for_both_labels(world: World) -> None:
    other = world._replace(y=1 - world.y)

    assert_same(hessian(world.loss, world.w), hessian(other.loss, world.w), 1e-5)


@claim(ID, r"as a function of $w$ it is not convex")
def test_squared_error_is_not_convex() -> None:
    def squared_error(z: Array) -> float:
        return 0.5 * (sigma(float(z[0, 0])) - 1) ** 2

    assert number(hessian(squared_error, np.array([[-4.0]]))) < -1e-3
    assert number(hessian(squared_error, np.array([[1.0]]))) > 1e-3
