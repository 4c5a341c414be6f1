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
from tests.content.registry import claim

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


@claim("ols", "The vector y = (0, 4, 2)")
@claim("ols", "the fitted vector (1, 2, 3) = Xŵ with ŵ = (2, 1)")
@claim("ols", "from the foot up to y is the residual (−1, 2, −1)")
def test_the_residual_is_perpendicular_to_every_column() -> None:
    fit = projection.fit()

    np.testing.assert_allclose(projection.X.T @ fit.residual, 0, atol=1e-12)
    np.testing.assert_allclose(fit.fitted + fit.residual, projection.Y)
    np.testing.assert_allclose(fit.weights, [2, 1])
    np.testing.assert_allclose(projection.Y, [0, 4, 2])
    np.testing.assert_allclose(projection.X @ [2, 1], [1, 2, 3])
    np.testing.assert_allclose(fit.residual, [-1, 2, -1])


@claim("kl-divergence", "is low and wide, with mean −0.17 and standard deviation 2.80")
def test_the_forward_fit_has_the_moments_of_the_mixture() -> None:
    weights, means, widths = map(np.array, (two_fits.WEIGHTS, two_fits.MEANS, two_fits.WIDTHS))
    mean = weights @ means
    variance = weights @ (widths**2 + means**2) - mean**2

    forward = two_fits.fits().forward

    np.testing.assert_allclose([forward.mean, forward.width], [mean, np.sqrt(variance)], atol=1e-4)
    assert (round(mean, 2), round(np.sqrt(variance), 2)) == (-0.17, 2.80)


@claim("kl-divergence", "two separate peaks, at −2.6 and 2.8")
@claim("kl-divergence", "is tall and narrow, with mean −2.60 and standard deviation 0.70")
def test_the_reverse_fit_sits_on_one_peak_and_nothing_near_or_far_is_better() -> None:
    x = np.linspace(-16, 16, 9001)
    reverse = two_fits.fits().reverse

    p = sum(
        weight * np.exp(-((x - at) ** 2) / (2 * wide**2)) / (wide * np.sqrt(2 * np.pi))
        for weight, at, wide in zip(two_fits.WEIGHTS, two_fits.MEANS, two_fits.WIDTHS, strict=True)
    )
    peaks = x[1:-1][(p[1:-1] > p[:-2]) & (p[1:-1] > p[2:])]
    np.testing.assert_allclose(peaks, [-2.6, 2.8], atol=0.01)

    def divergence(mean: float, width: float) -> float:
        q = np.exp(-((x - mean) ** 2) / (2 * width**2)) / (width * np.sqrt(2 * np.pi))
        inside = q > 1e-300
        return float(np.trapezoid(q[inside] * np.log(q[inside] / p[inside]), x[inside]))

    least = divergence(reverse.mean, reverse.width)
    steps = [(0.02, 0), (-0.02, 0), (0, 0.02), (0, -0.02)]
    near = [(reverse.mean + across, reverse.width + wider) for across, wider in steps]
    far = [(2.8, 0.9), (-0.17, 2.8), (0.0, 2.0), (2.8, 1.2)]

    assert (round(reverse.mean, 2), round(reverse.width, 2)) == (-2.60, 0.70)
    assert all(divergence(*other) > least for other in near + far)


@claim("em-gmm", "a curve with a single hump")
@claim("em-gmm", "They touch at θ_t = −0.50, where both are −38.8.")
@claim("em-gmm", "The parabola is highest at θ_{t+1} = 0.79, at −34.6")
@claim("em-gmm", "the log-likelihood has risen further there, to −27.8")
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
    assert (step.start, round(step.end, 2)) == (-0.50, 0.79)
    heights = likelihood(step.start), bound(step.end), likelihood(step.end)
    assert [round(height, 1) for height in heights] == [-38.8, -34.6, -27.8]
    turns = np.diff(np.sign(np.diff([likelihood(theta) for theta in thetas])))
    assert np.count_nonzero(turns) == 1
    np.testing.assert_allclose(np.diff([bound(theta) for theta in thetas], 3), 0, atol=1e-9)
    np.testing.assert_allclose(
        em_bound.log_likelihood(thetas), [likelihood(theta) for theta in thetas]
    )


@claim("rope", "the same vectors q and k, dashed, 25 degrees apart")
@claim("rope", "turned for position 2 and k for position 4, in the right one for positions 6 and 8")
@claim("rope", "by 20 degrees a position")
@claim("rope", "Both pairs are 65 degrees apart, and both inner products are 0.42.")
def test_the_score_keeps_the_difference_of_the_positions() -> None:
    early, late = rotation.turned()

    assert (early.m, early.n) != (late.m, late.n)
    assert early.n - early.m == late.n - late.m
    assert early.score == pytest.approx(late.score)
    for pair in (early, late):
        query, key = (complex(*at) for at in (pair.query, pair.key))
        assert query == pytest.approx(complex(*rotation.Q) * np.exp(1j * pair.m * rotation.THETA))
        assert (query.conjugate() * key).real == pytest.approx(pair.score)
        assert np.degrees(np.angle(query.conjugate() * key)) == pytest.approx(65)
        assert round(np.cos(np.radians(65)) * abs(query) * abs(key), 2) == 0.42
    assert [(pair.m, pair.n) for pair in (early, late)] == [(2, 4), (6, 8)]
    assert np.degrees(rotation.THETA) == pytest.approx(20)
    assert np.degrees(np.angle(complex(*rotation.K) / complex(*rotation.Q))) == pytest.approx(25)


@claim("svm-dual", "Two classes of eight points each")
@claim("svm-dual", "the dashed lines are 1.71 apart")
@claim("svm-dual", "one disc with α = 0.68, two open circles with α = 0.39 and α = 0.29")
@claim("svm-dual", "All others lie further out.")
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

    assert [np.count_nonzero(label == margin.LABELS) for label in (1, -1)] == [8, 8]
    assert round(float(2 / np.linalg.norm(street.weights)), 2) == 1.71
    assert [round(alpha, 2) for alpha in street.alphas[held & (margin.LABELS > 0)]] == [0.68]
    assert sorted(round(alpha, 2) for alpha in street.alphas[held & (margin.LABELS < 0)]) == [
        0.29,
        0.39,
    ]
    assert street.margins[~held].min() > 1.1


def test_the_street_is_drawn_as_wide_as_it_is() -> None:
    across, up = margin.FRAME.at(1, 1), margin.FRAME.at(0, 0)

    assert across[0] - up[0] == pytest.approx(up[1] - across[1])


def test_the_parts_add_up_to_the_error_on_new_targets() -> None:
    rng = np.random.default_rng(2026)
    parts = bias_variance.parts()
    inputs = np.linspace(-1, 1, 101)

    for degree in (0, 3, 9):
        fits = bias_variance.predictions(degree, inputs)
        noise = rng.normal(scale=bias_variance.NOISE, size=fits.shape)
        errors = bias_variance.truth(inputs) + noise - fits
        assert np.mean(errors**2) == pytest.approx(parts.total[degree], rel=0.02)


@claim("bias-variance", "Bias squared falls from 0.50 to nearly 0")
@claim("bias-variance", "the variance, dashed, rises from 0.02 to 0.27")
@claim("bias-variance", "and the noise, dotted, stays at 0.20")
@claim(
    "bias-variance", "falls from 0.72 to its least value, 0.28 at degree 4, and rises again to 0.47"
)
@claim("bias-variance", "Polynomials fitted to 4000 training sets of twelve examples each.")
def test_the_variance_is_that_of_a_linear_fit() -> None:
    x, inputs = np.linspace(-1, 1, bias_variance.EXAMPLES), np.linspace(-1, 1, 101)
    parts = bias_variance.parts()

    exact = []
    for degree in range(10):
        hat = np.vander(inputs, degree + 1) @ np.linalg.pinv(np.vander(x, degree + 1))
        bias = hat @ bias_variance.truth(x) - bias_variance.truth(inputs)
        variance = bias_variance.NOISE**2 * np.mean((hat**2).sum(axis=1))
        assert parts.variance[degree] == pytest.approx(variance, rel=0.03)
        exact.append((np.mean(bias**2), variance))

    biases, variances = np.array(exact).T
    total = biases + variances + bias_variance.NOISE**2
    for found in (np.array(exact).T, (parts.bias_squared, parts.variance)):
        assert [round(part[0], 2) for part in found] == [0.50, 0.02]
        assert [round(part[-1], 2) for part in found] == [0.00, 0.27]
    for errors in (total, parts.total):
        assert np.argmin(errors) == 4
        assert [round(errors[degree], 2) for degree in (0, 4, 9)] == [0.72, 0.28, 0.47]
    assert round(bias_variance.NOISE**2, 2) == 0.20
    assert np.all(np.diff(biases) < 0)
    assert np.all(np.diff(variances) > 0)
    assert bias_variance.predictions(0, inputs).shape == (4000, 101)
    assert x.shape == (12,)


@claim("pca-svd", "A cloud of 70 points, stretched from the lower left to the upper right")
@claim("pca-svd", "along the long axis has the length s₁/√n = 1.77")
@claim("pca-svd", "one along the short axis the length s₂/√n = 0.62")
def test_the_axes_are_those_of_the_covariance() -> None:
    cloud = principal_axes.cloud()
    axes = principal_axes.axes(cloud)

    np.testing.assert_allclose(cloud.mean(axis=0), 0, atol=1e-12)
    covariance = np.cov(cloud.T, bias=True)
    np.testing.assert_allclose(covariance @ axes.directions, axes.directions * axes.spreads**2)
    np.testing.assert_allclose((cloud @ axes.directions).std(axis=0), axes.spreads)
    assert cloud.shape == (70, 2)
    assert covariance[0, 1] > 0
    spreads = np.sqrt(np.linalg.eigvalsh(covariance)[::-1])
    assert [round(spread, 2) for spread in spreads] == [1.77, 0.62]


@claim("attention", "gives to eight keys, with random entries and d = 64")
@claim("attention", "one key has the weight 0.98 and the other seven share 0.02")
@claim("attention", "give that key 0.31, and each of the others a weight that can be seen")
def test_the_weights_are_softmax_with_and_without_the_root() -> None:
    weights = saturation.weights()

    for found, scores in ((weights.raw, weights.scores), (weights.scaled, weights.scores / 8)):
        np.testing.assert_allclose(found.sum(), 1)
        np.testing.assert_allclose(np.log(found) - np.log(found[0]), scores - scores[0])
    best = int(np.argmax(weights.scores))
    raw, scaled = (
        np.exp(scores - scores[best]) / np.exp(scores - scores[best]).sum()
        for scores in (weights.scores, weights.scores / 8)
    )
    assert weights.scores.shape == (8,)
    assert saturation.WIDTH_OF_HEAD == 64
    assert [round(part, 2) for part in (raw[best], np.delete(raw, best).sum())] == [0.98, 0.02]
    assert round(scaled[best], 2) == 0.31
    assert scaled.min() > 0.03


@claim("information-gain", "joins the two children of a split, at the shares 0.11 and 0.91")
@claim("information-gain", "Above the share of the parent, 0.55, the curve is at H(S) = 0.99")
@claim("information-gain", "and the chord at H(S|A) = 0.47")
@claim("information-gain", "the vertical distance between them is the gain, 0.52")
def test_the_gain_is_the_mutual_information() -> None:
    split = entropy_curve.split()
    (left, lefts), (right, rights) = entropy_curve.LEFT, entropy_curve.RIGHT
    joint = np.array([[left, lefts - left], [right, rights - right]]) / (lefts + rights)
    apart = joint.sum(axis=1, keepdims=True) * joint.sum(axis=0)

    information = (joint * np.log2(joint / apart)).sum()

    assert split.gain == pytest.approx(information)
    before = -(joint.sum(axis=0) * np.log2(joint.sum(axis=0))).sum()
    heights = before, before - information, information
    assert [round(height, 2) for height in heights] == [0.99, 0.47, 0.52]
    shares = left / lefts, right / rights, (left + right) / (lefts + rights)
    assert [round(share, 2) for share in shares] == [0.11, 0.91, 0.55]
    # On the chord between the children, straight below the parent.
    across = (split.parent - split.left) / (split.right - split.left)
    ends = entropy_curve.entropy([split.left, split.right])
    assert (1 - across) * ends[0] + across * ends[1] == pytest.approx(split.after)


@claim("elbo", "all reach up to the same line, log p(x) = 1.34")
@claim(
    "elbo",
    "For a uniform q they are 0.64 and 0.70, for a q half-way to the posterior 1.09 and 0.25",
)
@claim("elbo", "for the posterior itself the ELBO is 1.34 and nothing is left above it")
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

    joint = elbo_gap.PRIOR * density
    posterior = joint / joint.sum()
    found = []
    for q in (np.full(3, 1 / 3), (1 / 3 + posterior) / 2, posterior):
        found.append(round(float(q @ np.log(joint / q)), 2))
        found.append(round(float(q @ np.log(q / posterior)), 2))
    assert found == [0.64, 0.70, 1.09, 0.25, 1.34, 0.00]
    assert round(float(evidence), 2) == 1.34


@claim("dpo", "at the margin −2, where the pair is ranked wrongly, the slope is −0.88")
@claim("dpo", "at the margin 2, where it is ranked rightly, it is −0.12")
@claim("dpo", "a falling curve that is nearly straight on the left and flattens out on the right")
def test_the_slope_is_that_of_the_loss() -> None:
    margins = np.linspace(-4, 4, 9)
    steps = np.log(1 + np.exp(-(margins + 1e-20j)))

    np.testing.assert_allclose(preference_loss.loss(margins), steps.real)
    np.testing.assert_allclose(preference_loss.slope(margins), steps.imag / 1e-20)
    slopes = dict(zip(margins, steps.imag / 1e-20, strict=True))
    assert [round(slopes[at], 2) for at in (-2, 2)] == [-0.88, -0.12]
    assert -1 < slopes[-4] < -0.98
    assert -0.02 < slopes[4] < 0


@claim("logistic-regression", "The gradient at the score z, from −6 to 6.")
@claim("logistic-regression", "run from 0 up to 1 if y = 0, and from −1 up to 0 if y = 1")
@claim("logistic-regression", "they stay within 0.15 of zero and vanish at both ends")
@pytest.mark.parametrize("y", [0, 1])
def test_the_gradients_are_those_of_the_two_losses(y: int) -> None:
    z = np.linspace(-6, 6, 13)
    p = 1 / (1 + np.exp(-(z + 1e-20j)))
    cross_entropy = -(y * np.log(p) + (1 - y) * np.log(1 - p))
    squared = (p - y) ** 2 / 2

    np.testing.assert_allclose(residual_signal.gradient(z, y), cross_entropy.imag / 1e-20)
    np.testing.assert_allclose(residual_signal.damped(z, y), squared.imag / 1e-20)

    assert residual_signal.FRAME.x == (-6, 6)
    slopes = cross_entropy.imag / 1e-20
    assert np.all(np.diff(slopes) > 0)
    np.testing.assert_allclose(slopes[[0, -1]], [-y, 1 - y], atol=0.005)
    np.testing.assert_allclose(squared.imag[[0, -1]] / 1e-20, 0, atol=0.005)
    # (p - y) p (1 - p) is furthest from zero at p = 2/3 for y = 0 and at p = 1/3 for y = 1.
    dense = np.linspace(0, 1, 10_001)
    largest = np.max(np.abs((dense - y) * dense * (1 - dense)))
    assert largest == pytest.approx(4 / 27, abs=1e-6)
    assert largest < 0.15
