r"""Tokens into the tree of one expression: sums, products and prefixes.

From loose to tight: `a + b`; `a \odot b`; products by juxtaposition, `\cdot` and `/`; prefixes such
as `\log`, `\sum`, `\nabla`; scripts and brackets. Where a glyph has several meanings (a bracket
after a name, `|`, `'`), the vocabulary of the derivation and the place decide.
"""

from app.checker.failures import Unclear
from app.checker.reading.applications import read_function
from app.checker.reading.atoms import read_atom
from app.checker.reading.commands import FUNCTION_ALIASES, FUNCTIONS, SUMS
from app.checker.reading.differentials import read_differential, read_nabla, read_partial
from app.checker.reading.draws import read_expectation
from app.checker.reading.grammar import Grammar
from app.checker.reading.lookahead import (
    at_differential,
    at_dot_for_all,
    at_next_claim,
    at_shape_remark,
    starts_column,
    starts_factor,
)
from app.checker.reading.names import at_probability, read_probability
from app.checker.reading.operators import read_optimum, read_sum
from app.checker.reading.relations import read_condition
from app.checker.reading.scripts import read_scripted
from app.checker.reading.tokens import Token
from app.checker.reading.tree import (
    Add,
    At,
    Derivative,
    Differential,
    Divide,
    Negate,
    Node,
    Product,
    Transpose,
)

_READS_AS_ATOMS = ("sqrt", "vec")


class Reader(Grammar):
    """Reads one expression; its methods raise Unreadable, with the place, and Unclear."""

    def expression(self) -> Node:
        with self.nesting:
            start = self.next
            terms = [self._signed_term()]
            while self._goes_on():
                terms.append(self._signed_term())
            return terms[0] if len(terms) == 1 else Add(tuple(terms), span=self.span_from(start))

    def _goes_on(self) -> bool:
        """At a sign; one after the & of an alignment, in this row or the next, is moved to."""
        if self.at_command("pm", "mp"):
            raise Unclear("± stands for two formulas: write them one by one")
        if self.in_rows or self.at("+", "-"):
            return self.at("+", "-")
        place = self.place + self.at_command("\\")
        while self.tokens[place].is_symbol("&"):
            place += 1
        if self.tokens[place].is_symbol("+", "-") and not starts_column(self, place):
            self.place = place
            return True
        return False

    def _signed_term(self) -> Node:
        self.skip_tabs()
        start = self.next
        negative = False
        while self.at("+", "-"):
            negative ^= self.take().text == "-"
            self.skip_tabs()
        body = self.term()
        return Negate(body, span=self.span_from(start)) if negative else body

    def term(self) -> Node:
        start = self.next
        parts = [self._product()]
        while self.at("*") or self.at_command("odot", "circ", "ast", "star", "otimes"):
            outer = self.take().text == "otimes"
            right = self._product()
            if outer:
                parts[-1] = Product((parts[-1], Transpose(right)), span=self.span_from(start))
            else:
                parts.append(right)
        if len(parts) == 1:
            return parts[0]
        return Product(tuple(parts), "odot", span=self.span_from(start))

    def _product(self) -> Node:
        start = self.next
        factors = [self.factor()]
        segments: list[Node] = []
        while True:
            if at_dot_for_all(self):
                break
            if self.accept_command("cdot", "times"):
                segments.append(self.joined(factors, start))
                factors = [self._factor_after_dot()]
            elif self.at("|") and self.ahead(1).is_symbol("_") and not self.is_inside("bars"):
                factors[-1] = self._evaluated(factors[-1])
            elif self.accept("/") or self.accept_command("oslash", "div"):
                factors = self._divided(factors, start)
            elif starts_factor(self) and not (at_shape_remark(self) or at_next_claim(self)):
                factors.append(self.factor())
            else:
                break
        if not segments:
            return self.joined(factors, start)
        segments.append(self.joined(factors, start))
        return Product(tuple(segments), "cdot", span=self.span_from(start))

    def _factor_after_dot(self) -> Node:
        r"""`a \cdot -b` is written now and then."""
        start = self.next
        if self.accept("-"):
            return Negate(self.factor(), span=self.span_from(start))
        return self.factor()

    def _divided(self, factors: list[Node], start: Token) -> list[Node]:
        """All factors over the next one; but `dL/dw` at their end is a derivative."""
        top = self.joined(factors, start)
        bottom = self.factor()
        last = factors[-1]
        span = self.span_from(start)
        if isinstance(bottom, Differential) and isinstance(last, Differential):
            return [*factors[:-1], Derivative((bottom.name,), last.name, span=span)]
        return [Divide(top, bottom, span=span)]

    def _evaluated(self, body: Node) -> Node:
        r"""`f\big|_{w = v}`, from the bar on."""
        start = self.take()
        self.expect("_")
        opened = self.next
        self.expect("{")
        conditions = [read_condition(self)]
        while self.accept(","):
            conditions.append(read_condition(self))
        self.expect("}", opened)
        return At(body, tuple(conditions), span=self.span_from(start))

    def factor(self) -> Node:
        with self.nesting:
            self.skip_tabs()
            if self.at_end:
                raise self.unexpected("a formula")
            if at_differential(self):
                return read_differential(self)
            if self.at_command("underset", "overset"):
                self._unstack()
                return self.factor()
            if self.next.kind == "command" and (made := self._prefix()) is not None:
                return made
            return read_scripted(self, self.atom())

    def _prefix(self) -> Node | None:
        """An operator with its body; None if the next command is no operator."""
        start = self.next
        command = start.text
        if command in SUMS:
            return read_sum(self)
        if command in ("max", "min", "sup", "inf", "arg"):
            return read_scripted(self, read_optimum(self))
        if command == "nabla":
            return read_nabla(self)
        if command == "partial":
            return read_partial(self)
        if command in FUNCTIONS or command in FUNCTION_ALIASES:
            if command in _READS_AS_ATOMS:
                return None
            self.take()
            return read_function(self, command)
        if command == "Pr":
            self.take()
            if at_probability(self):
                return read_probability(self, start)
            return read_scripted(self, read_expectation(self, "P"))
        return None

    def _unstack(self) -> None:
        r"""`\underset{x}{\max}` is `\max_x`: rewrites the tokens."""
        place = self.place
        first_end = self.closing_of(place + 1)
        second_end = self.closing_of(first_end + 1) if first_end is not None else None
        if first_end is None or second_end is None:
            raise self.unexpected("two groups")
        mark = "_" if self.next.text == "underset" else "^"
        self.tokens = [
            *self.tokens[:place],
            *self.tokens[first_end + 2 : second_end],
            Token("symbol", mark, self.next.start, self.next.end),
            *self.tokens[place + 1 : first_end + 1],
            *self.tokens[second_end + 1 :],
        ]

    def atom(self) -> Node:
        return read_atom(self)
