"""Sums, products, integrals and optima, with what stands under and over them."""

from collections.abc import Iterator

from app.checker.failures import Unclear, Unreadable
from app.checker.reading.brackets import read_argument, read_group, read_items
from app.checker.reading.commands import SUMS
from app.checker.reading.differentials import take_d
from app.checker.reading.grammar import Grammar
from app.checker.reading.lookahead import holds_such_that
from app.checker.reading.relations import is_relation, read_chain, read_condition
from app.checker.reading.tokens import Token
from app.checker.reading.tree import Chain, Index, ListOf, Name, Negate, Node, Optimum, Product, Sum

# --- sums and integrals --------------------------------------------------------------------------


def read_sum(reader: Grammar) -> Node:
    start = reader.take()
    kind = SUMS[start.text]
    indices, conditions = _read_limits(reader)
    if kind == "integral":
        body, variables = _read_integrand(reader)
        indices = variables or indices
    else:
        body = read_body(reader)
    return Sum(kind, indices, conditions, body, span=reader.span_from(start))


def read_body(reader: Grammar) -> Node:
    """What an operator runs over: up to the next sign, but it may begin with a minus."""
    reader.skip_tabs()
    start = reader.next
    if reader.accept("-"):
        return Negate(reader.term(), span=reader.span_from(start))
    return reader.term()


def _read_limits(reader: Grammar) -> tuple[tuple[Index, ...], tuple[Chain, ...]]:
    indices: list[Index] = []
    conditions: list[Chain] = []
    high: Node | None = None
    seen: set[str] = set()
    while reader.at("_", "^"):
        if reader.take_mark(seen) == "^":
            high = read_group(reader)
        else:
            indices, conditions = _read_lower_limit(reader)
    if high is not None and indices:
        # `\sum_{i,j=1}^n` runs both.
        low = indices[-1].low
        indices = [Index(one.name, one.low or low, high, span=one.span) for one in indices]
    return tuple(indices), tuple(conditions)


def _read_lower_limit(reader: Grammar) -> tuple[list[Index], list[Chain]]:
    if not reader.at("{"):
        return [_index(read_argument(reader))], []
    opened = reader.take()
    stacked = reader.accept_command("substack")
    if stacked:
        reader.expect("{")
    indices: list[Index] = []
    conditions: list[Chain] = []
    for start in _items(reader, opened):
        _read_limit(reader, start, indices, conditions)
    if stacked:
        reader.expect("}", opened)
    return indices, conditions


def _items(reader: Grammar, opened: Token) -> Iterator[Token]:
    """The first token of each item up to the brace that closes; the caller reads the item."""
    while not reader.at("}"):
        if reader.at_end:
            raise reader.never_closed(opened)
        if reader.next.kind == "remark":
            reader.take()
        elif not (reader.accept(",", ";", ":") or reader.accept_command("\\", "mid")):
            yield reader.next
    reader.expect("}", opened)


def _read_limit(
    reader: Grammar, start: Token, indices: list[Index], conditions: list[Chain]
) -> None:
    r"""One of `i = 1`, `i, j`, `(x, y)`, `x \in \mathcal{X}` or `j \ne i`."""
    names = read_items(reader) if reader.at("(") else _letters(reader.expression())
    last = names[-1]
    if reader.accept_command("in"):
        _skip_set(reader)
    elif reader.at("=") and not (isinstance(last, Name) and last.subs):
        reader.take()
        low = reader.expression()
        indices.extend(Index(one, span=one.span) for one in names[:-1] if isinstance(one, Name))
        indices.append(_index(last, low))
        return
    elif is_relation(reader.next):
        first = names[0] if len(names) == 1 else Product(names)
        condition = read_chain(reader, first, start)
        conditions.append(condition)
        if not indices:
            indices.extend(_indices_of(condition))
        return
    indices.extend(_index(name) for name in names)


def _letters(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Product) and all(isinstance(one, Name) for one in node.factors):
        return node.factors
    return (node,)


def _index(node: Node, low: Node | None = None) -> Index:
    if not isinstance(node, Name):
        raise Unclear("the variable of this sum is not a letter")
    return Index(node, low, span=node.span)


def _indices_of(condition: Chain) -> list[Index]:
    r"""The letters of `i < j`; `\sum_{y_i = 1}` runs over the i of y_i."""
    names = [side for side in condition.sides if isinstance(side, Name)]
    letters = [Index(name, span=name.span) for name in names if not name.subs]
    subscripts = [sub for name in names for sub in name.subs[-1:]]
    return letters or [
        Index(sub.node, span=sub.span) for sub in subscripts if isinstance(sub.node, Name)
    ]


def _skip_set(reader: Grammar) -> None:
    depth = 0
    while not reader.at_end:
        if depth == 0 and (reader.at("}", ",") or reader.at_command("\\")):
            return
        depth += _turn(reader.take())


def _turn(token: Token) -> int:
    """How much deeper in brackets it is after this token."""
    if token.is_symbol("(", "{") or token.is_command("{"):
        return 1
    return -1 if token.is_symbol(")", "}") or token.is_command("}") else 0


# --- integrals -----------------------------------------------------------------------------------


def _read_integrand(reader: Grammar) -> tuple[Node, tuple[Index, ...]]:
    r"""Up to the differential, `dz` or `\mathrm{d}z`; it may also stand first."""
    variable = _read_variable(reader)
    if variable is not None:
        return read_body(reader), (variable,)
    start = reader.place
    depth = 0
    while not reader.at_end and depth >= 0:
        end = reader.place
        variable = _read_variable(reader) if depth == 0 and end > start else None
        if variable is not None:
            body = _read_section(reader, start, end)
            variables = [variable]
            while (variable := _read_variable(reader)) is not None:
                variables.append(variable)
            return body, tuple(variables)
        token = reader.take()
        depth += token.is_symbol("[") - token.is_symbol("]") + _turn(token)
    reader.place = start
    return read_body(reader), ()


def _read_section(reader: Grammar, start: int, end: int) -> Node:
    differential = reader.tokens[end]
    stop = Token("end", "", differential.start, differential.start)
    section = reader.section(start, end, stop)
    body = section.expression()
    if not section.at_end:
        raise section.unexpected("the differential")
    reader.met |= section.met
    return body


def _read_variable(reader: Grammar) -> Index | None:
    """The variable of a differential; None, and nothing taken, if there is no differential."""
    place = reader.place
    if take_d(reader):
        token = reader.next
        variable: Node | None = None
        if token.kind in ("letter", "command") and not token.is_command(
            "cdot", "log", "frac", "le"
        ):
            try:
                variable = read_argument(reader)
            except Unreadable:
                variable = None
        if isinstance(variable, Name):
            primes = 0
            while reader.accept("'"):
                primes += 1
            name = Name(variable.base, primes=primes, span=variable.span)
            return Index(name, span=variable.span)
    reader.place = place
    return None


# --- optima --------------------------------------------------------------------------------------


def read_optimum(reader: Grammar, kind: str = "") -> Node:
    """`kind` is the word that was just taken; without one, a command comes next."""
    start = reader.last if kind else reader.next
    kind = kind or _take_optimum(reader)
    variables: tuple[Node, ...] = ()
    conditions: tuple[Chain, ...] = ()
    if reader.accept("_"):
        variables, conditions = _read_variables(reader)
    if not variables and (reader.at("(", "[") or reader.at_command("{", "lbrace")):
        values = ListOf(read_items(reader))
        return Optimum(kind, (), values, span=reader.span_from(start))
    if holds_such_that(reader):
        body, more = _read_problem(reader)
        conditions = (*conditions, *more)
    else:
        body = reader.expression()
    return Optimum(kind, variables, body, conditions, span=reader.span_from(start))


def _read_problem(reader: Grammar) -> tuple[Node, tuple[Chain, ...]]:
    r"""`\{ f(w) : g(w) = 0, \dots \}` under a maximum: what is optimised, and the conditions."""
    opened = reader.take()
    body = reader.expression()
    conditions: list[Chain] = []
    while not (reader.at(")", "]") or reader.at_command("}", "rbrace", "rbrack")):
        if reader.at_end:
            raise reader.never_closed(opened, r"\}", "bracket")
        if reader.next.kind == "remark":
            reader.take()
        elif not (reader.accept(",", ":", ";", "|") or reader.accept_command("mid")):
            conditions.append(read_condition(reader))
    reader.take()
    return body, tuple(conditions)


def _take_optimum(reader: Grammar) -> str:
    command = reader.take().text
    if command != "arg":
        return {"sup": "max", "inf": "min"}.get(command, command)
    if not reader.at_command("max", "min"):
        raise reader.unexpected(r"\max or \min")
    return command + reader.take().text


def _read_variables(reader: Grammar) -> tuple[tuple[Node, ...], tuple[Chain, ...]]:
    if not reader.at("{"):
        return (read_argument(reader),), ()
    opened = reader.take()
    variables: list[Node] = []
    conditions: list[Chain] = []
    for start in _items(reader, opened):
        first = reader.expression()
        if reader.accept_command("in"):
            _skip_set(reader)
            variables.append(first)
        elif is_relation(reader.next):
            conditions.append(read_chain(reader, first, start))
            if isinstance(first, Name) and not variables:
                variables.append(first)
        else:
            variables.append(first)
    return tuple(variables), tuple(conditions)
