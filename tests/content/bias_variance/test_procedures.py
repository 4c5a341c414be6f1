"""What the prose says of learning curves, neighbours, lines, trees and interpolation."""

import numpy as np

from tests.content.bias_variance.world import ID, World
from tests.content.numeric import Array, assert_same, column
from tests.content.registry import claim


@claim(ID, "with more data they come closer, and where $f^*$ is continuous the bias goes to zero")
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


@claim(ID, "lowers the bias; with many rounds the variance usually grows")
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
