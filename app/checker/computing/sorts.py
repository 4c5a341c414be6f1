"""Which parameters an index or an argument can fill.

A parameter that is an element of a finite set takes what runs through that set, as far as it can be
seen; a parameter that is any value takes what runs through none.
"""

from __future__ import annotations

import itertools

from app.checker.computing.frame import Frame
from app.checker.computing.scope import Variable
from app.checker.failures import Misfit, Unclear
from app.checker.reading.tree import Assigned, Call, Name, Node, Placeholder, walk
from app.checker.world.entries import Entry, Param, keys_of, letter_of


class Sorts(Frame):
    """A frame that knows what runs through which set."""

    def entries_of(self, key: str) -> list[Entry]:
        """The writer's definitions first; they hide those of the givens with as many parameters."""
        own = self.scope.get(key)
        known = self.world.entries.get(key, [])
        if not own:
            return known
        # `H(A) := …` says nothing about H(S): where arguments are words, those have to match.
        hidden = {(len(entry.params), entry.called) for entry in own if not entry.opaque_patterns}
        return [
            *own,
            *(entry for entry in known if (len(entry.params), entry.called) not in hidden),
        ]

    def check_index(self, node: Name) -> None:
        r"""`\mu_i`, where μ has an index k, is wrong and not unknown. Raises Misfit."""
        for key, rest in keys_of(node):
            for entry in self.entries_of(key):
                if rest and len(rest) == len(entry.params):
                    items = tuple(sub.node for sub in rest)
                    if (param := self._unfit_param(entry, items)) is not None:
                        raise Misfit(f"the index of {entry.key} runs over {param.name}")

    def check_sorts(self, node: Call) -> None:
        """`Z(y)`, where Z takes x, is wrong and not unknown. Raises Misfit, Unclear."""
        for key, rest in keys_of(node.name):
            for entry in self.entries_of(key):
                if not entry.params and self.are_exchanged(node.args):
                    raise Unclear("what is learned stands behind what is given")
                if rest or len(entry.params) != len(node.args):
                    continue
                if not _same_marks(entry.marks, node.marks):
                    continue
                if (param := self._unfit_param(entry, node.args)) is not None:
                    raise Misfit(f"{entry.key} is a function of {param.name}")

    def are_exchanged(self, args: tuple[Node, ...]) -> bool:
        r"""In `L(\pi_{ref}; \pi_\theta)` what is learned stands behind what is given."""
        learned = [isinstance(arg, Name) and self._is_learned(arg) for arg in args]
        return learned != sorted(learned, reverse=True)

    def _is_learned(self, name: Name) -> bool:
        return any(
            self.world.is_parameter(sub, parameter, self.scope)
            for sub in name.subs
            for parameter in self.world.parameters
        )

    def _unfit_param(self, entry: Entry, items: tuple[Node, ...]) -> Param | None:
        """The first parameter whose set is not the one that its item runs through."""
        for param, item in zip(entry.params, items, strict=True):
            size = self._sort_of(item)
            if param.kind != "set" or not param.size or size is None:
                continue
            if size != self.instance.size(param.size):
                return param
        return None

    def fits(
        self,
        entry: Entry,
        items: tuple[Node, ...],
        marks: tuple[str, ...] | None,
        subscripts: int = 0,
    ) -> bool:
        """Whether the items, of which the first ones are subscripts, can be its parameters."""
        if marks is not None and entry.marks and not _same_marks(entry.marks, marks):
            return False
        patterns = entry.opaque_patterns[: len(items)]
        return all(
            (place < subscripts and self._is_index(param, item))
            or self._item_fits(param, item, pattern)
            for place, (param, item, pattern) in enumerate(
                itertools.zip_longest(entry.params, items, patterns)
            )
        )

    def _is_index(self, param: Param, item: Node) -> bool:
        """Below a name a letter is an index, also that of a vector such as the key k."""
        letter = letter_of(item)
        if param.kind != "set" or letter is None or letter not in self.world.entries:
            return False
        is_free = self.variable(letter) is None and letter not in self.locals
        datum = self.world.entries[letter][0]
        return is_free and datum.number in self.instance.data and not self.table(datum).is_number

    def _item_fits(self, param: Param, item: Node, pattern: Node | None) -> bool:
        if param.kind == "opaque":
            return _opaque_fits(param, item, pattern)
        if param.kind in ("function", "parameter"):
            return isinstance(item, Name | Call)
        size = self._sort_of(item)
        if param.kind == "value" and (isinstance(item, Assigned) or self._is_tuple(item)):
            return False
        if param.kind == "value" and param.name in self.world.integers and self._is_measured(item):
            return False
        if param.kind == "value":
            return size is None or (letter_of(item) or "").rstrip("'") not in self.world.letters
        if size is None:
            return not self._is_quantity(item)
        if not param.size or size == self.instance.size(param.size):
            return True
        # A free letter that runs less far points into this as well.
        letter = letter_of(item)
        is_own = letter in self.frees and letter not in self.world.letters
        return is_own and size < self.instance.size(param.size)

    def _is_measured(self, item: Node) -> bool:
        r"""The `m\theta` of `R(m\theta)` is no position, and neither is π."""
        names = {one.base for one in walk(item) if isinstance(one, Name)}
        if "pi" in names and not self.is_entry("pi"):
            return True
        numbers = {datum.entry.key for datum in self.world.data if "integer" not in datum.facts}
        return bool(names & numbers)

    def _is_tuple(self, item: Node) -> bool:
        """θ = (π, μ, Σ) is a parameter, and the value of nothing else."""
        entries = self.entries_of(letter_of(item) or "")
        return bool(entries) and entries[0].number in self.world.parts

    def _is_quantity(self, item: Node) -> bool:
        """A known name that is no element of a set cannot be one."""
        if not isinstance(item, Name):
            return False
        letter = letter_of(item)
        if letter in self.locals or letter in self.world.letters:
            return False
        if self.is_all_of_them(item) or letter in self.world.mere_words:
            return True
        for key, rest in keys_of(item):
            if not rest and (entries := self.entries_of(key)):
                entry = entries[0]
                return not (
                    entry.element_of
                    or entry.key in self.instance.sizes
                    or entry.key in self.world.integers
                )
        return False

    def is_part_of_argument(self, name: Name) -> bool:
        """The v_i of an argument v; but x_i stays one of the points that the givens have."""
        if name.base not in self.locals or not name.subs or name.sup or name.primes:
            return False
        return not any(
            param.kind == "set" for entry in self.entries_of(name.base) for param in entry.params
        )

    def is_function(self, entry: Entry) -> bool:
        """Whether it is written with its arguments in brackets, as p(x) is and x_i is not."""
        base = entry.key.split("_")[0].split("^")[0]
        is_known = base in self.world.vocabulary.calls or bool(entry.under) or entry.called
        return bool(entry.params) and is_known and all(one.kind == "set" for one in entry.params)

    def is_all_of_them(self, item: Node) -> bool:
        """X beside the points x_i, where the givens have no X."""
        letter = letter_of(item)
        if letter is None or not letter.isupper() or self.is_entry(letter):
            return False
        return any(
            [param.kind for param in entry.params] == ["set"] and not self.is_function(entry)
            for entry in self.entries_of(letter.lower())
        )

    def _sort_of(self, item: Node) -> int | None:
        """The size of the finite set that an argument runs through, if it can be seen."""
        if isinstance(item, Assigned):
            return self._sort_of(item.value) or self._sort_of(item.name)
        if isinstance(item, Placeholder) and (dot := self.variables.get("placeholder")) is not None:
            return len(dot.places)
        return self._sort_of_name(item) if isinstance(item, Name) else None

    def _sort_of_name(self, item: Name) -> int | None:
        if self.place_in_list(item) is not None:
            return self.instance.size(self.world.letters[item.base])
        letter = letter_of(item)
        if letter is not None:
            variable = self.variable(letter)
            if variable is not None:
                return self._sort_of_variable(letter, variable)
            if letter in self.locals:
                return None
            size = self.world.letters.get(letter.rstrip("'"))
            if size is not None:
                return self.instance.size(size)
        for key, rest in keys_of(item):
            for entry in self.entries_of(key):
                if entry.element_of and not rest:
                    return self.instance.size(entry.element_of)
        return None

    def _sort_of_variable(self, letter: str, variable: Variable) -> int | None:
        size = len(variable.places) if variable.sorted else None
        natural = self.world.letters.get(letter.rstrip("'"))
        if size is not None and natural is not None and letter not in self.variables:
            # A free letter that points into something shorter still runs through its own set.
            return max(size, self.instance.size(natural))
        return size

    def place_in_list(self, item: Node) -> Node | None:
        """The i of `x_i`, where x runs through a finite set and x_i are its elements."""
        if not isinstance(item, Name) or len(item.subs) != 1 or item.sup:
            return None
        if item.base in self.world.letters and not self.is_entry(item.base):
            return item.subs[0].node
        return None


def _same_marks(known: tuple[str, ...], written: tuple[str, ...]) -> bool:
    return len(known) == len(written) and all(
        one == two or {one, two} <= {"|", "||", ";"}
        for one, two in zip(known, written, strict=True)
    )


def _opaque_fits(param: Param, item: Node, pattern: Node | None) -> bool:
    """S, S_v, Y, A or A = v as an argument: the word has to be the same."""
    if isinstance(item, Assigned) and isinstance(pattern, Assigned):
        return letter_of(item.name) == letter_of(pattern.name)
    if not isinstance(item, Name) or not isinstance(pattern, Name):
        return False
    if item.base != pattern.base or item.sup != pattern.sup or item.primes != pattern.primes:
        return False
    if len(item.subs) != len(pattern.subs):
        return False
    return bool(param.name) or all(
        a.text == b.text for a, b in zip(item.subs, pattern.subs, strict=True)
    )
