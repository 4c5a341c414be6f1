import numpy as np
import pytest

from tests.content.mlp_backprop.world import World, draw


@pytest.fixture
def world(rng: np.random.Generator) -> World:
    return draw(rng)


@pytest.fixture
def equal_widths(rng: np.random.Generator) -> World:
    """All layers equally wide, where shapes no longer give a slip away."""
    return draw(rng, 3, 3, 3)
