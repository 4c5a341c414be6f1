"""The key steps."""

import numpy as np

from tests.content.bias_variance.world import ID, NOISES, World
from tests.content.numeric import Array, assert_same, gradient, number
from tests.content.registry import step


@step(ID, "1", r"\bar{f}(x) = \mathbb{E}_D[\hat{f}_D(x)]")
def test_average_prediction_is_the_best_constant_for_the_predictions(world: World) -> None:
    """A definition, so what is checked is the property for which it is chosen."""

    def scatter(around: Array) -> float:
        return number(world.over_sets((world.prediction - around) ** 2))

    assert_same(gradient(scatter, np.array([[world.mean]])), np.zeros((1, 1)))
    assert_same(number(world.over_sets(world.prediction)), world.mean)


@step(
    ID,
    "2",
    r"""
    \begin{aligned}
    (y - \hat{f}_D)^2 &= (y - \bar{f})^2 \\
    &\quad + 2(y - \bar{f})(\bar{f} - \hat{f}_D) \\
    &\quad + (\bar{f} - \hat{f}_D)^2
    \end{aligned}
    """,
)
def test_the_square_has_three_terms(world: World) -> None:
    y, mean, prediction = world.y, world.mean, world.prediction

    assert_same(
        (y - prediction) ** 2,
        (y - mean) ** 2 + 2 * (y - mean) * (mean - prediction) + (mean - prediction) ** 2,
    )


@step(
    ID,
    "3",
    r"""
    \begin{aligned}
    \mathbb{E}_D[2(y - \bar{f})(\bar{f} - \hat{f}_D)]
    &= 2(y - \bar{f})\,\mathbb{E}_D[\bar{f} - \hat{f}_D] \\
    &= 0
    \end{aligned}
    """,
)
def test_the_cross_term_vanishes_for_every_noise(world: World) -> None:
    y, mean, prediction = world.y, world.mean, world.prediction
    cross = world.over_sets(2 * (y - mean) * (mean - prediction))

    assert_same(cross, 2 * (y - mean) * world.over_sets(mean - prediction))
    assert_same(cross, np.zeros((1, NOISES)))


@step(
    ID,
    "4",
    r"\mathbb{E}_D[(y - \hat{f}_D)^2] = (y - \bar{f})^2 + \mathbb{E}_D[(\bar{f} - \hat{f}_D)^2]",
)
def test_mean_over_training_sets(world: World) -> None:
    y, mean, prediction = world.y, world.mean, world.prediction

    assert_same(
        world.over_sets((y - prediction) ** 2),
        (y - mean) ** 2 + world.over_sets((mean - prediction) ** 2),
    )


@step(
    ID,
    "5",
    r"""
    \begin{aligned}
    \mathbb{E}_{D,\epsilon}[(y - \hat{f}_D)^2]
    &= (\bar{f} - f^*)^2 + \mathbb{E}_D[(\hat{f}_D - \bar{f})^2] + \sigma^2 \\
    &= \mathrm{Bias}^2 + \mathrm{Var} + \sigma^2
    \end{aligned}
    """,
)
def test_the_error_has_three_parts(world: World) -> None:
    assert_same(world.error, world.bias**2 + world.variance + world.noise_variance)
