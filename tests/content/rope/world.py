"""The world of `rope.toml`: one pair of dimensions, and several."""

from typing import NamedTuple

import numpy as np

from tests.content.numeric import Array

ID = "rope"
HARDER = "rope-pairs"
PAIRS = 4
QUARTER = np.array([[0.0, -1.0], [1.0, 0.0]])


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


def turn(angle: float) -> Array:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, -s], [s, c]])


def angle_of(v: Array) -> float:
    return float(np.arctan2(v[1, 0], v[0, 0]))


def rope_angles(width: int, base: float = 10000.0) -> Array:
    return np.asarray(base ** (-2 * np.arange(width // 2) / width))


def whole_turn(angles: Array, position: float) -> Array:
    """Block-diagonal."""
    matrix = np.zeros((2 * len(angles), 2 * len(angles)))
    for i, angle in enumerate(angles):
        matrix[2 * i : 2 * i + 2, 2 * i : 2 * i + 2] = turn(position * angle)
    return matrix
