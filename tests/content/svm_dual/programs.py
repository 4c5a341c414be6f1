"""Quadratic programs, solved face by face: no solver and no duality is trusted."""

from itertools import combinations
from typing import NamedTuple

import numpy as np

from tests.content.numeric import Array, number

FEASIBLE = 1e-7


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
    for tight in (list(rows) for k in range(size + 1) for rows in combinations(range(count), k)):
        z = best_on_face(program, tight)
        if z is None or not program.allows(z):
            continue
        if best is None or program.value(z) < program.value(best) - 1e-12:
            best = z
    assert best is not None
    return best


def best_on_face(program: Program, tight: list[int]) -> Array | None:
    """Where the slope vanishes along all directions in which the tight constraints stay tight."""
    A = np.vstack([program.equations, program.rows[tight]])
    values = np.vstack([program.values, program.floor[tight]])
    point = np.linalg.pinv(A) @ values
    if not np.allclose(A @ point, values, atol=FEASIBLE):
        return None
    rank = np.linalg.matrix_rank(A) if A.size else 0
    along = np.linalg.svd(A)[2][rank:].T
    curvature, slope = along.T @ program.H @ along, along.T @ (program.H @ point - program.g)
    move = -np.linalg.pinv(curvature) @ slope
    if not np.allclose(curvature @ move, -slope, atol=FEASIBLE):
        return None
    result: Array = point + along @ move
    return result
