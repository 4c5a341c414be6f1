"""Softmax regression, the harder variant."""

from typing import NamedTuple

import numpy as np
import pytest

from tests.content.logistic_regression.world import D
from tests.content.numeric import (
    Array,
    assert_differs,
    assert_same,
    column,
    gradient,
    hessian,
    jacobian,
    number,
)
from tests.content.registry import claim, slip, step

SOFTMAX = "logistic-regression-softmax"
CLASSES = 4


class Softmax(NamedTuple):
    W: Array
    x: Array
    y: Array

    @property
    def z(self) -> Array:
        return np.asarray(self.W @ self.x)

    @property
    def p(self) -> Array:
        return probabilities(self.z)

    def loss(self, W: Array) -> float:
        return self.loss_of_scores(W @ self.x)

    def loss_of_scores(self, z: Array) -> float:
        return -float(np.sum(self.y * np.log(probabilities(z))))

    @property
    def curvature(self) -> Array:
        return np.asarray(np.diag(self.p[:, 0]) - self.p @ self.p.T)


def probabilities(z: Array) -> Array:
    return np.asarray(np.exp(z) / np.sum(np.exp(z)))


@pytest.fixture
def softmax(rng: np.random.Generator) -> Softmax:
    W, x = rng.normal(size=(CLASSES, D)), column(rng, D)
    return Softmax(W, x, np.eye(CLASSES)[:, [rng.integers(CLASSES)]])


@step(SOFTMAX, "1", r"\mathcal{L} = \log \sum_j e^{z_j} - y^\top z")
@claim(SOFTMAX, r"$\log p_i = z_i - \log \sum_j e^{z_j}$")
def test_softmax_loss_by_scores(softmax: Softmax) -> None:
    normaliser = float(np.log(np.sum(np.exp(softmax.z))))

    assert_same(softmax.loss(softmax.W), normaliser - number(softmax.y.T @ softmax.z))
    assert_same(np.log(softmax.p), softmax.z - normaliser)


@step(SOFTMAX, "2", r"\frac{\partial \mathcal{L}}{\partial z_j} = p_j - y_j")
@claim(SOFTMAX, r"The derivative of $\log \sum_i e^{z_i}$ by $z_j$ is $e^{z_j}$ over the sum")
def test_softmax_gradient_by_scores(softmax: Softmax) -> None:
    normaliser = gradient(lambda z: float(np.log(np.sum(np.exp(z)))), softmax.z)

    assert_same(gradient(softmax.loss_of_scores, softmax.z), softmax.p - softmax.y)
    assert_same(normaliser, np.exp(softmax.z) / np.sum(np.exp(softmax.z)))


@step(SOFTMAX, "3", r"\nabla_W \mathcal{L} = (p - y)\, x^\top")
@claim(SOFTMAX, "each row is the binary rule for its class")
def test_softmax_gradient_by_weights(softmax: Softmax) -> None:
    slope = gradient(softmax.loss, softmax.W)

    assert_same(slope, (softmax.p - softmax.y) @ softmax.x.T)
    for k in range(CLASSES):
        assert_same(slope[k], (softmax.p[k, 0] - softmax.y[k, 0]) * softmax.x[:, 0])


@step(
    SOFTMAX,
    "4",
    r"""
    \begin{aligned}
    \nabla_z^2 \mathcal{L} &= \mathrm{diag}(p) - p p^\top \\
    v^\top \nabla_z^2 \mathcal{L}\, v &= \sum_i p_i v_i^2 - \left( \sum_i p_i v_i \right)^2 \ge 0
    \end{aligned}
    """,
)
@claim(SOFTMAX, r"$p_i(1 - p_i)$ for $j = i$ and $-p_i p_j$ otherwise")
@claim(SOFTMAX, "a random variable that is $v_i$ with probability $p_i$")
@claim(
    SOFTMAX, "The scores are linear in $W$, and a convex function of something linear is convex."
)
def test_softmax_convexity(softmax: Softmax, rng: np.random.Generator) -> None:
    p, v = softmax.p, column(rng, CLASSES)
    form = number(v.T @ softmax.curvature @ v)

    assert_same(hessian(softmax.loss_of_scores, softmax.z), softmax.curvature, 1e-5)
    assert_same(jacobian(probabilities, softmax.z), softmax.curvature)
    assert_same(form, float(np.sum(p * v**2) - np.sum(p * v) ** 2))
    assert_same(form, float(np.sum(p * (v - np.sum(p * v)) ** 2)))
    assert form >= 0
    start, end = 3 * rng.normal(size=(CLASSES, D)), 3 * rng.normal(size=(CLASSES, D))
    chord = (softmax.loss(start) + softmax.loss(end)) / 2
    assert softmax.loss((start + end) / 2) <= chord


@step(
    SOFTMAX,
    "5",
    r"""
    \begin{aligned}
    \mathrm{softmax}(z + a \mathbf{1}) &= p \\
    (\mathrm{diag}(p) - p p^\top)\, \mathbf{1} &= 0
    \end{aligned}
    """,
)
@claim(SOFTMAX, "one vector may be added to all rows of $W$ without any effect")
@claim(SOFTMAX, "the variance is zero exactly if all $v_i$ are equal")
@claim(SOFTMAX, "Adding 1 to all scores changes no probability")
def test_softmax_flat_direction(softmax: Softmax, rng: np.random.Generator) -> None:
    ones = np.ones((CLASSES, 1))
    moved = softmax._replace(W=softmax.W + ones @ column(rng, D).T)

    assert_same(probabilities(softmax.z + 1.7), softmax.p)
    assert_same(softmax.curvature @ ones, np.zeros((CLASSES, 1)))
    assert np.linalg.matrix_rank(softmax.curvature) == CLASSES - 1
    assert_same(moved.p, softmax.p)


@slip(SOFTMAX, "exponential-lost", r"\mathcal{L} = \log \sum_j z_j - y^\top z")
@claim(SOFTMAX, r"take all scores equal to zero: the loss has to be $\log c$")
def test_exponential_lost(softmax: Softmax) -> None:
    assert_same(softmax.loss(np.zeros_like(softmax.W)), float(np.log(CLASSES)))

    positive = softmax._replace(W=np.abs(softmax.W), x=np.abs(softmax.x))
    wrong = float(np.log(np.sum(positive.z))) - number(positive.y.T @ positive.z)

    assert_differs(positive.loss(positive.W), wrong)


@slip(SOFTMAX, "residual-sign", r"\frac{\partial \mathcal{L}}{\partial z_j} = y_j - p_j")
@claim(SOFTMAX, "a higher score of a wrong class must cost more")
def test_softmax_residual_sign(softmax: Softmax) -> None:
    slope = gradient(softmax.loss_of_scores, softmax.z)

    assert_differs(slope, softmax.y - softmax.p)
    assert np.all(slope[softmax.y == 0] > 0)


@slip(SOFTMAX, "outer-product-transposed", r"\nabla_W \mathcal{L} = x (p - y)^\top")
@claim(SOFTMAX, r"This matrix is $d \times c$, and $W$ is $c \times d$.")
def test_outer_product_transposed(softmax: Softmax) -> None:
    wrong = softmax.x @ (softmax.p - softmax.y).T

    assert_differs(gradient(softmax.loss, softmax.W), wrong)
    assert wrong.shape == (D, CLASSES) == softmax.W.T.shape


@slip(
    SOFTMAX,
    "classes-decoupled",
    r"\nabla_z^2 \mathcal{L} = \mathrm{diag}(p \odot (\mathbf{1} - p))",
)
@claim(SOFTMAX, "raising one score lowers all other probabilities")
@claim(SOFTMAX, "the entries off the diagonal are $-p_i p_j$")
@claim(SOFTMAX, "each row has to add up to zero")
def test_classes_decoupled(softmax: Softmax) -> None:
    p = softmax.p
    curvature = hessian(softmax.loss_of_scores, softmax.z)

    assert_differs(curvature, np.diag((p * (1 - p))[:, 0]))
    assert_same(curvature[0, 1], -p[0, 0] * p[1, 0], 1e-5)
    assert_same(curvature.sum(axis=1), np.zeros(CLASSES), 1e-5)
    raised = probabilities(softmax.z + np.eye(CLASSES)[:, [0]])
    assert np.all(raised[1:] < p[1:])


@slip(SOFTMAX, "outer-product-lost", r"\nabla_z^2 \mathcal{L} = \mathrm{diag}(p)")
@claim(SOFTMAX, r"the curvature along one score is $p(1 - p) = \frac{1}{4}$")
def test_outer_product_lost(softmax: Softmax) -> None:
    even = Softmax(np.zeros((2, D)), softmax.x, np.array([[1.0], [0.0]]))

    assert_differs(hessian(softmax.loss_of_scores, softmax.z), np.diag(softmax.p[:, 0]))
    assert_same(hessian(even.loss_of_scores, even.z)[0, 0], 0.25, 1e-5)


@slip(SOFTMAX, "strictly-convex", r"\nabla_z^2 \mathcal{L} \succ 0")
@claim(SOFTMAX, r"zero for $v = \mathbf{1}$ and positive only if the entries of $v$ are not all")
@claim(SOFTMAX, "along that line the loss is constant")
def test_strictly_convex(softmax: Softmax, rng: np.random.Generator) -> None:
    v, ones = column(rng, CLASSES), np.ones((CLASSES, 1))

    assert np.linalg.eigvalsh(softmax.curvature)[0] < 1e-9
    assert_same(number(ones.T @ softmax.curvature @ ones), 0.0)
    assert number(v.T @ softmax.curvature @ v) > 1e-6
