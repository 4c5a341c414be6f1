"""What the prose says of the three parts."""

import numpy as np

from tests.content.bias_variance.world import ID, NOISES, SETS, World, perfect
from tests.content.numeric import Array, assert_same, gradient, number
from tests.content.registry import claim


@claim(ID, "a constant and a quantity of mean zero are perpendicular, and so are two independent")
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
