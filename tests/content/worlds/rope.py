"""A query and a key in the plane, turned by angles that are multiples of one theta."""

import numpy as np

from tests.content.numeric import Array, column, gradient
from tests.content.worlds.common import at_most, below, same

D = 8  # the whole embedding; theta_i belongs to its pair (2i, 2i + 1)


def namespace(rng: np.random.Generator) -> dict[str, object]:
    q, k = column(rng, 2), column(rng, 2)
    m, n = (int(value) for value in rng.choice(np.arange(2, 12), size=2, replace=False))
    theta = float(rng.uniform(0.2, 1.3))

    def turn(angle: float) -> Array:
        c, s = np.cos(angle), np.sin(angle)
        return np.array([[c, -s], [s, c]])

    def R(position: float) -> Array:  # noqa: N802
        return turn(position * theta)

    def dot(u: Array, v: Array) -> float:
        return float((u.T @ v).item())

    def norm(u: Array) -> float:
        return float(np.sqrt(dot(u, u)))

    def theta_of(pair: float) -> float:
        return float(10000.0 ** (-2 * pair / D))

    def slope(entry: tuple[int, int], position: float) -> float:
        """Derivative of one entry of R_m by theta."""
        at = np.array([[theta]])
        return float(gradient(lambda t: float(turn(position * t[0, 0])[entry]), at)[0, 0])

    def whole(position: float) -> Array:
        """The rotation of all pairs, block diagonal."""
        blocks = np.zeros((D, D))
        for pair in range(D // 2):
            here = slice(2 * pair, 2 * pair + 2)
            blocks[here, here] = turn(position * theta_of(pair))
        return blocks

    return {
        "q": q,
        "k": k,
        "q1": float(q[0, 0]),
        "q2": float(q[1, 0]),
        "k1": float(k[0, 0]),
        "k2": float(k[1, 0]),
        "m": m,
        "n": n,
        "theta": theta,
        "d": D,
        "R": R,
        "turn": turn,
        "whole": whole,
        "dot": dot,
        "norm": norm,
        "theta_of": theta_of,
        "dR": lambda p: np.array([[slope((i, j), p) for j in range(2)] for i in range(2)]),
        "c": lambda p: float(np.cos(p * theta)),
        "s": lambda p: float(np.sin(p * theta)),
        "eye": np.eye(2),
        "J": np.array([[0.0, -1.0], [1.0, 0.0]]),
        "same": same,
        "at_most": at_most,
        "below": below,
        "np": np,
    }
