import numpy as np
import pytest

from tests.content.numeric import column
from tests.content.rope.world import PAIRS, Pairs, World


@pytest.fixture
def world(rng: np.random.Generator) -> World:
    m, n = (int(position) for position in rng.choice(np.arange(2, 12), size=2, replace=False))
    return World(column(rng, 2), column(rng, 2), m, n, float(rng.uniform(0.2, 1.3)))


@pytest.fixture
def pairs(rng: np.random.Generator) -> Pairs:
    m, n = (int(position) for position in rng.choice(np.arange(2, 12), size=2, replace=False))
    q, k = rng.normal(size=(2, PAIRS, 2))
    return Pairs(q, k, rng.uniform(0.2, 1.3, size=PAIRS), m, n)
