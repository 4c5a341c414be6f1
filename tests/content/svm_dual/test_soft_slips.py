"""The slips of the soft margin."""

import numpy as np

from tests.content.numeric import Array, assert_differs, assert_same, gradient
from tests.content.registry import claim, slip
from tests.content.svm_dual.data import SOFT, Free, Hard, N, Soft, solved_soft


@slip(SOFT, "slack-sign", r"\frac{\partial \mathcal{L}}{\partial \xi_i} = C - \alpha_i + \mu_i")
@claim(
    SOFT,
    r"With a plus the condition would be $\alpha_i = C + \mu_i$: multipliers of at least $C$",
)
def test_slack_sign(free: Free) -> None:
    assert_differs(gradient(free.lagrangian, free.xi), free.C - free.a + free.mu)

    def turned(a: Array) -> Array:
        other = free._replace(a=a)
        twice = 2 * free.mu
        return gradient(lambda xi: other.lagrangian(xi) + float(np.sum(twice * xi)), free.xi)

    assert_same(turned(free.C + free.mu), np.zeros((N, 1)), 1e-6)
    assert np.all(np.abs(turned(np.full((N, 1), free.C - 0.1))) > 0.05)


@slip(SOFT, "second-multiplier-forgotten", r"\alpha_i = C")
@claim(SOFT, "could hold only if both classes had the same size")
def test_second_multiplier_forgotten(soft: Soft) -> None:
    assert_differs(soft.a, np.full_like(soft.a, soft.C))
    for positive, negative in ((2, 2), (3, 2), (1, 4)):
        y = np.array([1.0] * positive + [-1.0] * negative)
        assert (float(np.sum(soft.C * y)) == 0) == (positive == negative)


@slip(SOFT, "box-reversed", r"\alpha_i \ge C")
def test_soft_box_reversed(soft: Soft) -> None:
    assert np.min(soft.a) < soft.C - 1e-3


@slip(
    SOFT,
    "slack-left-over",
    r"""
    \mathcal{L}(w^*, b, \xi, \alpha, \mu) = \sum_i \alpha_i + C \sum_i \xi_i
    - \frac{1}{2} \sum_{i,j} \alpha_i \alpha_j y_i y_j x_i^\top x_j
    """,
)
def test_slack_left_over(free: Free) -> None:
    best = free._replace(w=free.data.weights(free.a))
    price = best.C * float(np.sum(best.xi))

    assert_differs(best.lagrangian(best.xi), best.data.dual_value(best.a) + price)


@slip(SOFT, "violators-without-weight", r"\xi_i > 0 \implies \alpha_i = 0")
def test_violators_without_weight(soft: Soft) -> None:
    assert np.all(soft.a[soft.xi > 1e-6] > 1e-3)


@slip(
    SOFT,
    "box-forgotten",
    r"""
    \begin{aligned}
    \max_\alpha\ & \sum_i \alpha_i
    - \frac{1}{2} \sum_{i,j} \alpha_i \alpha_j y_i y_j x_i^\top x_j \\
    \text{s.t. } & \alpha_i \ge 0,\ \sum_i \alpha_i y_i = 0
    \end{aligned}
    """,
)
def test_box_forgotten(hard: Hard) -> None:
    soft = solved_soft(hard.data, float(np.max(hard.a)) / 2)

    assert np.max(hard.a) > soft.C + 1e-3
    assert_differs(hard.a, soft.a)
    assert_differs(hard.w, soft.w)
