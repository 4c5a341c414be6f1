"""The world of `bias-variance.toml`. At the fixed point there are a few training sets, in rows, and
a few values of the noise, in columns."""

from typing import NamedTuple

import numpy as np

from tests.content.numeric import Array, number

SETS, NOISES = 5, 3
ID, ENSEMBLE = "bias-variance", "bias-variance-ensemble"


class World(NamedTuple):
    f: float
    noise: Array
    chance_of_noise: Array
    prediction: Array
    chance_of_set: Array

    @property
    def y(self) -> Array:
        return self.f + self.noise

    @property
    def mean(self) -> float:
        return number(self.over_sets(self.prediction))

    @property
    def bias(self) -> float:
        return self.mean - self.f

    @property
    def variance(self) -> float:
        return number(self.over_sets((self.prediction - self.mean) ** 2))

    @property
    def noise_variance(self) -> float:
        return number(self.over_noise(self.noise**2))

    @property
    def error(self) -> float:
        return self.over_both((self.y - self.prediction) ** 2)

    def over_sets(self, values: Array) -> Array:
        return np.asarray((self.chance_of_set * values).sum(axis=0, keepdims=True))

    def over_noise(self, values: Array) -> Array:
        return np.asarray((self.chance_of_noise * values).sum(axis=1, keepdims=True))

    def over_both(self, values: Array) -> float:
        return number(self.over_noise(self.over_sets(values)))


def perfect(world: World) -> World:
    """The same with a model that always predicts the true value."""
    return world._replace(prediction=np.full((SETS, 1), world.f))
