import numpy as np
import pytest

from tests.content.bias_variance.world import NOISES, SETS, World
from tests.content.numeric import number


@pytest.fixture
def world(rng: np.random.Generator) -> World:
    chance_of_noise = rng.dirichlet(np.full(NOISES, 3.0)).reshape(1, -1)
    noise = 2 * rng.normal(size=(1, NOISES))
    return World(
        f=float(rng.normal()) - 0.7,
        noise=noise - number((chance_of_noise * noise).sum(axis=1, keepdims=True)),
        chance_of_noise=chance_of_noise,
        prediction=rng.normal(size=(SETS, 1)) + 1.5,
        chance_of_set=rng.dirichlet(np.full(SETS, 3.0)).reshape(-1, 1),
    )
