import numpy as np
import pytest


@pytest.fixture(params=range(3))
def rng(request: pytest.FixtureRequest) -> np.random.Generator:
    """Every check runs on a few random instances."""
    return np.random.default_rng([2026, request.param])
