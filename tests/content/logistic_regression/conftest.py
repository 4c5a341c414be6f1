import numpy as np
import pytest

from tests.content.logistic_regression.world import D, Data, N, World
from tests.content.numeric import column


@pytest.fixture(params=[0.0, 1.0], ids=["y=0", "y=1"])
def world(rng: np.random.Generator, request: pytest.FixtureRequest) -> World:
    return World(column(rng, D), column(rng, D), request.param)


@pytest.fixture
def data(rng: np.random.Generator) -> Data:
    """Both labels occur at one and the same input, so no weights separate them."""
    X = rng.normal(size=(N, D))
    X[1], X[3], X[5] = X[0], X[2], X[4]
    y = np.array([[0.0, 1, 0, 1, 0, 1, 1, 0, 1]]).T
    return Data(X, y, column(rng, D))
