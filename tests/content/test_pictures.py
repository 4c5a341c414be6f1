"""The pictures: they are drawn from the numbers that they claim, and safe to stand in a page."""

import re
import tomllib
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from app.library.pictures import read_pictures
from app.settings import ROOT
from scripts.pictures import (
    PICTURES,
    bias_variance,
    elbo_gap,
    em_bound,
    entropy_curve,
    margin,
    preference_loss,
    principal_axes,
    projection,
    residual_signal,
    rotation,
    saturation,
    two_fits,
)
from scripts.pictures.labels import Run, runs

COMMITTED = read_pictures(ROOT / "content" / "pictures")
STYLES = (ROOT / "static" / "css" / "pictures.css").read_text(encoding="utf-8")
SVG = "{http://www.w3.org/2000/svg}"
ELEMENTS = {"svg", "path", "rect", "circle", "text", "tspan"}
ATTRIBUTES = {
    *("class", "viewBox", "focusable", "aria-hidden", "transform", "text-anchor"),
    *("d", "stroke-dasharray", "x", "y", "dx", "dy", "width", "height", "cx", "cy", "r"),
}


def test_what_is_drawn_is_what_is_committed() -> None:
    assert {name: draw() for name, draw in PICTURES.items()} == COMMITTED


@pytest.mark.parametrize("name", list(PICTURES))
def test_a_picture_is_safe_in_a_page(name: str) -> None:
    root = ET.fromstring(COMMITTED[name])

    assert root.tag == f"{SVG}svg"
    assert root.attrib.keys() == {"class", "viewBox", "focusable", "aria-hidden"}
    for element in root.iter():
        assert element.tag.removeprefix(SVG) in ELEMENTS
        assert element.attrib.keys() <= ATTRIBUTES


@pytest.mark.parametrize("name", list(PICTURES))
def test_every_class_has_a_style(name: str) -> None:
    used = " ".join(re.findall(r'class="([^"]*)"', COMMITTED[name])).split()

    assert set(used) <= set(re.findall(r"\.(picture__\w+)", STYLES))


def test_a_picture_is_small() -> None:
    assert max(len(svg) for svg in COMMITTED.values()) < 12_000


def test_the_numbers_in_a_picture_are_in_its_description() -> None:
    for path in (ROOT / "content" / "derivations").glob("*.toml"):
        for block in tomllib.loads(path.read_text(encoding="utf-8")).get("pictures", []):
            labels = " ".join(ET.fromstring(COMMITTED[block["id"]]).itertext())
            assert numbers(labels) <= numbers(block["alt"]), block["id"]


def numbers(text: str) -> set[str]:
    return set(re.findall(r"\d+\.\d+", text))


def test_labels_read_like_tex() -> None:
    assert list(runs(r"slope $-1$")) == [Run("slope ", "plain"), Run("−1", "upright")]
    assert list(runs(r"$x = \hat{y}_{t+1}$")) == [
        Run("x", "italic"),
        Run(" = ", "upright"),
        Run("y", "italic"),
        Run("^", "hat"),
        Run("t", "italic", -1),
        Run("+1", "upright", -1),
    ]


def test_the_residual_is_perpendicular_to_every_column() -> None:
    fit = projection.fit()

    np.testing.assert_allclose(projection.X.T @ fit.residual, 0, atol=1e-12)
    np.testing.assert_allclose(fit.fitted + fit.residual, projection.Y)
    np.testing.assert_allclose(fit.weights, [2, 1])


def test_the_forward_fit_has_the_moments_of_the_mixture() -> None:
    weights, means, widths = map(np.array, (two_fits.WEIGHTS, two_fits.MEANS, two_fits.WIDTHS))
    mean = weights @ means
    variance = weights @ (widths**2 + means**2) - mean**2

    forward = two_fits.fits().forward

    np.testing.assert_allclose([forward.mean, forward.width], [mean, np.sqrt(variance)], atol=1e-4)


def test_the_reverse_fit_sits_on_one_peak_and_nothing_near_or_far_is_better() -> None:
    x = np.linspace(-16, 16, 9001)
    reverse = two_fits.fits().reverse

    def divergence(mean: float, width: float) -> float:
        q = np.exp(-((x - mean) ** 2) / (2 * width**2)) / (width * np.sqrt(2 * np.pi))
        p = sum(
            weight * np.exp(-((x - at) ** 2) / (2 * wide**2)) / (wide * np.sqrt(2 * np.pi))
            for weight, at, wide in zip(
                two_fits.WEIGHTS, two_fits.MEANS, two_fits.WIDTHS, strict=True
            )
        )
        inside = q > 1e-300
        return float(np.trapezoid(q[inside] * np.log(q[inside] / p[inside]), x[inside]))

    least = divergence(reverse.mean, reverse.width)
    steps = [(0.02, 0), (-0.02, 0), (0, 0.02), (0, -0.02)]
    near = [(reverse.mean + across, reverse.width + wider) for across, wider in steps]
    far = [(2.8, 0.9), (-0.17, 2.8), (0.0, 2.0), (2.8, 1.2)]

    assert abs(reverse.mean - two_fits.MEANS[0]) < 0.05
    assert all(divergence(*other) > least for other in near + far)


def test_the_bound_touches_the_likelihood_and_is_highest_at_the_next_step() -> None:
    step = em_bound.step()
    thetas = np.linspace(-4, 8, 241)

    def likelihood(theta: float) -> float:
        densities = [np.exp(-((em_bound.DATA - mean) ** 2) / 2) for mean in (0.0, theta)]
        return float(np.log(0.5 * sum(densities) / np.sqrt(2 * np.pi)).sum())

    def bound(theta: float) -> float:
        return float(em_bound.bound(step.responsibilities, theta)[0])

    assert bound(step.start) == pytest.approx(likelihood(step.start))
    assert all(bound(theta) <= likelihood(theta) + 1e-9 for theta in thetas)
    assert all(bound(theta) <= bound(step.end) for theta in thetas)
    assert likelihood(step.end) > bound(step.end) > likelihood(step.start)
    np.testing.assert_allclose(
        em_bound.log_likelihood(thetas), [likelihood(theta) for theta in thetas]
    )


def test_the_score_keeps_the_difference_of_the_positions() -> None:
    early, late = rotation.turned()

    assert (early.m, early.n) != (late.m, late.n)
    assert early.n - early.m == late.n - late.m
    assert early.score == pytest.approx(late.score)
    for pair in (early, late):
        query, key = (complex(*at) for at in (pair.query, pair.key))
        assert query == pytest.approx(complex(*rotation.Q) * np.exp(1j * pair.m * rotation.THETA))
        assert (query.conjugate() * key).real == pytest.approx(pair.score)


def test_the_street_is_the_widest() -> None:
    street = margin.street()
    held = street.alphas > 0

    np.testing.assert_allclose(street.margins[held], 1)
    assert (street.margins >= 1 - 1e-9).all()
    assert margin.LABELS @ street.alphas == pytest.approx(0)
    np.testing.assert_allclose(street.weights, (street.alphas * margin.LABELS) @ margin.POINTS)
    # No gap between primal and dual: nothing can be wider.
    primal = street.weights @ street.weights / 2
    assert street.alphas.sum() - primal == pytest.approx(primal)


def test_the_street_is_drawn_as_wide_as_it_is() -> None:
    across, up = margin.FRAME.at(1, 1), margin.FRAME.at(0, 0)

    assert across[0] - up[0] == pytest.approx(up[1] - across[1])


def test_the_parts_add_up_to_the_error_on_new_targets(rng: np.random.Generator) -> None:
    parts = bias_variance.parts()
    inputs = np.linspace(-1, 1, 101)

    for degree in (0, 3, 9):
        fits = bias_variance.predictions(degree, inputs)
        noise = rng.normal(scale=bias_variance.NOISE, size=fits.shape)
        errors = bias_variance.truth(inputs) + noise - fits
        assert np.mean(errors**2) == pytest.approx(parts.total[degree], rel=0.02)


def test_the_variance_is_that_of_a_linear_fit() -> None:
    x, inputs = np.linspace(-1, 1, bias_variance.EXAMPLES), np.linspace(-1, 1, 101)
    parts = bias_variance.parts()

    for degree in (0, 2, 5):
        hat = np.vander(inputs, degree + 1) @ np.linalg.pinv(np.vander(x, degree + 1))
        expected = bias_variance.NOISE**2 * np.mean((hat**2).sum(axis=1))
        assert parts.variance[degree] == pytest.approx(expected, rel=0.03)


def test_the_axes_are_those_of_the_covariance() -> None:
    cloud = principal_axes.cloud()
    axes = principal_axes.axes(cloud)

    np.testing.assert_allclose(cloud.mean(axis=0), 0, atol=1e-12)
    covariance = np.cov(cloud.T, bias=True)
    np.testing.assert_allclose(covariance @ axes.directions, axes.directions * axes.spreads**2)
    np.testing.assert_allclose((cloud @ axes.directions).std(axis=0), axes.spreads)


def test_the_weights_are_softmax_with_and_without_the_root() -> None:
    weights = saturation.weights()

    for found, scores in ((weights.raw, weights.scores), (weights.scaled, weights.scores / 8)):
        np.testing.assert_allclose(found.sum(), 1)
        np.testing.assert_allclose(np.log(found) - np.log(found[0]), scores - scores[0])
    assert weights.raw.max() > 0.95
    assert weights.scaled.max() < 0.5


def test_the_gain_is_the_mutual_information() -> None:
    split = entropy_curve.split()
    (left, lefts), (right, rights) = entropy_curve.LEFT, entropy_curve.RIGHT
    joint = np.array([[left, lefts - left], [right, rights - right]]) / (lefts + rights)
    apart = joint.sum(axis=1, keepdims=True) * joint.sum(axis=0)

    information = (joint * np.log2(joint / apart)).sum()

    assert split.gain == pytest.approx(information)
    # On the chord between the children, straight below the parent.
    across = (split.parent - split.left) / (split.right - split.left)
    ends = entropy_curve.entropy([split.left, split.right])
    assert (1 - across) * ends[0] + across * ends[1] == pytest.approx(split.after)


def test_bound_and_gap_make_up_the_evidence() -> None:
    density = np.exp(-(((elbo_gap.SEEN - elbo_gap.MEANS) / elbo_gap.WIDTH_OF_X) ** 2) / 2)
    density /= elbo_gap.WIDTH_OF_X * np.sqrt(2 * np.pi)
    evidence = np.log(elbo_gap.PRIOR @ density)
    cuts = [elbo_gap.cut(q) for q in elbo_gap.guesses()]

    assert elbo_gap.log_evidence() == pytest.approx(evidence)
    for cut in cuts:
        assert cut.elbo + cut.kl == pytest.approx(evidence)
    assert cuts[0].kl > cuts[1].kl > 0
    assert cuts[2].kl == pytest.approx(0)


def test_the_slope_is_that_of_the_loss() -> None:
    margins = np.linspace(-4, 4, 9)
    steps = np.log(1 + np.exp(-(margins + 1e-20j)))

    np.testing.assert_allclose(preference_loss.loss(margins), steps.real)
    np.testing.assert_allclose(preference_loss.slope(margins), steps.imag / 1e-20)


@pytest.mark.parametrize("y", [0, 1])
def test_the_gradients_are_those_of_the_two_losses(y: int) -> None:
    z = np.linspace(-6, 6, 13)
    p = 1 / (1 + np.exp(-(z + 1e-20j)))
    cross_entropy = -(y * np.log(p) + (1 - y) * np.log(1 - p))
    squared = (p - y) ** 2 / 2

    np.testing.assert_allclose(residual_signal.gradient(z, y), cross_entropy.imag / 1e-20)
    np.testing.assert_allclose(residual_signal.damped(z, y), squared.imag / 1e-20)
