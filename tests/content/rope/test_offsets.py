"""What the prose says of near and far: periods, and how a score changes with the offset."""

import numpy as np

from tests.content.numeric import assert_same, number
from tests.content.registry import claim
from tests.content.rope.world import ID, QUARTER, World, rope_angles, turn

TRAINED, STRETCH = 100, 4.0


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


@claim(ID, r"so they are equal exactly if $\sin((n - m)\theta) = 0$ or $q$ and $k$ are parallel")
@claim(ID, "Their cosine parts agree and their sine parts have opposite signs")
def test_before_and_after_differ(world: World) -> None:
    q, k, m, n, _ = world
    R = world.R
    difference = number(q.T @ R(n - m) @ k) - number(q.T @ R(m - n) @ k)

    assert_same(difference, 2 * np.sin((n - m) * world.theta) * number(q.T @ QUARTER @ k))
    assert_same(number(q.T @ R(n - m) @ (-2 * q)), number(q.T @ R(m - n) @ (-2 * q)))


@claim(ID, r"up to a multiple of $2\pi/\theta$")
@claim(ID, r"one step then changes a score by at most $\theta\,\|q\|\,\|k\|$")
def test_one_angle_is_ambiguous_or_blunt(world: World) -> None:
    assert_same(turn(world.theta * (3 + 2 * np.pi / world.theta)), turn(world.theta * 3))
    longest = float(np.linalg.norm(world.q) * np.linalg.norm(world.k))
    for theta in (1e-3, world.theta):
        scores = [world._replace(n=n, theta=theta).score for n in range(50)]
        assert np.max(np.abs(np.diff(scores))) <= theta * longest


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
