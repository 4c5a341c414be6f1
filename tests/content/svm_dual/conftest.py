import numpy as np
import pytest

from tests.content.numeric import Array, column
from tests.content.svm_dual.data import (
    D,
    Data,
    Free,
    Hard,
    N,
    Soft,
    balanced,
    overlapping,
    separable,
    solved,
    solved_soft,
)


@pytest.fixture
def data(rng: np.random.Generator) -> Data:
    return separable(rng)


@pytest.fixture
def a(rng: np.random.Generator, data: Data) -> Array:
    """Feasible multipliers."""
    return balanced(rng.uniform(0.3, 1.5, size=(N, 1)), data.y)


@pytest.fixture
def hard(data: Data) -> Hard:
    return solved(data)


@pytest.fixture
def soft(rng: np.random.Generator) -> Soft:
    return solved_soft(overlapping(rng), 20.0)


@pytest.fixture
def free(data: Data, a: Array, rng: np.random.Generator) -> Free:
    C = float(np.max(a)) + 0.4
    w, b, xi = column(rng, D), float(rng.normal()), rng.uniform(0, 2, size=(N, 1))
    return Free(data, C, w, b, xi, a, C - a)
