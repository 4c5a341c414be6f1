"""The world of `information-gain.toml`. Axis 0 is the class and axis 1 the value of the feature;
`axis` always names what is summed out."""

import math
from typing import NamedTuple

import numpy as np

from tests.content.numeric import Array

CLASSES, VALUES = 3, 4
ID, GINI = "information-gain", "information-gain-gini"


class Table(NamedTuple):
    joint: Array

    @property
    def classes(self) -> Array:
        result: Array = self.joint.sum(axis=1)
        return result

    @property
    def values(self) -> Array:
        result: Array = self.joint.sum(axis=0)
        return result

    @property
    def within(self) -> Array:
        """p(c|v)."""
        return self.joint / self.values

    @property
    def independent(self) -> Array:
        return np.outer(self.classes, self.values)

    @property
    def before(self) -> float:
        return float(entropies(self.classes))

    @property
    def after(self) -> float:
        return float(self.values @ entropies(self.within))

    @property
    def gain(self) -> float:
        return self.before - self.after

    @property
    def gini_gain(self) -> float:
        return float(gini(self.classes) - self.values @ gini(self.within))

    @property
    def error_gain(self) -> float:
        return float(self.joint.max(axis=0).sum() - self.classes.max())


def counted(*parts: tuple[int, ...]) -> Table:
    """From the class counts of each part."""
    counts = np.array(parts, dtype=float).T
    return Table(counts / counts.sum())


def entropies(shares: Array) -> Array:
    """Of each column; a share of zero counts nothing."""
    logs = np.log(np.where(shares > 0, shares, 1.0))
    result: Array = -np.sum(shares * logs, axis=0)
    return result


def gini(shares: Array) -> Array:
    """Of each column."""
    result: Array = 1 - np.sum(shares**2, axis=0)
    return result


def bits(value: float) -> float:
    return value / math.log(2)
