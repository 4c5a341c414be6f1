"""The harder variant: averaging several models."""

from typing import NamedTuple

import numpy as np
import pytest

from tests.content.bias_variance.world import ENSEMBLE, ID, World
from tests.content.numeric import Array, assert_differs, assert_same
from tests.content.registry import claim, slip, step


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
@claim(ENSEMBLE, r"With two models or more that is right for $\rho = 0$ only.")
@claim(ENSEMBLE, "averaging changes nothing, and the variance has to stay at $s^2$")
def test_as_if_independent(world: World, models: Ensemble) -> None:
    assert_differs(models.variance, models.s**2 / models.size)
    for size in (2, 4):
        independent = ensemble(world, size, 0.0)
        assert_same(independent.variance, independent.s**2 / size)
        assert_differs(ensemble(world, size, 0.1).variance, independent.s**2 / size)
    assert_same(ensemble(world, 1, models.rho).variance, models.s**2)
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
