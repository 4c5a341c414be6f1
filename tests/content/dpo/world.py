"""The world of `dpo.toml`, for one prompt; an answer is a place in an array."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from tests.content.numeric import Array, gradient, number
from tests.content.worlds.common import kl, sigma, softmax

ANSWERS, WEIGHTS = 4, 3
ID, POLICY, GRADIENT = "dpo", "dpo-policy", "dpo-gradient"
W, L = 0, 2  # the preferred answer and the other one
OTHER_POLICIES = 50


class World(NamedTuple):
    """A reference, a reward, and a policy with a parameter vector."""

    ref: Array
    r: Array
    beta: float
    features: Array
    theta: Array

    def objective(self, pi: Array) -> float:
        return float(pi @ self.r) - self.beta * kl(pi, self.ref)

    @property
    def Z(self) -> float:  # noqa: N802
        return float(self.ref @ np.exp(self.r / self.beta))

    @property
    def lam(self) -> float:
        return self.beta - self.beta * float(np.log(self.Z))

    @property
    def best(self) -> Array:
        """By mirror ascent, which knows the slope of the objective and not our formula."""
        logits = np.zeros(ANSWERS)
        for _ in range(60):
            slope = self.r - self.beta * np.log(softmax(logits) / self.ref)
            logits = logits + slope / (2 * self.beta)
        return softmax(logits)

    def policy(self, theta: Array) -> Array:
        return softmax((self.features @ theta)[:, 0])

    @property
    def pi(self) -> Array:
        return self.policy(self.theta)

    def implicit(self, theta: Array) -> Array:
        return self.beta * np.log(self.policy(theta) / self.ref)

    def margin(self, theta: Array) -> float:
        rewards = self.implicit(theta)
        return float(rewards[W] - rewards[L])

    def loss(self, theta: Array) -> float:
        return loss_of(self.margin(theta))

    def slope_of_log(self, answer: int) -> Array:
        return gradient(lambda t: float(np.log(self.policy(t)[answer])), self.theta)

    @property
    def loss_slope(self) -> Array:
        return gradient(self.loss, self.theta)

    @property
    def pull(self) -> Array:
        """Towards the preferred answer and away from the other one."""
        return self.slope_of_log(W) - self.slope_of_log(L)


def loss_of(margin: float) -> float:
    return -float(np.log(sigma(margin)))


def slope(f: Callable[[float], float], at: float) -> float:
    return number(gradient(lambda t: f(float(t[0, 0])), np.array([[at]])))


def bradley_terry(r: Array, winner: int, loser: int) -> float:
    return float(np.exp(r[winner]) / (np.exp(r[winner]) + np.exp(r[loser])))
