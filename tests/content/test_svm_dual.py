"""The numbers behind `svm-dual.toml`."""

import math
from collections.abc import Callable
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pytest

from scripts.pictures import margin
from tests.content.numeric import (
    Array,
    assert_differs,
    assert_same,
    column,
    gradient,
    hessian,
    number,
)
from tests.content.registry import claim, slip, step

ID = "svm-dual"
SOFT = "svm-dual-soft"
N, D = 6, 2
LABELS = np.array([[1.0, 1, 1, -1, -1, -1]]).T
FEASIBLE = 1e-7
Kernel = Callable[[Array, Array], float]


class Program(NamedTuple):
    """Minimise z'Hz/2 - g'z subject to rows @ z >= floor and equations @ z = values."""

    H: Array
    g: Array
    rows: Array
    floor: Array
    equations: Array
    values: Array

    def value(self, z: Array) -> float:
        return number(0.5 * z.T @ self.H @ z - self.g.T @ z)

    def allows(self, z: Array) -> bool:
        return bool(np.all(self.rows @ z >= self.floor - FEASIBLE))


def solve(program: Program) -> Array:
    """A minimiser of a convex program that has one, by trying every set of constraints that may be
    tight. No multipliers occur: a minimiser is the best point of the face on which it lies."""
    count, size = program.rows.shape
    best: Array | None = None
    for tight in (list(rows) for k in range(size + 1) for rows in combinations(range(count), k)):
        z = best_on_face(program, tight)
        if z is None or not program.allows(z):
            continue
        if best is None or program.value(z) < program.value(best) - 1e-12:
            best = z
    assert best is not None
    return best


def best_on_face(program: Program, tight: list[int]) -> Array | None:
    """Where the slope vanishes along all directions in which the tight constraints stay tight."""
    A = np.vstack([program.equations, program.rows[tight]])
    values = np.vstack([program.values, program.floor[tight]])
    point = np.linalg.pinv(A) @ values
    if not np.allclose(A @ point, values, atol=FEASIBLE):
        return None
    rank = np.linalg.matrix_rank(A) if A.size else 0
    along = np.linalg.svd(A)[2][rank:].T
    curvature, slope = along.T @ program.H @ along, along.T @ (program.H @ point - program.g)
    move = -np.linalg.pinv(curvature) @ slope
    if not np.allclose(curvature @ move, -slope, atol=FEASIBLE):
        return None
    result: Array = point + along @ move
    return result


class Data(NamedTuple):
    """Points, one a row, with their labels."""

    X: Array
    y: Array

    @property
    def signed(self) -> Array:
        """y_i x_i, one a row."""
        result: Array = self.y * self.X
        return result

    def weights(self, a: Array) -> Array:
        """w^*."""
        terms = [a[i, 0] * self.y[i, 0] * self.X[[i]].T for i in range(len(a))]
        return np.asarray(np.sum(terms, axis=0))

    def double_sum(self, a: Array, kernel: Kernel | None = None) -> float:
        k = kernel or (lambda u, v: number(u.T @ v))
        points = range(len(a))
        return sum(
            float(a[i, 0] * a[j, 0] * self.y[i, 0] * self.y[j, 0]) * k(self.X[[i]].T, self.X[[j]].T)
            for i in points
            for j in points
        )

    def dual_value(self, a: Array) -> float:
        return float(np.sum(a)) - 0.5 * self.double_sum(a)

    def scores(self, w: Array, b: float) -> Array:
        """y_i (w'x_i + b)."""
        result: Array = self.y * (self.X @ w + b)
        return result

    def lagrangian(self, w: Array, b: float, a: Array) -> float:
        return 0.5 * number(w.T @ w) - float(np.sum(a * (self.scores(w, b) - 1)))

    def slope_in_b(self, w: Array, b: float, a: Array) -> float:
        at = np.array([[b]])
        return number(gradient(lambda t: self.lagrangian(w, float(t[0, 0]), a), at))

    def with_slack(self, w: Array, b: float, xi: Array, a: Array, mu: Array, C: float) -> float:
        price = C * float(np.sum(xi))
        return self.lagrangian(w, b, a) + price - float(np.sum(a * xi)) - float(np.sum(mu * xi))


def primal(data: Data) -> Program:
    """Over (w, b)."""
    n, d = data.X.shape
    H = np.diag([1.0] * d + [0.0])
    rows = np.hstack([data.signed, data.y])
    return Program(H, np.zeros((d + 1, 1)), rows, np.ones((n, 1)), *no_equations(d + 1))


def dual(data: Data, kernel: Kernel | None = None) -> Program:
    """Over the multipliers; its value is minus that of the dual."""
    n = len(data.y)
    k = kernel or (lambda u, v: number(u.T @ v))
    gram = np.array([[k(data.X[[i]].T, data.X[[j]].T) for j in range(n)] for i in range(n)])
    H = data.y * gram * data.y.T
    return Program(H, np.ones((n, 1)), np.eye(n), np.zeros((n, 1)), data.y.T, np.zeros((1, 1)))


def soft_primal(data: Data, C: float) -> Program:
    """Over (w, b, xi)."""
    n, d = data.X.shape
    H = np.diag([1.0] * d + [0.0] * (n + 1))
    g = np.vstack([np.zeros((d + 1, 1)), np.full((n, 1), -C)])
    margins = np.hstack([data.signed, data.y, np.eye(n)])
    signs = np.hstack([np.zeros((n, d + 1)), np.eye(n)])
    floor = np.vstack([np.ones((n, 1)), np.zeros((n, 1))])
    return Program(H, g, np.vstack([margins, signs]), floor, *no_equations(d + 1 + n))


def soft_dual(data: Data, C: float) -> Program:
    hard = dual(data)
    n = len(data.y)
    rows, floor = np.vstack([hard.rows, -np.eye(n)]), np.vstack([hard.floor, np.full((n, 1), -C)])
    return hard._replace(rows=rows, floor=floor)


def no_equations(size: int) -> tuple[Array, Array]:
    return np.zeros((0, size)), np.zeros((0, 1))


def separable(rng: np.random.Generator) -> Data:
    direction = column(rng, D)
    direction = direction / np.linalg.norm(direction)
    X = rng.normal(size=(N, D))
    along = X @ direction
    return Data(X + (LABELS * (0.3 + np.abs(along)) - along) @ direction.T, LABELS)


def overlapping(rng: np.random.Generator) -> Data:
    """The second positive point lies between the negative ones. Four points are enough: with slack
    there are many faces."""
    X = rng.normal(size=(4, D))
    X[1] = X[2:].mean(axis=0)
    return Data(X, np.array([[1.0, 1, -1, -1]]).T)


def balanced(a: Array, y: Array) -> Array:
    """Scaled so that each class has the sum 1."""
    return np.where(y > 0, a / np.sum(a[y > 0]), a / np.sum(a[y < 0]))


class Hard(NamedTuple):
    """A separable data set, solved twice: `w`, `b` from the primal and `a` from the dual."""

    data: Data
    w: Array
    b: float
    a: Array


class Soft(NamedTuple):
    """The same for overlapping classes."""

    data: Data
    C: float
    w: Array
    b: float
    xi: Array
    a: Array


def solved(data: Data) -> Hard:
    z = solve(primal(data))
    d = data.X.shape[1]
    return Hard(data, z[:d], float(z[d, 0]), solve(dual(data)))


def solved_soft(data: Data, C: float) -> Soft:
    z = solve(soft_primal(data, C))
    d = data.X.shape[1]
    return Soft(data, C, z[:d], float(z[d, 0]), z[d + 1 :], solve(soft_dual(data, C)))


@pytest.fixture
def data(rng: np.random.Generator) -> Data:
    return separable(rng)


@pytest.fixture
def a(rng: np.random.Generator, data: Data) -> Array:
    """Feasible multipliers."""
    return balanced(rng.uniform(0.3, 1.5, size=(N, 1)), data.y)


@pytest.fixture
def hard(data: Data) -> Hard:
    return solved(data)


@pytest.fixture
def soft(rng: np.random.Generator) -> Soft:
    return solved_soft(overlapping(rng), 20.0)


# --- key steps -----------------------------------------------------------------------------------


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


def unit_rows(rng: np.random.Generator) -> Array:
    rows = rng.normal(size=(N, D))
    result: Array = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return result


def features(x: Array) -> Array:
    """Of (1 + u'v)^2 in two dimensions."""
    r = np.sqrt(2)
    u, v = float(x[0]), float(x[1])
    return np.array([[1, r * u, r * v, u * u, v * v, r * u * v]])


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


@claim(ID, r"a point with $\alpha_i = 0$ can be taken out without changing the solution")
def test_without_the_points_that_do_not_pull(hard: Hard, soft: Soft) -> None:
    held = hard.a[:, 0] > 1e-6
    assert 2 <= np.sum(held) < N
    alone = solved(Data(hard.data.X[held], hard.data.y[held]))
    assert_same(alone.w, hard.w, 1e-6)
    assert_same(alone.b, hard.b, 1e-6)

    pulls = soft.a[:, 0] > 1e-6
    fewer = solved_soft(Data(soft.data.X[pulls], soft.data.y[pulls]), soft.C)
    assert_same(fewer.w, soft.w, 1e-6)


# --- slips ---------------------------------------------------------------------------------------


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


# --- what the prose claims -----------------------------------------------------------------------


@claim(ID, r"At the optimum $\|w^*\|^2 = \sum_i \alpha_i$")
@claim(ID, r"Primal and dual value are then both $\frac{1}{2}\|w^*\|^2$.")
@claim(ID, r"So the width is $2 / \sqrt{\sum_i \alpha_i}$.")
@claim(ID, r"on which $w^\top x + b$ is $1$ or $-1$ are $2 / \|w\|$ apart")
def test_multipliers_add_up_to_the_squared_length(hard: Hard) -> None:
    total = float(np.sum(hard.a))
    w = hard.w
    one_side = w * (1 - hard.b) / number(w.T @ w)
    other_side = w * (-1 - hard.b) / number(w.T @ w)

    assert_same(number(w.T @ w), total, 1e-6)
    assert_same(number(w.T @ one_side) + hard.b, 1.0)
    assert_same(number(w.T @ other_side) + hard.b, -1.0)
    assert_same(float(np.linalg.norm(one_side - other_side)), 2 / float(np.linalg.norm(w)))
    assert_same(float(np.linalg.norm(one_side - other_side)), 2 / np.sqrt(total), 1e-6)


@claim(ID, "one point in the convex hull of each class, the two as near to each other as possible")
@claim(ID, "the plane cuts it in the middle")
@claim(ID, r"at the optimum $\|p - q\| = 2 / \|w^*\|$ is the width of the margin")
@claim(ID, r"the best $s$ is $2 / \|p - q\|^2$ and the value is $2 / \|p - q\|^2$")
@claim(
    ID,
    r"So $\alpha_i = s a_i$, where the $a_i$ of a class are the weights of a convex combination.",
)
def test_nearest_points_of_the_hulls(hard: Hard) -> None:
    data, w, b, a = hard
    n = len(a)
    sums = np.vstack([(data.y > 0).T, (data.y < 0).T]).astype(float)
    H = data.signed @ data.signed.T
    nearest = solve(
        Program(H, np.zeros((n, 1)), np.eye(n), np.zeros((n, 1)), sums, np.ones((2, 1)))
    )
    p, q = (data.X.T @ (nearest * (data.y == label)) for label in (1.0, -1.0))
    gap = number((p - q).T @ (p - q))

    (s, other) = (float(np.sum(a[data.y == label])) for label in (1.0, -1.0))
    assert_same(s, other)
    for label, point in ((1.0, p), (-1.0, q)):
        share = np.where(data.y == label, a / s, 0.0)
        assert_same(float(share.sum()), 1.0)
        assert np.all(share >= -1e-12)
        assert_same(data.X.T @ share, point, 1e-6)
    assert_same(2 / gap * (p - q), w, 1e-6)
    assert_same(2 / gap, data.dual_value(a), 1e-6)
    assert_same(number(w.T @ (p + q)) / 2 + b, 0.0, 1e-6)
    assert_same(np.sqrt(gap), 2 / float(np.linalg.norm(w)), 1e-6)
    scale = np.linspace(0, 4 / gap, 401)
    assert_same(float(scale[np.argmax(2 * scale - 0.5 * scale**2 * gap)]), 2 / gap, 1e-6)


@claim(
    ID,
    (
        r"the objective is $\sum_i \alpha_i - \frac{1}{2} \|w^*\|^2 = 2s - \frac{1}{2} s^2 "
        r"\|p - q\|^2$"
    ),
)
def test_objective_by_convex_combinations(data: Data, a: Array) -> None:
    """In `a` each class has the sum 1."""
    p, q = (data.X.T @ np.where(data.y == label, a, 0.0) for label in (1.0, -1.0))
    gap = number((p - q).T @ (p - q))

    for s in (0.3, 1.0, 7.0):
        assert_same(data.weights(s * a), s * (p - q))
        assert_same(data.dual_value(s * a), 2 * s - 0.5 * s**2 * gap)


@claim(ID, "If they nearly meet because of a single point")
def test_a_single_point_decides_where_the_plane_runs() -> None:
    X = np.array([[0.0, 3.0], [2.0, 3.0], [0.0, -3.0], [2.0, -3.0]])
    data = Data(X, np.array([[1.0, 1, -1, -1]]).T)
    level = solved(data)
    stray = Data(np.vstack([X, [[0.0, -2.9]]]), np.vstack([data.y, [[1.0]]]))
    moved = solved(stray)

    assert_same(level.w, np.array([[0.0], [1 / 3]]))
    assert_same(stray.scores(moved.w, moved.b)[-1], np.ones(1))
    assert np.linalg.norm(moved.w) > 50 * np.linalg.norm(level.w)
    assert np.all(level.data.scores(level.w, level.b) > 0)
    assert stray.scores(level.w, level.b)[-1, 0] < -0.9


@claim(ID, r"$\alpha = \frac{1}{2}$ on the two upper points and 0 on the two lower ones is optimal")
def test_points_on_the_margin_without_a_multiplier() -> None:
    square = Data(np.array([[1.0, 1], [1, -1], [-1, 1], [-1, -1]]), np.array([[1.0, 1, -1, -1]]).T)
    hard = solved(square)
    upper = np.array([[0.5, 0, 0.5, 0]]).T

    assert_same(square.scores(hard.w, hard.b), np.ones((4, 1)))
    assert_same(float(np.sum(upper * square.y)), 0.0)
    assert_same(square.dual_value(upper), 0.5 * number(hard.w.T @ hard.w))


@claim(ID, "two coinciding points with one label may share their weight in any proportion")
@claim(ID, "With both classes present $w^*$ and $b$ are unique; the multipliers need not be.")
def test_coinciding_points_share_their_weight(hard: Hard) -> None:
    data, w, b, a = hard
    s = int(np.argmax(a))
    twice = Data(np.vstack([data.X, data.X[[s]]]), np.vstack([data.y, data.y[[s]]]))
    again = solve(primal(twice))
    for share in (0.0, 0.3, 1.0):
        moved = np.vstack([a, a[[s]] * share])
        moved[s] *= 1 - share
        assert_same(twice.dual_value(moved), data.dual_value(a))
        assert_same(twice.weights(moved), w, 1e-6)

    assert_same(again, np.vstack([w, [[b]]]), 1e-6)


@claim(ID, r"any $b$ from $-\frac{1}{2}$ to $\frac{1}{2}$ is as good")
def test_the_offset_of_a_soft_margin_may_be_free() -> None:
    pair = Data(np.array([[1.0], [-1.0]]), np.array([[1.0], [-1.0]]))
    C = 0.25
    soft = solved_soft(pair, C)
    best = 0.5 * number(soft.w.T @ soft.w) + C * float(np.sum(soft.xi))

    def loss(b: float) -> float:
        slack = np.maximum(0, 1 - pair.scores(soft.w, b))
        return 0.5 * number(soft.w.T @ soft.w) + C * float(np.sum(slack))

    for b in (-0.5, -0.2, 0.0, 0.5):
        assert_same(loss(b), best)
    assert min(loss(-0.51), loss(0.51)) > best + 1e-4


@claim(
    ID,
    r"with the symmetric $K(u, v) = -u^\top v$ the double sum turns its sign and the dual grows"
    " without bound whenever both classes are present",
)
def test_a_negative_kernel_has_no_optimum(data: Data, a: Array) -> None:
    def value(a: Array) -> float:
        return float(np.sum(a)) - 0.5 * data.double_sum(a, lambda u, v: -number(u.T @ v))

    negative = data.double_sum(a, lambda u, v: -number(u.T @ v))
    assert_same(negative, -number(data.weights(a).T @ data.weights(a)))
    assert value(100 * a) >= 100 * float(np.sum(a))


@claim(ID, "If the convex hulls of the classes meet, its value is unbounded.")
@claim(
    ID,
    r"have $\sum_i \alpha_i y_i = 0$ and $\sum_i \alpha_i y_i x_i = 0$, and as they are scaled up"
    r" the double sum stays zero while $\sum_i \alpha_i$ grows",
)
@claim(ID, "the primal has no feasible point")
def test_dual_of_overlapping_classes_is_unbounded(rng: np.random.Generator) -> None:
    data = overlapping(rng)
    a = np.array([[0.0, 1, 0.5, 0.5]]).T

    assert_same(float(np.sum(a * data.y)), 0.0)
    assert_same(data.weights(a), np.zeros((D, 1)))
    assert_same(data.double_sum(1e3 * a), 0.0)
    assert_same(data.dual_value(1e3 * a), 2e3)
    # With these multipliers the constraints add up to 0 >= 2.
    w, b = column(rng, D), float(rng.normal())
    assert_same(float(np.sum(a * data.scores(w, b))), 0.0)


@claim(ID, "Multiplying a coordinate by 10 changes the inner products")
@claim(ID, "unlike in logistic regression without a penalty")
def test_scale_of_a_feature_changes_the_plane() -> None:
    pair = Data(np.array([[1.0, 1.0], [-1.0, -1.0]]), np.array([[1.0], [-1.0]]))
    scale = np.array([[10.0, 1.0]])
    scaled = solved(pair._replace(X=pair.X * scale))

    assert_same(solved(pair).w, np.array([[0.5], [0.5]]))
    assert_same(scaled.w * scale.T, np.array([[100.0], [1.0]]) / 101)

    # The logistic loss has its minimum where it was, with a smaller weight for the larger feature.
    X = np.repeat([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]], [3, 4, 2], axis=0)
    y = np.array([[1.0, 1, -1, 1, -1, -1, -1, 1, -1]]).T

    def best(X: Array) -> Array:
        """By Newton's method."""
        w = np.zeros((2, 1))
        for _ in range(50):
            p = 1 / (1 + np.exp(y * (X @ w)))
            w = w + np.linalg.solve(X.T @ (p * (1 - p) * X), X.T @ (y * p))
        return w

    assert np.linalg.norm(best(X)) > 0.1
    assert_same(best(X * scale), best(X) / scale.T, 1e-6)


@claim(ID, r"smallest slack that is allowed is $\xi_i = \max(0, 1 - y_i (w^\top x_i + b))$")
def test_slack_is_the_hinge_loss(soft: Soft, rng: np.random.Generator) -> None:
    def hinge(w: Array, b: float) -> Array:
        result: Array = np.maximum(0, 1 - soft.data.scores(w, b))
        return result

    def loss(w: Array, b: float) -> float:
        return 0.5 * number(w.T @ w) + soft.C * float(np.sum(hinge(w, b)))

    assert_same(soft.xi, hinge(soft.w, soft.b), 1e-6)
    for _ in range(10):
        w, b = soft.w + 0.3 * column(rng, D), soft.b + 0.3 * float(rng.normal())
        assert loss(w, b) > loss(soft.w, soft.b)


@claim(ID, r"If $C \ge \max_i \alpha_i$, then this $\alpha$ and $\xi = 0$ meet all conditions")
def test_a_finite_price_gives_the_hard_margin(rng: np.random.Generator) -> None:
    data = separable(rng)
    small = Data(data.X[1:5], data.y[1:5])
    hard = solved(small)
    at_the_limit = solved_soft(small, float(np.max(hard.a)))
    cheaper = solved_soft(small, 0.5 * float(np.max(hard.a)))

    assert_same(at_the_limit.w, hard.w, 1e-6)
    assert_same(at_the_limit.b, hard.b, 1e-6)
    assert_same(at_the_limit.xi, np.zeros((4, 1)), 1e-6)
    assert number(cheaper.w.T @ cheaper.w) < number(hard.w.T @ hard.w) - 1e-6


@claim(ID, r"$\|w\| \le C \sum_i \|x_i\|$ goes to zero with $C$")
@claim(ID, r"the margin $2 / \|w\|$ becomes as wide as you like")
def test_a_low_price_shrinks_the_weights(soft: Soft) -> None:
    reach = float(np.sum(np.linalg.norm(soft.data.X, axis=1)))

    for C in (soft.C, 0.01):
        assert np.linalg.norm(solved_soft(soft.data, C).w) <= C * reach
    widths = [2 / np.linalg.norm(solved_soft(soft.data, C).w) for C in (1e-2, 1e-4)]
    assert_same(widths[1], 100 * widths[0], 1e-4)


@claim(ID, r"For $\eta > 0$ its top is at $\alpha_2 + y_2 (E_1 - E_2) / \eta$")
def test_two_multipliers_move_to_the_top_of_a_parabola(data: Data, a: Array) -> None:
    """For a pair of one class and for a pair of two."""
    w = data.weights(a)
    errors = data.X @ w + 0.4 - data.y  # any offset: it cancels
    for i, j in ((0, 1), (0, 4)):
        x, y = data.X, data.y
        eta = float((x[i] - x[j]) @ (x[i] - x[j]))
        top = float(y[j, 0] * (errors[i, 0] - errors[j, 0]) / eta)

        def moved(by: float, i: int = i, j: int = j) -> float:
            b = a.copy()
            b[j] += by
            b[i] -= data.y[i] * data.y[j] * by
            assert_same(float(np.sum(b * data.y)), 0.0)
            return data.dual_value(b)

        for side in (-0.1, 0.1):
            assert_same(moved(top) - moved(top + side), 0.5 * eta * side**2)


@claim(ID, "the others could be left out without moving the line")
def test_leaving_the_other_points_out(hard: Hard) -> None:
    data, w, b, a = hard
    supports = a[:, 0] > 1e-9

    without = solve(primal(Data(data.X[supports], data.y[supports])))

    assert_same(without, np.vstack([w, [[b]]]), 1e-6)


@claim(ID, "The multipliers of both classes have the same sum, $0.68 = 0.39 + 0.29$")
def test_multipliers_of_the_picture() -> None:
    """Only its points are taken: the plane is solved for, and the multipliers follow from it."""
    data = Data(margin.POINTS, margin.LABELS[:, None])
    z = solve(primal(data))
    held = np.abs(data.scores(z[:2], float(z[2, 0])) - 1)[:, 0] < 1e-6
    a = np.linalg.solve(
        np.vstack([data.signed[held].T, data.y[held].T]), np.vstack([z[:2], [[0.0]]])
    )

    assert sorted(np.round(a[:, 0], 2)) == [0.29, 0.39, 0.68]
    assert_same(2 / np.sqrt(float(np.sum(a))), 2 / float(np.linalg.norm(z[:2])), 1e-6)


def gaussian(gamma: float) -> Kernel:
    return lambda u, v: math.exp(-gamma * float(np.sum((u - v) ** 2)))


@claim(ID, r"In the limit the hard margin makes every point a support vector and fits all labels")
@claim(ID, "far from all points only $b$ is left of the score")
def test_a_narrow_kernel_learns_by_heart() -> None:
    """Not of the same number in both classes, so that there is an offset."""
    X = np.array([[0.0, 0], [1, 0], [0, 1], [1, 1], [2, 1]])
    data = Data(X, np.array([[1.0, 1, 1, -1, -1]]).T)
    kernel = gaussian(50.0)
    gram = np.array([[kernel(u[None].T, v[None].T) for v in X] for u in X])
    a = solve(dual(data, kernel))
    scores = gram @ (a * data.y)
    b = number(data.y[:1] - scores[:1])
    far = [kernel(x[None].T, np.array([[40.0], [40.0]])) for x in X]

    assert_same(gram, np.eye(5))
    assert np.all(a > 0.5)
    assert_same(scores + b, data.y)
    assert_same(float(np.sum(np.array(far) @ (a * data.y))), 0.0)
    assert_same(b, 1 / 5)


@claim(ID, r"For small $\gamma$ use $K(u, v) \approx 1 - \gamma \|u - v\|^2$.")
@claim(ID, r"$2 \gamma \sum_{i,j} \alpha_i \alpha_j y_i y_j x_i^\top x_j$")
@claim(ID, r"with $2 \gamma C$ in place of $C$")
def test_a_wide_kernel_is_almost_linear(data: Data, a: Array) -> None:
    """With the linear kernel and multipliers 2γα, the dual value is 2γ times as large."""
    gamma = 1e-6
    u, v = data.X[:1].T, data.X[4:5].T
    assert_same((1 - gaussian(gamma)(u, v)) / gamma, float(np.sum((u - v) ** 2)), 1e-4)
    wide = data.double_sum(a, gaussian(gamma))
    scaled = 2 * gamma * a

    assert_same(wide / gamma, 2 * data.double_sum(a), 1e-4)
    value = float(np.sum(a)) - 0.5 * wide
    assert_same(2 * gamma * value / data.dual_value(scaled), 1.0, 1e-6)


@claim(ID, "The logistic loss is smooth and never zero")
@claim(ID, "The hinge is zero beyond the margin")
@claim(ID, "Its score models the log-odds and so gives a probability")
def test_hinge_and_logistic_loss() -> None:
    beyond = np.linspace(1, 8, 50)

    assert_same(np.maximum(0, 1 - beyond), np.zeros(50))
    assert np.all(np.log1p(np.exp(-beyond)) > 0)
    assert np.all(np.diff(np.log1p(np.exp(-beyond))) < 0)
    scores = np.linspace(-4, 4, 9)
    of_one, of_the_other = np.exp(-np.log1p(np.exp(-scores))), np.exp(-np.log1p(np.exp(scores)))
    assert_same(of_one + of_the_other, np.ones(9))
    assert_same(np.log(of_one / of_the_other), scores)


# --- the soft margin -----------------------------------------------------------------------------


class Free(NamedTuple):
    """Feasible multipliers and any primal variables."""

    data: Data
    C: float
    w: Array
    b: float
    xi: Array
    a: Array
    mu: Array

    def lagrangian(self, xi: Array) -> float:
        return self.data.with_slack(self.w, self.b, xi, self.a, self.mu, self.C)


@pytest.fixture
def free(data: Data, a: Array, rng: np.random.Generator) -> Free:
    C = float(np.max(a)) + 0.4
    w, b, xi = column(rng, D), float(rng.normal()), rng.uniform(0, 2, size=(N, 1))
    return Free(data, C, w, b, xi, a, C - a)


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
@claim(ID, r"bring multipliers $\mu_i \ge 0$ and the condition $\alpha_i + \mu_i = C$")
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


@claim(SOFT, "Where the classes overlap, it has no maximum.")
def test_without_a_box_there_is_no_maximum_where_classes_overlap() -> None:
    crossed = Data(np.array([[1.0, 1], [-1, -1], [1, -1], [-1, 1]]), np.array([[1.0, 1, -1, -1]]).T)
    a = np.ones((4, 1))

    assert_same(float(np.sum(a * crossed.y)), 0.0)
    assert crossed.dual_value(1e3 * a) > 1e3
