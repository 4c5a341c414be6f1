import numpy as np
import pytest

from tests.content.numeric import column
from tests.content.ols.world import D, N, Ridge, World


@pytest.fixture
def world(rng: np.random.Generator) -> World:
    return World(rng.normal(size=(N, D)), column(rng, N), column(rng, D))


@pytest.fixture(params=[(N, D), (D, N)], ids=["tall", "wide"])
def ridge(rng: np.random.Generator, request: pytest.FixtureRequest) -> Ridge:
    n, d = request.param
    return Ridge(rng.normal(size=(n, d)), column(rng, n), column(rng, d), 0.3)
