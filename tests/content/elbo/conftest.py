import numpy as np
import pytest

from tests.content.elbo.world import Gaussian, World, Z
from tests.content.worlds.common import distribution


@pytest.fixture
def world(rng: np.random.Generator) -> World:
    return World(distribution(rng, Z), rng.uniform(0.05, 0.9, size=Z), distribution(rng, Z))


@pytest.fixture
def gaussian(rng: np.random.Generator) -> Gaussian:
    """With a theta that is not near 0 or 1, where wrong lines are nearly right."""
    x, mu = rng.normal(size=2)
    theta, sigma = rng.uniform(1.2, 2.0), rng.uniform(1.2, 1.8)
    return Gaussian(float(x), float(theta), float(mu), float(sigma))
