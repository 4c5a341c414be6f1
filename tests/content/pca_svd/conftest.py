import numpy as np
import pytest

from tests.content.pca_svd.world import D, N, World, decomposed


@pytest.fixture
def world(rng: np.random.Generator) -> World:
    return decomposed(rng.normal(size=(N, D)) @ rng.normal(size=(D, D)))
