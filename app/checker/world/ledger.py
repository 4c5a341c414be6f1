"""What has been declared so far: the names that a reader has to know, entries, data, dimensions."""

from __future__ import annotations

import re

from app.checker.failures import Unclear
from app.checker.reading.tree import Bars, Call, Divide, Name, Node, Number
from app.checker.reading.vocabulary import Vocabulary
from app.checker.world.entries import Entry, key_of
from app.checker.world.sampling import Datum
from app.checker.world.world import World

_SUPERSCRIPT = re.compile(
    r"([A-Za-z]|\\[A-Za-z]+)(?:_\{[^}]*\}|_[A-Za-z0-9])?\^(\{t\+1\}|[A-SU-Z]|t(?![A-Za-z]))"
)
_WORD = re.compile(r"(?:^|,\s*|=\s*)\\(?:mathrm|operatorname|text)\{([A-Za-z]{2,})\}")
_NOT_NAMES = frozenset(["KL", "Cov", "softmax", "diag", "rank", "tr", "det", "sign", "if", "where"])
# Letters that LaTeX spells out are no words.
_SPELT_OUT = frozenset(
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau "  # noqa: SIM905
    "upsilon phi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega ell "
    "ones".split()
)

MAX_DIMENSION = 32
"""Worlds are small: more of them are quicker and tell more than a large one."""


class Ledger:
    """Keeps the books of a world while its givens are read."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.bases: set[str] = set()
        self.calls: set[str] = set()
        self.values: set[str] = set()
        self.words: set[str] = set()
        self.numbered: set[str] = set()
        self.sups: dict[str, set[str]] = {}
        self.data: dict[int, Datum] = {}
        # The keys that the writer knows besides those of the world.
        self.own_keys: frozenset[str] = frozenset()
        # How the declaration that is being read was made.
        self.weak = False
        self.given = False
        self.held = False

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

    def note_superscripts(self, tex: str) -> None:
        for match in _SUPERSCRIPT.finditer(tex):
            base = match[1].lstrip("\\")
            if base != "e":
                self.sups.setdefault(base, set()).add(match[2].strip("{}"))

    def note_words(self, tex: str) -> None:
        """Names of several letters count wherever they are defined."""
        self.words.update(set(_WORD.findall(tex)) - _NOT_NAMES)

    def note(self, name: Name, *, takes_brackets: bool) -> None:
        self.bases.add(name.base)
        (self.calls if takes_brackets else self.values).add(name.base)
        if len(name.base) > 1 and name.base.isalpha() and name.base not in _SPELT_OUT:
            self.words.add(name.base)
        if name.sup and name.sup != "*":
            self.sups.setdefault(name.base, set()).add(name.sup)
        if name.base in ("cal L", "L"):
            # The loss is written in both fonts.
            both = {"cal L", "L"} if "L" not in self.world.dimensions else {"cal L"}
            self.values |= both
            if takes_brackets:
                self.calls |= both

    def put(self, entry: Entry, *, replace_data: bool = False) -> None:
        """In the place of an entry that is known by the same name and parameters."""
        entries = self.world.entries.setdefault(entry.key, [])
        for one in [one for one in entries if _is_same(one, entry)]:
            entries.remove(one)
            if replace_data and one.number in self.data and one.number != entry.number:
                del self.data[one.number]
        entries.append(entry)

    def knows(self, key: str) -> bool:
        return key in self.own_keys or key in self.world.entries

    def add(self, datum: Datum) -> None:
        self.data[datum.entry.number] = datum

    # --- dimensions ------------------------------------------------------------------------------

    def dimension(self, node: Node) -> str:
        """The name of a dimension, which is known from now on. Raises Unclear."""
        if isinstance(node, Number):
            if not 1 <= node.value <= MAX_DIMENSION or node.value % 1:
                raise Unclear(f"a dimension is a whole number from 1 to {MAX_DIMENSION}")
            return f"{node.value:g}"
        if isinstance(node, Name):
            name = key_of(node, len(node.subs))
            self.note_dimension(name)
            return name
        match node:
            case Divide(top=Name() as top, bottom=Name() as bottom):
                return self._quotient(top, bottom)
        raise Unclear("a dimension is a letter, a number or a quotient")

    def _quotient(self, top: Name, bottom: Name) -> str:
        whole, part = self.dimension(top), self.dimension(bottom)
        if (whole, part) not in self.world.divided:
            self.world.divided.append((whole, part))
        # Heads are counted by the letter of their number.
        self.world.letters.setdefault(part, part)
        return f"{whole}/{part}"

    def note_dimension(self, name: str) -> None:
        if name not in self.world.dimensions:
            self.world.dimensions.append(name)
            self.bases.add(name)


def _is_same(one: Entry, other: Entry) -> bool:
    if one.number == other.number:
        return True
    kinds = [param.kind for param in one.params]
    return (
        one.marks == other.marks
        and kinds == [param.kind for param in other.params]
        and [param.size for param in one.params] == [param.size for param in other.params]
        and "opaque" not in kinds
    )


def parts_of_name(
    node: Node, *, verb: str = "declared"
) -> tuple[Name, tuple[Node, ...], tuple[str, ...]]:
    """The name, arguments and marks of what is declared or defined. Raises Unclear."""
    match node:
        case Call():
            return node.name, node.args, node.marks
        case Bars(body=Name() as body):
            return Name(f"card {body.base}", body.subs), (), ()
        case Name():
            return node, (), ()
    raise Unclear(f"only a name can be {verb}")
