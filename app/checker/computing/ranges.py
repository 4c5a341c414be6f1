"""How far an index runs, by where it points in a formula."""

from __future__ import annotations

from collections.abc import Iterable

from app.checker.computing.lookup import Lookup
from app.checker.computing.scope import SLOT
from app.checker.failures import Misfit, Unclear
from app.checker.reading.tree import Bars, Call, Component, Name, Node, walk
from app.checker.world.entries import Match, keys_of, letter_of


class Ranges(Lookup):
    """A frame that knows the ranges of letters."""

    def size_of_letter(self, letter: str, nodes: Iterable[Node]) -> int | None:
        natural = self.world.letters.get(letter.rstrip("'"))
        if natural is not None:
            return self.instance.size(natural)
        for node in nodes:
            for one in walk(node):
                size = self._size_at(letter, one)
                if size is not None:
                    return size
        return None

    def _size_at(self, letter: str, node: Node) -> int | None:
        if isinstance(node, Name):
            return self._size_in_name(letter, node, None)
        if isinstance(node, Call):
            return self._size_in_name(letter, node.name, node.args, node.marks)
        if isinstance(node, Component):
            return self._size_in_component(letter, node)
        if isinstance(node, Bars) and (size := self.world.cardinality_of(node.body)) is not None:
            return self._size_in_name(letter, size, None)
        return None

    def _size_in_component(self, letter: str, node: Component) -> int | None:
        for place, sub in enumerate(node.subs):
            if letter_of(sub.node) == letter:
                try:
                    shape = self.value(node.body).shape
                except (Misfit, Unclear):
                    return None
                if len(node.subs) == 1:
                    return shape[0] if shape[1] == 1 else shape[place]
                return shape[place] if place < 2 else None
        return None

    def _size_in_name(
        self,
        letter: str,
        name: Name,
        args: tuple[Node, ...] | None,
        marks: tuple[str, ...] = (),
    ) -> int | None:
        items = (*(sub.node for sub in name.subs), *(args or ()))
        in_words = self._size_in_words(letter, name, args, marks) if args else None
        if in_words is not None:
            return in_words
        for item in items:
            place = self.place_in_list(item)
            if place is not None and letter_of(place) == letter and isinstance(item, Name):
                return self.instance.size(self.world.letters[item.base])
        if not any(letter_of(item) == letter for item in items):
            return None
        if args is None and self.is_part_of_argument(name):
            places = [letter_of(sub.node) for sub in name.subs]
            rows, columns = self.locals[name.base].shape
            is_column = len(places) == 1 and columns == 1
            return rows if is_column else (rows, columns)[min(places.index(letter), 1)]
        if args and self._is_one_of_several(name, args, marks):
            # p(u) may be p(c) or p(v): another place in the formula has to say.
            return None
        try:
            match = self.find(name, args, marks)
        except (Misfit, Unclear):
            return None
        return self._size_in_match(letter, match) if match is not None else None

    def _size_in_words(
        self, letter: str, name: Name, args: tuple[Node, ...], marks: tuple[str, ...]
    ) -> int | None:
        """The j of `H(S_j)`, where S_j is a mere word."""
        if not any(
            isinstance(arg, Name) and any(letter_of(sub.node) == letter for sub in arg.subs)
            for arg in args
        ):
            return None
        match = self.find(name, args, marks)
        for param in match.entry.params if match is not None else ():
            if param.kind == "opaque" and param.size:
                return self.instance.size(param.size)
        return None

    def _is_one_of_several(
        self, name: Name, args: tuple[Node, ...], marks: tuple[str, ...]
    ) -> bool:
        sizes = {
            tuple(param.size for param in entry.params)
            for key, rest in keys_of(name)
            if not rest
            for entry in self.entries_of(key)
            if len(entry.params) == len(args) and self.fits(entry, args, marks)
        }
        return len(sizes) > 1

    def _size_in_match(self, letter: str, match: Match) -> int | None:
        entry = match.entry
        for place, (param, item) in enumerate(zip(entry.params, match.items, strict=False)):
            if letter_of(item) == letter:
                if param.size:
                    return self.instance.size(param.size)
                if param.kind == "set":
                    return self.table(entry).size_of(f"{SLOT}{place}")
        for place, item in enumerate(match.components):
            if letter_of(item) != letter:
                continue
            table = self.table(entry)
            if not match.items and entry.params and entry.params[0].kind == "set":
                # Rows of what is stacked.
                return table.size_of(SLOT + "0") if place == 0 else table.shape[0]
            many = len(match.components) > 1 or table.shape[1] != 1
            return table.shape[place] if many else table.shape[0]
        return None
