import numpy as np
import pytest

from tests.content.dpo.world import ANSWERS, WEIGHTS, World
from tests.content.numeric import column
from tests.content.worlds.common import distribution


@pytest.fixture
def world(rng: np.random.Generator) -> World:
    return World(
        ref=distribution(rng, ANSWERS),
        r=rng.normal(size=ANSWERS),
        beta=float(rng.uniform(0.4, 0.8)),
        features=rng.normal(size=(ANSWERS, WEIGHTS)),
        theta=column(rng, WEIGHTS),
    )
