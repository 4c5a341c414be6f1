"""The world of `kl-divergence.toml`. A distribution is an array; of a pair, x is axis 0."""

from typing import NamedTuple

import numpy as np

from tests.content.numeric import Array
from tests.content.worlds.common import kl, softmax
from tests.content.worlds.kl_divergence import lowest

POINTS, PARAMETERS = 6, 3


class World(NamedTuple):
    p: Array
    q: Array
    data: Array
    features: Array

    @property
    def ratio(self) -> Array:
        return self.q / self.p

    def model(self, theta: Array) -> Array:
        """An exponential family that does not reach `data`."""
        result: Array = softmax(self.features @ theta)[:, 0]
        return result

    @property
    def most_likely(self) -> Array:
        return lowest(lambda theta: -float(np.sum(self.data * np.log(self.model(theta)))))

    @property
    def forward(self) -> Array:
        return lowest(lambda theta: kl(self.data, self.model(theta)))

    @property
    def reverse(self) -> Array:
        return lowest(lambda theta: kl(self.model(theta), self.data))


GRID = np.linspace(-14, 14, 1401)[:, None]


def normal(mean: float, deviation: float) -> Array:
    """On the grid, with sum 1."""
    result: Array = softmax(-0.5 * ((GRID - mean) / deviation) ** 2)[:, 0]
    return result
