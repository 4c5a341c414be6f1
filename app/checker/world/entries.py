r"""What a name stands for, and how a written name finds it.

An `Entry` is either data (sampled for each instance of the world) or a rule (a definition). Both
may have parameters: indices of `\gamma_{ik}`, elements of finite sets in `p(x|z)`, values in
`\sigma(t)`. Subscripts and arguments are the same thing here, so `p_c` and `p(c)` are one entry.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from functools import lru_cache

from app.checker.reading.tree import Name, Node, Sub

# A line asks for each of its names dozens of times.
MOST_NAMES = 4096
_numbers = itertools.count()


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Param:
    """`kind`: "set" (an element of a finite set or an index; `size` names its length, "" if it has
    to be inferred), "value" (any number or vector), "parameter" (a tuple of names, such as θ),
    "opaque" (a mere word, the S of H(S)) or "function" (a distribution handed over by name)."""

    name: str
    kind: str
    size: str = ""


@dataclass(frozen=True, eq=False, slots=True, repr=False)
class Entry:
    """Data or a rule under a `key`: the name with the scripts that belong to it. `marks` stand
    between the parameters."""

    key: str
    params: tuple[Param, ...] = ()
    marks: tuple[str, ...] = ()
    body: Node | None = None
    # A distribution's parameter, such as the θ of p_θ: another subscript means another value of it.
    under: str = ""
    weak: bool = False  # only a common name for it: the writer may use it otherwise
    given: bool = False  # stated in the givens, so nobody else introduces it
    element_of: str = ""  # the finite set that this name is an element of
    called: bool = False  # introduced with its arguments in brackets
    opaque_patterns: tuple[Node | None, ...] = ()  # what opaque arguments have to look like
    number: int = field(default_factory=lambda: next(_numbers))

    @property
    def is_rule(self) -> bool:
        return self.body is not None

    @property
    def outcomes(self) -> tuple[int, ...]:
        """Places of the parameters that a distribution is over: those before the bar."""
        if "|" not in self.marks:
            return tuple(range(len(self.params)))
        return tuple(range(self.marks.index("|") + 1))


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Match:
    """An entry with the items that fill its parameters, and those that pick a component."""

    entry: Entry
    items: tuple[Node, ...] = ()
    components: tuple[Node, ...] = ()
    under: Node | None = None
    row: bool = False  # x_i as a row of X
    stacked: bool = False  # X as all the x_i, one a row
    alias: bool = False  # another letter for the loss


@lru_cache(maxsize=MOST_NAMES)
def keys_of(name: Name) -> tuple[tuple[str, tuple[Sub, ...]], ...]:
    """The keys under which a name may be known, the longest first, and the subscripts left over."""
    found = []
    ending = (f"^{name.sup}" if name.sup else "") + "'" * name.primes
    for base in _spellings(name.base):
        for count in range(len(name.subs), -1, -1):
            text = "".join(sub.text for sub in name.subs[:count])
            key = base + (f"_{text}" if count else "") + ending
            found.append((key, name.subs[count:]))
    return tuple(found)


def _spellings(base: str) -> tuple[str, ...]:
    """`\\mathcal{L}` and L are one letter unless the derivation has both."""
    if base.startswith("cal "):
        return base, base[4:]
    if len(base) == 1 and base.isupper():
        return base, f"cal {base}"
    return (base,)


def key_of(name: Name, literal: int) -> str:
    """The key of a name to which its first `literal` subscripts belong."""
    text = "".join(sub.text for sub in name.subs[:literal])
    ending = (f"^{name.sup}" if name.sup else "") + "'" * name.primes
    return name.base + (f"_{text}" if literal else "") + ending


def letter_of(node: Node) -> str | None:
    """The letter of a bare variable, with its primes: i, x', …"""
    if isinstance(node, Name) and not node.subs and not node.sup:
        return node.base + "'" * node.primes
    return None


def name_of_letter(letter: str) -> Name:
    """The variable of a letter that may have primes."""
    return Name(letter.rstrip("'"), primes=letter.count("'"))


def timed(name: Name) -> Name:
    r"""`\theta^{(t+1)}` as `\theta_{t+1}`; any other name as it is."""
    time = name.sup.strip("()")
    if time not in ("t", "t+1") or name.subs:
        return name
    return Name(name.base, (Sub(Name(time), time),), primes=name.primes, span=name.span)
