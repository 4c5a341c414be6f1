"""Seven points in the plane and three components. What belongs to the components is stacked along
the first axis: means (K, d, 1), covariances (K, d, d); responsibilities are (N, K)."""

import numpy as np

from tests.content.numeric import Array, column, gradient
from tests.content.worlds.common import (
    at_most,
    below,
    distribution,
    entropy,
    kl,
    log_normal,
    same,
)

N, K, D = 7, 3, 2
Parameters = tuple[Array, Array, Array]


def namespace(rng: np.random.Generator) -> dict[str, object]:
    xs = 1.5 * rng.normal(size=(N, D, 1)) + np.array([[0.7], [-0.4]])
    x = column(rng, D)
    theta = _parameters(rng)
    pi, mu, sig = theta
    old = _parameters(rng)
    q = distribution(rng, K)
    q_old = posterior(x, old)
    new = (q_old, 0.5 * (old[1] + x), old[2])
    gam = np.stack([posterior(point, theta) for point in xs])
    dens = np.array([[density(point, m, c) for m, c in zip(mu, sig, strict=True)] for point in xs])

    def total(weights: Array) -> Array:
        """Σ_i w_ik x_i for each k."""
        result: Array = np.einsum("ik,iab->kab", weights, xs)
        return result

    def scatter(weights: Array, means: Array) -> Array:
        """Σ_i w_ik (x_i - m_k)(x_i - m_k)ᵀ for each k."""
        gaps = xs[:, None] - means[None]
        result: Array = np.einsum("ik,ikab,ikcb->kac", weights, gaps, gaps)
        return result

    def squares(weights: Array, means: Array) -> Array:
        """Σ_i w_ik (x_i - m_k)ᵀ(x_i - m_k) for each k."""
        gaps = xs[:, None] - means[None]
        return per(np.einsum("ik,ikab,ikab->k", weights, gaps, gaps))

    nk = gam.sum(axis=0)
    mu_m = total(gam) / per(nk)
    return {
        "np": np,
        "log": np.log,
        "exp": np.exp,
        "inv": np.linalg.inv,
        "det": np.linalg.det,
        "same": same,
        "at_most": at_most,
        "below": below,
        "grad": gradient,
        "kl": kl,
        "H": entropy,
        "E": lambda weights, values: float(np.sum(weights * values)),
        "N": N,
        "K": K,
        "d": D,
        "xs": xs,
        "x": x,
        "pi": pi,
        "mu": mu,
        "Sig": sig,
        "theta": theta,
        "density": density,
        "dens": dens,
        "gam": gam,
        "Nk": nk,
        "per": per,
        "T": lambda stack: np.swapaxes(stack, 1, 2),
        "total": total,
        "scatter": scatter,
        "squares": squares,
        "zero_means": np.zeros((K, D, 1)),
        "mu_m": mu_m,
        "Sig_m": scatter(gam, mu_m) / per(nk),
        "pi_m": nk / N,
        "joint": joint,
        "px": lambda point, parameters: float(joint(point, parameters).sum()),
        "post": posterior,
        "L": lambda weights, parameters: bound(weights, x, parameters),
        "bound": bound,
        "q": q,
        "qt": q_old,
        "old": old,
        "new": new,
    }


def density(x: Array, mean: Array, covariance: Array) -> float:
    return float(np.exp(log_normal(x, mean, covariance)))


def joint(x: Array, theta: Parameters) -> Array:
    """p_θ(x, z) for every z."""
    return np.array([w * density(x, m, c) for w, m, c in zip(*theta, strict=True)])


def posterior(x: Array, theta: Parameters) -> Array:
    """p_θ(z | x) for every z."""
    values = joint(x, theta)
    result: Array = values / values.sum()
    return result


def bound(q: Array, x: Array, theta: Parameters) -> float:
    return float(np.sum(q * np.log(joint(x, theta) / q)))


def per(values: Array) -> Array:
    """Numbers of the components, to multiply or divide stacked matrices by."""
    return np.asarray(values)[:, None, None]


def _parameters(rng: np.random.Generator) -> Parameters:
    roots = rng.normal(size=(K, D, D))
    covariances = roots @ np.swapaxes(roots, 1, 2) + 0.6 * np.eye(D)
    return distribution(rng, K), rng.normal(size=(K, D, 1)), covariances
