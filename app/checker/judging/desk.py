"""What stands ready while lines are judged: one evaluator for each instance, in each context."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from app.checker.computing.crowds import crowds_of
from app.checker.computing.evaluate import Evaluator
from app.checker.computing.instances import in_context
from app.checker.computing.scope import Budget, Variable
from app.checker.reading.tree import Node
from app.checker.world.entries import Entry
from app.checker.world.values import DRAW, Value
from app.checker.world.world import Context, Instance, World

# The world as the givens describe it, with nothing put in place.
GENERAL = Context("", ())
# The extremes of it, where bounds have to be true as well.
TRIALS = Context("extremes", (), extreme=True)
BASE_BUDGET = 50_000
_SIZE = re.compile(r"⟨(\d+)⟩")


@dataclass(slots=True, repr=False, eq=False)
class Desk:
    """`scope` holds the writer's names, `choices` the readings that are taken where the notation
    has several, `met` those that it could have. A context in `assumed` was reached by a line
    before, one in `named` is said in the line itself; both may be judged in without more ado."""

    world: World
    scope: dict[str, list[Entry]]
    choices: frozenset[str] = frozenset()
    assumed: set[str] = field(default_factory=set)
    named: set[str] = field(default_factory=set)
    met: set[str] = field(default_factory=set)
    budget: Budget = field(default_factory=Budget)
    # Of the search for a counterexample to the bounds of a line.
    search: Budget = field(default_factory=Budget)
    # Evaluators by context: with the writer's names, and without.
    bench: dict[str, list[Evaluator]] = field(default_factory=dict)
    base: dict[str, list[Evaluator]] = field(default_factory=dict)
    names_changed: int = 0
    # What the sides of the line in work are worth, by context, instance and node.
    computed: dict[tuple[str, int, int], tuple[Node, Value]] = field(default_factory=dict)
    # The same of the lines before, whose chains may go on, by the first reading of them all, and
    # the other ones that they could have.
    earlier: dict[tuple[str, int, int], tuple[Node, Value]] = field(default_factory=dict)
    met_earlier: set[str] = field(default_factory=set)
    # What else was computed to name the steps and the slip of the line in work, or the problem that
    # it states, with the nodes that it was computed for: they are kept, so that no others get their
    # ids.
    asked: dict[tuple[object, ...], tuple[tuple[Node, ...], Value]] = field(default_factory=dict)
    # What lines before found names to be, by the key of the name.
    written: dict[str, list[Node]] = field(default_factory=dict)
    # The letters that a line has said are not zero.
    nonzero: set[str] = field(default_factory=set)
    not_one: set[str] = field(default_factory=set)
    # What the line in work supposes, if it does.
    case: Context | None = None
    # The free letters of a chain, by context and instance.
    frees: dict[tuple[str, int], dict[str, Variable]] = field(default_factory=dict)

    def evaluators(self, context: Context) -> list[Evaluator]:
        """One for each instance, as the context wants it. Raises Unclear."""
        if context.name not in self.bench:
            if context is self.case:
                base = self._prepared(context, self.scope)
            else:
                if context.name not in self.base:
                    self.base[context.name] = self._prepared(context, {})
                base = self.base[context.name]
            self.bench[context.name] = [self._own(one) for one in base]
        return self.bench[context.name]

    def _prepared(self, context: Context, scope: dict[str, list[Entry]]) -> list[Evaluator]:
        return [
            in_context(instance, context, scope, Budget(BASE_BUDGET))
            for instance in (self.world.trials if context.extreme else self.world.instances)
        ]

    def crowds(self, context: Context, *, large: bool) -> list[Evaluator]:
        """One for each crowd of large sizes, or of others, in a context of the content. Raises
        Unclear."""
        name = in_crowds(context, large=large)
        if name not in self.bench:
            if name not in self.base:
                with np.errstate(all="ignore"):
                    self.base[name] = [
                        in_context(crowd, context, {}, Budget(BASE_BUDGET))
                        for crowd in crowds_of(self.world, large=large)
                    ]
            self.bench[name] = [self._own(one) for one in self.base[name]]
        return self.bench[name]

    def in_crowd(self, crowd: Instance, context: Context) -> Evaluator:
        """In one that was bred for the line in work. Raises Unclear."""
        return self._own(in_context(crowd, context, {}, self.search))

    def _own(self, base: Evaluator) -> Evaluator:
        """With the writer's names; what only the world decides is computed once and shared."""
        own = base.child()
        own.scope, own.budget = self.scope, self.budget
        own.met, own.choices, own.written = self.met, self.choices, self.written
        if self.scope or self.choices:
            own.memo, own.branches = dict(base.memo), {}
            if base.parent is not None:
                own.parent = self._own(base.parent)
        return own

    @property
    def contexts(self) -> list[Context]:
        """Those of the content, and the case that the line supposes."""
        return [*self.world.contexts, *([self.case] if self.case else [])]

    def context(self, name: str) -> Context:
        """The context of that name; for any other name, such as "", the general world."""
        return next((one for one in self.contexts if one.name == name), GENERAL)

    def suppose(self, case: Context | None) -> None:
        """The case to judge in from now on."""
        if self.case is not None:
            self.bench.pop(self.case.name, None)
            self.computed, self.earlier, self.asked = {}, {}, {}
        self.case = case

    @contextmanager
    def reading(self, choices: frozenset[str]) -> Iterator[None]:
        """Reads with these choices, and collects in `met` where there was another one."""
        before = self.choices, self.bench
        names = self.names_changed
        self.choices, self.met = choices, set()
        self.computed, self.asked = {}, {}
        if choices:
            self.bench = {}
        for evaluators in self.bench.values():
            for evaluator in evaluators:
                evaluator.met = self.met
        try:
            yield
        finally:
            self.choices, self.asked = before[0], {}
            self.bench = before[1] if self.names_changed == names else {}

    def rename(self) -> None:
        """To be called when the writer's names change: what was computed with them is forgotten."""
        self.bench, self.computed, self.earlier, self.asked = {}, {}, {}, {}
        self.names_changed += 1

    def judged_side(self, context: Context, which: int, node: Node, evaluator: Evaluator) -> Value:
        """A side of the line in work, which is asked for again when its steps are looked for."""
        place = context.name, which, id(node)
        if place not in self.computed:
            known = self._known_before(place)
            if known is not None and {*known[1].axes} <= {DRAW}:
                # Without a free letter it is worth the same in every line.
                self.computed[place] = known
            else:
                # The node is kept, so that no other one gets its id.
                self.computed[place] = node, evaluator.value(node)
        return self.computed[place][1]

    def side(self, context: Context, which: int, node: Node, evaluator: Evaluator) -> Value:
        """The value that it was judged by, if it was."""
        place = context.name, which, id(node)
        known = self.computed.get(place) or self._known_before(place)
        if known is not None:
            return known[1]
        nodes = node, *evaluator.statement
        asked = context.name, which, *map(id, nodes)
        if asked not in self.asked:
            self.asked[asked] = nodes, evaluator.value(node)
        return self.asked[asked][1]

    def _known_before(self, place: tuple[str, int, int]) -> tuple[Node, Value] | None:
        if self.choices or place not in self.earlier:
            return None
        self.met |= self.met_earlier
        return self.earlier[place]

    def keep(self) -> None:
        """What was computed for this line, in its first reading, stays known when the next one goes
        on with its chain."""
        self.earlier |= self.computed
        self.met_earlier |= self.met


def in_crowds(context: Context, *, large: bool) -> str:
    """What the crowds of a context are kept under."""
    return f"{context.name}, in {'large ' if large else ''}crowds"


def fresh_scope(evaluator: Evaluator, statement: Sequence[Node]) -> Evaluator:
    """For one clause: its free letters are its own."""
    inner = evaluator.child()
    inner.frees = {}
    inner.statement = tuple(statement)
    return inner


def in_letters(message: str, evaluator: Evaluator) -> str:
    """⟨3⟩×⟨1⟩ as d×1, by the dimensions of the instance."""
    letters = evaluator.instance.dimension_letters()
    return _SIZE.sub(lambda size: letters.get(int(size[1]), size[1]), message)
