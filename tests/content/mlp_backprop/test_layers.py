"""What the prose says of layers, activations and the way back."""

import numpy as np

from tests.content.mlp_backprop.world import (
    ID,
    C,
    D,
    M,
    N,
    World,
    cross_entropy,
    dsigma,
    sigma,
    softmax,
)
from tests.content.numeric import Array, assert_same, column, gradient, jacobian
from tests.content.registry import claim


@claim(ID, r"for the logistic function that value happens to be $h_1 \odot (1 - h_1)$")
def test_logistic_slope_through_its_output(world: World) -> None:
    assert_same(jacobian(sigma, world.z_1), np.diag(dsigma(world.z_1)[:, 0]))
    assert_same(dsigma(world.z_1), world.h_1 * (1 - world.h_1))


@claim(ID, "For one example it has rank one at most")
def test_gradient_of_one_example_has_rank_one(world: World) -> None:
    singular_values = np.linalg.svd(world.slope("W_1"), compute_uv=False)

    assert_same(singular_values[1:], np.zeros(min(M, D) - 1))


@claim(ID, "All hidden units would stay copies of one another")
@claim(ID, "with $W_2 = 0$ the first layer would not even move in the first step")
@claim(ID, "Random weights break the tie; the biases may start at zero.")
def test_zero_start_keeps_hidden_units_equal(world: World) -> None:
    net = World(world.x, world.y, *(np.zeros_like(value) for value in world[2:]))
    assert_same(net.delta_1, np.zeros((M, 1)))

    for _ in range(3):
        moved = {name: getattr(net, name) - net.slope(name) for name in World._fields[2:]}
        net = net._replace(**moved)

    assert np.max(np.abs(net.W_1)) > 1e-3, "it does train"
    assert_same(net.W_2, np.repeat(net.W_2[:, :1], M, axis=1))
    assert_same(net.W_1, np.repeat(net.W_1[:1], M, axis=0))

    no_biases = world._replace(b_1=np.zeros((M, 1)), b_2=np.zeros((C, 1)))
    by_unit = no_biases.slope("b_1")[:, 0]
    assert np.min(np.abs(np.diff(np.sort(by_unit)))) > 1e-7, "all units go their own ways"


@claim(ID, r"$\sigma'(z_1)$ becomes 1 where $z_1 > 0$ and 0 where $z_1 < 0$")
def test_relu(world: World) -> None:
    def loss(z_1: Array) -> float:
        return world.loss_from_z_2(world.W_2 @ np.maximum(z_1, 0) + world.b_2)

    y_hat = softmax(world.W_2 @ np.maximum(world.z_1, 0) + world.b_2)
    expected = world.W_2.T @ (y_hat - world.y) * (world.z_1 > 0)

    assert_same(gradient(loss, world.z_1), expected)


@claim(ID, "any value between 0 and 1 is a subgradient")
@claim(ID, "A unit that is negative on all examples gets no gradient at all.")
def test_relu_at_zero_and_below(world: World, rng: np.random.Generator) -> None:
    around = np.linspace(-1, 1, 21)
    assert all(np.all(np.maximum(around, 0) >= slope * around) for slope in (0.0, 0.4, 1.0))
    assert not np.all(np.maximum(around, 0) >= 1.1 * around)

    inputs = rng.normal(size=(D, N))
    dead = -1 - np.max(world.W_1[0] @ inputs)

    def loss(first_unit: Array) -> float:
        """By its incoming weights and bias, and by its outgoing weights."""
        W_1, b_1, W_2 = world.W_1.copy(), world.b_1.copy(), world.W_2.copy()
        W_1[0], b_1[0], W_2[:, 0] = np.split(first_unit[:, 0], [D, D + 1])
        scores = W_2 @ np.maximum(W_1 @ inputs + b_1, 0) + world.b_2
        return sum(cross_entropy(softmax(scores[:, [i]]), world.y) for i in range(N))

    def slope(bias: float) -> Array:
        at = np.concatenate([world.W_1[0], [bias], world.W_2[:, 0]])[:, None]
        return gradient(loss, at)

    assert_same(slope(dead), np.zeros((D + 1 + C, 1)))
    assert np.max(np.abs(slope(-dead))) > 1e-4, "a live unit does get one"


@claim(ID, r"$\nabla_x \mathcal{L} = W_1^\top \delta_1$")
def test_gradient_of_the_input(world: World) -> None:
    assert_same(world.slope("x"), world.W_1.T @ world.delta_1)


@claim(ID, "Each layer back is the same move")
@claim(ID, "one pass gives all derivatives for about twice the cost of the forward pass")
def test_one_move_back_for_every_layer(rng: np.random.Generator) -> None:
    """Ten hidden layers, with a count of the multiplications in products with weights."""
    width, layers = 4, 11
    weights: list[Array] = [rng.normal(size=(width, width)) for _ in range(layers)]
    x, y = column(rng, width), np.eye(width)[:, [1]]
    count = 0

    def times(left: Array, right: Array) -> Array:
        nonlocal count
        count += left.shape[0] * left.shape[1] * right.shape[1]
        return left @ right

    def forward(weights: list[Array]) -> tuple[list[Array], list[Array]]:
        inputs, sums = [x], []
        for W in weights:
            sums.append(times(W, inputs[-1]))
            inputs.append(sigma(sums[-1]))
        return inputs, sums

    inputs, sums = forward(weights)
    forth, count = count, 0
    delta = softmax(sums[-1]) - y
    slopes = [times(delta, inputs[-2].T)]
    for layer in range(layers - 1, 0, -1):
        delta = times(weights[layer].T, delta) * dsigma(sums[layer - 1])
        slopes.insert(0, times(delta, inputs[layer - 1].T))
    back = count

    for layer in range(layers):

        def loss(W: Array, layer: int = layer) -> float:
            _, sums = forward([*weights[:layer], W, *weights[layer + 1 :]])
            return cross_entropy(softmax(sums[-1]), y)

        assert_same(slopes[layer], gradient(loss, weights[layer]))
    assert 1.9 < back / forth < 2


@claim(ID, "Forward mode gives the derivative along one direction a pass")
def test_forward_mode(world: World) -> None:
    y, y_hat = world.y, world.y_hat

    def along(direction: Array) -> float:
        """How the loss changes when the first weights move that way."""
        moved_scores = world.W_2 @ (dsigma(world.z_1) * (direction @ world.x))
        moved_outputs = y_hat * (moved_scores - float(np.sum(y_hat * moved_scores)))
        return -float(np.sum(y / y_hat * moved_outputs))

    units = np.eye(M * D).reshape(M * D, M, D)
    one_by_one = np.array([along(unit) for unit in units]).reshape(M, D)

    assert_same(one_by_one, world.slope("W_1"))


@claim(ID, r"which is at most $\frac{1}{4}$, reached at 0")
@claim(ID, "$4^{10}$, about a million")
def test_logistic_slope_is_at_most_a_quarter() -> None:
    z = np.linspace(-5, 5, 1001)

    assert_same(float(np.max(dsigma(z))), 0.25)
    assert_same(float(dsigma(np.array(0.0))), 0.25)
    assert 1e6 < 4**10 < 1.1e6
