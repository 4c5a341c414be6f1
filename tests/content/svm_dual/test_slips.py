"""The slips of the SVM dual."""

import numpy as np

from tests.content.numeric import Array, assert_differs, assert_same, column, gradient, number
from tests.content.registry import claim, slip
from tests.content.svm_dual.data import (
    ID,
    D,
    Data,
    Hard,
    N,
    Soft,
    dual,
    no_equations,
    primal,
    solved,
)
from tests.content.svm_dual.programs import Program, solve


@slip(ID, "gradient-sign", r"\nabla_w \mathcal{L} = w + \sum_i \alpha_i y_i x_i")
@claim(ID, "$w^*$ would point from the positive class towards the negative one")
def test_gradient_sign(data: Data, a: Array, rng: np.random.Generator, hard: Hard) -> None:
    w = column(rng, D)

    assert_differs(gradient(lambda w: data.lagrangian(w, 0.3, a), w), w + data.weights(a))
    along = hard.data.X @ -hard.data.weights(hard.a)
    assert np.max(along[data.y > 0]) < np.min(along[data.y < 0])


@slip(ID, "label-lost", r"w^* = \sum_i \alpha_i x_i")
@claim(ID, "exchanging the classes would not turn it around")
def test_label_lost(hard: Hard) -> None:
    data, w, b, a = hard
    exchanged = solved(data._replace(y=-data.y))

    assert_differs(w, data.X.T @ a)
    assert_same(exchanged.w, -w, 1e-6)
    assert_same(exchanged.b, -b, 1e-6)
    assert_same(exchanged.a, a, 1e-6)


@slip(ID, "constraint-without-labels", r"\sum_i \alpha_i = 0")
def test_constraint_without_labels(hard: Hard) -> None:
    assert_differs(float(np.sum(hard.a)), 0.0)


@slip(
    ID,
    "plus-half",
    r"""
    \mathcal{L}(w^*, b, \alpha) = \sum_i \alpha_i
    + \frac{1}{2} \sum_{i,j} \alpha_i \alpha_j y_i y_j x_i^\top x_j
    """,
)
@claim(ID, r"With a plus the dual would grow without bound as $\alpha$ grows")
def test_plus_half(data: Data, a: Array) -> None:
    value = data.lagrangian(data.weights(a), 0.3, a)

    assert_differs(value, float(np.sum(a)) + 0.5 * data.double_sum(a))
    assert 100 * float(np.sum(a)) + 0.5 * data.double_sum(100 * a) > 100 * np.sum(a) > 100


@slip(
    ID,
    "half-lost",
    r"""
    \mathcal{L}(w^*, b, \alpha) = \sum_i \alpha_i
    - \sum_{i,j} \alpha_i \alpha_j y_i y_j x_i^\top x_j
    """,
)
@claim(ID, "With this line the multipliers would come out half as large.")
def test_half_lost(data: Data, a: Array, hard: Hard) -> None:
    value = data.lagrangian(data.weights(a), 0.3, a)
    wrong = dual(data)

    assert_differs(value, float(np.sum(a)) - data.double_sum(a))
    assert_same(solve(wrong._replace(H=2 * wrong.H)), hard.a / 2, 1e-6)


@slip(
    ID,
    "minimised",
    r"""
    \begin{aligned}
    \min_\alpha\ & \sum_i \alpha_i
    - \frac{1}{2} \sum_{i,j} \alpha_i \alpha_j y_i y_j x_i^\top x_j \\
    \text{s.t. } & \alpha_i \ge 0,\ \sum_i \alpha_i y_i = 0
    \end{aligned}
    """,
)
@claim(ID, r"it runs off to minus infinity as soon as some feasible $\alpha$ has $w^* \ne 0$")
@claim(ID, r"The double sum is $\|w^*\|^2$, a convex quadratic in $\alpha$")
def test_minimised(data: Data, a: Array) -> None:
    assert_same(data.double_sum(a), number(data.weights(a).T @ data.weights(a)))
    assert np.linalg.eigvalsh(dual(data).H)[0] > -1e-9
    assert np.linalg.norm(data.weights(a)) > 1e-3
    assert data.dual_value(1e3 * a) < -1e4


@slip(
    ID,
    "constraint-forgotten",
    r"""
    \begin{aligned}
    \max_\alpha\ & \sum_i \alpha_i
    - \frac{1}{2} \sum_{i,j} \alpha_i \alpha_j y_i y_j x_i^\top x_j \\
    \text{s.t. } & \alpha_i \ge 0
    \end{aligned}
    """,
)
@claim(ID, "the one whose plane must pass through the origin")
def test_constraint_forgotten(hard: Hard) -> None:
    data = hard.data
    forgotten = solve(dual(data)._replace(equations=np.zeros((0, N)), values=np.zeros((0, 1))))
    through_origin = primal(data)
    no_offset = Program(
        np.eye(D), np.zeros((D, 1)), data.signed, through_origin.floor, *no_equations(D)
    )

    assert_differs(float(np.sum(forgotten * data.y)), 0.0)
    assert_differs(data.weights(forgotten), hard.w)
    assert_same(data.weights(forgotten), solve(no_offset), 1e-6)


@slip(ID, "all-on-the-margin", r"y_i (w^\top x_i + b) = 1 \quad \forall i")
@claim(ID, "three points of one class that are not on a line already rule this out")
def test_all_on_the_margin(hard: Hard) -> None:
    assert_differs(hard.data.scores(hard.w, hard.b), np.ones((N, 1)))
    # Three points on the margin of the positive class leave the plane no slope.
    three = np.hstack([hard.data.X[:3], np.ones((3, 1))])
    assert_same(np.linalg.solve(three, np.ones((3, 1))), np.array([[0.0], [0.0], [1.0]]))


@slip(ID, "box-reversed", r"\alpha_i \ge C")
def test_box_reversed(soft: Soft) -> None:
    assert np.min(soft.a) < soft.C - 1e-3
