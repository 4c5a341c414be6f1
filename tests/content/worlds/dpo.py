"""Tables over a few prompts (rows) and answers (columns): policies, a reward and a preference.

A function of x alone is one column, so that it spreads over the answers. `wi` and `lo` read a table
at y_w and y_l, for each prompt and each ordered pair of two different answers."""

from collections.abc import Callable

import numpy as np

from tests.content.numeric import Array, column, gradient
from tests.content.worlds.common import at_most, below, distribution, same, sigma, softmax

PROMPTS, ANSWERS, WEIGHTS = 2, 4, 3
PAIRS = [(w, loser) for w in range(ANSWERS) for loser in range(ANSWERS) if w != loser]


def namespace(rng: np.random.Generator) -> dict[str, object]:
    pi = distribution(rng, PROMPTS, ANSWERS, axis=1)
    ref = distribution(rng, PROMPTS, ANSWERS, axis=1)
    r = rng.normal(size=(PROMPTS, ANSWERS))
    beta = float(rng.uniform(0.4, 0.8))
    features = rng.normal(size=(PROMPTS, ANSWERS, WEIGHTS))
    theta = column(rng, WEIGHTS)
    data = distribution(rng, PROMPTS, len(PAIRS), axis=(0, 1))

    def over(table: Array) -> Array:
        """Summed over y."""
        return np.asarray(table.sum(axis=1, keepdims=True))

    def wi(table: Array) -> Array:
        return np.stack([table[:, w] for w, _ in PAIRS], axis=1)

    def lo(table: Array) -> Array:
        return np.stack([table[:, loser] for _, loser in PAIRS], axis=1)

    def divergence(p: Array, q: Array) -> Array:
        return over(p * np.log(p / q))

    def J(p: Array) -> Array:  # noqa: N802
        """The objective, for each prompt."""
        return over(p * r) - beta * divergence(p, ref)

    def policy(weights: Array) -> Array:
        return np.asarray(softmax((features @ weights)[:, :, 0], axis=1))

    def loss_of(weights: Array) -> Array:
        margin = beta * np.log(policy(weights) / ref)
        first, second = np.exp(wi(margin)), np.exp(lo(margin))
        return np.asarray(-np.log(first / (first + second)))

    def grad_theta(f: Callable[[Array], Array]) -> Array:
        """Gradients of all entries of a table that depends on theta; theta is the last axis."""
        shape = f(theta).shape
        slopes = [
            gradient(lambda t, at=at: float(f(t)[at]), theta)[:, 0]  # type: ignore[misc]
            for at in np.ndindex(shape)
        ]
        return np.array(slopes).reshape(*shape, WEIGHTS)

    Z = over(ref * np.exp(r / beta))
    ps = ref * np.exp(r / beta) / Z
    lam = beta - beta * np.log(Z)

    def slope(p: Array) -> Array:
        """Of the Lagrangian by each entry of the policy, none of them held to the sum 1."""

        def lagrangian(t: Array) -> float:
            return float((J(t) + lam * (over(t) - 1)).sum())

        return gradient(lagrangian, p)

    def expected(table: Array) -> float:
        """Over the preference data: weights on prompts and ordered pairs."""
        return float((data * table).sum())

    def best(f: Callable[[Array], Array], at: Array) -> bool:
        """No other policy does better, for any prompt."""
        others = [distribution(rng, PROMPTS, ANSWERS, axis=1) for _ in range(50)]
        near = [(at + 0.01 * other) / 1.01 for other in others]
        return all(bool(np.all(f(other) <= f(at) + 1e-12)) for other in others + near)

    return {
        "pi": pi,
        "ref": ref,
        "r": r,
        "beta": beta,
        "theta": theta,
        "Z": Z,
        "ps": ps,
        "lam": lam,
        "pt": policy(theta),
        "policy": policy,
        "bt": np.exp(wi(r)) / (np.exp(wi(r)) + np.exp(lo(r))),
        "loss": loss_of(theta),
        "loss_of": loss_of,
        "grad_theta": grad_theta,
        "slope": slope,
        "over": over,
        "wi": wi,
        "lo": lo,
        "KL": divergence,
        "J": J,
        "best": best,
        "ED": expected,
        "sigma": sigma,
        "log": np.log,
        "exp": np.exp,
        "same": same,
        "at_most": at_most,
        "below": below,
        "np": np,
    }
