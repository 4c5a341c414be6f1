"""What every part of the evaluation uses: variables and the work budget."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.checker.failures import Unclear
from app.checker.reading.saying import say
from app.checker.reading.tree import Name
from app.checker.world.values import Value

# The axes of a table are called §0, §1, …: the places of its parameters.
SLOT = "§"
MAX_NODES = 6000


class UnknownName(Unclear):
    """A name that nothing gives a meaning to."""

    def __init__(self, name: Name) -> None:
        super().__init__(f"the givens have no name {say(name)}")
        self.name = name


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Variable:
    """A bound or free variable: its axis and the places that it takes, from 0."""

    axis: str
    places: np.ndarray[Any, Any]
    # False where written limits say how far it runs: then it says nothing of what it points into.
    sorted: bool = True

    @property
    def value(self) -> Value:
        return Value(self.places.reshape(-1, 1, 1), (self.axis,))

    @property
    def as_number(self) -> Value:
        """An index used as a number counts from 1."""
        return Value((self.places + 1.0).reshape(-1, 1, 1), (self.axis,))


class Budget:
    """Counts the nodes that a line may cost, shared by all evaluators of it."""

    def __init__(self, nodes: int = MAX_NODES) -> None:
        self.left = nodes
        self.fresh = itertools.count()

    def spend(self, nodes: int = 1) -> None:
        self.left -= nodes
        if self.left < 0:
            raise Unclear("it would take too much work to compute")
