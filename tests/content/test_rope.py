"""The numbers behind `rope.toml`."""

from itertools import product
from typing import NamedTuple

import numpy as np
import pytest

from tests.content.numeric import Array, assert_differs, assert_same, column, number
from tests.content.registry import claim, slip, step

ID = "rope"
HARDER = "rope-pairs"
PAIRS = 4
TRAINED, STRETCH = 100, 4.0


def turn(angle: float) -> Array:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, -s], [s, c]])


QUARTER = np.array([[0.0, -1.0], [1.0, 0.0]])


def angle_of(v: Array) -> float:
    return float(np.arctan2(v[1, 0], v[0, 0]))


class World(NamedTuple):
    """One pair of dimensions of a query and a key."""

    q: Array
    k: Array
    m: int
    n: int
    theta: float

    def R(self, position: float) -> Array:  # noqa: N802
        return turn(position * self.theta)

    @property
    def score(self) -> float:
        """By lengths and angles, without a matrix."""
        between = angle_of(self.k) + self.n * self.theta - angle_of(self.q) - self.m * self.theta
        return float(np.linalg.norm(self.q) * np.linalg.norm(self.k) * np.cos(between))


@pytest.fixture
def world(rng: np.random.Generator) -> World:
    m, n = (int(position) for position in rng.choice(np.arange(2, 12), size=2, replace=False))
    return World(column(rng, 2), column(rng, 2), m, n, float(rng.uniform(0.2, 1.3)))


@step(
    ID,
    "1",
    r"""
    \begin{aligned}
    \langle R_m q, R_n k \rangle &= (R_m q)^\top (R_n k) \\
    &= q^\top R_m^\top R_n k
    \end{aligned}
    """,
)
def test_score_as_a_product(world: World) -> None:
    q, k, m, n, _ = world
    R = world.R

    assert_same(number((R(m) @ q).T @ (R(n) @ k)), world.score)
    assert_same(number(q.T @ R(m).T @ R(n) @ k), world.score)


@step(ID, "2", r"R_m^\top = R_m^{-1} = R_{-m}")
def test_transposing_turns_back(world: World) -> None:
    R, m = world.R, world.m

    assert_same(R(m).T, np.linalg.inv(R(m)))
    assert_same(R(m).T, R(-m))


@step(ID, "3", r"R_{-m} R_n = R_{n-m}")
@claim(
    ID, r"$\cos m\theta \cos n\theta + \sin m\theta \sin n\theta$, which is $\cos((n - m)\theta)$"
)
@claim(ID, r"so $R_m^\top R_n = R_{n-m}$, and a shift of both positions cancels")
def test_angles_add(world: World) -> None:
    _, _, m, n, theta = world
    R = world.R

    assert_same(R(-m) @ R(n), R(n - m))
    for shift in (-7, 0, 30):
        assert_same(R(m + shift).T @ R(n + shift), R(n - m))
    entry = np.cos(m * theta) * np.cos(n * theta) + np.sin(m * theta) * np.sin(n * theta)
    assert_same(float((R(-m) @ R(n))[0, 0]), float(entry))
    assert_same(float(np.cos((n - m) * theta)), float(entry))


@step(
    ID,
    "4",
    r"""
    \begin{aligned}
    \langle R_m q, R_n k \rangle &= q^\top R_{n-m} k \\
    &= \langle q, R_{n-m} k \rangle
    \end{aligned}
    """,
)
@claim(ID, "shifting both tokens by the same distance changes nothing")
def test_relative_position(world: World) -> None:
    q, k, m, n, _ = world

    assert_same(world.score, number(q.T @ world.R(n - m) @ k))
    assert_same(world._replace(m=m + 17, n=n + 17).score, world.score)
    assert_differs(world._replace(n=n + 1).score, world.score)


@claim(ID, "each with its own angle, so it has the same property")
def test_score_of_the_whole_vectors(world: World, rng: np.random.Generator) -> None:
    angles = rope_angles(2 * PAIRS, base=50.0)
    q, k = column(rng, 2 * PAIRS), column(rng, 2 * PAIRS)

    def score(m: int, n: int) -> float:
        return number((whole_turn(angles, m) @ q).T @ whole_turn(angles, n) @ k)

    assert_same(score(world.m + 17, world.n + 17), score(world.m, world.n))
    assert_differs(score(world.m, world.n + 1), score(world.m, world.n))


@claim(ID, "turns the whole pair and leaves the angle between its members alone")
def test_moving_both_positions_by_four(world: World) -> None:
    q, k, m, n, theta = world
    before, after = ((world.R(m + by) @ q, world.R(n + by) @ k) for by in (0, 4))

    for old, new in zip(before, after, strict=True):
        assert_same(new, turn(4 * theta) @ old)
    sines = [number(a.T @ QUARTER @ b) for a, b in (before, after)]
    assert_same(sines[0], sines[1])
    assert_same(number(after[0].T @ after[1]), world.score)


@slip(ID, "transpose-lost", r"\langle R_m q, R_n k \rangle = q^\top R_m R_n k")
@claim(ID, "two tokens at the same place would be turned against each other")
def test_transpose_lost(world: World) -> None:
    q, k, m, n, _ = world

    assert_differs(world.score, number(q.T @ world.R(m) @ world.R(n) @ k))
    assert_same(world.R(m) @ world.R(n), world.R(m + n))
    together = world._replace(n=m)
    assert_same(together.score, number(q.T @ k))
    assert_differs(number(q.T @ world.R(m) @ world.R(m) @ k), number(q.T @ k))


@slip(ID, "order-kept", r"(R_m q)^\top = R_m^\top q^\top")
def test_order_kept(world: World) -> None:
    with pytest.raises(ValueError, match="matmul"):
        world.R(world.m).T @ world.q.T


@slip(ID, "symmetric", r"R_m^\top = R_m")
@claim(ID, r"Only a turn by a multiple of $\pi$ is symmetric.")
def test_symmetric(world: World) -> None:
    assert_differs(world.R(world.m).T, world.R(world.m))
    assert_same(turn(3 * np.pi).T, turn(3 * np.pi))
    assert_same(turn(np.pi / 2).T, turn(-np.pi / 2))


@slip(ID, "negative-matrix", r"R_{-m} = -R_m")
@claim(ID, "at $m = 0$ this line says $I = -I$")
def test_negative_matrix(world: World) -> None:
    assert_differs(world.R(-world.m), -world.R(world.m))
    assert_same(world.R(0), np.eye(2))


@slip(ID, "sum-of-positions", r"R_m^\top R_n = R_{m+n}")
@claim(ID, "the product must be $I$, and $R_{2m}$ in general is not")
def test_sum_of_positions(world: World) -> None:
    R, m, n = world.R, world.m, world.n

    assert_differs(R(m).T @ R(n), R(m + n))
    assert_same(R(m).T @ R(m), np.eye(2))
    assert_differs(R(2 * m), np.eye(2))
    assert_same(R(m) @ R(n), R(m + n))


@slip(ID, "difference-reversed", r"R_m^\top R_n = R_{m-n}")
@claim(ID, "It is the transpose of the right answer.")
def test_difference_reversed(world: World) -> None:
    R, m, n = world.R, world.m, world.n

    assert_differs(R(m).T @ R(n), R(m - n))
    assert_same((R(m).T @ R(n)).T, R(m - n))
    assert_same(R(0).T @ R(n), R(n))


@slip(ID, "score-reversed", r"\langle R_m q, R_n k \rangle = q^\top R_{m-n} k")
@claim(ID, r"$k^\top R_{m-n} q$, which is the same number")
def test_score_reversed(world: World) -> None:
    q, k, m, n, _ = world

    assert_differs(world.score, number(q.T @ world.R(m - n) @ k))
    assert_same(world.score, number(k.T @ world.R(m - n) @ q))
    assert_same(world._replace(m=0).score, number(q.T @ world.R(n) @ k))


# --- what the prose says -------------------------------------------------------------------------


def rope_angles(width: int, base: float = 10000.0) -> Array:
    return np.asarray(base ** (-2 * np.arange(width // 2) / width))


def whole_turn(angles: Array, position: float) -> Array:
    """Block-diagonal."""
    matrix = np.zeros((2 * len(angles), 2 * len(angles)))
    for i, angle in enumerate(angles):
        matrix[2 * i : 2 * i + 2, 2 * i : 2 * i + 2] = turn(position * angle)
    return matrix


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


@claim(ID, r"for $\theta_0 = 1$ after about 6.3")
@claim(ID, "the slowest pair needs about 54 000")
@claim(ID, "from $1$ down to nearly $1/10000$")
def test_periods() -> None:
    angles = rope_angles(128)
    periods = 2 * np.pi / angles

    assert angles[0] == 1
    assert 1 / 10000 < angles[-1] < 1.2 / 10000
    assert round(float(periods[0]), 1) == 6.3
    assert round(float(periods[-1]), -3) == 54000
    assert_same(angles[1:] / angles[:-1], np.full(63, angles[1]))


@claim(ID, "At offsets longer than any in training the slow pairs reach angles that no example had")
def test_angles_beyond_the_training_length() -> None:
    angles = rope_angles(128)
    trained, beyond = np.arange(4096), 8000

    def nearest(angle: float) -> float:
        gaps = np.abs(np.exp(1j * trained * angle) - np.exp(1j * beyond * angle))
        return float(gaps.min())

    assert nearest(angles[0]) < 0.01
    assert nearest(angles[-1]) > 0.4


@claim(ID, "$R_m R_n = R_n R_m = R_{m+n}$")
@claim(ID, "in three dimensions turns about different axes do not commute in general")
def test_rotations_of_a_plane_commute(world: World) -> None:
    R, m, n = world.R, world.m, world.n
    about_z, about_x = np.eye(3), np.eye(3)
    about_z[:2, :2], about_x[1:, 1:] = R(m), R(n)

    assert_same(R(m) @ R(n), R(n) @ R(m))
    assert_same(R(m) @ R(n), R(m + n))
    assert_differs(about_z @ about_x, about_x @ about_z)


@claim(ID, "so it would depend on absolute positions")
def test_turned_values_would_show_the_position(world: World, rng: np.random.Generator) -> None:
    values, weights = rng.normal(size=(5, 2)), rng.dirichlet(np.ones(5))

    def output(start: int) -> Array:
        turned = [world.R(start + j) @ value for j, value in enumerate(values)]
        return np.average(turned, axis=0, weights=weights)

    assert_differs(output(0), output(1))


@claim(ID, r"the score is $\|q\|\,\|k\| \cos(\varphi + (n - m)\theta)$")
@claim(ID, "the score is largest three positions back")
def test_score_need_not_fall_with_the_distance(world: World) -> None:
    theta = 0.3
    q = world.q
    k = turn(3 * theta) @ q
    at = {r: number(q.T @ turn(r * theta) @ k) for r in range(-8, 9)}

    assert max(at, key=lambda r: at[r]) == -3
    assert_same(at[2], number(q.T @ q) * float(np.cos(3 * theta + 2 * theta)))


@claim(ID, "What tends to fall, with many different angles, is the score of a query and a key that")
def test_equal_vectors_tend_to_fall(rng: np.random.Generator) -> None:
    q = rng.normal(size=(64, 2))
    lengths = np.sum(q**2, axis=1)

    def mean_score(offsets: range) -> float:
        return float(np.mean([lengths @ np.cos(r * rope_angles(128)) for r in offsets]))

    means = [mean_score(range(10**k, 2 * 10**k)) for k in range(5)]
    assert means == sorted(means, reverse=True)
    assert means[0] < lengths.sum()


@claim(
    ID, "the first token sees one key and the hundredth sees a hundred, and the mean that they take"
)
def test_a_mean_under_a_causal_mask_shows_the_position() -> None:
    """The first value is 1 and the others are 0; all scores are equal."""
    values = np.eye(100)[0]

    for position in (1, 2, 100):
        assert_same(float(np.mean(values[:position])), 1 / position)


@claim(ID, r"so they are equal exactly if $\sin((n - m)\theta) = 0$ or $q$ and $k$ lie on one line")
@claim(ID, "Their cosine parts agree and their sine parts have opposite signs")
def test_before_and_after_differ(world: World) -> None:
    q, k, m, n, _ = world
    R = world.R
    difference = number(q.T @ R(n - m) @ k) - number(q.T @ R(m - n) @ k)

    assert_same(difference, 2 * np.sin((n - m) * world.theta) * number(q.T @ QUARTER @ k))
    assert_same(number(q.T @ R(n - m) @ (-2 * q)), number(q.T @ R(m - n) @ (-2 * q)))


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


@claim(ID, r"up to a multiple of $2\pi/\theta$")
@claim(ID, r"one step then changes a score by at most $\theta\,\|q\|\,\|k\|$")
def test_one_angle_is_ambiguous_or_blunt(world: World) -> None:
    assert_same(turn(world.theta * (3 + 2 * np.pi / world.theta)), turn(world.theta * 3))
    longest = float(np.linalg.norm(world.q) * np.linalg.norm(world.k))
    for theta in (1e-3, world.theta):
        scores = [world._replace(n=n, theta=theta).score for n in range(50)]
        assert np.max(np.abs(np.diff(scores))) <= theta * longest


@claim(ID, r"$(q + a_m)^\top (k + b_n) = q^\top k + q^\top b_n + a_m^\top k + a_m^\top b_n$")
def test_added_positions_stay_absolute(world: World, rng: np.random.Generator) -> None:
    q, k = world.q, world.k
    a, b = rng.normal(size=(2, 3, 2, 1))
    table = [[number((q + a[m]).T @ (k + b[n])) for n in range(3)] for m in range(3)]

    terms = q.T @ k + q.T @ b[1] + a[0].T @ k + a[0].T @ b[1]
    assert_same(table[0][1], number(terms))
    assert_differs(table[0][1], table[1][2])


@claim(ID, r"$q^\top k + b_{n-m}$ depends on the positions only through the offset as well")
@claim(ID, "so all queries of a head have one preference among the offsets")
@claim(ID, "the content decides which offset scores highest")
@claim(ID, r"ALiBi takes $b_{n-m} = -a\,|n - m|$ with a fixed slope $a > 0$ for each head.")
@claim(ID, "with a steep slope a far token is hard to find")
def test_a_bias_prefers_the_same_offsets_for_every_content(rng: np.random.Generator) -> None:
    """All keys have the same content, so only the offset can make a difference."""
    k = column(rng, 2)
    queries = [turn(angle) @ k for angle in (0.0, 0.9, 1.8)]
    bias = {r: -0.1 * abs(r) for r in range(-8, 9)}

    def best(scores: dict[int, float]) -> int:
        return max(scores, key=lambda r: scores[r])

    assert {best({r: number(q.T @ k) + bias[r] for r in bias}) for q in queries} == {0}
    assert [best({r: number(q.T @ turn(0.3 * r) @ k) for r in bias}) for q in queries] == [0, 3, 6]

    def weight_of_a_far_match(slope: float) -> float:
        scores = np.array([5.0 if offset == -20 else 0.0 for offset in range(-20, 1)])
        weights = np.exp(scores - slope * np.abs(np.arange(-20, 1)))
        return float(weights[0] / weights.sum())

    assert weight_of_a_far_match(0.01) > 0.8
    assert weight_of_a_far_match(1.0) < 1e-6


@claim(ID, r"$R_{n+\Delta} = R_\Delta R_n$")
@claim(ID, r"Without it all their offsets would be wrong by $\Delta$.")
def test_renumbered_keys(world: World) -> None:
    q, k, m, n, _ = world
    R, shift = world.R, 4
    stored, query = R(n) @ k, R(m + shift) @ q

    assert_same(R(shift) @ stored, R(n + shift) @ k)
    assert_same(number(query.T @ R(shift) @ stored), world.score)
    assert_same(number(query.T @ stored), world._replace(n=n - shift).score)


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


@claim(ID, r"to $b\,\gamma^{d/(d-2)}$")
@claim(ID, r"has it divided by exactly $\gamma$; those between change gradually")
@claim(ID, r"Dividing every position by $\gamma$ keeps all angles within the trained range")
@claim(ID, r"neighbours then differ by $\theta_i/\gamma$")
def test_longer_texts() -> None:
    width = 16
    old = rope_angles(width)
    new = rope_angles(width, base=10000.0 * STRETCH ** (width / (width - 2)))

    assert_same(new[0], old[0])
    assert_same(new[-1], old[-1] / STRETCH)
    assert np.all(np.diff(old / new) > 0)
    squeezed = np.arange(int(STRETCH * TRAINED)) / STRETCH
    assert squeezed.max() < TRAINED
    assert_same(np.diff(squeezed), np.full(len(squeezed) - 1, 1 / STRETCH))


# --- the harder variant --------------------------------------------------------------------------


class Pairs(NamedTuple):
    q: Array
    k: Array
    angles: Array
    m: int
    n: int

    @property
    def r(self) -> int:
        return self.n - self.m

    @property
    def score(self) -> float:
        """All pairs at once, as complex numbers."""
        q, k = (v[:, 0] + 1j * v[:, 1] for v in (self.q, self.k))
        turned = q * np.exp(1j * self.m * self.angles), k * np.exp(1j * self.n * self.angles)
        return float(np.vdot(turned[0], turned[1]).real)

    def total(self, matrices: list[Array]) -> float:
        """Sum of q_iᵀ M_i k_i."""
        return float(sum(q @ M @ k for q, M, k in zip(self.q, matrices, self.k, strict=True)))


@pytest.fixture
def pairs(rng: np.random.Generator) -> Pairs:
    m, n = (int(position) for position in rng.choice(np.arange(2, 12), size=2, replace=False))
    q, k = rng.normal(size=(2, PAIRS, 2))
    return Pairs(q, k, rng.uniform(0.2, 1.3, size=PAIRS), m, n)


@step(HARDER, "1", r"s = \sum_{i=1}^{p} q_i^\top R(r\theta_i)\, k_i")
def test_offset_in_every_pair(pairs: Pairs) -> None:
    assert_same(pairs.score, pairs.total([turn(pairs.r * angle) for angle in pairs.angles]))


@step(HARDER, "2", r"R(\alpha) = \cos\alpha\, I + \sin\alpha\, J")
@claim(HARDER, "$J^2 = -I$, so $J$ plays the part of the imaginary unit")
def test_two_parts_of_a_turn(world: World) -> None:
    alpha = world.theta

    assert_same(turn(alpha), np.cos(alpha) * np.eye(2) + np.sin(alpha) * QUARTER)
    assert_same(QUARTER @ QUARTER, -np.eye(2))
    assert_same(turn(np.pi / 2), QUARTER)


@step(
    HARDER,
    "3",
    r"""
    s = \sum_{i=1}^{p} \left( q_i^\top k_i \cos(r\theta_i) + q_i^\top J k_i \sin(r\theta_i) \right)
    """,
)
@claim(HARDER, "The first part is even in $r$ and the second odd")
def test_cosines_and_sines(pairs: Pairs) -> None:
    angles = pairs.r * pairs.angles
    even = pairs.total([np.cos(angle) * np.eye(2) for angle in angles])
    odd = pairs.total([np.sin(angle) * QUARTER for angle in angles])

    assert_same(pairs.score, even + odd)
    assert_same(pairs._replace(m=pairs.n, n=pairs.m).score, even - odd)


@step(
    HARDER,
    "4",
    r"""
    \begin{aligned}
    \sum_{i=1}^{p} q_i^\top R(r\theta_i)\, q_i &= \sum_{i=1}^{p} \|q_i\|^2 \cos(r\theta_i) \\
    &\le \sum_{i=1}^{p} \|q_i\|^2
    \end{aligned}
    """,
)
@claim(HARDER, "A quarter turn is perpendicular to what it turns, $q_i^\\top J q_i = 0$")
@claim(HARDER, "at $r = 0$ all of them are 1 at once, so no offset gives more")
@claim(ID, "no offset scores higher than offset 0; away from there the score goes up and down")
@claim(ID, r"rational multiples of $\pi$ the largest value would come back")
def test_equal_vectors(pairs: Pairs) -> None:
    lengths = np.sum(pairs.q**2, axis=1)
    equal = pairs._replace(k=pairs.q, m=0)
    scores = np.array([equal._replace(n=n).score for n in range(200)])

    by_formula = [float(lengths @ np.cos(n * pairs.angles)) for n in range(200)]
    assert_same(scores, np.array(by_formula))
    assert_same(scores[0], lengths.sum())
    assert np.all(scores <= scores[0])
    assert np.any(np.diff(scores) > 0)
    assert_same(equal.total([QUARTER] * PAIRS), 0.0)
    periodic = equal._replace(angles=np.pi * np.array([1 / 2, 1 / 3, 2 / 5, 1]))
    assert_same(periodic._replace(n=60).score, scores[0])


@slip(HARDER, "offset-reversed", r"s = \sum_{i=1}^{p} q_i^\top R((m - n)\theta_i)\, k_i")
def test_offset_reversed(pairs: Pairs) -> None:
    assert_differs(pairs.score, pairs.total([turn(-pairs.r * angle) for angle in pairs.angles]))
    unmoved = pairs._replace(m=0)
    forward = unmoved.total([turn(unmoved.n * angle) for angle in unmoved.angles])
    assert_same(unmoved.score, forward)


@slip(HARDER, "angle-forgotten", r"s = \sum_{i=1}^{p} q_i^\top R(r)\, k_i")
@claim(HARDER, r"Check with $\theta_i = 0$, where positions must not matter.")
def test_angle_forgotten(pairs: Pairs) -> None:
    wrong = pairs.total([turn(pairs.r)] * PAIRS)

    assert_differs(pairs.score, wrong)
    still = pairs._replace(angles=np.zeros(PAIRS))
    assert_same(still.score, still._replace(n=still.n + 1).score)


@slip(HARDER, "sine-lost", r"s = \sum_{i=1}^{p} q_i^\top k_i \cos(r\theta_i)")
@claim(HARDER, r"the score is $-\sin(r\theta)$ and not zero for all offsets")
def test_sine_lost(pairs: Pairs) -> None:
    even = [np.cos(pairs.r * angle) * np.eye(2) for angle in pairs.angles]

    assert_differs(pairs.score, pairs.total(even))
    on_one_line = pairs._replace(k=pairs.q * np.array([[2.0], [-1.0], [0.5], [3.0]]))
    assert_same(on_one_line.score, on_one_line.total(even))
    q, k = np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]])
    one = Pairs(q, k, pairs.angles[:1], pairs.m, pairs.n)
    assert_same(one.score, -float(np.sin(one.r * one.angles[0])))


@slip(
    HARDER,
    "sine-sign",
    r"""
    s = \sum_{i=1}^{p} \left( q_i^\top k_i \cos(r\theta_i) - q_i^\top J k_i \sin(r\theta_i) \right)
    """,
)
@claim(HARDER, "This is the score for the offset $-r$.")
@claim(HARDER, r"Check with a quarter turn, $r\theta = \pi/2$: the matrix is then $J$ itself.")
def test_sine_sign(pairs: Pairs) -> None:
    angles = pairs.r * pairs.angles
    wrong = pairs.total([np.cos(angle) * np.eye(2) - np.sin(angle) * QUARTER for angle in angles])

    assert_differs(pairs.score, wrong)
    assert_same(pairs._replace(m=pairs.n, n=pairs.m).score, wrong)
    assert_same(turn(np.pi / 2), QUARTER)


@slip(HARDER, "quarter-turn-parallel", r"q_i^\top J q_i = \|q_i\|^2")
@claim(
    HARDER,
    "The quarter turn of a vector is perpendicular to it: $-q_1 q_2 + q_2 q_1 = 0$ in the entries",
)
def test_quarter_turn_parallel(pairs: Pairs) -> None:
    for q in pairs.q:
        assert_differs(float(q @ QUARTER @ q), float(q @ q))
        assert_same(turn(np.pi / 2) @ q, np.array([-q[1], q[0]]))
        assert_same(float(q @ turn(np.pi / 2) @ q), 0.0)
