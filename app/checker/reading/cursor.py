"""A place in a list of tokens, and what every reading function asks of it."""

from app.checker.failures import Unclear, Unreadable
from app.checker.reading.tokens import Token
from app.checker.reading.tree import Span

MAX_DEPTH = 40

_BRACKET_COMMANDS = {"{": "}", "lbrace": "rbrace", "langle": "rangle", "lbrack": "rbrack"}


class Nesting:
    """Guards against formulas so deep that they would exhaust the stack: `with cursor.nesting:`."""

    def __init__(self) -> None:
        self.depth = 0

    def __enter__(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise Unclear("it is nested too deeply")

    def __exit__(self, *_: object) -> None:
        self.depth -= 1


class Cursor:
    """The tokens are closed by one of kind "end", which is never taken."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.place = 0
        self.nesting = Nesting()

    @property
    def next(self) -> Token:
        return self.tokens[self.place]

    @property
    def last(self) -> Token:
        """The token taken last, or the first one."""
        return self.tokens[max(self.place - 1, 0)]

    def ahead(self, count: int) -> Token:
        return self.tokens[min(self.place + count, len(self.tokens) - 1)]

    @property
    def at_end(self) -> bool:
        return self.next.kind == "end"

    def take(self) -> Token:
        token = self.next
        if token.kind != "end":
            self.place += 1
        return token

    def at(self, *symbols: str) -> bool:
        token = self.tokens[self.place]
        return token.kind == "symbol" and token.text in symbols

    def at_command(self, *names: str) -> bool:
        token = self.tokens[self.place]
        return token.kind == "command" and token.text in names

    def accept(self, *symbols: str) -> bool:
        if self.at(*symbols):
            self.place += 1
            return True
        return False

    def accept_command(self, *names: str) -> bool:
        if self.at_command(*names):
            self.place += 1
            return True
        return False

    def take_mark(self, seen: set[str]) -> str:
        """`_`, `^` or a prime. `seen` are the first two that the symbol has had: KaTeX takes one
        of each, and primes only in front of a superscript."""
        token = self.take()
        mark = token.text
        if mark in seen or (mark == "'" and "^" in seen):
            what = "subscript" if mark == "_" else "superscript"
            raise Unreadable(
                f"a second {what} on one symbol: put the first in braces", token.start, token.end
            )
        if mark != "'":
            seen.add(mark)
        return mark

    def expect(self, symbol: str, opened: Token | None = None) -> Token:
        """`opened` is the bracket that `symbol` closes: the error points at it."""
        if self.at(symbol):
            return self.take()
        if opened is not None and (self.at_end or self.at(")", "]", "}")):
            what = "ends" if self.at_end else f"has {self.next.text}"
            raise Unreadable(
                f"the formula {what} before {opened.text} is closed: add {symbol}",
                opened.start,
                self.next.end if not self.at_end else opened.end,
            )
        raise self.unexpected(symbol)

    def unexpected(self, wanted: str) -> Unreadable:
        token = self.next
        if token.kind == "end":
            return Unreadable(
                f"the formula stops where {wanted} was expected",
                max(token.start - 1, 0),
                token.end,
            )
        shown = f"\\{token.text}" if token.kind == "command" else token.text
        return Unreadable(f"{shown} stands where {wanted} was expected", token.start, token.end)

    def never_closed(self, opened: Token, closer: str = "}", what: str = "brace") -> Unreadable:
        return Unreadable(f"this {what} is never closed: add {closer}", opened.start, opened.end)

    def span_from(self, start: Token) -> Span:
        return Span(start.start, self.last.end)

    def closing_of(self, place: int) -> int | None:
        """The place of the bracket that closes the one at `place`, by counting all kinds."""
        depth = 0
        for at in range(place, len(self.tokens)):
            token = self.tokens[at]
            if token.is_symbol("(", "[", "{") or token.is_command(*_BRACKET_COMMANDS):
                depth += 1
            elif token.is_symbol(")", "]", "}") or token.is_command(*_BRACKET_COMMANDS.values()):
                depth -= 1
                if depth == 0:
                    return at
        return None
