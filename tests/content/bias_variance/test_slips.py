"""The slips."""

import numpy as np

from tests.content.bias_variance.world import ID, NOISES, SETS, World, perfect
from tests.content.numeric import Value, assert_differs, assert_same, number
from tests.content.registry import claim, slip


@slip(
    ID,
    "two-lost",
    r"(y - \hat{f}_D)^2 = (y - \bar{f})^2 + (y - \bar{f})(\bar{f} - \hat{f}_D)"
    r" + (\bar{f} - \hat{f}_D)^2",
)
@claim(ID, "and the right side is 3")
def test_two_lost(world: World) -> None:
    def wrong(y: Value, mean: float, prediction: Value) -> Value:
        return (y - mean) ** 2 + (y - mean) * (mean - prediction) + (mean - prediction) ** 2

    assert_differs((world.y - world.prediction) ** 2, wrong(world.y, world.mean, world.prediction))
    assert ((1 - -1) ** 2, wrong(1.0, 0.0, -1.0)) == (4, 3)


@slip(
    ID,
    "cross-sign",
    r"(y - \hat{f}_D)^2 = (y - \bar{f})^2 - 2(y - \bar{f})(\bar{f} - \hat{f}_D)"
    r" + (\bar{f} - \hat{f}_D)^2",
)
@claim(ID, "although the prediction misses by 2")
def test_cross_sign(world: World) -> None:
    def wrong(y: Value, mean: float, prediction: Value) -> Value:
        return (y - mean) ** 2 - 2 * (y - mean) * (mean - prediction) + (mean - prediction) ** 2

    assert_differs((world.y - world.prediction) ** 2, wrong(world.y, world.mean, world.prediction))
    assert wrong(1.0, 0.0, -1.0) == 0


@slip(
    ID,
    "mean-of-constant",
    r"\mathbb{E}_D[(y - \bar{f})(\bar{f} - \hat{f}_D)] = (y - \bar{f})\,\bar{f}",
)
@claim(ID, "Check with a procedure that ignores its data")
def test_mean_of_constant(world: World) -> None:
    y, mean = world.y, world.mean
    fixed = world._replace(prediction=np.full((SETS, 1), mean))

    assert_same(fixed.over_sets((y - mean) * (mean - fixed.prediction)), np.zeros((1, NOISES)))
    assert_differs((y - mean) * mean, np.zeros((1, NOISES)))

    assert_differs(world.over_sets((y - mean) * (mean - world.prediction)), (y - mean) * mean)


@slip(
    ID,
    "cross-term-left",
    r"\mathbb{E}_D[(y - \hat{f}_D)^2] = (y - \bar{f})^2 + 2(y - \bar{f})(\bar{f} - \hat{f}_D)"
    r" + \mathbb{E}_D[(\bar{f} - \hat{f}_D)^2]",
)
@claim(ID, "and the middle of the right side still does")
def test_cross_term_left(world: World) -> None:
    y, mean, prediction = world.y, world.mean, world.prediction
    wrong = (y - mean) ** 2 + 2 * (y - mean) * (mean - prediction) + world.variance

    assert_differs(np.broadcast_to(world.over_sets((y - prediction) ** 2), wrong.shape), wrong)
    assert np.ptp(wrong, axis=0).min() > 1e-3, "it still depends on the training set"


@slip(
    ID,
    "variance-minus",
    r"\mathbb{E}_D[(y - \hat{f}_D)^2] = (y - \bar{f})^2 - \mathbb{E}_D[(\bar{f} - \hat{f}_D)^2]",
)
@claim(ID, "With the minus, a model that scatters more would have the smaller error.")
@claim(ID, r"For $y = \bar{f}$ the mean of a square would even be negative.")
def test_variance_minus(world: World) -> None:
    y, mean = world.y, world.mean

    assert_differs(world.over_sets((y - world.prediction) ** 2), (y - mean) ** 2 - world.variance)
    wilder = world._replace(prediction=mean + 2 * (world.prediction - mean))
    assert np.all((y - wilder.mean) ** 2 - wilder.variance < (y - mean) ** 2 - world.variance)
    assert np.all(
        wilder.over_sets((y - wilder.prediction) ** 2)
        > world.over_sets((y - world.prediction) ** 2)
    )
    assert 0**2 - world.variance < 0 < number(world.over_sets((mean - world.prediction) ** 2))


@slip(
    ID,
    "square-of-mean",
    r"\mathbb{E}_D[(y - \hat{f}_D)^2] = (y - \mathbb{E}_D[\hat{f}_D])^2",
)
@claim(ID, "The mean of a square exceeds the square of the mean by")
@claim(ID, "although predictions that scatter around $y$ do miss it")
def test_square_of_mean(world: World) -> None:
    mean_of_square = world.over_sets((world.y - world.prediction) ** 2)
    square_of_mean = (world.y - world.mean) ** 2

    assert_differs(mean_of_square, square_of_mean)
    assert_same(mean_of_square - square_of_mean, np.full((1, NOISES), world.variance))
    at_the_mean = number(world.over_sets((world.mean - world.prediction) ** 2))
    assert_same(at_the_mean, world.variance)
    assert at_the_mean > 1e-3


@slip(
    ID,
    "bias-not-squared",
    r"\mathbb{E}_{D,\epsilon}[(y - \hat{f}_D)^2] = \mathrm{Bias} + \mathrm{Var} + \sigma^2",
)
@claim(ID, "The bias has the unit of the target and can be negative")
@claim(ID, "a squared error cannot have $\\sigma$ as one of its parts")
def test_bias_not_squared(world: World) -> None:
    """In another unit every number of the target is ten times as large."""
    other = world._replace(f=10 * world.f, noise=10 * world.noise, prediction=10 * world.prediction)

    assert_differs(world.error, world.bias + world.variance + world.noise_variance)
    assert_same(other.bias, 10 * world.bias)
    assert_same(np.sqrt(other.noise_variance), 10 * np.sqrt(world.noise_variance))
    assert_same(other.error, 100 * world.error)
    assert_same(other.variance, 100 * world.variance)
    assert_same(other.noise_variance, 100 * world.noise_variance)
    assert world._replace(f=world.mean + 1).bias < 0


@slip(
    ID,
    "noise-dropped",
    r"\mathbb{E}_{D,\epsilon}[(y - \hat{f}_D)^2] ="
    r" (\bar{f} - f^*)^2 + \mathbb{E}_D[(\hat{f}_D - \bar{f})^2]",
)
@claim(ID, "This is the error against $f^*$.")
@claim(ID, r"but against the noisy $y$ even this model pays $\mathbb{E}[\epsilon^2] = \sigma^2$.")
def test_noise_dropped(world: World) -> None:
    against_truth = number(world.over_sets((world.f - world.prediction) ** 2))

    assert_same(against_truth, world.bias**2 + world.variance)
    assert_differs(world.error, world.bias**2 + world.variance)
    assert_same(perfect(world).error, world.noise_variance)


@slip(
    ID,
    "sigma-not-squared",
    r"\mathbb{E}_{D,\epsilon}[(y - \hat{f}_D)^2] = \mathrm{Bias}^2 + \mathrm{Var} + \sigma",
)
def test_sigma_not_squared(world: World) -> None:
    wrong = world.bias**2 + world.variance + float(np.sqrt(world.noise_variance))

    assert_differs(world.error, wrong)
