r"""Givens, in the LaTeX that people read, into a world.

Read in order, each with the names known so far. A declaration is one of

- a membership: `X \in \mathbb{R}^{n \times d}`, `y_i \in \{-1, +1\}`, `x \in \mathcal{X}`;
- a fact about a name: `\beta > 0`, `\sum_x p(x) = 1`, `U^\top U = I`,
  `\mathrm{Var}(\epsilon) = \sigma^2`;
- a range: `i = 1, \dots, n`; an order of dimensions: `n > d`;
- a definition: `\gamma_{ik} = …`, `\mathcal{L}(w) = …`;
- a problem that is asked: `\min_{w,b} … \text{ s.t. } …`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from app.checker.failures import Misfit, Unclear, Unreadable
from app.checker.reading.lines import Clause, read_line
from app.checker.reading.tree import (
    Bars,
    Call,
    Chain,
    Divide,
    FeatureMap,
    ListOf,
    Name,
    Negate,
    Node,
    Number,
    Optimum,
    Product,
    Range,
    SetOf,
)
from app.checker.reading.vocabulary import Vocabulary
from app.checker.world.entries import Entry, Param, key_of, letter_of
from app.checker.world.facts import Facts
from app.checker.world.ledger import parts_of_name
from app.checker.world.sampling import Datum
from app.checker.world.world import Context, Setting, World

UNFORESEEN = "it is outside of what is checked"


class DeclarationError(Exception):
    """A given that the checker cannot read: which one, and why."""

    def __init__(self, tex: str, why: str) -> None:
        super().__init__(f"{tex!r} cannot be read: {why}")


class FormulaError(DeclarationError):
    """A formula of a step or a slip that the checker cannot read."""


def declare(
    givens: Iterable[str],
    names: Iterable[tuple[str, bool, bool]],
    contexts: Iterable[tuple[str, tuple[str, ...], str, tuple[str, ...]]],
) -> World:
    """Raises DeclarationError. `names` come with whether they are weak, and whether held."""
    givens, names = list(givens), list(names)
    world = World()
    builder = _Builder(world)
    texts = [*givens, *(tex for tex, _, _ in names)]
    for tex in texts:
        builder.note_superscripts(tex)
    for tex in texts:
        builder.note_words(tex)
        builder.note_ranges(tex)
    for tex in givens:
        builder.read(tex, given=True)
    for tex, weak, held in names:
        builder.read(tex, weak=weak, held=held)
    builder.finish()
    for name, sets, judges, without in contexts:
        world.contexts.append(builder.context(name, sets, judges, without))
    return world


def writers_entry(
    world: World,
    vocabulary: Vocabulary,
    name: Name,
    args: tuple[Node, ...],
    marks: tuple[str, ...],
    body: Node,
    own_keys: Iterable[str] = (),
) -> Entry:
    """The entry for a name that the writer introduces, who has others already. Raises Unclear."""
    builder = _Builder.for_writer(world, vocabulary)
    builder.own_keys = frozenset(own_keys)
    return builder.entry_of(name, args, marks, body)


class _Builder(Facts):
    """Reads declarations into a world."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.pending: list[Node] = []  # names of a list whose set or relation comes last

    @classmethod
    def for_writer(cls, world: World, vocabulary: Vocabulary) -> _Builder:
        """For the definitions that a writer adds to a finished world."""
        builder = cls(world)
        builder.bases = set(vocabulary.bases)
        builder.calls = set(vocabulary.calls)
        return builder

    def note_ranges(self, tex: str) -> None:
        """Ranges count wherever they stand."""
        try:
            for clause in read_line(tex, self.vocabulary).clauses:
                if len(clause.chain.sides) == 2 and isinstance(clause.chain.sides[1], Range):
                    self._range(*clause.chain.sides)
        except (Unreadable, Misfit, Unclear):
            return  # said when it is read in its turn

    def read(
        self, tex: str, *, given: bool = False, weak: bool = False, held: bool = False
    ) -> None:
        """Raises DeclarationError."""
        self.weak, self.given, self.held = weak, given, held
        try:
            line = read_line(tex, self.vocabulary)
            conditions = tuple(c.chain for c in line.clauses if c.role == "condition")
            self.pending = []
            for clause in line.clauses:
                if clause.role != "condition":
                    self._clause(clause.chain, conditions)
        except (Unreadable, Misfit, Unclear) as error:
            raise DeclarationError(tex, str(error)) from error
        except Exception as error:
            raise DeclarationError(tex, UNFORESEEN) from error

    def _clause(self, chain: Chain, conditions: tuple[Chain, ...]) -> None:
        first, last = chain.sides[0], chain.sides[-1]
        if not chain.relations:
            if isinstance(first, Optimum):
                self.world.problems.append((first, conditions))
            self.pending.append(first)
            return
        pending, self.pending = self.pending, []
        match chain.relations[0]:
            case "in":
                listed = first.items if isinstance(first, ListOf) else (first,)
                for name in (*pending, *listed):
                    self._member(name, chain.sides[1])
            case ">" | ">=" | "<" | "<=":
                self.order(chain, pending)
            case "pd" | "psd":
                self.datum_of(first).facts.add("spd")
            case "!=":
                pass
            case "=" if isinstance(last, Range):
                self._range(first, last)
            case "=" | ":=":
                if not self.fact(chain):
                    self._definition(chain)
            case _:
                raise Unclear("it is not a declaration")

    # --- memberships -----------------------------------------------------------------------------

    def _member(self, node: Node, target: Node) -> None:
        match target:
            case Range():
                self._range(node, target)
            case SetOf(kind="named"):
                self._in_finite_set(node, target.name)
            case SetOf(kind="values"):
                datum = self.new_datum(node, shape=target.power)
                datum.values = tuple(_number(item) for item in target.items)
            case SetOf():
                self._array(node, target)
            case _:
                raise Unclear("it is not a set that can be sampled")

    def _range(self, node: Node, target: Node) -> None:
        letter = letter_of(node)
        if letter is None or not isinstance(target, Range) or not isinstance(target.high, Name):
            raise Unclear("a range starts at 1 and ends with a letter")
        self.world.letters[letter] = self.dimension(target.high)

    def _in_finite_set(self, node: Node, size: str) -> None:
        """A letter runs through the set; a name with scripts (y_w) is one of its elements."""
        self.note_dimension(size)
        letter = letter_of(node)
        if letter is not None:
            self.world.letters[letter] = size
            self.world.set_sizes[size] = size
            return
        if not isinstance(node, Name):
            raise Unclear("only a letter can be an element of a finite set")
        self.bases.add(node.base)
        entry = Entry(
            key_of(node, len(node.subs)), weak=self.weak, given=self.given, element_of=size
        )
        self.put(entry)
        self.add(Datum(entry))

    def _array(self, node: Node, target: SetOf) -> None:
        if isinstance(node, Call) and self._is_feature_map(node, target):
            return
        for dim in target.power:
            self.dimension(dim)
        datum = self.new_datum(node, shape=target.power)
        if target.kind == "integer":
            datum.facts |= {"integer"} if target.name[0] == "Z" else {"integer", "natural"}
            self.world.integers.add(datum.entry.key)
        if target.name.endswith("+"):
            datum.facts.add("positive")

    def _is_feature_map(self, node: Call, target: SetOf) -> bool:
        r"""`\phi(x) \in \mathbb{R}^m`, where x is any point."""
        letter = letter_of(node.args[0])
        if len(node.args) != 1 or letter is None or letter in self.world.letters:
            return False
        if not target.power:
            return False
        size = self.dimension(target.power[0])
        key = key_of(node.name, len(node.name.subs))
        entry = Entry(key, (Param(letter, "value"),), weak=self.weak, given=self.given)
        self.put(replace(entry, body=FeatureMap(Name(letter), size, entry.number)))
        self.note(node.name, takes_brackets=True)
        return True

    # --- definitions -----------------------------------------------------------------------------

    def _definition(self, chain: Chain) -> None:
        if self.given:
            self.world.restatements.append(chain)
        for left in chain.sides[:-1]:
            self._define(left, chain.sides[-1])

    def _define(self, left: Node, body: Node) -> None:
        match left:
            case Divide(top=Bars() as part, bottom=Bars() as whole):
                left, body = part, Product((self._whole(whole), body))
        name, args, marks = parts_of_name(left, verb="defined")
        if isinstance(body, ListOf) and body.mark == ",":
            parts = tuple(item for item in body.items if isinstance(item, Name))
            if len(parts) == len(body.items):
                self._tuple(name, parts)
                return
        entry = self.entry_of(name, args, marks, body)
        if [param.kind for param in entry.params] == ["value"] and not args:
            self.numbered.add(name.base)
        self.put(entry, replace_data=True)
        if self.held:
            self.world.held.append(entry)
        self.note(name, takes_brackets=bool(args))

    def _whole(self, bars: Bars) -> Name:
        """In |S_v| / |S| = p(v) the whole is any positive number."""
        if not isinstance(bars.body, Name):
            raise Unclear("only a name can be defined")
        key = f"card {bars.body.base}"
        if key not in self.world.entries:
            self.new_datum(bars).facts.add("positive")
        return Name(key)

    def _tuple(self, name: Name, parts: tuple[Name, ...]) -> None:
        """θ = (π, μ, Σ)"""
        key = key_of(name, len(name.subs))
        entry = Entry(key, weak=self.weak, given=self.given, body=Number(0.0))
        self.put(entry)
        self.world.parts[entry.number] = parts
        self.note(name, takes_brackets=False)
        if not name.subs and name.base not in self.world.parameters:
            self.world.parameters.append(name.base)

    # --- at the end ------------------------------------------------------------------------------

    def finish(self) -> None:
        """What can be said only when all is read."""
        world = self.world
        for entries in world.entries.values():
            # Of several readings the more special comes first: p(c) and p(v) have the same length.
            entries.sort(key=lambda entry: -len(entry.params))
        self._note_parameters()
        for datum in self.data.values():
            rows = datum.shape[0] if datum.shape else None
            if isinstance(rows, Name) and rows.base in self.centred:
                if "orthonormal" in datum.facts:
                    datum.facts = (datum.facts - {"orthonormal"}) | {"centred orthonormal"}
                elif not datum.facts and len(datum.shape) == 2:
                    datum.facts = {"centred"}
        # k ∈ Z with k < d is a dimension, not a number to sample.
        for datum in list(self.data.values()):
            key = datum.entry.key
            if "integer" in datum.facts and key in world.dimensions:
                del self.data[datum.entry.number]
                world.entries.pop(key, None)
        world.integers -= set(world.dimensions)
        world.data = list(self.data.values())
        world.numbers = frozenset(
            entry.number for entries in world.entries.values() for entry in entries
        )
        world.conditions = self._conditions()
        world.laws = frozenset(datum.entry.key for datum in self.data.values() if datum.outcomes)
        world.mere_words = frozenset(
            pattern.base
            for entries in world.entries.values()
            for entry in entries
            for pattern in entry.opaque_patterns
            if isinstance(pattern, Name) and pattern.base not in self.bases
        )
        world.vocabulary = self.vocabulary

    def _conditions(self) -> frozenset[str]:
        given, drawn = set(), set()
        for datum in self.data.values():
            for place, param in enumerate(datum.entry.params):
                if place in datum.outcomes:
                    drawn.add(param.name)
                elif datum.outcomes:
                    given.add(param.name)
        return frozenset(given - drawn)

    def _note_parameters(self) -> None:
        sampled = [datum.entry for datum in self.data.values()]
        known = [entry for entries in self.world.entries.values() for entry in entries]
        for entry in (*sampled, *known):
            if entry.under and entry.under not in self.world.parameters:
                self.world.parameters.append(entry.under)

    def context(
        self, name: str, sets: tuple[str, ...], judges: str, without: tuple[str, ...]
    ) -> Context:
        """Raises DeclarationError."""
        settings = []
        for tex in sets:
            try:
                settings.append(_setting(read_line(tex, self.vocabulary).clauses))
            except (Unreadable, Misfit, Unclear) as error:
                raise DeclarationError(tex, str(error)) from error
        return Context(name, tuple(settings), judges, frozenset(without))


def _setting(clauses: tuple[Clause, ...]) -> Setting:
    chain = clauses[0].chain
    if len(chain.sides) != 2:
        raise Unclear("a context sets one name: write name = formula")
    left, body = chain.sides
    conditions = tuple(clause.chain for clause in clauses[1:])
    if isinstance(body, Optimum) and conditions:
        body = replace(body, conditions=(*body.conditions, *conditions))
    if isinstance(left, Call):
        return Setting(left.name, left.args, left.marks, body)
    if not isinstance(left, Name):
        raise Unclear("a context sets one name: write name = formula")
    return Setting(left, (), (), body)


def _number(node: Node) -> float:
    if isinstance(node, Number):
        return node.value
    if isinstance(node, Negate):
        return -_number(node.body)
    raise Unclear("a label is a number")
