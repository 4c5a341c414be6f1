"""A centred data matrix and its thin singular value decomposition."""

import numpy as np

from tests.content.numeric import Array, column, gradient
from tests.content.worlds.common import at_most, below, same

ROWS, FEATURES, KEPT = 7, 4, 2
SWEEPS = 4000
STILL = 1e-13


def namespace(rng: np.random.Generator) -> dict[str, object]:
    raw = rng.normal(size=(ROWS, FEATURES)) @ np.diag([2.0, 1.5, 1.0, 0.7])
    data: Array = raw - raw.mean(axis=0, keepdims=True)
    left, values, right = np.linalg.svd(data, full_matrices=False)
    other = rng.normal(size=(ROWS, KEPT)) @ rng.normal(size=(KEPT, FEATURES))
    covariance = sum(row.reshape(-1, 1) @ row.reshape(1, -1) for row in data) / ROWS
    return {
        "np": np,
        "inv": np.linalg.inv,
        "det": np.linalg.det,
        "tr": np.trace,
        "rank": np.linalg.matrix_rank,
        "same": same,
        "at_most": at_most,
        "below": below,
        "grad": gradient,
        "X": data,
        "xs": data[:, :, None],
        "n": ROWS,
        "d": FEATURES,
        "k": KEPT,
        "U": left,
        "S": np.diag(values),
        "V": right.T,
        "s": values,
        "u": lambda j: left[:, [j]],
        "v": lambda j: right.T[:, [j]],
        "Uk": left[:, :KEPT],
        "Sk": np.diag(values[:KEPT]),
        "Vk": right.T[:, :KEPT],
        "Xk": sum(values[j] * left[:, [j]] @ right[[j], :] for j in range(KEPT)),
        "Sigma": covariance,
        "Xt": other,
        "w": column(rng, FEATURES),
        "ones": np.ones((ROWS, 1)),
        "I": np.eye,
        "fro": lambda matrix: float(np.sqrt(np.sum(matrix**2))),
        "closest": lambda matrix: closest(matrix, rng),
    }


def closest(matrix: Array, rng: np.random.Generator) -> Array:
    """The nearest matrix of rank KEPT, by alternating least squares."""
    rows = rng.normal(size=(KEPT, matrix.shape[1]))
    columns = matrix @ rows.T @ np.linalg.inv(rows @ rows.T)
    for _ in range(SWEEPS):
        before = columns @ rows
        rows, _ = np.linalg.qr((np.linalg.inv(columns.T @ columns) @ columns.T @ matrix).T)
        rows = rows.T
        columns = matrix @ rows.T
        if np.max(np.abs(columns @ rows - before)) < STILL:
            break
    result: Array = columns @ rows
    return result
