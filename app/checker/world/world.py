"""The world of a derivation: its givens as entries, and instances in which they have numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from app.checker.failures import Unclear
from app.checker.reading.tree import Bars, Call, Chain, Name, Node, Optimum, Sub, walk
from app.checker.reading.vocabulary import BOUND_ALIASES, LOSS_ALIASES, Vocabulary
from app.checker.world.entries import Entry, keys_of, timed
from app.checker.world.sampling import DRAWS, Array, Datum
from app.checker.world.values import Value


@dataclass(slots=True, repr=False, eq=False)
class Setting:
    """One assignment of a context: the entry that is replaced, and by what."""

    target: Name
    args: tuple[Node, ...]
    marks: tuple[str, ...]
    body: Node


@dataclass(slots=True, repr=False)
class Context:
    """A named situation. `judges` says which lines may be judged there: "any", "stationarity" (a
    gradient that is zero, a solved variable, a multiple of a condition), "bounds" (inequalities,
    which have to be true at every point of it) or "said" (only where the line itself says so, with
    an if or an implication). `without` are names that are gone there: a line that still has them
    on both sides is an identity, and judged in general. An `extreme` one is made of the instances
    of extremes."""

    name: str
    settings: tuple[Setting, ...]
    judges: str = "stationarity"
    without: frozenset[str] = frozenset()
    extreme: bool = False


@dataclass(slots=True, repr=False, eq=False)
class World:
    """All that the givens say. `letters` are variables with a stated range, `parameters` names such
    as θ that a distribution may have as a subscript, `problems` the optimisations asked for."""

    entries: dict[str, list[Entry]] = field(default_factory=dict)
    data: list[Datum] = field(default_factory=list)
    letters: dict[str, str] = field(default_factory=dict)
    set_sizes: dict[str, str] = field(default_factory=dict)
    dimensions: list[str] = field(default_factory=list)
    below: list[tuple[str, str]] = field(default_factory=list)
    divided: list[tuple[str, str]] = field(default_factory=list)
    parameters: list[str] = field(default_factory=list)
    parts: dict[int, tuple[Name, ...]] = field(default_factory=dict)
    integers: set[str] = field(default_factory=set)
    # Letters that distributions are given and none is over, such as the prompt x of π(y|x).
    conditions: frozenset[str] = frozenset()
    # Names of distributions.
    laws: frozenset[str] = frozenset()
    # Rules that derivatives take for constants.
    held: list[Entry] = field(default_factory=list)
    # Words that are arguments and have no value: the S, Y and A of H(S) and I(Y;A).
    mere_words: frozenset[str] = frozenset()
    # Labels, a direction and points that it separates: `y_i u^\\top x_i > 0`.
    separated: tuple[str, ...] = ()
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    contexts: list[Context] = field(default_factory=list)
    problems: list[tuple[Optimum, tuple[Chain, ...]]] = field(default_factory=list)
    restatements: list[Chain] = field(default_factory=list)
    instances: list[Instance] = field(default_factory=list)
    # Instances of extremes, in which bounds are tried.
    trials: list[Instance] = field(default_factory=list)
    # Instances of many draws, in which the search for a counterexample begins: those of large sizes
    # and the others.
    crowds: dict[bool, list[Instance]] = field(default_factory=dict)
    # Entries, and axes of random variables, that have to come from the same draw.
    tied: list[frozenset[int | str]] = field(default_factory=list)
    # For each context, left − right of the conditions that define it.
    stationarity: dict[str, list[list[Array]]] = field(default_factory=dict)
    # For each context, by how much the bounds that the steps state are false in the draws of the
    # first crowd. They are true, so it is less than nothing.
    bounds: dict[str, list[Array]] = field(default_factory=dict)
    numbers: frozenset[int] = frozenset()
    _needs: dict[int, frozenset[int]] = field(default_factory=dict)

    def parts_of(self, entry: Entry) -> tuple[Name, ...] | None:
        return self.parts.get(entry.number)

    def is_parameter(self, sub: Sub, parameter: str, scope: dict[str, list[Entry]]) -> bool:
        """Whether a subscript is θ or another value of it, such as θ_t."""
        node = sub.node
        if not isinstance(node, Name) or node.base != parameter:
            return False
        return any(
            not rest and (key in self.entries or key in scope)
            for key, rest in (*keys_of(node), *keys_of(timed(node)))
        )

    def cardinality_of(self, node: Node) -> Name | None:
        """The name under which the size of a set is known, for `|S|` and `|S_v|`."""
        if isinstance(node, Name) and f"card {node.base}" in self.entries:
            return Name(f"card {node.base}", node.subs, node.sup, node.primes)
        return None

    def marginal_of(self, letter: str) -> Name | None:
        """The one distribution over just this letter."""
        found = {
            entry.key
            for entries in self.entries.values()
            for entry in entries
            if len(entry.params) == 1
            and entry.params[0].kind == "set"
            and entry.params[0].name == letter
            and entry.key in self.vocabulary.calls
        }
        return Name(found.pop()) if len(found) == 1 else None

    def joint_of(self, letters: list[str]) -> Call | None:
        """The one distribution over just these letters, in any order."""
        laws = [
            datum.entry
            for datum in self.data
            if len(datum.outcomes) == len(datum.entry.params) == len(letters)
            and {param.name for param in datum.entry.params} == {*letters}
        ]
        return _whole(laws[0]) if len(laws) == 1 else None

    def only_law(self) -> Call | None:
        """The distribution that everything is drawn from, if only one was sampled."""
        laws = [datum for datum in self.data if datum.outcomes]
        if len(laws) != 1 or len(laws[0].outcomes) != len(laws[0].entry.params):
            return None
        return _whole(laws[0].entry)

    def usual_argument(self, key: str) -> Node | None:
        """The z of σ, where the givens use the function as σ(z) and nowhere else."""
        found = [
            entry.body.args[0]
            for entries in self.entries.values()
            for entry in entries
            if isinstance(entry.body, Call) and entry.body.name.base == key
            if len(entry.body.args) == 1
        ]
        return found[0] if len(found) == 1 else None

    def argument_of(self, node: Node) -> Node | None:
        """The variable of a function of one variable, for a gradient without a subscript."""
        name = node.name if isinstance(node, Call) else node
        if isinstance(name, Name):
            for key, rest in keys_of(name):
                for entry in self.entries.get(key, []):
                    if not rest and len(entry.params) == 1 and entry.params[0].kind == "value":
                        return Name(entry.params[0].name)
        # Weights are what is learned.
        return Name("w") if any(not entry.is_rule for entry in self.entries.get("w", [])) else None

    def used_forms(self, nodes: Iterable[Node], forms: dict[int, Value]) -> set[int]:
        """Which data sets of random entries a formula mentions."""
        used: set[int] = set()
        for node in nodes:
            used |= self.numbers_in(node, {}) & forms.keys()
        return used

    # --- what depends on what --------------------------------------------------------------------

    def needs(self, entry: Entry, scope: dict[str, list[Entry]]) -> frozenset[int]:
        """The entries that the value of this one depends on, itself included."""
        known = self._needs.get(entry.number)
        if known is None:
            # Only of the entry itself: of what lies on a circle with it, not all is seen from here.
            found: dict[int, Entry] = {}
            waiting = [entry]
            while waiting:
                one = waiting.pop()
                if one.number not in found:
                    found[one.number] = one
                    waiting.extend(self._entries_below(one, scope))
            known = self._needs[entry.number] = frozenset(found)
        return known

    def _entries_below(self, entry: Entry, scope: dict[str, list[Entry]]) -> Iterator[Entry]:
        if entry.body is not None:
            yield from self._entries_in(entry.body, scope)
        for part in self.parts.get(entry.number, ()):
            yield from self._entries_in(part, scope)
        if entry.under:
            yield from self._entries_in(Name(entry.under), scope)

    def _entries_in(self, node: Node, scope: dict[str, list[Entry]]) -> Iterator[Entry]:
        for one in walk(node):
            if isinstance(one, Name):
                yield from self._named(one, scope)
            elif isinstance(one, Bars) and (card := self.cardinality_of(one.body)) is not None:
                yield from self._named(card, scope)

    def numbers_in(self, node: Node, scope: dict[str, list[Entry]]) -> set[int]:
        found: set[int] = set()
        for entry in self._entries_in(node, scope):
            found |= self.needs(entry, scope)
        return found

    def _named(self, name: Name, scope: dict[str, list[Entry]]) -> list[Entry]:
        found: list[Entry] = []
        for key, _ in keys_of(name):
            entries = scope.get(key) or self.entries.get(key, [])
            for parameter in self.parameters:
                entries = [*entries, *self.entries.get(f"{key}_{parameter}", [])]
            found.extend(entries)
        if not found and name.base in LOSS_ALIASES | BOUND_ALIASES:
            found.extend(self.entries.get("cal L", []))
            found.extend(self.entries.get("ELBO", []))
        if not found and name.sup == "*":
            found.extend(self.entries.get(f"hat {name.base}", []))
        if len(name.base) == 1:
            found.extend(self.entries.get(name.base.swapcase(), []))
        return found

    def reaches(self, node: Node, number: int, scope: dict[str, list[Entry]]) -> bool:
        return number in self.numbers_in(node, scope)


def _whole(entry: Entry) -> Call:
    """A distribution with the letters of the givens."""
    return Call(Name(entry.key), tuple(Name(param.name) for param in entry.params), entry.marks)


@dataclass(slots=True, repr=False, eq=False)
class Instance:
    """One set of dimensions with several random draws. `weights` are the probabilities on the axes
    of random variables; `random_forms` take the place of data inside an expectation."""

    world: World
    sizes: dict[str, int]
    is_trial: bool = False
    draws: int = DRAWS
    data: dict[int, Value] = field(default_factory=dict)
    weights: dict[str, Value] = field(default_factory=dict)
    random_forms: dict[int, Value] = field(default_factory=dict)
    features: dict[int, Array] = field(default_factory=dict)
    # What only the world decides is computed once for all lines.
    memo: dict[int, Value] = field(default_factory=dict)
    optima: dict[str, Value] = field(default_factory=dict)

    @property
    def is_crowd(self) -> bool:
        return self.draws > DRAWS

    def size(self, name: str) -> int:
        if name in self.sizes:
            return self.sizes[name]
        if "/" in name:
            whole, part = name.split("/")
            return self.sizes[whole] // self.sizes[part]
        raise Unclear(f"the size of {name} is not known")

    def dimension_letters(self) -> dict[int, str]:
        """What a size is called, for messages."""
        letters = {size: name for name, size in self.sizes.items() if not name.startswith("cal ")}
        for whole, part in self.world.divided:
            letters.setdefault(self.sizes[whole] // self.sizes[part], f"{whole}/{part}")
        letters.setdefault(1, "1")
        return letters
