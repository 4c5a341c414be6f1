"""What the prose says of points, hulls and the margin between them."""

import numpy as np

from scripts.pictures import margin
from tests.content.numeric import Array, assert_same, column, number
from tests.content.registry import claim
from tests.content.svm_dual.data import ID, D, Data, Hard, overlapping, primal, solved
from tests.content.svm_dual.programs import Program, solve


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
