"""One example of logistic regression; every derivative is a central difference."""

from typing import Any

import numpy as np

from tests.content.numeric import Array, column, gradient, hessian
from tests.content.worlds.common import at_most, below, same, sigma

D = 4


def namespace(rng: np.random.Generator) -> dict[str, object]:
    y = int(rng.integers(2))
    x, w, v = column(rng, D), column(rng, D) / 2, column(rng, D)
    z = (w.T @ x).item()
    p = float(sigma(z))

    def of_p(probability: float) -> float:
        return float(-(y * np.log(probability) + (1 - y) * np.log(1 - probability)))

    def of_w(weights: Array) -> float:
        return of_p(float(sigma((weights.T @ x).item())))

    def slope(f: Any, at: float, step: float = 1e-5) -> float:
        return float((f(at + step) - f(at - step)) / (2 * step))

    def curvature(f: Any, at: float, step: float = 1e-4) -> float:
        return float((f(at + step) - 2 * f(at) + f(at - step)) / step**2)

    return {
        "np": np,
        "x": x,
        "w": w,
        "v": v,
        "y": y,
        "z": z,
        "p": p,
        "loss": of_p(p),
        "L_p": slope(of_p, p, 1e-6 * min(p, 1 - p)),
        "L_z": slope(lambda t: of_p(float(sigma(t))), z),
        "L_zz": curvature(lambda t: of_p(float(sigma(t))), z),
        "p_z": slope(sigma, z),
        "p_zz": curvature(sigma, z),
        "grad": gradient(of_w, w),
        "hess": hessian(of_w, w),
        "grad_p": gradient(lambda t: float(sigma((t.T @ x).item())), w),
        "grad_x": gradient(lambda t: of_p(float(sigma((w.T @ t).item()))), x),
        "gradient": gradient,
        "slope": slope,
        "sigma": sigma,
        "log": np.log,
        "exp": np.exp,
        "eig": np.linalg.eigvalsh,
        "same": same,
        "at_most": at_most,
        "below": below,
    }
