"""What the prose says of scores, labels and probabilities."""

import numpy as np

from tests.content.logistic_regression.world import ID, D, Data, World, loss_of, sigma, slope
from tests.content.numeric import (
    Array,
    assert_differs,
    assert_same,
    column,
    gradient,
    hessian,
    number,
)
from tests.content.registry import claim


@claim(ID, "so the worst mistakes hardly move the weights")
@claim(ID, r"A confident mistake gets nearly the full signal, $\pm 1$")
@claim(ID, r"the signal vanishes together with the slope of $\sigma$")
def test_signal_of_a_confident_mistake() -> None:
    for y, z in ((1.0, -12.0), (0.0, 12.0)):
        full = slope(lambda t, y=y: loss_of(sigma(t), y), z)
        squared = slope(lambda t, y=y: 0.5 * (sigma(t) - y) ** 2, z)

        assert abs(full - (1 - 2 * y)) < 1e-4
        assert abs(squared) < 1e-4

    p = np.linspace(0, 1, 1001)
    assert np.max(p**2 * (1 - p)) < 0.15, "as the picture says in words"


@claim(ID, r"$p^y (1 - p)^{1 - y}$ says both at once")
@claim(ID, "Independent examples multiply their probabilities, so their losses add up.")
def test_probability_of_the_label(world: World, data: Data) -> None:
    p, y = world.p, world.y
    each = data.p(data.w) ** data.y * (1 - data.p(data.w)) ** (1 - data.y)

    assert_same(p**y * (1 - p) ** (1 - y), p if y == 1 else 1 - p)
    assert_same(-float(np.log(p**y * (1 - p) ** (1 - y))), loss_of(p, y))
    assert_same(-float(np.log(np.prod(each))), data.loss(data.w))


@claim(ID, r"In terms of the score the loss is $\log(1 + e^z) - yz$")
@claim(ID, r"The first part has the slope $\sigma(z)$, which increases")
@claim(ID, r"$\mathcal{L} = \max(z, 0) - yz + \log(1 + e^{-|z|})$")
def test_loss_through_the_score(world: World) -> None:
    z, y = world.z, world.y
    expected = loss_of(world.p, y)

    assert_same(float(np.log(1 + np.exp(z)) - y * z), expected)
    assert_same(slope(lambda t: np.log(1 + np.exp(t)), z), sigma(z))
    assert sigma(z + 0.01) > sigma(z)
    assert_same(float(max(z, 0) - y * z + np.log1p(np.exp(-abs(z)))), expected)


@claim(
    ID,
    (
        r"so nothing overflows, and `log1p`, which computes $\log(1 + t)$ without forming $1 "
        "+ t$, keeps the small values accurate"
    ),
)
def test_loss_does_not_overflow() -> None:
    assert np.log1p(np.exp(-40)) > 0 == np.log(1 + np.exp(-40))
    with np.errstate(over="raise"):
        for z in (-1e4, 1e4):
            for y in (0, 1):
                loss = max(z, 0) - y * z + np.log1p(np.exp(-abs(z)))
                assert_same(float(loss), abs(z) if (z > 0) != (y == 1) else 0.0)


@claim(ID, r"$\nabla_w \mathcal{L} = X^\top (p - y)$ and $\nabla_w^2 \mathcal{L} = X^\top D X$")
@claim(
    ID,
    r"the Hessian $X^\top D X$ with a positive diagonal $D$ sends a direction $v$ to zero exactly"
    r" if $Xv = 0$",
)
@claim(ID, "One example curves the loss along $x$ only")
@claim(ID, "and along such a direction the loss is constant")
def test_matrix_form(data: Data) -> None:
    X, y, w = data
    p = data.p(w)
    curvature = X.T @ np.diag((p * (1 - p))[:, 0]) @ X

    assert_same(gradient(data.loss, w), X.T @ (p - y), 1e-6)
    assert_same(hessian(data.loss, w), curvature, 1e-5)
    assert np.linalg.eigvalsh(curvature)[0] > 0

    one = p[0, 0] * (1 - p[0, 0]) * X[:1].T @ X[:1]
    assert np.linalg.matrix_rank(one) == 1
    # The first two examples have one input, so they span a line, and the loss is flat across it.
    flat = Data(X[:2], y[:2], w)
    across = np.cross(X[0], [1.0, 2.0, 3.0])[:, None]
    assert_same(hessian(flat.loss, w) @ across, np.zeros((D, 1)), 1e-5)
    assert_same(flat.loss(w + 5 * across), flat.loss(w))
    assert_same(flat.X @ across, np.zeros((2, 1)))
    for v in (across + 0.1 * np.eye(D)[:, [i]] for i in range(D)):
        assert np.linalg.norm(flat.X @ v) > 1e-2
        assert np.linalg.norm(hessian(flat.loss, w) @ v) > 1e-3


@claim(ID, r"exactly if $w^\top x \ge 0$")
@claim(
    ID,
    r"it is the hyperplane $w^\top x = 0$, and another threshold than $\frac{1}{2}$ only shifts it",
)
def test_boundary_is_a_hyperplane(world: World) -> None:
    assert (world.p >= 0.5) == (world.z >= 0)
    across = world.w / float(np.sum(world.w**2))
    onto = world._replace(x=world.x - world.z * across)
    assert_same(number(world.w.T @ onto.x), 0.0)
    assert_same(onto.p, 0.5)
    for threshold in (0.1, 0.3, 0.8):
        shift = float(np.log(threshold / (1 - threshold)))
        assert (world.p >= threshold) == (number(world.w.T @ world.x) >= shift)
        assert_same(onto._replace(x=onto.x + shift * across).p, threshold)


@claim(ID, r"the loss is $\log(1 + e^{-sz})$ and its gradient is $-s\,\sigma(-sz)\, x$")
@claim(ID, "with the factor $p - 1$ for $s = 1$ and $p$ for $s = -1$")
@claim(
    ID,
    r"which is $y = (s + 1)/2$, and with it $-s\,\sigma(-sz) = p - y$",
)
def test_labels_plus_and_minus_one(world: World) -> None:
    x, z = world.x, world.z
    s = 1 if world.y == 1 else -1
    assert_same(world.y, (s + 1) / 2)

    def loss(w: Array) -> float:
        return float(np.log(1 + np.exp(-s * number(w.T @ x))))

    assert_same(loss(world.w), world.loss(world.w))
    assert_same(gradient(loss, world.w), -s * sigma(-s * z) * x)
    assert_same(-s * sigma(-s * z), world.p - world.y)
    assert_same(-s * sigma(-s * z), world.p - 1 if s == 1 else world.p)
    if s == -1:
        assert_differs(gradient(loss, world.w), (world.p - s) * x)


@claim(ID, r"The score is the log-odds, $w^\top x = \log \frac{p}{1 - p}$.")
@claim(ID, "multiplies the odds by $e^{w_j}$")
def test_odds(world: World) -> None:
    p = world.p
    moved = world._replace(x=world.x + np.array([[1.0], [0.0], [0.0]]))

    assert_same(world.z, float(np.log(p / (1 - p))))
    factor = moved.p / (1 - moved.p) / (p / (1 - p))
    assert_same(factor, float(np.exp(world.w[0, 0])))


@claim(ID, "For $y = 1$ the loss must fall as $p$ rises")
@claim(ID, "this line is positive, although the loss falls as $p$ rises")
@claim(ID, "For $y = 0$ a higher score must cost more")
def test_signs_by_which_a_slip_shows() -> None:
    p = np.linspace(0.01, 0.99, 99)

    assert np.all(np.diff([loss_of(one, 1.0) for one in p]) < 0)
    assert np.all((1 - p) / (p * (1 - p)) > 0)
    assert np.all(np.diff([loss_of(sigma(z), 0.0) for z in np.linspace(-9, 9, 99)]) > 0)


@claim(ID, r"with $w = \Sigma^{-1}(\mu_1 - \mu_0)$")
@claim(
    ID,
    r"$b = \log \frac{\pi_1}{\pi_0} - \frac{1}{2}(\mu_1 + \mu_0)^\top \Sigma^{-1} (\mu_1 - \mu_0)$."
    r" So the posterior is $\sigma(w^\top x + b)$.",
)
def test_gaussian_classes_have_a_logistic_posterior(world: World, rng: np.random.Generator) -> None:
    means = [column(rng, D), column(rng, D)]
    prior = [0.3, 0.7]
    root = rng.normal(size=(D, D))
    precision = np.linalg.inv(root @ root.T + np.eye(D))

    def joint(k: int) -> float:
        """Up to a factor that the classes share."""
        gap = world.x - means[k]
        return prior[k] * float(np.exp(-0.5 * number(gap.T @ precision @ gap)))

    w = precision @ (means[1] - means[0])
    middle = number((means[1] + means[0]).T @ precision @ (means[1] - means[0])) / 2
    b = float(np.log(prior[1] / prior[0])) - middle

    assert_same(joint(1) / (joint(0) + joint(1)), sigma(number(w.T @ world.x) + b))


@claim(ID, "the quadratic terms stay and the boundary is in general curved")
def test_log_odds_bend_only_with_two_covariances(rng: np.random.Generator) -> None:
    means = [column(rng, D), column(rng, D)]
    same, other = np.diag([1.0, 2.0, 3.0]), np.diag([2.0, 2.0, 1.0])

    def log_odds(x: Array, precisions: list[Array]) -> float:
        bowls = [number((x - means[k]).T @ precisions[k] @ (x - means[k])) for k in range(2)]
        return (bowls[0] - bowls[1]) / 2

    x, move = column(rng, D), column(rng, D)
    for precisions, expected in (
        ([same, same], 0.0),
        ([same, other], number(move.T @ (same - other) @ move)),
    ):
        ahead, here, behind = (log_odds(x + t * move, precisions) for t in (1, 0, -1))
        assert_same(ahead - 2 * here + behind, expected)


@claim(ID, "Far on the wrong side the loss is the size of the score, up to a tiny rest.")
def test_loss_far_on_the_wrong_side() -> None:
    assert_same(loss_of(sigma(-20.0), 1.0), 20.0)
    assert_same(loss_of(sigma(20.0), 0.0), 20.0, 1e-6)
