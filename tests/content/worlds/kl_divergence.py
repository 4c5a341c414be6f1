"""Distributions on six points as plain arrays, and a model of three parameters."""

from collections.abc import Callable

import numpy as np

from tests.content.numeric import Array, column, gradient, hessian
from tests.content.worlds.common import (
    at_most,
    below,
    distribution,
    entropy,
    kl,
    same,
    softmax,
)

POINTS = 6
PARAMETERS = 3
NEWTON_STEPS = 60


def namespace(rng: np.random.Generator) -> dict[str, object]:
    p = distribution(rng, POINTS)
    r = distribution(rng, POINTS)
    # Near the middle of p and r, so that the triangle inequality fails.
    q = 0.8 * (0.5 * p + 0.5 * r) + 0.2 * distribution(rng, POINTS)
    data = distribution(rng, POINTS)
    features = rng.normal(size=(POINTS, PARAMETERS))
    offsets = column(rng, POINTS)

    def model(theta: Array) -> Array:
        result: Array = softmax(features @ theta + offsets)[:, 0]
        return result

    return {
        "np": np,
        "log": np.log,
        "exp": np.exp,
        "same": same,
        "at_most": at_most,
        "below": below,
        "grad": gradient,
        "p": p,
        "q": q,
        "r": r,
        "data": data,
        "model": model,
        "theta": column(rng, PARAMETERS),
        "start": np.zeros((PARAMETERS, 1)),
        "n": POINTS,
        "ones": np.ones(POINTS),
        "kl": kl,
        "H": entropy,
        "cross": lambda first, second: float(-np.sum(first * np.log(second))),
        "E": lambda weights, values: float(np.sum(weights * values)),
        "argmin": lowest,
        "argmax": lambda f: lowest(lambda theta: -f(theta)),
    }


def lowest(f: Callable[[Array], float]) -> Array:
    """Where `f` is smallest, by Newton's method from zero; far away if there is no such place."""
    at: Array = np.zeros((PARAMETERS, 1))
    for _ in range(NEWTON_STEPS):
        slope = gradient(f, at)
        bend = hessian(f, at)
        least = float(np.linalg.eigvalsh(bend)[0])
        bend = bend + max(0.0, 1e-3 - least) * np.eye(PARAMETERS)
        move: Array = -np.linalg.solve(bend, slope)
        length = float(np.linalg.norm(move))
        if length > 1.0:
            move = move / length
        step = 1.0
        while step > 1e-6 and not f(at + step * move) <= f(at):
            step /= 2
        at = at + step * move
        if length < 1e-9:
            break
    return at
