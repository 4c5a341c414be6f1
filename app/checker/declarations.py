r"""Givens, in the LaTeX that people read, into a world.

Read in order, each with the names known so far. A declaration is one of

- a membership: `X \in \mathbb{R}^{n \times d}`, `y_i \in \{-1, +1\}`, `x \in \mathcal{X}`;
- a fact about a name: `\beta > 0`, `\sum_x p(x) = 1`, `U^\top U = I`, `\mathrm{Var}(\epsilon) = \sigma^2`;
- a range: `i = 1, \dots, n`; an order of dimensions: `n > d`;
- a definition: `\gamma_{ik} = …`, `\mathcal{L}(w) = …`;
- a problem that is asked: `\min_{w,b} … \text{ s.t. } …`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from app.checker.entries import Entry, Param, key_of, keys_of, letter_of
from app.checker.failures import Misfit, Unclear, Unreadable
from app.checker.lines import Clause, read_line
from app.checker.sampling import Datum
from app.checker.tree import (
    Bars,
    Call,
    Chain,
    Divergence,
    Divide,
    Dots,
    Expectation,
    Family,
    FeatureMap,
    Function,
    ListOf,
    Name,
    Negate,
    Node,
    Number,
    Optimum,
    Power,
    Product,
    Range,
    SetOf,
    Sub,
    Sum,
    Transpose,
    walk,
)
from app.checker.vocabulary import Vocabulary
from app.checker.world import Context, Setting, World

_SUPERSCRIPT = re.compile(
    r"([A-Za-z]|\\[A-Za-z]+)(?:_\{[^}]*\}|_[A-Za-z0-9])?\^(\{t\+1\}|[A-SU-Z]|t(?![A-Za-z]))"
)
_WORD = re.compile(r"(?:^|,\s*|=\s*)\\(?:mathrm|operatorname|text)\{([A-Za-z]{2,})\}")
_NOT_NAMES = frozenset(["KL", "Cov", "softmax", "diag", "rank", "tr", "det", "sign", "if", "where"])


class DeclarationError(Exception):
    """A given that the checker cannot read: which one, and why."""

    def __init__(self, tex: str, why: str) -> None:
        super().__init__(f"{tex!r} cannot be read: {why}")


def declare(
    givens: Iterable[str],
    names: Iterable[tuple[str, bool]],
    contexts: Iterable[tuple[str, tuple[str, ...], str]],
) -> World:
    """Raises DeclarationError. `names` come with whether they are weak."""
    givens, names = list(givens), list(names)
    world = World()
    builder = _Builder(world)
    builder.note_superscripts([*givens, *(tex for tex, _ in names)])
    builder.note_ranges([*givens, *(tex for tex, _ in names)])
    for tex in givens:
        builder.read(tex, given=True)
    for tex, weak in names:
        builder.read(tex, weak=weak)
    builder.finish()
    for name, sets, judges in contexts:
        world.contexts.append(builder.context(name, sets, judges))
    return world


def writers_entry(
    world: World,
    vocabulary: Vocabulary,
    name: Name,
    args: tuple[Node, ...],
    marks: tuple[str, ...],
    body: Node,
) -> Entry:
    """The entry for a name that the writer introduces. Raises Unclear."""
    return _Builder.for_writer(world, vocabulary).entry_of(name, args, marks, body)


class _Builder:
    def __init__(self, world: World) -> None:
        self.world = world
        self.bases: set[str] = set()
        self.calls: set[str] = set()
        self.values: set[str] = set()
        self.words: set[str] = set()
        self.numbered: set[str] = set()
        self.sups: dict[str, set[str]] = {}
        self.pending: list[Node] = []
        self.weak = False
        self.given = False
        self.data: dict[int, Datum] = {}
        self.tex = ""
        self.centred: set[str] = set()

    @classmethod
    def for_writer(cls, world: World, vocabulary: Vocabulary) -> _Builder:
        """For the definitions that a writer adds to a finished world."""
        builder = cls(world)
        builder.bases = set(vocabulary.bases)
        builder.calls = set(vocabulary.calls)
        return builder

    def note_superscripts(self, texts: list[str]) -> None:
        for text in texts:
            for match in _SUPERSCRIPT.finditer(text):
                base = match[1].lstrip("\\")
                sup = match[2].strip("{}")
                if base != "e":
                    self.sups.setdefault(base, set()).add(sup)

    def note_ranges(self, texts: list[str]) -> None:
        """Ranges count wherever they stand, and so do names of several letters."""
        for text in texts:
            for match in _WORD.finditer(text):
                if match[1] not in _NOT_NAMES:
                    self.words.add(match[1])
            try:
                clauses = read_line(text, self.vocabulary).clauses
            except (Unreadable, Misfit, Unclear):
                continue
            for clause in clauses:
                if isinstance(clause.chain.sides[-1], Range) and len(clause.chain.sides) == 2:
                    self._range(clause.chain.sides[0], clause.chain.sides[-1])

    @property
    def vocabulary(self) -> Vocabulary:
        return Vocabulary(
            frozenset(self.bases),
            frozenset(self.calls),
            frozenset(self.values),
            frozenset(self.words),
            frozenset(self.numbered),
            {base: frozenset(sups) for base, sups in self.sups.items()},
        )

    def read(self, tex: str, *, given: bool = False, weak: bool = False) -> None:
        self.tex, self.weak, self.given = tex, weak, given
        try:
            line = read_line(tex, self.vocabulary)
            conditions = tuple(c.chain for c in line.clauses if c.role == "condition")
            self.pending = []
            for clause in line.clauses:
                if clause.role != "condition":
                    self._clause(clause, conditions, given=given)
        except (Unreadable, Misfit, Unclear) as error:
            raise DeclarationError(tex, str(error)) from error

    # --- one clause ------------------------------------------------------------------------------

    def _clause(self, clause: Clause, conditions: tuple[Chain, ...], *, given: bool) -> None:
        chain = clause.chain
        if not chain.relations:
            side = chain.sides[0]
            if isinstance(side, Optimum):
                self.world.problems.append((side, conditions))
            self.pending.append(side)
            return
        pending, self.pending = self.pending, []
        relation = chain.relations[0]
        if relation == "in":
            for name in (*pending, *self._listed(chain.sides[0])):
                self._member(name, chain.sides[1])
            return
        if relation in (">", ">=", "<", "<="):
            self._order(chain, pending)
            return
        if relation in ("pd", "psd"):
            self._datum_of(chain.sides[0]).facts.add("spd")
            return
        if relation == "!=":
            return
        if relation == "=" and isinstance(chain.sides[-1], Range):
            self._range(chain.sides[0], chain.sides[-1])
            return
        if relation in ("=", ":=") and self._fact(chain):
            return
        if relation in ("=", ":="):
            self._definition(chain, given=given)
            return
        raise Unclear("it is not a declaration")

    def _listed(self, node: Node) -> tuple[Node, ...]:
        return node.items if isinstance(node, ListOf) else (node,)

    # --- memberships -----------------------------------------------------------------------------

    def _member(self, node: Node, target: Node) -> None:
        if isinstance(target, Range):
            self._range(node, target)
        elif isinstance(target, SetOf) and target.kind == "named":
            self._in_finite_set(node, target)
        elif isinstance(target, SetOf) and target.kind == "values":
            self._label(node, target)
        elif isinstance(target, SetOf):
            self._array(node, target)
        else:
            raise Unclear("it is not a set that can be sampled")

    def _range(self, node: Node, target: Range) -> None:
        letter = letter_of(node)
        if letter is None or not isinstance(target.high, Name):
            raise Unclear("a range starts at 1 and ends with a letter")
        self.world.letters[letter] = self._dimension(target.high)

    def _in_finite_set(self, node: Node, target: SetOf) -> None:
        size = target.name
        self._note_dimension(size)
        letter = letter_of(node)
        if letter is not None:
            self.world.letters[letter] = size
            self.world.set_sizes[size] = size
            return
        if not isinstance(node, Name):
            raise Unclear("only a letter can be an element of a finite set")
        entry = self._entry(key_of(node, len(node.subs)), node.base)
        entry = replace(entry, element_of=size, number=entry.number)
        self._put(entry)
        datum = Datum(entry)
        self._add(datum)

    def _label(self, node: Node, target: SetOf) -> None:
        values = tuple(_number(item) for item in target.items)
        datum = self._new_datum(node, shape=target.power)
        datum.values = values

    def _array(self, node: Node, target: SetOf) -> None:
        if isinstance(node, Call) and self._is_feature_map(node, target):
            return
        for dim in target.power:
            self._dimension(dim)
        datum = self._new_datum(node, shape=target.power)
        if target.kind == "integer":
            datum.facts.add("integer")
            self.world.integers.add(datum.entry.key)
        if target.name.endswith("+"):
            datum.facts.add("positive")

    def _is_feature_map(self, node: Call, target: SetOf) -> bool:
        letter = letter_of(node.args[0])
        if (
            len(node.args) != 1
            or letter is None
            or letter in self.world.letters
            or not target.power
        ):
            return False
        size = self._dimension(target.power[0])
        entry = Entry(
            key_of(node.name, len(node.name.subs)),
            (Param(letter, "value"),),
            weak=self.weak,
            given=self.given,
        )
        body = FeatureMap(Name(letter), size, entry.number)
        self._put(replace(entry, body=body, number=entry.number))
        self._note(node.name, takes_brackets=True)
        return True

    def _new_datum(self, node: Node, shape: tuple[Node, ...] = ()) -> Datum:
        """Something to sample, under the name that it is declared with."""
        name = node.name if isinstance(node, Call) else node
        if isinstance(name, Bars) and isinstance(name.body, Name):
            name = Name(f"card {name.body.base}", name.body.subs)
        if not isinstance(name, Name):
            raise Unclear("only a name can be declared")
        args = node.args if isinstance(node, Call) else ()
        marks = node.marks if isinstance(node, Call) else ()
        literal, params = self._split(name, args, None)
        random = [
            sub.text for sub in name.subs[:literal] if sub.text.isupper() and len(sub.text) == 1
        ]
        under = self._parameter_of(name, literal)
        entry = Entry(
            key_of(name, literal),
            params,
            marks if params else (),
            under=under,
            weak=self.weak,
            given=self.given,
        )
        datum = Datum(entry, tuple(param.size for param in params), shape)
        if random and isinstance(node, Call) and not shape:
            datum.random_axis = random[0]
        for dim in shape:
            self._dimension(dim)
        self._put(entry)
        self._note(name, takes_brackets=bool(args))
        self._add(datum)
        return datum

    def _parameter_of(self, name: Name, literal: int) -> str:
        for sub in name.subs[:literal]:
            if (
                isinstance(sub.node, Name)
                and sub.node.base in ("theta", "phi")
                and not sub.node.subs
            ):
                return sub.node.base
        return ""

    def _split(
        self, name: Name, args: tuple[Node, ...], body: Node | None
    ) -> tuple[int, tuple[Param, ...]]:
        """How many subscripts belong to the name; the others and the arguments are parameters."""
        literal = 0
        params: list[Param] = []
        for sub in name.subs:
            letter = letter_of(sub.node)
            if (letter is not None and not params and not self._is_index(letter, body)) or (letter is None and not params):
                literal += 1
            elif letter is not None:
                params.append(self._param(letter, body))
            else:
                raise Unclear("an index that is not a letter")
        for arg in args:
            param = self._argument(arg, body)
            if param is not None:
                params.append(param)
        return literal, tuple(params)

    def _is_index(self, letter: str, body: Node | None) -> bool:
        if letter in self.world.letters:
            return True
        if body is None or letter in self.world.dimensions:
            return False
        if letter in self.world.integers or letter in self.loose_letters(body):
            return True
        return letter not in self.world.entries and letter in self._free_standing(body)

    def _param(self, letter: str, body: Node | None = None) -> Param:
        size = self.world.letters.get(letter.rstrip("'"))
        if size is not None:
            return Param(letter, "set", size)
        if letter in self.world.integers:
            return Param(letter, "value")
        if body is not None and letter not in self.loose_letters(body):
            return Param(letter, "value")
        return Param(letter, "set")

    def _argument(self, arg: Node, body: Node | None) -> Param | None:
        letter = letter_of(arg)
        if letter is not None and letter.rstrip("'") in self.world.letters:
            return Param(letter, "set", self.world.letters[letter.rstrip("'")])
        if isinstance(arg, Name) and (arg.subs or letter in self._opaque_words()):
            return self._opaque(arg)
        if letter is None:
            raise Unclear("an argument that is not a letter")
        if letter in self.world.parameters or self.world.entries.get(letter, [None])[0] is not None:
            entry = self.world.entries[letter][0]
            if entry.params and letter in self.calls:
                return Param(letter, "function")
            return Param(letter, "parameter" if entry.number in self.world.parts else "value")
        if letter in self.calls:
            return Param(letter, "function")
        if body is not None and letter in self._free_standing(body):
            return Param(letter, "value")
        if body is not None and letter.isupper():
            return Param("", "opaque")
        return None

    def _opaque_words(self) -> set[str]:
        return {"S", "A", "Y"} - self.bases if "S" not in self.bases else set()

    def _opaque(self, arg: Name) -> Param:
        for sub in arg.subs:
            letter = letter_of(sub.node)
            if letter is not None and letter in self.world.letters:
                return Param(letter, "opaque", self.world.letters[letter])
        return Param("", "opaque")

    def loose_letters(self, node: Node) -> set[str]:
        """Letters in subscripts that are not part of a known name, and letters compared."""
        found: set[str] = set()
        for one in walk(node):
            if isinstance(one, Name):
                for key, rest in keys_of(one):
                    if key in self.world.entries:
                        subs = rest
                        break
                else:
                    subs = one.subs
                found |= {letter for sub in subs if (letter := letter_of(sub.node)) is not None}
            elif isinstance(one, Chain):
                found |= {letter for side in one.sides if (letter := letter_of(side)) is not None}
            elif isinstance(one, Call):
                found |= {letter for arg in one.args if (letter := letter_of(arg)) is not None}
        return found

    def _free_standing(self, node: Node) -> set[str]:
        """Letters that are used as quantities, not only handed to functions of fixed things."""
        found: set[str] = set()
        if isinstance(node, Call):
            entries = self.world.entries.get(key_of(node.name, len(node.name.subs)), [])
            if entries and not entries[0].params:
                return found
            if not entries and not any(key in self.world.entries for key, _ in keys_of(node.name)):
                return {letter for arg in node.args if (letter := letter_of(arg)) is not None}
        from app.checker.tree import children

        if isinstance(node, Name):
            letter = letter_of(node)
            return {letter} if letter is not None else found
        for child in children(node):
            found |= self._free_standing(child)
        return found

    # --- facts -----------------------------------------------------------------------------------

    def _order(self, chain: Chain, pending: list[Node]) -> None:
        sides = [*pending, *chain.sides]
        if any(isinstance(side, Dots) for side in sides):
            first = next(side for side in sides if isinstance(side, Name))
            self._datum_of(Name(first.base, (Sub(Name("j"), "j"),))).facts.add("decreasing")
            return
        if any(isinstance(side, Name) and self._is_dimension(side) for side in sides):
            for side in sides:
                if isinstance(side, Name) and side.base in self.world.integers:
                    self._note_dimension(side.base)
        if all(isinstance(side, Name) and self._is_dimension(side) for side in sides):
            for left, right, relation in zip(sides, sides[1:], chain.relations, strict=False):
                small, large = (right, left) if relation in (">", ">=") else (left, right)
                self.world.below.append((self._dimension(small), self._dimension(large)))
            return
        for side in sides:
            if isinstance(side, Product):
                self.world.separated = tuple(_names_in(side))
            elif not isinstance(side, Number):
                fact = "nonnegative" if ">=" in chain.relations else "positive"
                self._datum_of(side).facts.add(fact)

    def _is_dimension(self, node: Name) -> bool:
        return node.base in self.world.dimensions and not node.subs

    def _fact(self, chain: Chain) -> bool:
        """Whether the equation says something about sampled names, and nothing more."""
        last = chain.sides[-1]
        first = chain.sides[0]
        if isinstance(first, Expectation):
            return self._random(first, last)
        if isinstance(last, Number) and last.value == 1 and isinstance(first, Sum):
            for side in chain.sides[:-1]:
                if isinstance(side, Sum):
                    self._normalised(side)
            return True
        if isinstance(last, Name) and last.base == "I" and isinstance(first, Product):
            left, right = first.factors
            if isinstance(left, Transpose) and left.base == right:
                self._datum_of(right).facts.add("orthonormal")
                return True
        if isinstance(last, Number) and last.value == 0 and isinstance(first, Product):
            if isinstance(first.factors[0], Transpose) and isinstance(first.factors[0].base, Name):
                if first.factors[0].base.base == "ones":
                    self._centre(first.factors[1])
                    return True
        if isinstance(first, Function) and first.name == "rank":
            self._datum_of(first.body).rank = last
            return True
        if isinstance(first, Divergence):
            self.world.restatements.append(chain)
            return True
        return False

    def _centre(self, node: Node) -> None:
        datum = self._datum_of(node)
        if datum.shape and isinstance(datum.shape[0], Name):
            self.centred.add(datum.shape[0].base)

    def _normalised(self, total: Sum) -> None:
        body = total.body
        letters = [letter_of(index.name) for index in total.indices]
        name = body.name if isinstance(body, Call) else body
        if not isinstance(name, Name):
            raise Unclear("only a table can be normalised")
        datum = self._datum_of(body)
        places = [place for place, param in enumerate(datum.entry.params) if param.name in letters]
        if places:
            datum.outcomes = tuple(places)
            datum.facts.discard("positive")
        elif datum.values:
            datum.facts.add("onehot")
        elif datum.shape:
            datum.facts.discard("positive")
            datum.facts.add("simplex vector")
        if datum.entry.under:
            letters = tuple(param.name for param in datum.entry.params)
            body_node = Family(Name(datum.entry.under), letters, datum.outcomes, datum.entry.number)
            made = replace(datum.entry, body=body_node, number=datum.entry.number)
            self._put(made)
            datum.entry = made

    def _random(self, node: Expectation, right: Node) -> bool:
        if node.draws or len(node.args) != 1:
            return False
        body = node.args[0]
        name = body if isinstance(body, Name) else None
        if name is None:
            return False
        if not any(key in self.world.entries for key, _ in keys_of(name)):
            self._new_datum(Name(name.base))
        datum = self._datum_of(Name(name.base))
        axis = name.base
        datum.random_axis = axis
        if node.kind == "Var":
            datum.variance = right
            for one in walk(right):
                if isinstance(one, Name) and one.base not in self.world.entries:
                    self._new_datum(one).facts.add("positive")
        return True

    # --- definitions -------------------------------------------------------------------------------

    def _definition(self, chain: Chain, *, given: bool) -> None:
        body = chain.sides[-1]
        if given:
            self.world.restatements.append(chain)
        for left in chain.sides[:-1]:
            self._define(left, body)

    def _define(self, left: Node, body: Node) -> None:
        name: Node = left
        args: tuple[Node, ...] = ()
        marks: tuple[str, ...] = ()
        if (
            isinstance(left, Divide)
            and isinstance(left.top, Bars)
            and isinstance(left.bottom, Bars)
        ):
            # |S_v| / |S| = p(v): the whole is any positive number.
            if not isinstance(left.bottom.body, Name):
                raise Unclear("only a name can be defined")
            if f"card {left.bottom.body.base}" not in self.world.entries:
                self._new_datum(left.bottom).facts.add("positive")
            body = Product((Name(f"card {left.bottom.body.base}"), body))
            name = left.top
        if isinstance(left, Call):
            name, args, marks = left.name, left.args, left.marks
        if isinstance(name, Bars) and isinstance(name.body, Name):
            name = Name(f"card {name.body.base}", name.body.subs)
        if not isinstance(name, Name):
            raise Unclear("only a name can be defined")
        if (
            isinstance(body, ListOf)
            and body.mark == ","
            and all(isinstance(i, Name) for i in body.items)
        ):
            self._tuple(name, body)
            return
        entry = self.entry_of(name, args, marks, body)
        if [param.kind for param in entry.params] == ["value"] and not args:
            self.numbered.add(name.base)
        self._put(entry, replace_data=True)
        self._note(name, takes_brackets=bool(args))

    def entry_of(
        self, name: Name, args: tuple[Node, ...], marks: tuple[str, ...], body: Node
    ) -> Entry:
        literal, params = self._split(name, args, body)
        patterns: tuple[Node | None, ...] = ()
        if any(param.kind == "opaque" for param in params):
            patterns = (*((None,) * (len(params) - len(args))), *args)
        return Entry(
            key_of(name, literal),
            params,
            marks if params else (),
            body,
            under=self._parameter_of(name, literal),
            weak=self.weak,
            given=self.given,
            opaque_patterns=patterns,
        )

    def _tuple(self, name: Name, body: ListOf) -> None:
        entry = Entry(
            key_of(name, len(name.subs)), weak=self.weak, given=self.given, body=Number(0.0)
        )
        self._put(entry)
        self.world.parts[entry.number] = tuple(
            item for item in body.items if isinstance(item, Name)
        )
        self._note(name, takes_brackets=False)
        if not name.subs and name.base not in self.world.parameters:
            self.world.parameters.append(name.base)

    # --- bookkeeping -------------------------------------------------------------------------------

    def _entry(self, key: str, base: str) -> Entry:
        self.bases.add(base)
        return Entry(key, weak=self.weak, given=self.given)

    def _put(self, entry: Entry, *, replace_data: bool = False) -> None:
        entries = self.world.entries.setdefault(entry.key, [])
        same = [
            one
            for one in entries
            if one.number == entry.number
            or (
                len(one.params) == len(entry.params)
                and one.marks == entry.marks
                and [p.size for p in one.params] == [p.size for p in entry.params]
                and [p.kind for p in one.params] == [p.kind for p in entry.params]
                and "opaque" not in [p.kind for p in one.params]
            )
        ]
        for one in same:
            entries.remove(one)
            if replace_data and one.number in self.data and one.number != entry.number:
                del self.data[one.number]
        entries.append(entry)

    def _add(self, datum: Datum) -> None:
        self.data[datum.entry.number] = datum

    def _note(self, name: Name, *, takes_brackets: bool) -> None:
        self.bases.add(name.base)
        if takes_brackets:
            self.calls.add(name.base)
        else:
            self.values.add(name.base)
        if len(name.base) > 1 and name.base.isalpha() and name.base not in _GREEK_WORDS:
            self.words.add(name.base)
        if name.sup and name.sup != "*":
            self.sups.setdefault(name.base, set()).add(name.sup)
        if name.base == "cal L" or name.base == "L":
            self.values.update({"cal L", "L"} if "L" not in self.world.dimensions else {"cal L"})
            if takes_brackets:
                self.calls.update({"cal L", "L"} if "L" not in self.world.dimensions else {"cal L"})

    def _datum_of(self, node: Node) -> Datum:
        """The datum of a declared name; a name that is not declared yet becomes one."""
        name = node.name if isinstance(node, Call) else node
        if isinstance(name, Bars) and isinstance(name.body, Name):
            name = Name(f"card {name.body.base}", name.body.subs)
        if not isinstance(name, Name):
            raise Unclear("only a name can be declared")
        args = node.args if isinstance(node, Call) else ()
        for key, rest in keys_of(name):
            for entry in self.world.entries.get(key, []):
                datum = self.data.get(entry.number)
                if datum is None:
                    continue
                letters = [letter_of(item) for item in (*(sub.node for sub in rest), *args)]
                wanted = [param.name for param in entry.params]
                if letters == wanted or (not args and len(letters) <= 1):
                    return datum
        return self._new_datum(node)

    def _dimension(self, node: Node) -> str:
        if isinstance(node, Number):
            name = f"{node.value:g}"
            return name
        if (
            isinstance(node, Divide)
            and isinstance(node.top, Name)
            and isinstance(node.bottom, Name)
        ):
            whole, part = self._dimension(node.top), self._dimension(node.bottom)
            if (whole, part) not in self.world.divided:
                self.world.divided.append((whole, part))
            if part not in self.world.letters:
                # heads are counted by the letter of their number
                self.world.letters[part] = part
            return f"{whole}/{part}"
        if not isinstance(node, Name):
            raise Unclear("a dimension is a letter, a number or a quotient")
        name = key_of(node, len(node.subs))
        self._note_dimension(name)
        return name

    def _note_dimension(self, name: str) -> None:
        if name not in self.world.dimensions:
            self.world.dimensions.append(name)
            self.bases.add(name)

    def finish(self) -> None:
        world = self.world
        for entries in world.entries.values():
            # Of several readings the more special comes first: p(c) and p(v) have the same length.
            entries.sort(key=lambda entry: -len(entry.params))
        for datum in self.data.values():
            under = datum.entry.under
            if under and under not in world.parameters:
                world.parameters.append(under)
        for entries in world.entries.values():
            for entry in entries:
                if entry.under and entry.under not in world.parameters:
                    world.parameters.append(entry.under)
        for datum in self.data.values():
            if "orthonormal" in datum.facts and datum.shape:
                rows = datum.shape[0]
                if isinstance(rows, Name) and rows.base in self.centred:
                    datum.facts = (datum.facts - {"orthonormal"}) | {"centred orthonormal"}
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
        world.vocabulary = self.vocabulary

    def context(self, name: str, sets: tuple[str, ...], judges: str) -> Context:
        settings = []
        for tex in sets:
            try:
                line = read_line(tex, self.vocabulary)
                settings.append(self._setting(line.clauses))
            except (Unreadable, Misfit, Unclear) as error:
                raise DeclarationError(tex, str(error)) from error
        return Context(name, tuple(settings), judges)

    def _setting(self, clauses: tuple[Clause, ...]) -> Setting:
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


def _names_in(node: Node) -> list[str]:
    return [one.base for one in walk(node) if isinstance(one, Name) and one.base not in ("i",)]


def _number(node: Node) -> float:
    if isinstance(node, Number):
        return node.value
    if isinstance(node, Negate):
        return -_number(node.body)
    raise Unclear("a label is a number")


_GREEK_WORDS = frozenset(
    ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu", "xi", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega", "Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega", "ell", "ones"]
)

__all__ = ["DeclarationError", "Power", "declare"]
