import numpy as np
import pytest

from tests.content.em_gmm.mixture import D, N, V, World, e_step, random_mixture, spherical


@pytest.fixture
def world(rng: np.random.Generator) -> World:
    points = 1.2 * rng.normal(size=(N, D)) + rng.choice([-1.5, 2.0], size=(N, 1))
    mixture = random_mixture(rng)
    return World(points, mixture, e_step(points, mixture))


@pytest.fixture
def shared(world: World) -> World:
    """The world of the harder variant: one variance, and its responsibilities."""
    mixture = spherical(world.mixture, V)
    return world._replace(mixture=mixture, gamma=e_step(world.points, mixture))
