"""The variational lower bound, with numbers for every value of x.

Axis 0 is x and axis 1 is z; what depends on x alone has one axis.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.content.numeric import Array, column
from tests.content.worlds.common import at_most, distribution, same, softmax

X, Z, R = 3, 4, 2
STEP = 1e-5


def namespace(rng: np.random.Generator) -> dict[str, object]:
    prior = distribution(rng, Z)
    slopes = rng.normal(size=(X, Z, R))
    theta = column(rng, R)
    q = distribution(rng, X, Z, axis=1)

    def lik_at(t: Array) -> Array:
        """p(x|z) at other parameters."""
        return softmax((slopes @ t)[..., 0], axis=0)

    def joint_at(t: Array) -> Array:
        return lik_at(t) * prior

    def px_at(t: Array) -> Array:
        total: Array = joint_at(t).sum(axis=1)
        return total

    def post_at(t: Array) -> Array:
        return joint_at(t) / px_at(t)[:, None]

    def bound_at(t: Array, belief: Array) -> Array:
        return mean(belief, np.log(joint_at(t)) - np.log(belief))

    def slope(f: Callable[[Array], Array]) -> Array:
        """Derivative by the parameters, along a new last axis."""
        moves = np.eye(R) * STEP
        sides = [(f(theta + moves[:, [i]]), f(theta - moves[:, [i]])) for i in range(R)]
        return np.stack([(up - down) / (2 * STEP) for up, down in sides], axis=-1)

    joint, px, post = joint_at(theta), px_at(theta), post_at(theta)
    return {
        "log": np.log,
        "exp": np.exp,
        "same": same,
        "at_most": at_most,
        "theta": theta,
        "pz": prior,
        "lik": lik_at(theta),
        "lik_at": lik_at,
        "joint": joint,
        "joint_at": joint_at,
        "px": px,
        "px_at": px_at,
        "lp": np.log(px),
        "post": post,
        "post_at": post_at,
        "q": q,
        "elbo": bound_at(theta, q),
        "bound": lambda belief: bound_at(theta, belief),
        "bound_at": lambda t: bound_at(t, q),
        "mean": mean,
        "E": lambda values: mean(q, values),
        "KL": divergence,
        "H": lambda belief: -mean(belief, np.log(belief)),
        "slope": slope,
        "ones": np.ones(X),
    }


def mean(weights: Array, values: Any) -> Array:
    """Over z, of values by z, by x and z, or by x, z and parameter."""
    values = np.asarray(values)
    if values.ndim == 3:
        weights = weights[..., None]
        total: Array = (weights * values).sum(axis=1)
    else:
        total = (weights * values).sum(axis=-1)
    return total


def divergence(p: Array, q: Array) -> Array:
    """KL over z, for every x that either side depends on."""
    total: Array = (p * (np.log(p) - np.log(q))).sum(axis=-1)
    return total
