r"""Which letters of a written name are its parameters.

Of the subscripts of `W_1`, `x_i` and `\gamma_{ik}`, those are parameters that run: letters with a
stated range, and letters that the definition uses as indices. The first of them ends the name.
"""

from __future__ import annotations

from app.checker.failures import Unclear
from app.checker.reading.tree import Assigned, Call, Chain, Name, Node, children, walk
from app.checker.world.entries import Entry, Param, key_of, keys_of, letter_of
from app.checker.world.ledger import Ledger, parts_of_name
from app.checker.world.sampling import Datum


class Signatures(Ledger):
    """Books that know how a written name divides."""

    def entry_of(
        self, name: Name, args: tuple[Node, ...], marks: tuple[str, ...], body: Node
    ) -> Entry:
        """The entry for a definition. Raises Unclear."""
        literal, params = self._split(name, args, body)
        patterns: tuple[Node | None, ...] = ()
        if any(param.kind == "opaque" for param in params):
            patterns = (*((None,) * (len(params) - len(args))), *args)
        return Entry(
            key_of(name, literal),
            params,
            marks if params else (),
            body,
            under=_parameter_of(name, literal),
            weak=self.weak,
            given=self.given,
            called=bool(args),
            opaque_patterns=patterns,
        )

    def datum_of(self, node: Node) -> Datum:
        """The datum of a declared name; a name that is not declared yet becomes one."""
        name, args, _ = parts_of_name(node)
        for key, rest in keys_of(name):
            for entry in self.world.entries.get(key, []):
                datum = self.data.get(entry.number)
                if datum is None:
                    continue
                letters = [letter_of(item) for item in (*(sub.node for sub in rest), *args)]
                wanted = [param.name for param in entry.params]
                is_entry = not wanted and len(letters) == len(datum.shape) == 2
                if letters == wanted or (not args and (len(letters) <= 1 or is_entry)):
                    return datum
        return self.new_datum(node)

    def new_datum(self, node: Node, shape: tuple[Node, ...] = ()) -> Datum:
        """Something to sample, under the name that it is declared with."""
        name, args, marks = parts_of_name(node)
        literal, params = self._split(name, args, None)
        entry = Entry(
            key_of(name, literal),
            params,
            marks if params else (),
            under=_parameter_of(name, literal),
            weak=self.weak,
            given=self.given,
            called=bool(args),
        )
        datum = Datum(entry, tuple(param.size for param in params), shape)
        capitals = [
            sub.text for sub in name.subs[:literal] if sub.text.isupper() and len(sub.text) == 1
        ]
        if capitals and args and not shape:
            # `\hat{f}_D(x)` is random as D is.
            datum.random_axis = capitals[0]
        for dim in shape:
            self.dimension(dim)
        self.put(entry)
        self.note(name, takes_brackets=bool(args))
        self.add(datum)
        return datum

    # --- parameters ------------------------------------------------------------------------------

    def _split(
        self, name: Name, args: tuple[Node, ...], body: Node | None
    ) -> tuple[int, tuple[Param, ...]]:
        """How many subscripts belong to the name; the others and the arguments are parameters."""
        literal = 0
        params: list[Param] = []
        for sub in name.subs:
            letter = letter_of(sub.node)
            if not params and (letter is None or not self._is_index(letter, body)):
                literal += 1
            elif letter is not None:
                params.append(self._index(letter, body))
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
        if letter in self.world.integers or letter in self._subscripts_in(body):
            return True
        return letter not in self.world.entries and letter in self._quantities_in(body)

    def _index(self, letter: str, body: Node | None) -> Param:
        size = self.world.letters.get(letter.rstrip("'"))
        if size is not None:
            return Param(letter, "set", size)
        if letter in self.world.integers:
            return Param(letter, "value")
        if body is not None and letter not in self._subscripts_in(body):
            return Param(letter, "value")
        return Param(letter, "set")

    def _argument(self, arg: Node, body: Node | None) -> Param | None:
        """None for an argument that says nothing: the variable of a value."""
        if isinstance(arg, Assigned):
            return self._outcome(arg)
        letter = letter_of(arg)
        if letter is not None and letter.rstrip("'") in self.world.letters:
            return Param(letter, "set", self.world.letters[letter.rstrip("'")])
        if isinstance(arg, Name) and (arg.subs or letter in self._opaque_words()):
            return self._opaque(arg)
        if letter is None:
            raise Unclear("an argument that is not a letter")
        if letter in self.world.entries:
            entry = self.world.entries[letter][0]
            if entry.params and letter in self.calls:
                return Param(letter, "function")
            return Param(letter, "parameter" if entry.number in self.world.parts else "value")
        if letter in self.calls or (body is not None and letter in _called_in(body)):
            return Param(letter, "function")
        if body is not None and letter in self._quantities_in(body) | self._indexed_in(body):
            return Param(letter, "value")
        if body is not None and letter in self._positions_in(body):
            return Param(letter, "value")
        if body is not None and letter.isupper():
            return Param("", "opaque")
        return None

    def _outcome(self, arg: Assigned) -> Param:
        """`A = v`: a word with a value that runs."""
        letter = letter_of(arg.value)
        if letter is None or letter not in self.world.letters:
            raise Unclear("a value that is not a letter")
        return Param(letter, "opaque", self.world.letters[letter])

    def _opaque_words(self) -> set[str]:
        return {"S", "A", "Y"} - self.bases if "S" not in self.bases else set()

    def _opaque(self, arg: Name) -> Param:
        for sub in arg.subs:
            letter = letter_of(sub.node)
            if letter is not None and letter in self.world.letters:
                return Param(letter, "opaque", self.world.letters[letter])
        return Param("", "opaque")

    def _subscripts_in(self, body: Node) -> set[str]:
        """Letters in subscripts that are not part of a known name, letters compared or handed to
        something."""
        found: set[str | None] = set()
        for one in walk(body):
            if isinstance(one, Name):
                known = (rest for key, rest in keys_of(one) if self.knows(key))
                found |= {letter_of(sub.node) for sub in next(known, one.subs)}
            elif isinstance(one, Chain):
                found |= {letter_of(side) for side in one.sides}
            elif isinstance(one, Call) and not self._is_fixed(one):
                found |= {letter_of(arg) for arg in one.args}
        return {letter for letter in found if letter is not None}

    def _is_fixed(self, call: Call) -> bool:
        """`f(x)` where x is one fixed thing, and f a value."""
        entries = self.world.entries.get(key_of(call.name, len(call.name.subs)), [])
        return bool(entries) and not entries[0].params

    def _indexed_in(self, body: Node) -> set[str]:
        """The v of v_i, where nothing else is known as v_i."""
        return {
            one.base
            for one in walk(body)
            if isinstance(one, Name)
            and one.subs
            and not one.sup
            and not any(self.knows(key) for key, _ in keys_of(one))
        }

    def _positions_in(self, body: Node) -> set[str]:
        """The s of R_s, where the givens know R_m for every number m."""
        found: set[str | None] = set()
        for one in walk(body):
            if isinstance(one, Name) and one.subs:
                for key, rest in keys_of(one):
                    entries = self.world.entries.get(key, [])
                    if rest and entries and [p.kind for p in entries[0].params] == ["value"]:
                        found |= {letter_of(sub.node) for sub in rest}
        return {letter for letter in found if letter is not None}

    def _quantities_in(self, body: Node) -> set[str]:
        """Letters that are used as quantities, not only handed to functions of fixed things."""
        if isinstance(body, Call):
            if self._is_fixed(body):
                return set()
            if not any(key in self.world.entries for key, _ in keys_of(body.name)):
                return {letter for arg in body.args if (letter := letter_of(arg)) is not None}
        if isinstance(body, Name):
            letter = letter_of(body)
            return {letter} if letter is not None else set()
        return {letter for child in children(body) for letter in self._quantities_in(child)}


def _called_in(body: Node) -> set[str]:
    """The a of `a(x)`, in what is defined as a function of a."""
    return {
        letter
        for one in walk(body)
        if isinstance(one, Call) and (letter := letter_of(one.name)) is not None
    }


def _parameter_of(name: Name, literal: int) -> str:
    """The θ of p_θ."""
    for sub in name.subs[:literal]:
        if isinstance(sub.node, Name) and sub.node.base in ("theta", "phi") and not sub.node.subs:
            return sub.node.base
    return ""
