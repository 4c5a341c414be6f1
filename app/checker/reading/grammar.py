r"""What the reading functions share: the tokens, the names, and the way back to the top.

A formula is read by recursive descent, and the rules call each other in circles: an expression is
made of brackets, and a bracket holds an expression. Each room (brackets, scripts, names, operators
and so on) is a module of functions that take a `Grammar`. They call the rooms beneath them by
their names, and what lies above them through the four methods that `expressions.Reader` fills in.
"""

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from typing import Self

from app.checker.reading.cursor import Cursor
from app.checker.reading.ones import with_vectors_of_ones
from app.checker.reading.tokens import Token
from app.checker.reading.tree import Chain, Node, Product
from app.checker.reading.vocabulary import Vocabulary


class _Inside(AbstractContextManager[None]):
    def __init__(self, stack: list[str], bracket: str) -> None:
        self.stack, self.bracket = stack, bracket

    def __enter__(self) -> None:
        self.stack.append(self.bracket)

    def __exit__(self, *_: object) -> None:
        self.stack.pop()


class Grammar(Cursor, ABC):
    """Where the notation has two readings, `choices` says which to take, and `met` collects those
    that came up: "narrow function", "wide function", "quotient in a function", "other
    derivative"."""

    def __init__(
        self,
        tokens: list[Token],
        vocabulary: Vocabulary,
        choices: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__(tokens)
        self.vocabulary = vocabulary
        self.choices = choices
        self.met: set[str] = set()
        self.labels: list[Chain] = []  # what braces under and over formulas say of them
        self.in_rows = 0  # inside a matrix or cases, where \\ ends a row
        self._open: list[str] = []

    def inside(self, bracket: str) -> AbstractContextManager[None]:
        """While the content of a bar, norm, group, bracket or list of args is read."""
        return _Inside(self._open, bracket)

    @property
    def is_outside(self) -> bool:
        """Of every bracket and group."""
        return not self._open

    def is_inside(self, *brackets: str) -> bool:
        """Of the innermost one: there, a bar closes it or separates its items."""
        return bool(self._open) and self._open[-1] in brackets

    def section(self, start: int, end: int, stop: Token) -> Self:
        """A reader of these tokens alone; `stop` is of kind "end" and says where they end."""
        return type(self)([*self.tokens[start:end], stop], self.vocabulary, self.choices)

    def skip_tabs(self) -> None:
        r"""Where a formula is due, the & of an alignment says nothing, and neither does its \\."""
        if self.in_rows:
            return
        while self.at("&") or (self.at_command("\\") and self.ahead(1).is_symbol("&")):
            self.take()

    def joined(self, factors: list[Node], start: Token) -> Node:
        factors = with_vectors_of_ones(factors)
        if len(factors) == 1:
            return factors[0]
        return Product(tuple(factors), span=self.span_from(start))

    @abstractmethod
    def expression(self) -> Node:
        """A sum: all that a bracket may hold."""

    @abstractmethod
    def term(self) -> Node:
        """What stands between two signs."""

    @abstractmethod
    def factor(self) -> Node:
        """One part of a product, with its scripts."""

    @abstractmethod
    def atom(self) -> Node:
        """One part of a product without the scripts after it."""
