r"""What stands below a name and is no index: the c of `X_c`, the "masked" of `A_{\text{masked}}`.

A word and a zero never count. A letter may belong to the name if the givens do not know it and it
is an index of nothing else in the line, or if it runs through something that has another length:
the h of `A_h` beside the heads `V_h`, where A has a row for each token.
"""

from __future__ import annotations

from app.checker.computing.sorts import Sorts
from app.checker.reading.commands import GREEK, LETTER_LIKE
from app.checker.reading.tree import Component, Index, Name, Node, Number, walk
from app.checker.world.entries import Entry, key_of, keys_of, letter_of

# The reading in which it belongs to the name, where it could also be an index.
LABEL = "a label below a name"
# Letters that count also where the givens have no use for them.
_COUNTING = frozenset("ijkl")


class Labels(Sorts):
    """A frame that knows an index from a label."""

    def is_label(self, entry: Entry, item: Node) -> bool:
        """Of what stands alone below the name of a family, a vector or a matrix."""
        letter = letter_of(item)
        if (isinstance(item, Number) and item.value == 0) or _is_word(letter):
            return True
        if not self._may_be_label(entry, item, letter):
            return False
        self.met.add(LABEL)
        return LABEL in self.choices

    def _may_be_label(self, entry: Entry, item: Node, letter: str | None) -> bool:
        if self.is_bound(letter) or letter in _COUNTING or isinstance(item, Number):
            return self._runs_elsewhere(entry, item)
        if letter is None:
            return False
        if letter in self.world.letters:
            size = self.instance.size(self.world.letters[letter])
            return not entry.params and size not in self.table(entry).shape
        if letter in self.instance.sizes or self._is_bound_somewhere(letter):
            return False
        keys = {key for key, _ in self._names_with(item)}
        if entry.params and not any(self._has_other_index(key, item) for key in keys):
            return False
        return len(keys) < 2

    def _has_other_index(self, key: str, item: Node) -> bool:
        r"""The x_i beside `x_c`; in `N_c = \sum_i \gamma_{ik}` the index is a wrong one."""
        return any(
            key_of(one, 0) == key and all(sub.node != item for sub in one.subs)
            for side in self.statement
            for one in walk(side)
            if isinstance(one, Name)
        )

    def _is_bound_somewhere(self, letter: str) -> bool:
        """By an operator of the line."""
        return any(
            isinstance(one, Index) and letter_of(one.name) == letter
            for side in self.statement
            for one in walk(side)
        )

    def _runs_elsewhere(self, entry: Entry, item: Node) -> bool:
        """Whether it is an index of other names, none of which has as long a range as a matrix has
        rows."""
        rows, columns = self.table(entry).shape
        if entry.params or columns == 1:
            return False
        ranges = [
            self.instance.size(one.params[0].size)
            for key, is_alone in self._names_with(item)
            for one in (self.entries_of(key) if is_alone else ())
            if [param.kind for param in one.params] == ["set"] and one.params[0].size
        ]
        return bool(ranges) and rows not in ranges

    def _names_with(self, item: Node) -> list[tuple[str, bool]]:
        """Of the names in the line that it may be an index of: the key, and whether it is alone."""
        return [
            (key_of(one, 0) if isinstance(one, Name) else "", len(one.subs) == 1)
            for side in self.statement
            for one in walk(side)
            if isinstance(one, Name | Component)
            and any(sub.node == item for sub in one.subs)
            and not (isinstance(one, Name) and keys_of(one)[0][0] in self.scope)
        ]

    def is_bound(self, letter: str | None) -> bool:
        return letter in self.locals or letter in self.variables


def _is_word(letter: str | None) -> bool:
    if letter is None or len(letter) < 2 or letter in GREEK or letter in LETTER_LIKE:
        return False
    return letter.isascii() and letter.isalpha()
