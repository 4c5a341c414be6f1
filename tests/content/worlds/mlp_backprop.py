"""A two-layer network with all widths different; every gradient is a central difference."""

from typing import Any

import numpy as np

from tests.content.numeric import Array, column, gradient, hessian, jacobian
from tests.content.worlds.common import at_most, below, same, sigma, softmax

D, M, C = 5, 4, 3


def namespace(rng: np.random.Generator) -> dict[str, object]:
    x, W1, b1 = column(rng, D), rng.normal(size=(M, D)) / 2, column(rng, M)
    W2, b2 = rng.normal(size=(C, M)) / 2, column(rng, C) / 2
    y = np.eye(C)[:, [int(rng.integers(C))]]
    z1 = W1 @ x + b1
    h1 = sigma(z1)
    z2 = W2 @ h1 + b2
    yh = softmax(z2)

    def of_output(output: Array) -> float:
        return float(-np.sum(y * np.log(output)))

    def of_z2(score: Array) -> float:
        return of_output(softmax(score))

    def of_h1(hidden: Array) -> float:
        return of_z2(W2 @ hidden + b2)

    def of_z1(score: Array) -> float:
        return of_h1(sigma(score))

    def slope(t: Any) -> Any:
        """The derivative of the logistic function, entry by entry."""
        return (sigma(t + 1e-5) - sigma(t - 1e-5)) / 2e-5

    return {
        "np": np,
        "x": x,
        "W1": W1,
        "b1": b1,
        "W2": W2,
        "b2": b2,
        "y": y,
        "z1": z1,
        "h1": h1,
        "z2": z2,
        "yh": yh,
        "loss": of_output(yh),
        "g_yh": gradient(of_output, yh),
        "g_z2": gradient(of_z2, z2),
        "g_W2": gradient(lambda W: of_z2(W @ h1 + b2), W2),
        "g_b2": gradient(lambda b: of_z2(W2 @ h1 + b), b2),
        "g_h1": gradient(of_h1, h1),
        "g_z1": gradient(of_z1, z1),
        "g_W1": gradient(lambda W: of_z1(W @ x + b1), W1),
        "g_b1": gradient(lambda b: of_z1(W1 @ x + b), b1),
        "g_x": gradient(lambda t: of_z1(W1 @ t + b1), x),
        "z2_by_W2": np.stack(
            [gradient(lambda W, k=k: float((W @ h1 + b2)[k, 0]), W2) for k in range(C)]  # type: ignore[misc]
        ),
        "J": jacobian(softmax, z2),
        "J_log": jacobian(lambda z: np.log(softmax(z)), z2),
        "J_h1": jacobian(sigma, z1),
        "hess_z2": hessian(of_z2, z2),
        "gradient": gradient,
        "slope": slope,
        "I": np.eye(C),
        "ones": np.ones((C, 1)),
        "sigma": sigma,
        "softmax": softmax,
        "log": np.log,
        "exp": np.exp,
        "diag": np.diagflat,
        "norm": np.linalg.norm,
        "same": same,
        "at_most": at_most,
        "below": below,
    }
