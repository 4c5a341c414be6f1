"""Where there is a best weight vector, and how it is found."""

import numpy as np

from tests.content.logistic_regression.world import ID, D, Data, N, World
from tests.content.numeric import Array, assert_same, column, gradient, hessian
from tests.content.registry import claim


@claim(ID, "the infimum is 0 and is never attained")
@claim(ID, "Scaling a separating $w$ up pushes each probability towards its label")
def test_separable_data_has_no_minimiser(rng: np.random.Generator) -> None:
    X = rng.normal(size=(N, D))
    w = column(rng, D)
    y = (X @ w > 0).astype(float)
    separable = Data(X, y, w)

    def stable_loss(w: Array) -> float:
        z = X @ w
        return float(np.sum(np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z)))))

    assert_same(stable_loss(w), separable.loss(w))
    assert np.all(np.abs(separable.p(2 * w) - y) < np.abs(separable.p(w) - y))
    losses = [stable_loss(scale * w) for scale in (1, 10, 100, 1000)]
    assert losses == sorted(losses, reverse=True)
    assert stable_loss(1e5 * w) < 1e-6


@claim(ID, "the loss then falls for ever along $w$, though its infimum may be positive")
def test_examples_on_the_boundary_of_a_separation() -> None:
    """With w = (1, 0) two examples of either label are on the boundary and one is beyond it."""
    X, y = np.array([[0.0, 1.0], [0.0, 1.0], [1.0, 0.0]]), np.array([[0.0], [1.0], [1.0]])
    along = np.array([[1.0], [0.0]])
    for start in (np.zeros((2, 1)), np.array([[0.3], [-0.4]])):
        losses = [Data(X, y, start).loss(start + t * along) for t in range(9)]
        assert np.all(np.diff(losses) < 0)

    w = np.array([[20.0], [0.0]])
    assert_same(Data(X, y, w).loss(w), 2 * float(np.log(2)))
    assert min(Data(X, y, w).loss(w + np.array([[0.0], [t]])) for t in (-0.1, 0.1)) > 2 * np.log(2)


@claim(ID, r"The gradient gains $\lambda w$ and the Hessian $\lambda I$.")
def test_penalty(world: World) -> None:
    x, p, w = world.x, world.p, world.w
    penalty = 0.4

    def loss(w: Array) -> float:
        return world.loss(w) + penalty / 2 * float(np.sum(w**2))

    assert_same(gradient(loss, w), (p - world.y) * x + penalty * w)
    assert_same(hessian(loss, w), p * (1 - p) * x @ x.T + penalty * np.eye(D), 1e-5)


@claim(ID, "so exactly one minimiser exists, even if the classes can be separated")
def test_penalty_brings_one_minimiser(rng: np.random.Generator) -> None:
    X, direction, penalty = rng.normal(size=(N, D)), column(rng, D), 0.4
    separable = Data(X, (X @ direction > 0).astype(float), direction)
    found = []
    for start in (np.zeros((D, 1)), column(rng, D)):
        w = start
        for _ in range(200):
            slopes = X.T @ (separable.p(w) - separable.y) + penalty * w
            w = w - slopes / (penalty + np.linalg.norm(X, 2) ** 2 / 4)
        found.append(w)

    assert_same(found[0], found[1], 1e-4)
    assert np.linalg.norm(slopes) < 1e-4
    for _ in range(20):
        moved = found[0] + 0.1 * column(rng, D)
        assert penalised(separable, moved, penalty) > penalised(separable, found[0], penalty)


def penalised(data: Data, w: Array, penalty: float) -> float:
    return data.loss(w) + penalty / 2 * float(np.sum(w**2))


@claim(
    ID,
    (
        r"With $u = Xw + D^{-1}(y - p)$ the new weights are $w - (X^\top D X)^{-1} X^\top (p "
        r"- y) = (X^\top D X)^{-1} X^\top D u$"
    ),
)
def test_newton_step_is_weighted_least_squares(data: Data) -> None:
    X, y, w = data
    p = data.p(w)
    D_ = np.diag((p * (1 - p))[:, 0])
    u = X @ w + np.linalg.inv(D_) @ (y - p)

    newton = w - np.linalg.inv(X.T @ D_ @ X) @ X.T @ (p - y)

    assert_same(newton, np.linalg.inv(X.T @ D_ @ X) @ X.T @ D_ @ u)
    assert_same(newton, np.linalg.lstsq(np.sqrt(D_) @ X, np.sqrt(D_) @ u, rcond=None)[0])
    by_differences = np.linalg.solve(hessian(data.loss, w), gradient(data.loss, w))
    assert_same(newton, w - by_differences, 1e-5)


@claim(ID, "To the number of positive labels.")
@claim(ID, "If the predictions were too high on average, a lower intercept would fit better.")
def test_fitted_probabilities_add_up_to_the_positives(data: Data) -> None:
    X = np.hstack([data.X[:, :1], np.ones((N, 1))])
    fit = data._replace(X=X)
    w = np.zeros((2, 1))
    for _ in range(30):
        p = fit.p(w)
        w = w - np.linalg.solve(X.T @ (p * (1 - p) * X), X.T @ (p - fit.y))

    assert_same(float(np.sum(fit.p(w))), float(np.sum(fit.y)))
    raised = w + np.array([[0.0], [0.5]])
    assert np.mean(fit.p(raised)) > np.mean(fit.y)
    assert fit.loss(raised - np.array([[0.0], [0.01]])) < fit.loss(raised)


@claim(ID, "A full step may overshoot and raise the loss")
@claim(ID, r"$X^\top (p - y) = 0$ is not linear in $w$, because $p$ is not")
def test_newton_may_overshoot() -> None:
    """The same input with both labels, so that the minimum is at zero."""
    one = Data(np.ones((2, 1)), np.array([[0.0], [1.0]]), np.array([[3.0]]))
    X, y, w = one
    p = one.p(w)
    newton = w - np.linalg.solve(X.T @ (p * (1 - p) * X), X.T @ (p - y))

    assert one.loss(newton) > one.loss(w)
    # Were the condition linear, the step would end where it holds, and that is at zero.
    assert_same(X.T @ (one.p(0 * w) - y), np.zeros((1, 1)))
    assert np.linalg.norm(X.T @ (one.p(newton) - y)) > 0.5
