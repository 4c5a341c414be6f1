import numpy as np
import pytest

from tests.content.information_gain.world import CLASSES, VALUES, Table
from tests.content.worlds.common import distribution


@pytest.fixture
def table(rng: np.random.Generator) -> Table:
    return Table(distribution(rng, CLASSES, VALUES, axis=(0, 1)))
