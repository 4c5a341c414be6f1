"""What the prose says of the softmax and its loss."""

import numpy as np

from tests.content.mlp_backprop.world import ID, C, M, World, dsigma, softmax
from tests.content.numeric import Array, assert_same, column, gradient, hessian
from tests.content.registry import claim


@claim(ID, "left is prediction minus target, bounded and cheap")
@claim(ID, r"The entries of $\delta_2$ add up to zero")
@claim(ID, "softmax does not change when a constant is added to all scores")
def test_residual_is_bounded_and_adds_up_to_zero(world: World) -> None:
    assert_same(float(world.delta_2.sum()), 0.0)
    assert np.all(np.abs(world.delta_2) < 1)
    assert_same(softmax(world.z_2 + 5), world.y_hat)


@claim(ID, "does not fade when a wrong answer is confident")
@claim(ID, r"$\delta_2 = (\mathrm{diag}(\hat{y}) - \hat{y}\hat{y}^\top)(\hat{y} - y)$")
def test_squared_error_behind_a_softmax(world: World) -> None:
    y, y_hat = world.y, world.y_hat

    def squared_error(z: Array) -> float:
        return 0.5 * float(np.sum((softmax(z) - y) ** 2))

    def by_formula(y_hat: Array, y: Array) -> Array:
        return (np.diag(y_hat[:, 0]) - y_hat @ y_hat.T) @ (y_hat - y)

    assert_same(gradient(squared_error, world.z_2), by_formula(y_hat, y))
    wrong, truth = softmax(np.array([[12.0], [0.0], [0.0]])), np.array([[0.0], [1.0], [0.0]])
    assert np.max(np.abs(by_formula(wrong, truth))) < 1e-4
    assert np.max(np.abs(wrong - truth)) > 0.99


@claim(ID, r"If the targets add up to $s$, the gradient is $s\,\hat{y} - y$.")
@claim(ID, "it is 1 for all targets that are probabilities, such as smoothed labels")
def test_soft_targets(world: World, rng: np.random.Generator) -> None:
    smoothed, soft = 0.9 * world.y + 0.1 / C, softmax(column(rng, C))
    other = world._replace(y=rng.uniform(size=(C, 1)))

    for targets in (smoothed, soft):
        assert_same(float(targets.sum()), 1.0)
        assert_same(world._replace(y=targets).delta_2, world.y_hat - targets)
    assert_same(other.delta_2, other.y.sum() * other.y_hat - other.y)


@claim(ID, r"$\log \sum_k e^{z_{2,k}} - \sum_i y_i z_{2,i}$")
@claim(ID, "move the largest to zero, where no exponential overflows")
def test_loss_from_scores(world: World) -> None:
    def stable(z: Array) -> float:
        shift = float(z.max())
        log_sum = shift + float(np.log(np.sum(np.exp(z - shift))))
        return log_sum - float(np.sum(world.y * z))

    assert_same(stable(world.z_2), world.loss)
    with np.errstate(over="ignore", invalid="ignore"):
        assert not np.isfinite(world.loss_from_z_2(world.z_2 + 1000))
    assert_same(stable(world.z_2 + 1000), world.loss)


@claim(ID, r"It is $\mathrm{diag}(\hat{y}) - \hat{y}\hat{y}^\top$")
@claim(ID, r"the covariance of a one-hot draw from $\hat{y}$")
@claim(ID, "semidefinite and the loss is convex in $z_2$")
def test_hessian_in_the_scores(world: World) -> None:
    y_hat = world.y_hat
    expected = np.diag(y_hat[:, 0]) - y_hat @ y_hat.T

    assert_same(hessian(world.loss_from_z_2, world.z_2), expected, 1e-5)
    assert_same(np.cov(np.eye(C), aweights=y_hat[:, 0], ddof=0), expected)
    assert np.linalg.eigvalsh(expected)[0] >= -1e-12


@claim(ID, r"is $\delta_{2,i}\, \sigma'(z_{1,j}) \ne 0$")
@claim(ID, "a nonzero entry beside it has a negative eigenvalue")
def test_loss_is_not_convex_in_all_parameters(world: World) -> None:
    """Curvature of the loss in b_1 and W_2, at W_2 = 0."""
    flat = world._replace(W_2=np.zeros((C, M)))

    def loss(both: Array) -> float:
        return flat._replace(b_1=both[:M], W_2=both[M:].reshape(C, M)).loss

    curvature = hessian(loss, np.vstack([flat.b_1, flat.W_2.reshape(-1, 1)]))
    mixed = curvature[:M, M:].reshape(M, C, M)

    assert_same(curvature[:M, :M], np.zeros((M, M)), 1e-5)
    for j in range(M):
        assert_same(mixed[j, :, [j]].T, flat.delta_2 * dsigma(flat.z_1)[j], 1e-5)
    assert np.linalg.eigvalsh(curvature)[0] < -1e-3


@claim(ID, r"A wrong class $j$ gets $\hat{y}_j > 0$, so its score is pushed down,")
@claim(ID, "all these pushes together are as large as the one push up")
def test_wrong_classes_are_pushed_down(world: World) -> None:
    true = int(world.y.argmax())
    wrong = np.delete(world.delta_2[:, 0], true)

    assert_same(wrong, np.delete(world.y_hat[:, 0], true))
    assert_same(float(wrong.sum()), 1 - world.y_hat[true, 0])
    assert_same(world.delta_2[true, 0], -float(wrong.sum()))
