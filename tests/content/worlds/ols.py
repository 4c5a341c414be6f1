"""Least squares with more examples than features; the minimiser comes from lstsq."""

import numpy as np

from tests.content.numeric import Array, column, gradient, hessian
from tests.content.worlds.common import at_most, below, same

N, D = 7, 3


def namespace(rng: np.random.Generator) -> dict[str, object]:
    X, y, w, v = rng.normal(size=(N, D)), column(rng, N), column(rng, D), column(rng, D)
    what = np.linalg.lstsq(X, y, rcond=None)[0]

    def loss(weights: Array) -> float:
        return 0.5 * float(np.sum((y - X @ weights) ** 2))

    def along(f: object, direction: Array) -> float:
        """The slope of f at w in a direction: what a differential says."""
        assert callable(f)
        return float((f(w + 1e-5 * direction) - f(w - 1e-5 * direction)) / 2e-5)

    orthonormal, _ = np.linalg.qr(X)
    return {
        "np": np,
        "n": N,
        "d": D,
        "X": X,
        "y": y,
        "w": w,
        "v": v,
        "r": y - X @ w,
        "loss": loss,
        "grad": gradient(loss, w),
        "grad_best": gradient(loss, what),
        "hess": hessian(loss, w),
        "what": what,
        "yhat": X @ what,
        "P": orthonormal @ orthonormal.T,
        "I_n": np.eye(N),
        "I_d": np.eye(D),
        "gradient": gradient,
        "along": along,
        "inv": np.linalg.inv,
        "pinv": np.linalg.pinv,
        "tr": np.trace,
        "rank": np.linalg.matrix_rank,
        "sq": lambda a: float(np.sum(np.asarray(a) ** 2)),
        "norm": np.linalg.norm,
        "same": same,
        "at_most": at_most,
        "below": below,
    }
