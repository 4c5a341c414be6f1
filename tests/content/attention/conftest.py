from itertools import product

import numpy as np
import pytest

from tests.content.attention.world import HEADS, NARROW, D, Draws, Heads, L, World, draw


@pytest.fixture
def world(rng: np.random.Generator) -> World:
    return draw(rng)


@pytest.fixture
def heads(rng: np.random.Generator) -> Heads:
    WQ, WK, WV = rng.normal(size=(3, HEADS, D, NARROW))
    return Heads(rng.normal(size=(L, D)), WQ, WK, WV, rng.normal(size=(D, D)))


@pytest.fixture
def random(rng: np.random.Generator) -> Draws:
    width = 4
    entries = []
    for chance in rng.uniform(0.2, 0.8, size=2 * width):
        odds = np.sqrt((1 - chance) / chance)
        entries.append([(odds, chance), (-1 / odds, 1 - chance)])
    outcomes = np.array(list(product(*entries)))
    values, chances = outcomes[:, :, 0], outcomes[:, :, 1]
    return Draws(values[:, :width], values[:, width:], chances.prod(axis=1))
