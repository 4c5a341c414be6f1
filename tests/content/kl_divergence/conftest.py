import numpy as np
import pytest

from tests.content.kl_divergence.world import PARAMETERS, POINTS, World
from tests.content.worlds.common import distribution


@pytest.fixture
def world(rng: np.random.Generator) -> World:
    p, q, data = (distribution(rng, POINTS) for _ in range(3))
    return World(p, q, data, rng.normal(size=(POINTS, PARAMETERS)))
