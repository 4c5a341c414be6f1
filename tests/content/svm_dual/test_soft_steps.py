"""The key steps of the soft margin."""

import numpy as np

from tests.content.numeric import assert_same, column, gradient, number
from tests.content.registry import claim, step
from tests.content.svm_dual.data import (
    ID,
    SOFT,
    D,
    Data,
    Free,
    N,
    Soft,
    primal,
    soft_primal,
    solved_soft,
)


@step(
    SOFT,
    "1",
    r"""
    \begin{aligned}
    \frac{\partial \mathcal{L}}{\partial \xi_i} &= C - \alpha_i - \mu_i \\
    \alpha_i + \mu_i &= C
    \end{aligned}
    """,
)
@claim(ID, r"stationarity in $\xi_i$ demands $\alpha_i + \mu_i = C$")
@claim(ID, r"The price of slack caps a multiplier: $\alpha_i = C - \mu_i$ with $\mu_i \ge 0$.")
def test_stationarity_in_the_slack(free: Free, rng: np.random.Generator) -> None:
    other = free._replace(mu=rng.uniform(size=(N, 1)))

    assert_same(gradient(other.lagrangian, other.xi), other.C - other.a - other.mu, 1e-6)
    assert_same(gradient(free.lagrangian, free.xi), np.zeros((N, 1)), 1e-6)
    # What is stationary for multipliers μ ≥ 0 is at most C, and a larger one is never so.
    capped = other._replace(a=other.C - other.mu)
    assert_same(gradient(capped.lagrangian, capped.xi), np.zeros((N, 1)), 1e-6)
    above = other._replace(a=np.full((N, 1), other.C + 0.1))
    assert np.all(gradient(above.lagrangian, above.xi) < -0.05)


@step(SOFT, "2", r"0 \le \alpha_i \le C")
def test_box(soft: Soft) -> None:
    assert np.all((soft.a >= -1e-9) & (soft.a <= soft.C + 1e-9))


@step(
    SOFT,
    "3",
    r"""
    \begin{aligned}
    \sum_i \xi_i (C - \alpha_i - \mu_i) &= 0 \\
    \mathcal{L}(w^*, b, \xi, \alpha, \mu) &= \sum_i \alpha_i
    - \frac{1}{2} \sum_{i,j} \alpha_i \alpha_j y_i y_j x_i^\top x_j
    \end{aligned}
    """,
)
def test_slack_drops_out(free: Free) -> None:
    best = free._replace(w=free.data.weights(free.a))

    assert_same(float(np.sum(free.xi * (free.C - free.a - free.mu))), 0.0)
    assert_same(best.lagrangian(best.xi), best.data.dual_value(best.a))


@step(
    SOFT,
    "4",
    r"""
    \begin{aligned}
    \max_\alpha\ & \sum_i \alpha_i
    - \frac{1}{2} \sum_{i,j} \alpha_i \alpha_j y_i y_j x_i^\top x_j \\
    \text{s.t. } & 0 \le \alpha_i \le C,\ \sum_i \alpha_i y_i = 0
    \end{aligned}
    """,
)
@claim(SOFT, "a maximum exists for every data set, separable or not")
@claim(SOFT, "enough slack always gives it a feasible point")
def test_optima_agree_although_the_classes_overlap(soft: Soft, rng: np.random.Generator) -> None:
    w, b = column(rng, D), rng.normal(size=(1, 1))
    slack = np.maximum(0, 1 - soft.data.scores(w, float(b[0, 0])))
    assert not primal(soft.data).allows(np.vstack([w, b]))
    assert soft_primal(soft.data, soft.C).allows(np.vstack([w, b, slack]))
    value = 0.5 * number(soft.w.T @ soft.w) + soft.C * float(np.sum(soft.xi))

    assert_same(soft.data.dual_value(soft.a), value)
    assert_same(soft.data.weights(soft.a), soft.w, 1e-6)


@step(
    SOFT,
    "5",
    r"""
    \begin{aligned}
    \alpha_i [y_i (w^\top x_i + b) - 1 + \xi_i] &= 0 \\
    (C - \alpha_i)\, \xi_i &= 0 \\
    \xi_i > 0 &\implies \alpha_i = C
    \end{aligned}
    """,
)
@claim(SOFT, r"one with $0 < \alpha_i < C$ lies exactly on it")
@claim(SOFT, r"A point with $\alpha_i = 0$ is on or beyond its margin")
def test_what_a_multiplier_says(soft: Soft) -> None:
    data, C, w, b, xi, a = soft
    scores = data.scores(w, b)

    assert_same(a * (scores - 1 + xi), np.zeros_like(a), 1e-6)
    assert_same((C - a) * xi, np.zeros_like(a), 1e-6)
    assert_same(a[xi > 1e-6], np.full(int(np.sum(xi > 1e-6)), C))
    assert np.all(scores[a < 1e-9] >= 1 - 1e-6)
    assert np.all(scores[a > C - 1e-9] <= 1 + 1e-6)
    assert np.all(np.abs(scores[(a > 1e-6) & (a < C - 1e-6)] - 1) < 1e-6)


@claim(SOFT, r"one with $\alpha_i = C$ lies on it or violates it")
def test_the_cap_does_not_make_a_violator() -> None:
    pair = Data(np.array([[1.0], [-1.0]]), np.array([[1.0], [-1.0]]))
    soft = solved_soft(pair, 0.5)

    assert_same(soft.a, np.full((2, 1), 0.5))
    assert_same(soft.xi, np.zeros((2, 1)))


@claim(SOFT, "Where the classes overlap, it has no maximum.")
def test_without_a_box_there_is_no_maximum_where_classes_overlap() -> None:
    crossed = Data(np.array([[1.0, 1], [-1, -1], [1, -1], [-1, 1]]), np.array([[1.0, 1, -1, -1]]).T)
    a = np.ones((4, 1))

    assert_same(float(np.sum(a * crossed.y)), 0.0)
    assert crossed.dual_value(1e3 * a) > 1e3
