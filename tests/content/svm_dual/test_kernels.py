"""What the prose says of kernels, and of solving the dual."""

import numpy as np

from tests.content.numeric import Array, assert_same, column, number
from tests.content.registry import claim
from tests.content.svm_dual.data import ID, D, Data, Hard, N, dual, gaussian
from tests.content.svm_dual.programs import solve


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


@claim(ID, "a prediction takes one kernel value for each support vector")
def test_a_prediction_asks_the_support_vectors_alone(hard: Hard, rng: np.random.Generator) -> None:
    data, w, b, a = hard
    held, x = np.flatnonzero(a > 1e-6), column(rng, D)

    values = [number(data.X[[i]] @ x) for i in held]

    assert len(values) < N
    assert_same(b + float(np.sum((a * data.y)[held, 0] * values)), number(w.T @ x) + b, 1e-6)


@claim(ID, r"with curvature $-\eta$ where $\eta = K(x_1, x_1) + K(x_2, x_2) - 2K(x_1, x_2)$")
@claim(ID, r"For $\eta > 0$ its top is at $\alpha_2 + y_2 (E_1 - E_2) / \eta$")
def test_two_multipliers_move_to_the_top_of_a_parabola(data: Data, a: Array) -> None:
    """For a pair of one class and for a pair of two."""
    w = data.weights(a)
    errors = data.X @ w + 0.4 - data.y  # any offset: it cancels
    for i, j in ((0, 1), (0, 4)):
        x, y = data.X, data.y
        eta = float(x[i] @ x[i] + x[j] @ x[j] - 2 * x[i] @ x[j])
        top = float(y[j, 0] * (errors[i, 0] - errors[j, 0]) / eta)

        def moved(by: float, i: int = i, j: int = j) -> float:
            b = a.copy()
            b[j] += by
            b[i] -= data.y[i] * data.y[j] * by
            assert_same(float(np.sum(b * data.y)), 0.0)
            return data.dual_value(b)

        for side in (-0.1, 0.1):
            assert_same(moved(top) - moved(top + side), 0.5 * eta * side**2)


@claim(ID, "the hard margin makes every point a support vector and fits all labels")
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


@claim(ID, r"For small $\gamma$ it is nearly $1 - \gamma \|u - v\|^2$")
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
