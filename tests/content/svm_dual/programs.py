"""Quadratic programs, solved face by face: no solver and no duality is trusted."""

from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tests.content.numeric import Array, number

FEASIBLE = 1e-7
RANK = 1e-10


class Program(NamedTuple):
    """Minimise z'Hz/2 - g'z subject to rows @ z >= floor and equations @ z = values."""

    H: Array
    g: Array
    rows: Array
    floor: Array
    equations: Array
    values: Array

    def value(self, z: Array) -> float:
        return number(0.5 * z.T @ self.H @ z - self.g.T @ z)

    def allows(self, z: Array) -> bool:
        return bool(np.all(self.rows @ z >= self.floor - FEASIBLE))


def solve(program: Program) -> Array:
    """A minimiser of a convex program that has one, by trying every set of constraints that may be
    tight. No multipliers occur: a minimiser is the best point of the face on which it lies."""
    count, size = program.rows.shape
    best: Array | None = None
    for many in range(min(count, size) + 1):
        tight = np.array(list(combinations(range(count), many)), dtype=int)
        for z in best_on_faces(program, tight):
            if best is None or program.value(z) < program.value(best) - 1e-12:
                best = z
    assert best is not None
    return best


def best_on_faces(program: Program, tight: NDArray[np.int_]) -> Array:
    """Where the slope vanishes along all directions in which the tight constraints stay tight, for
    each face that has such a point and on which the program allows it."""
    faces = len(tight)
    A = np.concatenate([np.stack([program.equations] * faces), program.rows[tight]], axis=1)
    values = np.concatenate([np.stack([program.values] * faces), program.floor[tight]], axis=1)
    inverse = np.linalg.pinv(A, rcond=RANK)
    point = inverse @ values
    along = np.eye(program.rows.shape[1]) - inverse @ A
    along[np.abs(along) < RANK] = 0  # on a corner nothing is left but rounding
    curvature, slope = along @ program.H @ along, along @ (program.H @ point - program.g)
    move = -np.linalg.pinv(curvature, rcond=RANK) @ slope
    z = point + move
    kept = (
        near(A @ z, values)
        & near(curvature @ move, -slope)
        & np.all(program.rows @ z >= program.floor - FEASIBLE, axis=(1, 2))
    )
    result: Array = z[kept]
    return result


def near(left: Array, right: Array) -> NDArray[np.bool_]:
    """Face by face."""
    result: NDArray[np.bool_] = np.all(np.isclose(left, right, atol=FEASIBLE), axis=(1, 2))
    return result
