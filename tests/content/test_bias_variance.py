"""The numbers behind `bias-variance.toml`.

At the fixed point there are a few training sets, in rows, and a few values of the noise, in
columns.
"""

from typing import NamedTuple

import numpy as np
import pytest

from tests.content.numeric import (
    Array,
    Value,
    assert_differs,
    assert_same,
    column,
    gradient,
    number,
)
from tests.content.registry import claim, slip, step

SETS, NOISES = 5, 3
ID, ENSEMBLE = "bias-variance", "bias-variance-ensemble"


class World(NamedTuple):
    f: float
    noise: Array
    chance_of_noise: Array
    prediction: Array
    chance_of_set: Array

    @property
    def y(self) -> Array:
        return self.f + self.noise

    @property
    def mean(self) -> float:
        return number(self.over_sets(self.prediction))

    @property
    def bias(self) -> float:
        return self.mean - self.f

    @property
    def variance(self) -> float:
        return number(self.over_sets((self.prediction - self.mean) ** 2))

    @property
    def noise_variance(self) -> float:
        return number(self.over_noise(self.noise**2))

    @property
    def error(self) -> float:
        return self.over_both((self.y - self.prediction) ** 2)

    def over_sets(self, values: Array) -> Array:
        return np.asarray((self.chance_of_set * values).sum(axis=0, keepdims=True))

    def over_noise(self, values: Array) -> Array:
        return np.asarray((self.chance_of_noise * values).sum(axis=1, keepdims=True))

    def over_both(self, values: Array) -> float:
        return number(self.over_noise(self.over_sets(values)))


@pytest.fixture
def world(rng: np.random.Generator) -> World:
    chance_of_noise = rng.dirichlet(np.full(NOISES, 3.0)).reshape(1, -1)
    noise = 2 * rng.normal(size=(1, NOISES))
    return World(
        f=float(rng.normal()) - 0.7,
        noise=noise - number((chance_of_noise * noise).sum(axis=1, keepdims=True)),
        chance_of_noise=chance_of_noise,
        prediction=rng.normal(size=(SETS, 1)) + 1.5,
        chance_of_set=rng.dirichlet(np.full(SETS, 3.0)).reshape(-1, 1),
    )


def perfect(world: World) -> World:
    """The same with a model that always predicts the true value."""
    return world._replace(prediction=np.full((SETS, 1), world.f))


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


@claim(ID, "a constant and a quantity of mean zero are perpendicular")
@claim(ID, "are three perpendicular sides")
def test_noise_deviation_and_bias_are_perpendicular(world: World) -> None:
    noise = np.broadcast_to(world.noise, (SETS, NOISES))
    deviation = np.broadcast_to(world.prediction - world.mean, (SETS, NOISES))
    bias = np.full((SETS, NOISES), world.bias)

    for one, other in ((noise, deviation), (noise, bias), (deviation, bias)):
        assert_same(world.over_both(one * other), 0.0)
    assert_same(world.y - world.prediction, noise - deviation - bias)


@claim(ID, "No procedure that sees")
@claim(ID, "Nothing that is independent of the noise")
def test_no_prediction_beats_the_noise(world: World, rng: np.random.Generator) -> None:
    for _ in range(20):
        other = world._replace(prediction=world.f + 0.3 * rng.normal(size=(SETS, 1)))
        assert other.error >= world.noise_variance
    assert_same(perfect(world).error, world.noise_variance)


@claim(ID, r"$\mathbb{E}[(y - c)^2] = (f^* - c)^2 + \sigma^2$")
def test_error_of_a_fixed_number(world: World) -> None:
    c = 0.4
    error = number(world.over_noise((world.y - c) ** 2))

    assert_same(error, (world.f - c) ** 2 + world.noise_variance)
    assert_same(number(world.over_noise(world.y)), world.f)
    for other in (world.f - 0.1, world.f + 0.1):
        assert number(world.over_noise((world.y - other) ** 2)) > world.noise_variance


@claim(ID, "Averaging independent fits lowers the variance and leaves the bias.")
def test_independent_fits_keep_the_bias_and_halve_the_variance(world: World) -> None:
    """Every pair of training sets, with the product of their chances."""
    chance = world.chance_of_set * world.chance_of_set.T
    average = (world.prediction + world.prediction.T) / 2
    mean = float((chance * average).sum())

    assert_same(mean, world.mean)
    assert_same(float((chance * (average - mean) ** 2).sum()), world.variance / 2)


@claim(ID, r"least at $a = \frac{(f^*)^2}{(f^*)^2 + v}$, which is below 1.")
@claim(ID, r"$(1 - a)^2 (f^*)^2 + a^2 v$")
@claim(ID, "So a little shrinkage always pays.")
def test_shrinking_an_unbiased_prediction(world: World) -> None:
    unbiased = world._replace(prediction=world.prediction - world.bias)
    f, v = unbiased.f, unbiased.variance

    def error(a: float) -> float:
        return number(world.over_sets((a * unbiased.prediction - f) ** 2))

    best = f**2 / (f**2 + v)
    assert_same(error(0.3), (1 - 0.3) ** 2 * f**2 + 0.3**2 * v)
    assert error(best) < min(error(best - 0.01), error(best + 0.01), error(1.0))
    assert error(1 - 1e-3) < error(1.0)


@claim(ID, "the term is $2$ for one and $-2$ for the other")
@claim(ID, "has mean zero over training sets but is in general not zero itself")
def test_cross_term_of_two_training_sets() -> None:
    y, predictions = 1.0, np.array([-1.0, 1.0])
    mean = float(predictions.mean())

    assert mean == 0
    assert list(2 * (y - mean) * (mean - predictions)) == [2, -2]


@claim(ID, "and it stays even if the training targets have none")
@claim(ID, "whatever is random in $D$, its inputs and its targets, moves")
def test_noise_of_training_and_noise_of_the_test_target(rng: np.random.Generator) -> None:
    """Lines that are fitted to x³ at eight inputs and predict at 0.5, with test noise of 0.6."""

    def predictions(noise: float, fixed_inputs: bool) -> Array:
        x = rng.uniform(-1, 1, size=(1 if fixed_inputs else 3000, 8)) * np.ones((3000, 1))
        y = x**3 + noise * rng.normal(size=x.shape)
        slopes = ((x - x.mean(1, keepdims=True)) * y).sum(1) / x.var(1) / 8
        return np.asarray(y.mean(1) + slopes * (0.5 - x.mean(1)))

    noiseless, random_inputs = predictions(0.0, True), predictions(0.0, False)
    assert noiseless.var() < 1e-12
    assert 1e-3 < random_inputs.var() < predictions(0.6, False).var()
    target = 0.5**3 + 0.6 * rng.normal(size=3000)
    bias = noiseless.mean() - 0.5**3
    assert abs(np.mean((target - noiseless) ** 2) - bias**2 - 0.6**2) < 0.05


@claim(ID, "as the nearest neighbours come closer, their bias falls too")
@claim(ID, "A larger $k$ always lowers the variance. The bias usually grows")
def test_bias_of_the_nearest_neighbours_of_a_parabola() -> None:
    def bias(n: int, k: int) -> float:
        x = np.linspace(-1, 1, n)
        return float(np.sort(x**2)[:k].mean())

    def variance(k: int) -> float:
        """From the covariance of the targets, with noise of variance 1."""
        weights = np.full(k, 1 / k)
        return float(weights @ np.eye(k) @ weights)

    assert bias(11, 5) > 10 * bias(101, 5) > 100 * bias(1001, 5)
    biases, variances = zip(*((bias(101, k), variance(k)) for k in (1, 5, 25, 101)), strict=True)
    assert np.all(np.diff(biases) > 0)
    assert np.all(np.diff(variances) < 0)


@claim(ID, "With high bias the training and the validation error soon come close together")
@claim(ID, "With high variance there is a wide gap, and it narrows with more data.")
def test_learning_curves(rng: np.random.Generator) -> None:
    """Polynomials that are fitted to a parabola with noise of variance 0.01."""

    def errors(degree: int, n: int) -> tuple[float, float]:
        training, validation = [], []
        for _ in range(60):
            x, new = rng.uniform(-1, 1, size=n), rng.uniform(-1, 1, size=200)
            y, target = (at**2 + 0.1 * rng.normal(size=at.shape) for at in (x, new))
            fit = np.polynomial.Polynomial.fit(x, y, degree, domain=[-1, 1])
            training.append(np.mean((y - fit(x)) ** 2))
            validation.append(np.mean((target - fit(new)) ** 2))
        return float(np.median(training)), float(np.median(validation))

    stiff, stiff_with_more = errors(1, 60), errors(1, 600)
    assert 0.05 < min(stiff) < max(stiff) < 1.4 * min(stiff)
    assert abs(stiff_with_more[1] / stiff[1] - 1) < 0.2

    flexible, flexible_with_more = errors(9, 15), errors(9, 600)
    assert flexible[1] > 4 * flexible[0]
    assert flexible_with_more[1] < 1.1 * flexible_with_more[0]


@claim(ID, "lowers the bias; with many rounds the variance grows")
def test_boosting_of_a_weak_smoother(rng: np.random.Generator) -> None:
    """After m rounds on what is still wrong, a smoother S has become I − (I − S)^m. Everything is
    linear in the noise, here of variance 1."""
    x = np.linspace(0, 1, 20)
    kernel = np.exp(-((x[:, None] - x) ** 2) / 0.02)
    left = np.eye(20) - kernel @ np.linalg.inv(kernel + 20 * np.eye(20))
    f = np.sin(6 * x) + 0.1 * rng.normal(size=20)
    biases, variances = [], []
    for rounds in (1, 5, 25, 125):
        still_wrong = np.linalg.matrix_power(left, rounds)
        biases.append(np.sum((still_wrong @ f) ** 2))
        variances.append(np.sum((np.eye(20) - still_wrong) ** 2))

    assert np.all(np.diff(biases) < 0)
    assert np.all(np.diff(variances) > 0)


@claim(ID, "Straight lines that are fitted to a parabola settle on the best line as the data grows")
@claim(ID, "the distance between line and parabola remains, except where the two cross")
def test_a_straight_line_keeps_its_bias(rng: np.random.Generator) -> None:
    """On [-1, 1] the best line for x² is the constant 1/3, so at 0 the bias tends to 1/3."""

    def predictions(n: int) -> Array:
        x = rng.uniform(-1, 1, size=(400, n))
        y = x**2 + 0.3 * rng.normal(size=x.shape)
        lines = [np.polynomial.polynomial.polyfit(*pair, 1) for pair in zip(x, y, strict=True)]
        return np.array(lines)

    few, many = predictions(10), predictions(1000)
    assert many[:, 0].var() < few[:, 0].var() / 30
    intercept, slope = many.mean(axis=0)
    assert abs(intercept - 1 / 3) < 0.01
    crossing = 1 / np.sqrt(3)
    assert abs(intercept + slope * crossing - crossing**2) < 0.01


@claim(ID, r"on fresh targets at the same inputs its expected error is $2\sigma^2$")
@claim(ID, "half of it from the new target and half, as variance, from the copied one")
def test_one_nearest_neighbour_on_its_own_inputs(world: World) -> None:
    """The prediction at a training input is the training target, with noise of its own."""
    copied = world._replace(
        prediction=world.y.T, chance_of_set=world.chance_of_noise.T.reshape(-1, 1)
    )

    assert_same(copied.bias, 0.0)
    assert_same(copied.variance, world.noise_variance)
    assert_same(copied.error, 2 * world.noise_variance)


@claim(ID, r"this prediction has a squared bias of $\frac{1}{4}$ and a variance of $\frac{1}{4}$")
@claim(ID, r"its error against $f^*$ is $\frac{1}{2}$ and no longer 1")
@claim(ID, "accepting it can save more variance than that")
def test_half_of_an_unbiased_prediction() -> None:
    predictions = np.array([0.0, 2.0])
    half = predictions / 2

    assert (predictions.mean(), predictions.var()) == (1, 1)
    assert ((predictions - 1) ** 2).mean() == 1
    assert ((half.mean() - 1) ** 2, half.var()) == (0.25, 0.25)
    assert ((half - 1) ** 2).mean() == 0.5


@claim(ID, r"$\frac{1}{k} \sum_{i=1}^{k} f^*(x_{(i)}) - f^*(x)$")
@claim(ID, r"and the variance is $\frac{\sigma^2}{k}$.")
def test_nearest_neighbours(rng: np.random.Generator) -> None:
    """Every combination of two values of the noise at each neighbour."""
    k, sigma, x = 3, 0.7, 0.2
    inputs = np.sort(rng.uniform(-1, 1, size=9))
    nearest = inputs[np.argsort(np.abs(inputs - x))[:k]]
    noise = sigma * (2.0 * ((np.arange(2**k)[:, None] >> np.arange(k)) & 1) - 1)

    predictions = (np.sin(3 * nearest) + noise).mean(axis=1)

    assert_same(predictions.mean() - np.sin(3 * x), np.sin(3 * nearest).mean() - np.sin(3 * x))
    assert_same(predictions.var(), sigma**2 / k)


@claim(ID, r"$\frac{\lambda^2 w^2 + v}{(1 + \lambda)^2}$, with the derivative")
@claim(ID, r"$\frac{2(\lambda w^2 - v)}{(1 + \lambda)^3}$ in $\lambda$")
@claim(ID, r"At $\lambda = 0$ the derivative is $-2v$")
@claim(ID, r"is $-\frac{\lambda}{1 + \lambda} w$ and its variance is $\frac{v}{(1 + \lambda)^2}$")
@claim(ID, r"it is negative below $\lambda = v / w^2$ and positive above, so that is the minimum")
@claim(ID, "For $w = 0$ it is negative throughout")
@claim(ID, "The first bit of shrinkage costs only the square of a small bias")
def test_ridge_for_one_weight(rng: np.random.Generator) -> None:
    w, v = float(rng.normal()), float(rng.uniform(0.5, 2))
    estimates = w + np.sqrt(v) * np.array([-1.0, 1.0])

    def error(penalty: Array) -> float:
        return float(np.mean((estimates / (1 + number(penalty)) - w) ** 2))

    for penalty in (0.0, 0.4, v / w**2):
        slope = 2 * (penalty * w**2 - v) / (1 + penalty) ** 3
        assert_same(error(np.array([[penalty]])), (penalty**2 * w**2 + v) / (1 + penalty) ** 2)
        assert_same(number(gradient(error, np.array([[penalty]]))), slope, 1e-6)
    assert_same(number(gradient(error, np.zeros((1, 1)))), -2 * v, 1e-6)

    shrunk = estimates / 1.4
    assert_same(float(shrunk.mean() - w), -0.4 / 1.4 * w)
    assert_same(float(shrunk.var()), v / 1.4**2)
    best = v / w**2
    below, above = (number(gradient(error, np.array([[factor * best]]))) for factor in (0.9, 1.1))
    assert below < 0 < above
    without_signal = [np.mean(((estimates - w) / (1 + penalty)) ** 2) for penalty in range(20)]
    assert np.all(np.diff(without_signal) < 0)
    tiny = estimates / (1 + 1e-4)
    assert (tiny.mean() - w) ** 2 < 1e-3 * (v - tiny.var())


@claim(
    ID,
    (
        "With fewer than $n - 1$ features the noise of the training targets causes the "
        r"variance $\sigma^2 d / (n - d - 1)$, which explodes near $d = n$."
    ),
)
@claim(
    ID,
    (
        r"With more than $n + 1$ it is $\sigma^2 n / (d - n - 1)$ and falls with every "
        "further feature"
    ),
)
def test_variance_from_noise_below_and_beyond_interpolation(rng: np.random.Generator) -> None:
    """The solution of smallest length is X⁺y. At a new input of covariance I its noise has the
    variance σ² ‖X⁺‖², here with σ = 1 and averaged over many X."""
    n = 10
    for d, expected in ((3, 3 / 6), (5, 5 / 4), (16, 10 / 5), (30, 10 / 19)):
        X = rng.normal(size=(2000, n, d))
        of_noise = np.sum(np.linalg.pinv(X) ** 2, axis=(1, 2))
        assert abs(of_noise.mean() / expected - 1) < 0.1

    X, y = rng.normal(size=(n, 30)), column(rng, n)
    shortest = np.linalg.pinv(X) @ y
    assert_same(X @ shortest, y)
    fewer = np.linalg.pinv(X[:, :16]) @ y
    assert np.linalg.norm(shortest) < np.linalg.norm(fewer), "a shorter vector fits the same noise"


@claim(ID, r"- 2\,\mathrm{Cov}(y_i, \hat{f}_D(x_i))$")
@claim(ID, r"$2\sigma^2 d / n$ an example")
@claim(
    ID,
    r"For a linear fit $\hat{y} = S y$ with a fixed $S$ and uncorrelated noise the covariances add"
    r" up to $\sigma^2 \mathrm{tr}(S)$.",
)
def test_training_error_of_a_linear_fit(rng: np.random.Generator) -> None:
    """Everything is linear in the noise, so expectations follow from its covariance."""
    n, d, sigma = 8, 3, 0.6
    X, f = rng.normal(size=(n, d)), column(rng, n)
    S = X @ np.linalg.inv(X.T @ X) @ X.T
    bias = S @ f - f
    variance = sigma**2 * np.diag(S @ S.T).reshape(-1, 1)
    covariance = sigma**2 * np.diag(S).reshape(-1, 1)

    residual = np.eye(n) - S
    training_error = (residual @ f) ** 2 + sigma**2 * np.diag(residual @ residual.T).reshape(-1, 1)

    assert_same(training_error, bias**2 + variance + sigma**2 - 2 * covariance)
    optimism = float(np.mean(bias**2 + variance + sigma**2 - training_error))
    assert_same(optimism, 2 * sigma**2 * d / n)

    # Equally likely, uncorrelated, all of variance σ²; and a map that is no projection.
    S = S + 0.1 * rng.normal(size=(n, n))
    y = f + sigma * np.sqrt(n) * np.hstack([np.eye(n), -np.eye(n)])
    together = np.mean((y - y.mean(axis=1, keepdims=True)) * (S @ y), axis=1)
    assert_same(float(np.sum(together)), sigma**2 * float(np.trace(S)))


@claim(ID, r"For $p > \frac{1}{2}$ the vote is right and scatter costs $1 - p$.")
@claim(ID, "the vote is wrong with loss 1, and scatter lowers the loss by $p$")
def test_scatter_and_the_loss_that_counts_mistakes() -> None:
    """Five training sets, equally likely; the label is 1."""
    for right in range(6):
        predictions = np.array([1] * right + [-1] * (5 - right))
        vote = np.sign(predictions.sum())
        effect = float(np.mean(predictions != 1) - (vote != 1))
        p = right / 5
        assert_same(effect, 1 - p if p > 0.5 else -p)


@claim(ID, "Beyond degree 4 there is hardly any bias left to lose")
@claim(ID, r"every further degree only adds variance; no degree gets below $\sigma^2$")
def test_parts_of_the_picture() -> None:
    """Without drawing any noise: a fit is linear in its targets."""
    x, inputs, noise = np.linspace(-1, 1, 12), np.linspace(-1, 1, 101), 0.45**2
    truth, there = np.sin(3.5 * x + 0.8), np.sin(3.5 * inputs + 0.8)
    hats = [np.vander(inputs, d + 1) @ np.linalg.pinv(np.vander(x, d + 1)) for d in range(10)]
    biases = np.array([np.mean((hat @ truth - there) ** 2) for hat in hats])
    variances = np.array([noise * np.mean(np.sum(hat**2, axis=1)) for hat in hats])
    totals = biases + variances + noise

    assert biases[4] < 0.01
    assert np.all(np.diff(variances) > 0)
    assert np.all(np.diff(totals[4:]) > 0)
    assert np.argmin(totals) == 4
    assert np.all(totals > noise)
    np.testing.assert_allclose(totals[[0, 4, 9]], [0.72, 0.28, 0.47], atol=0.01)


class Ensemble(NamedTuple):
    """Predictions whose covariance is as the variant says, over its outcomes in rows; `y` has the
    noise in columns."""

    world: World
    predictions: Array
    s: float
    rho: float

    @property
    def size(self) -> int:
        return int(self.predictions.shape[1])

    @property
    def average(self) -> Array:
        return np.asarray(self.predictions.mean(axis=1, keepdims=True))

    @property
    def covariance(self) -> Array:
        return np.cov(self.predictions.T, bias=True).reshape(self.size, self.size)

    @property
    def variance(self) -> float:
        return float(self.average.var())

    @property
    def mean(self) -> float:
        return float(self.predictions[:, 0].mean())

    @property
    def error(self) -> float:
        return float(self.world.over_noise((self.world.y - self.average) ** 2).mean())

    @property
    def expected_variance(self) -> float:
        return self.rho * self.s**2 + (1 - self.rho) / self.size * self.s**2


def ensemble(world: World, size: int, rho: float, s: float = 1.4) -> Ensemble:
    """Through the root of the covariance matrix, from the corners of a cube, which are
    uncorrelated."""
    corners = 2.0 * ((np.arange(2**size)[:, None] >> np.arange(size)) & 1) - 1
    covariance = s**2 * ((1 - rho) * np.eye(size) + rho * np.ones((size, size)))
    values, vectors = np.linalg.eigh(covariance)
    root = vectors @ np.diag(np.sqrt(np.maximum(values, 0))) @ vectors.T
    return Ensemble(world, 0.8 + corners @ root, s, rho)


@pytest.fixture
def models(world: World, rng: np.random.Generator) -> Ensemble:
    return ensemble(world, 4, float(rng.uniform(0.2, 0.8)))


def test_the_ensemble_is_as_the_givens_say(models: Ensemble) -> None:
    expected = models.rho * np.ones((4, 4)) + (1 - models.rho) * np.eye(4)

    assert_same(models.covariance, models.s**2 * expected)
    assert_same(models.predictions.mean(axis=0), np.full(4, 0.8))


@step(ENSEMBLE, "1", r"\mathbb{E}[\tilde{f}] = \frac{1}{B} \sum_b \mathbb{E}[\hat{f}_b] = \bar{f}")
def test_average_has_the_mean_of_one_model(models: Ensemble) -> None:
    assert_same(float(models.average.mean()), float(models.predictions.mean(axis=0).mean()))
    assert_same(float(models.average.mean()), models.mean)


@step(
    ENSEMBLE,
    "2",
    r"\mathrm{Var}(\tilde{f}) = \frac{1}{B^2} \sum_{b,c} \mathrm{Cov}(\hat{f}_b, \hat{f}_c)",
)
def test_variance_is_over_all_pairs(models: Ensemble) -> None:
    assert_same(models.variance, float(models.covariance.sum()) / models.size**2)


@step(
    ENSEMBLE,
    "3",
    r"""
    \begin{aligned}
    \mathrm{Var}(\tilde{f}) &= \frac{1}{B^2} \left( B s^2 + B(B - 1) \rho s^2 \right) \\
    &= \rho s^2 + \frac{1 - \rho}{B} s^2
    \end{aligned}
    """,
)
def test_two_kinds_of_pairs(models: Ensemble) -> None:
    B, s, rho = models.size, models.s, models.rho

    assert_same(models.variance, (B * s**2 + B * (B - 1) * rho * s**2) / B**2)
    assert_same(models.variance, models.expected_variance)
    assert_same(models.variance, s**2 / B + (1 - 1 / B) * rho * s**2)


@step(
    ENSEMBLE,
    "4",
    r"""
    \begin{aligned}
    \mathbb{E}[(y - \tilde{f})^2] &= (\bar{f} - f^*)^2 + \rho s^2 \\
    &\quad + \frac{1 - \rho}{B} s^2 + \sigma^2
    \end{aligned}
    """,
)
def test_error_of_the_average(models: Ensemble) -> None:
    bias = models.mean - models.world.f

    assert_same(models.error, bias**2 + models.expected_variance + models.world.noise_variance)


@step(ENSEMBLE, "5", r"\rho s^2 \le \mathrm{Var}(\tilde{f}) \le s^2")
@claim(ENSEMBLE, "The lower one is the limit for many models")
@claim(ID, "so the bias stays, and the variance falls as far as the trees differ")
def test_what_averaging_can_do(world: World) -> None:
    for size in (1, 2, 5, 8):
        for rho in (0.0, 0.4, 1.0):
            models = ensemble(world, size, rho)
            assert rho * models.s**2 - 1e-9 <= models.variance <= models.s**2 + 1e-9
    excess = [ensemble(world, size, 0.4).variance - 0.4 * 1.4**2 for size in (1, 2, 4, 8)]
    assert_same(excess[0] / np.array(excess), np.array([1.0, 2.0, 4.0, 8.0]))
    alike = [ensemble(world, 5, rho) for rho in (0.0, 0.3, 0.6, 0.9)]
    assert np.all(np.diff([models.variance for models in alike]) > 0)
    assert_same(np.array([models.average.mean() for models in alike]), np.full(4, 0.8))


@claim(ID, r"share cannot be below $-\frac{1}{B - 1}$")
def test_the_most_negative_correlation_leaves_no_variance(world: World) -> None:
    size = 5
    lowest = -1 / (size - 1)

    assert_same(ensemble(world, size, lowest).variance, 0.0)
    for rho, possible in ((lowest + 0.01, True), (lowest - 0.01, False)):
        correlations = (1 - rho) * np.eye(size) + rho * np.ones((size, size))
        assert (np.linalg.eigvalsh(correlations)[0] >= 0) == possible


@slip(
    ENSEMBLE,
    "pairs-divided-once",
    r"\mathrm{Var}(\tilde{f}) = \frac{1}{B} \sum_{b,c} \mathrm{Cov}(\hat{f}_b, \hat{f}_c)",
)
@claim(ENSEMBLE, "the average must have the variance $s^2$, not $B s^2$")
def test_pairs_divided_once(world: World, models: Ensemble) -> None:
    assert_differs(models.variance, float(models.covariance.sum()) / models.size)
    same = ensemble(world, 4, 1.0)
    assert_same(same.covariance, np.full((4, 4), same.s**2))
    assert_same(same.variance, same.s**2)
    assert_same(float(same.covariance.sum()) / 4, 4 * same.s**2)


@slip(ENSEMBLE, "as-if-independent", r"\mathrm{Var}(\tilde{f}) = \frac{s^2}{B}")
@claim(ENSEMBLE, r"That is right for $\rho = 0$ only.")
@claim(ENSEMBLE, "averaging changes nothing, and the variance has to stay at $s^2$")
def test_as_if_independent(world: World, models: Ensemble) -> None:
    assert_differs(models.variance, models.s**2 / models.size)
    independent = ensemble(world, 4, 0.0)
    assert_same(independent.variance, independent.s**2 / 4)
    same = ensemble(world, 4, 1.0)
    assert_same(same.average, same.predictions[:, :1])
    assert_same(same.variance, same.s**2)


@slip(
    ENSEMBLE,
    "pairs-overcounted",
    r"\mathrm{Var}(\tilde{f}) = \frac{1}{B^2} \left( B s^2 + B^2 \rho s^2 \right)",
)
@claim(ENSEMBLE, r"With $B = 1$ there are no other models, but this line gives $s^2 + \rho s^2$.")
def test_pairs_overcounted(world: World, models: Ensemble) -> None:
    def wrong(B: int, s: float, rho: float) -> float:
        return (B * s**2 + B**2 * rho * s**2) / B**2

    assert_differs(models.variance, wrong(models.size, models.s, models.rho))
    single = ensemble(world, 1, 0.3)
    assert_same(single.variance, single.s**2)
    assert_same(wrong(1, single.s, 0.3), single.s**2 + 0.3 * single.s**2)


@slip(
    ENSEMBLE,
    "correlation-for-covariance",
    r"\mathrm{Var}(\tilde{f}) = \frac{1}{B^2} \left( B s^2 + B(B - 1) \rho \right)",
)
@claim(ENSEMBLE, "The correlation has to be multiplied by the two standard deviations")
def test_correlation_for_covariance(models: Ensemble) -> None:
    B, s, rho = models.size, models.s, models.rho
    doubled = np.cov(2 * models.predictions[:, 0], 2 * models.predictions[:, 1], bias=True)

    correlations = np.asarray(np.corrcoef(models.predictions.T))
    assert_same(float(correlations[0, 1]), rho)
    assert_same(float(models.covariance[0, 1]), rho * s * s)
    assert_same(float(doubled[0, 1]), 4 * rho * s * s)

    assert_differs(models.variance, (B * s**2 + B * (B - 1) * rho) / B**2)


@slip(
    ENSEMBLE,
    "bias-averaged-away",
    r"""
    \mathbb{E}[(y - \tilde{f})^2] = \frac{1}{B} (\bar{f} - f^*)^2 + \rho s^2
    + \frac{1 - \rho}{B} s^2 + \sigma^2
    """,
)
@claim(ENSEMBLE, "Check with models that do not scatter at all")
def test_bias_averaged_away(world: World, models: Ensemble) -> None:
    bias = models.mean - models.world.f
    still = ensemble(world, 4, 0.5, s=0.0)
    wrong = bias**2 / models.size + models.expected_variance + models.world.noise_variance

    assert_differs(models.error, wrong)
    assert_same(still.error, bias**2 + world.noise_variance)


@slip(
    ENSEMBLE,
    "noise-averaged-away",
    r"""
    \mathbb{E}[(y - \tilde{f})^2] = (\bar{f} - f^*)^2 + \rho s^2
    + \frac{1 - \rho}{B} s^2 + \frac{\sigma^2}{B}
    """,
)
@claim(ENSEMBLE, r"With perfect models the error is $\sigma^2$, however many of them there are.")
def test_noise_averaged_away(world: World, models: Ensemble) -> None:
    bias = models.mean - models.world.f
    wrong = bias**2 + models.expected_variance + models.world.noise_variance / models.size

    assert_differs(models.error, wrong)
    for size in (1, 4):
        perfect_models = models._replace(predictions=np.full((2, size), world.f))
        assert_same(perfect_models.error, world.noise_variance)
