"""Where a formula is evaluated: what its letters are bound to, what stands in place of what.

A frame is one scope of one instance of the world. Inner scopes are its children: a sum binds a
variable, a derivative puts a moved value in place of an entry (an override), a definition's body
starts anew. A letter that is bound nowhere and stands in a subscript is free: it means "for every
value", and keeps one axis wherever it stands in the line.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Self

import numpy as np

from app.checker.computing.scope import Budget, Variable
from app.checker.failures import Unclear
from app.checker.reading.tree import Node
from app.checker.world.entries import Entry
from app.checker.world.values import Value, guard
from app.checker.world.world import Instance

# How to evaluate each kind of node.
Rules = Mapping[type[Node], Callable[[Any, Any], Value]]

# The values, which are kept so that no other ones get their ids, and the memo with its branches.
Branches = dict[tuple[tuple[int, int], ...], tuple[Any, dict[int, Value], Any]]
MOST_BRANCHES = 8

# Large arrays cost more of the budget than nodes do.
ELEMENTS_PER_NODE = 5_000


class Frame(ABC):
    """`scope` holds the writer's definitions, `choices` the readings that the line asks for."""

    rules: ClassVar[Rules] = {}

    def __init__(
        self,
        instance: Instance,
        scope: dict[str, list[Entry]],
        budget: Budget,
        choices: frozenset[str] = frozenset(),
    ) -> None:
        self.instance = instance
        self.world = instance.world
        self.scope = scope
        self.budget = budget
        self.choices = choices
        self.met: set[str] = set()  # places where another reading exists
        self.variables: dict[str, Variable] = {}
        self.frees: dict[str, Variable] = {}
        self.locals: dict[str, Value] = {}
        self.overrides: dict[int, Value] = {}  # by the number of the entry
        self.memo: dict[int, Value] = {}
        self.branches: Branches = {}  # children of this memo, by the values that they put in place
        self.parent: Self | None = None  # the frame without the overrides of this one
        self.written: dict[str, list[Node]] = {}  # what lines before found names to be
        self.statement: tuple[Node, ...] = ()  # the line, to see what stands elsewhere in it
        self.is_complex = False
        self.unit_size = 0  # of each I and 1 whose size the place of their sum decides
        self.slopes = 0  # derivatives that this one stands inside of

    def child(
        self,
        *,
        variables: dict[str, Variable] | None = None,
        overrides: dict[int, Value] | None = None,
        locals_: dict[str, Value] | None = None,
        apart: bool = False,
    ) -> Self:
        """An inner scope. `apart`: a definition's body, which does not see the line's variables."""
        inner = type(self).__new__(type(self))
        inner.__dict__.update(self.__dict__)
        if apart:
            inner.variables = dict(variables or {})
            inner.locals = dict(locals_ or {})
            inner.frees = {}
            inner.unit_size = 0
        else:
            inner.variables = {**self.variables, **(variables or {})}
            inner.locals = {**self.locals, **(locals_ or {})}
        if overrides:
            inner.overrides = {**self.overrides, **overrides}
            inner.memo, inner.branches = {}, {}
            inner.parent = self
        return inner

    def branch(self, overrides: dict[int, Value], **others: Any) -> Self:
        """A child that knows what was computed before with the very same values in place."""
        inner = self.child(overrides=overrides, **others)
        if not overrides:
            return inner
        key = tuple((number, id(value)) for number, value in overrides.items())
        if key not in self.branches:
            if len(self.branches) >= MOST_BRANCHES:
                self.branches.clear()
            self.branches[key] = overrides, inner.memo, inner.branches
        _, inner.memo, inner.branches = self.branches[key]
        return inner

    def sized(self, size: int) -> Self:
        """The same scope, in which each I and 1 without a size has this one."""
        inner = self.child()
        inner.unit_size = size
        return inner

    def value(self, node: Node) -> Value:
        """Raises Misfit, Unclear."""
        self.budget.spend()
        compute = self.rules.get(type(node))
        if compute is None:
            raise Unclear("a set or a range in the middle of a formula")
        value = compute(self, node)
        self.budget.spend(value.data.size // ELEMENTS_PER_NODE)
        return value

    @abstractmethod
    def table(self, entry: Entry) -> Value:
        """The value of an entry, for all its arguments if it has any, on slot axes."""

    # --- letters ---------------------------------------------------------------------------------

    def variable(self, letter: str) -> Variable | None:
        return self.variables.get(letter) or self.frees.get(letter)

    def fresh_axis(self, letter: str) -> str:
        return f"{letter}#{next(self.budget.fresh)}"

    def bound(self, letter: str, size: int) -> Variable:
        """A new variable for a letter that an operator binds."""
        guard([size])
        return Variable(self.fresh_axis(letter), np.arange(size))

    def free(self, letter: str, size: int) -> Variable:
        known = self.frees.get(letter)
        if known is None:
            known = self.frees[letter] = Variable(letter, np.arange(size))
        return known

    def natural(self, letter: str) -> Variable:
        """The variable of a letter whose range the givens state."""
        bound = self.variable(letter)
        if bound is not None:
            return bound
        return self.free(letter, self.instance.size(self.world.letters[letter.rstrip("'")]))

    def is_entry(self, letter: str) -> bool:
        return letter in self.scope or letter in self.world.entries

    def is_known_number(self, letter: str) -> bool:
        return letter in self.instance.sizes or self.is_entry(letter) or letter in self.locals
