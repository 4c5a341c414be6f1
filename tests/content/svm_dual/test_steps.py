"""The key steps of the SVM dual."""

import numpy as np

from tests.content.numeric import Array, assert_same, column, gradient, hessian, number
from tests.content.registry import claim, step
from tests.content.svm_dual.data import (
    ID,
    D,
    Data,
    Hard,
    N,
    Soft,
    balanced,
    dual,
    features,
    solved,
    solved_soft,
    unit_rows,
)
from tests.content.svm_dual.programs import solve


@step(
    ID,
    "1",
    r"""
    \begin{aligned}
    \nabla_w \mathcal{L} &= w - \sum_i \alpha_i y_i x_i = 0 \\
    w^* &= \sum_i \alpha_i y_i x_i
    \end{aligned}
    """,
)
@claim(ID, "In $w$ the Lagrangian is a bowl with Hessian $I$")
def test_stationarity_in_the_weights(data: Data, a: Array, rng: np.random.Generator) -> None:
    w, b = column(rng, D), float(rng.normal())

    def of_w(w: Array) -> float:
        return data.lagrangian(w, b, a)

    assert_same(gradient(of_w, w), w - data.weights(a), 1e-6)
    assert_same(gradient(of_w, data.weights(a)), np.zeros((D, 1)), 1e-6)
    assert_same(hessian(of_w, w), np.eye(D), 1e-5)


@step(
    ID,
    "2",
    r"""
    \begin{aligned}
    \frac{\partial \mathcal{L}}{\partial b} &= -\sum_i \alpha_i y_i \\
    \sum_i \alpha_i y_i &= 0
    \end{aligned}
    """,
)
@claim(ID, "unless its slope is zero, moving $b$ pushes the value to minus infinity")
def test_stationarity_in_the_offset(data: Data, a: Array, rng: np.random.Generator) -> None:
    w, b, any_a = column(rng, D), float(rng.normal()), rng.uniform(0.3, 1.5, size=(N, 1))

    assert_same(data.slope_in_b(w, b, any_a), -float(np.sum(any_a * data.y)))
    assert_same(float(np.sum(a * data.y)), 0.0)
    far = 1e6 * np.sign(float(np.sum(any_a * data.y)))
    assert data.lagrangian(w, far, any_a) < -1e4
    assert_same(data.lagrangian(w, far, a), data.lagrangian(w, 0.0, a), 1e-6)


@step(
    ID,
    "3a",
    r"""
    \begin{aligned}
    \frac{1}{2}\|w^*\|^2 &= \frac{1}{2} \sum_{i,j} \alpha_i \alpha_j y_i y_j x_i^\top x_j \\
    \sum_i \alpha_i y_i w^{*\top} x_i &= \sum_{i,j} \alpha_i \alpha_j y_i y_j x_i^\top x_j \\
    b \sum_i \alpha_i y_i &= 0
    \end{aligned}
    """,
)
def test_pieces_at_the_stationary_point(data: Data, a: Array) -> None:
    w = data.weights(a)

    assert_same(0.5 * float(np.sum(w**2)), 0.5 * data.double_sum(a))
    assert_same(float(np.sum(a * data.y * (data.X @ w))), data.double_sum(a))
    assert_same(1.7 * float(np.sum(a * data.y)), 0.0)


@step(
    ID,
    "3b",
    r"""
    \mathcal{L}(w^*, b, \alpha) = \sum_i \alpha_i
    - \frac{1}{2} \sum_{i,j} \alpha_i \alpha_j y_i y_j x_i^\top x_j
    """,
)
def test_lagrangian_without_primal_variables(data: Data, a: Array) -> None:
    for b in (-2.0, 0.0, 1.3):
        assert_same(data.lagrangian(data.weights(a), b, a), data.dual_value(a))


@step(
    ID,
    "4",
    r"""
    \begin{aligned}
    \max_\alpha\ & \sum_i \alpha_i
    - \frac{1}{2} \sum_{i,j} \alpha_i \alpha_j y_i y_j x_i^\top x_j \\
    \text{s.t. } & \alpha_i \ge 0,\ \sum_i \alpha_i y_i = 0
    \end{aligned}
    """,
)
@claim(ID, "If the classes can be separated, the best bound is tight")
@claim(ID, "For every feasible $\\alpha$ the minimised Lagrangian is a lower bound")
def test_optima_of_primal_and_dual_agree(hard: Hard, rng: np.random.Generator) -> None:
    data, w, _, a = hard
    value = 0.5 * number(w.T @ w)

    assert_same(data.dual_value(a), value)
    assert_same(data.weights(a), w, 1e-6)
    for _ in range(5):
        other = balanced(rng.uniform(size=(N, 1)), data.y) * rng.uniform(0.1, 3)
        assert data.dual_value(other) <= value + 1e-9


@step(
    ID,
    "5",
    r"""
    \begin{aligned}
    \max_\alpha\ & \sum_i \alpha_i - \frac{1}{2} \sum_{i,j} \alpha_i \alpha_j y_i y_j K(x_i, x_j) \\
    \text{s.t. } & \alpha_i \ge 0,\ \sum_i \alpha_i y_i = 0
    \end{aligned}
    """,
)
@claim(ID, r"it is the same problem for the points $\phi(x_i)$")
@claim(ID, r"$b = y_s - \sum_i \alpha_i y_i K(x_i, x_s)$")
@claim(ID, r"sign of $\sum_i \alpha_i y_i K(x_i, x) + b$")
def test_kernel_is_the_same_problem_for_the_features(data: Data, rng: np.random.Generator) -> None:
    """Points that no line separates, a circle around the others, and all monomials up to 2."""
    circled = data._replace(X=np.where(data.y > 0, 3.0, 0.4) * unit_rows(rng))

    def kernel(u: Array, v: Array) -> float:
        return (1 + number(u.T @ v)) ** 2

    lifted = Data(np.vstack([features(x) for x in circled.X]), circled.y)
    assert_same(number(lifted.X[:1] @ lifted.X[1:2].T), kernel(circled.X[:1].T, circled.X[1:2].T))

    a = solve(dual(circled, kernel))
    in_features = solved(lifted)

    assert_same(lifted.dual_value(a), 0.5 * float(np.sum(in_features.w**2)), 1e-6)
    s = int(np.argmax(a))
    at = [[kernel(u[None].T, v[None].T) for v in circled.X] for u in circled.X]
    sums = np.array(at) @ (a * circled.y)
    b = float(circled.y[s, 0] - sums[s, 0])
    assert_same(b, in_features.b, 1e-6)
    assert_same(np.sign(sums + b), circled.y)


@claim(ID, r"the Gram matrix of all $K(x_i, x_j)$ is positive semidefinite for every choice")
@claim(ID, "Only then is it an inner product in some feature space")
def test_features_come_from_a_positive_semidefinite_gram_matrix(data: Data) -> None:
    inner = data.X @ data.X.T
    gram = (1 + inner) ** 2
    values, vectors = np.linalg.eigh(gram)
    phi = vectors * np.sqrt(np.maximum(values, 0))

    assert values[0] > -1e-9
    assert_same(phi @ phi.T, gram, 1e-6)
    # A negative eigenvalue would be the squared length of a combination of features.
    v = np.linalg.eigh(-inner)[1][:, :1]
    assert number(v.T @ -inner @ v) < -1e-3


@step(
    ID,
    "6a",
    r"""
    \begin{aligned}
    \alpha_i [y_i (w^\top x_i + b) - 1] &= 0 \\
    \alpha_i > 0 &\implies y_i (w^\top x_i + b) = 1
    \end{aligned}
    """,
)
@claim(ID, "At the optimum primal value and bound agree, so what the multipliers subtract is zero")
@claim(ID, r"those beyond it have $\alpha_i = 0$ and do not enter $w^*$")
@claim(ID, r"A support vector $x_s$ lies on the margin: $y_s (w^{*\top} x_s + b) = 1$.")
def test_complementary_slackness(hard: Hard) -> None:
    """Primal and dual were solved apart, so this is no consequence of the method."""
    data, w, b, a = hard
    supports = a[:, 0] > 1e-6

    assert_same(a * (data.scores(w, b) - 1), np.zeros((N, 1)), 1e-6)
    assert 2 <= np.sum(supports) < N
    beyond = data.scores(w, b)[:, 0] > 1 + 1e-6
    assert np.any(beyond)
    assert_same(a[beyond], np.zeros((int(np.sum(beyond)), 1)))
    assert_same(data.scores(w, b)[supports], np.ones((int(np.sum(supports)), 1)), 1e-6)
    assert_same((data.y - data.X @ w)[supports], np.full((int(np.sum(supports)), 1), b), 1e-6)


@step(ID, "6b", r"0 \le \alpha_i \le C")
@claim(ID, r"has $\xi_i > 0$, hence $\mu_i = 0$ and $\alpha_i = C$")
def test_soft_margin_caps_the_multipliers(soft: Soft) -> None:
    violators = soft.xi[:, 0] > 1e-6

    assert np.all((soft.a >= -1e-9) & (soft.a <= soft.C + 1e-9))
    assert np.any(violators)
    assert_same(soft.a[violators], np.full((int(np.sum(violators)), 1), soft.C))


@claim(ID, r"a solution stays optimal if a point with $\alpha_i = 0$ is taken out")
def test_without_the_points_that_do_not_pull(hard: Hard, soft: Soft) -> None:
    held = hard.a[:, 0] > 1e-6
    assert 2 <= np.sum(held) < N
    alone = solved(Data(hard.data.X[held], hard.data.y[held]))
    assert_same(alone.w, hard.w, 1e-6)
    assert_same(alone.b, hard.b, 1e-6)

    pulls = soft.a[:, 0] > 1e-6
    fewer = solved_soft(Data(soft.data.X[pulls], soft.data.y[pulls]), soft.C)
    assert_same(fewer.w, soft.w, 1e-6)
    assert_same(float(np.sum(fewer.xi)), float(np.sum(soft.xi[pulls])), 1e-6)
