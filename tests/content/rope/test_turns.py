"""What the prose says of turns: lengths, complex numbers, and which families have the property."""

from itertools import product

import numpy as np

from tests.content.numeric import Array, assert_differs, assert_same, number
from tests.content.registry import claim
from tests.content.rope.world import ID, PAIRS, World, rope_angles, whole_turn


@claim(ID, r"A turn keeps lengths: $\|R_m q\| = \|q\|$.")
@claim(ID, r"position cannot make a score larger than $\|q\|\,\|k\|$")
def test_lengths_stay(world: World) -> None:
    longest = np.linalg.norm(world.q) * np.linalg.norm(world.k)

    assert_same(np.linalg.norm(world.R(world.m) @ world.q), np.linalg.norm(world.q))
    scores = [world._replace(n=n).score for n in range(200)]
    assert np.max(np.abs(scores)) <= longest + 1e-12


@claim(ID, r"$R_m$ is a multiplication by $e^{\mathrm{i} m \theta}$")
@claim(ID, r"the real part of $\bar{q}\, k\, e^{\mathrm{i}(n - m)\theta}$")
def test_as_complex_numbers(world: World) -> None:
    q, k = (complex(v[0, 0], v[1, 0]) for v in (world.q, world.k))
    turned = q * np.exp(1j * world.m * world.theta)

    assert_same(world.R(world.m) @ world.q, np.array([[turned.real], [turned.imag]]))
    offset = world.n - world.m
    assert_same((q.conjugate() * k * np.exp(1j * offset * world.theta)).real, world.score)


@claim(ID, "$R_m R_n = R_n R_m = R_{m+n}$")
@claim(ID, "in three dimensions turns about different axes do not commute in general")
def test_rotations_of_a_plane_commute(world: World) -> None:
    R, m, n = world.R, world.m, world.n
    about_z, about_x = np.eye(3), np.eye(3)
    about_z[:2, :2], about_x[1:, 1:] = R(m), R(n)

    assert_same(R(m) @ R(n), R(n) @ R(m))
    assert_same(R(m) @ R(n), R(m + n))
    assert_differs(about_z @ about_x, about_x @ about_z)


@claim(ID, r"$x \odot c + Jx \odot s$, with $2d$ multiplications instead of $d^2$")
@claim(ID, "That is a permutation of the dimensions, harmless if queries and keys share it")
def test_two_elementwise_products(rng: np.random.Generator) -> None:
    width, position = 2 * PAIRS, 7
    angles = rope_angles(width)
    x, y = rng.normal(size=width), rng.normal(size=width)

    def turned(x: Array, at: int) -> Array:
        c, s = (np.repeat(f(at * angles), 2) for f in (np.cos, np.sin))
        quarter = np.stack([-x[1::2], x[::2]], axis=1).ravel()
        return np.asarray(x * c + quarter * s)

    def in_halves(x: Array, at: int) -> Array:
        """Dimension i is paired with i + d/2."""
        c, s = (np.tile(f(at * angles), 2) for f in (np.cos, np.sin))
        return np.asarray(x * c + np.concatenate([-x[PAIRS:], x[:PAIRS]]) * s)

    assert_same(turned(x, position), whole_turn(angles, position) @ x)
    assert whole_turn(angles, position).size == width**2 > 2 * x.size
    order = np.concatenate([np.arange(0, width, 2), np.arange(1, width, 2)])
    assert_same(in_halves(x[order], position), turned(x, position)[order])
    one_layout = turned(x, position) @ turned(y, 2)
    assert_same(in_halves(x[order], position) @ in_halves(y[order], 2), one_layout)
    assert_differs(in_halves(x, position) @ in_halves(y, 2), one_layout)


@claim(ID, "the score depends on the two differences $n - m$ and $n' - m'$")
@claim(ID, r"$(a_i m + b_i m')\theta_i$, which still gives differences")
def test_two_coordinates(world: World) -> None:
    def score(mix: tuple[float, float], query: tuple[int, int], key: tuple[int, int]) -> float:
        at = [world.R(mix[0] * p[0] + mix[1] * p[1]) for p in (query, key)]
        return number((at[0] @ world.q).T @ (at[1] @ world.k))

    for mix in ((1.0, 0.0), (0.0, 1.0), (0.6, -1.7)):
        assert_same(score(mix, (1, 2), (4, 3)), score(mix, (11, 22), (14, 23)))
    assert_differs(score((0.6, -1.7), (1, 2), (4, 3)), score((0.6, -1.7), (1, 2), (4, 4)))


@claim(ID, r"With $m = 0$ it is $F(n) = M_n$, so $M_m^\top M_n = M_{n-m}$.")
@claim(ID, r"With $n = m$ this says $M_m^\top M_m = I$: all of them are orthogonal.")
@claim(ID, "Conversely the powers of any orthogonal $M_1$ do it.")
@claim(ID, r"so $M_n = M_1^n$")
def test_powers_of_an_orthogonal_matrix(rng: np.random.Generator) -> None:
    M = np.linalg.qr(rng.normal(size=(5, 5)))[0]

    def power(n: int) -> Array:
        return np.linalg.matrix_power(M, n)

    for m, n in product(range(-3, 8), repeat=2):
        assert_same(power(m).T @ power(n), power(n - m))
    assert_same(power(6).T @ power(6), np.eye(5))
    # Without an orthogonal matrix the offset is not enough.
    S = rng.normal(size=(5, 5))
    assert_differs(S.T @ S, (S @ S).T @ (S @ S))
    eigenvalues = np.linalg.eigvals(M)
    assert_same(np.abs(eigenvalues), np.ones(5))
    real = eigenvalues[np.abs(eigenvalues.imag) < 1e-9]
    assert_same(np.abs(real.real), np.ones(len(real)))
