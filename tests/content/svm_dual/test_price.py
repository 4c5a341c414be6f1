"""What the prose says of slack and its price."""

import numpy as np

from tests.content.numeric import Array, assert_same, column, number
from tests.content.registry import claim
from tests.content.svm_dual.data import ID, D, Data, Soft, separable, solved, solved_soft


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


@claim(ID, "the number of support vectors usually grows in proportion to $n$")
def test_overlap_costs_support_vectors(rng: np.random.Generator) -> None:
    """Of two points in one place with both labels at least one violates its margin."""
    for pairs in (1, 2, 3):
        places, labels = rng.normal(size=(pairs, 1)), np.ones((pairs, 1))
        crossed = Data(np.vstack([places, places]), np.vstack([labels, -labels]))

        soft = solved_soft(crossed, 0.7)

        assert np.sum(soft.a > 1e-6) >= pairs
        assert np.sum(soft.xi > 1e-6) >= pairs


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
