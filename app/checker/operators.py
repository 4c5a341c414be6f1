r"""Readers of what binds variables: sums, integrals, optima, expectations, KL, derivatives; and of
fractions and environments. Each takes the reader that stands on the operator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.checker.commands import RELATIONS, SUMS
from app.checker.failures import Unclear, Unreadable
from app.checker.tokens import Token
from app.checker.tree import (
    Case,
    Cases,
    Chain,
    Derivative,
    Divergence,
    Divide,
    Draw,
    Expectation,
    Function,
    Index,
    Indicator,
    ListOf,
    Matrix,
    Name,
    Negate,
    Node,
    Norm,
    Number,
    Optimum,
    Power,
    Product,
    Sum,
    Transpose,
)

if TYPE_CHECKING:
    from app.checker.expressions import Reader

_MATRICES = (
    "pmatrix",
    "bmatrix",
    "matrix",
    "vmatrix",
    "Vmatrix",
    "smallmatrix",
    "Bmatrix",
    "array",
)


# --- sums and integrals --------------------------------------------------------------------------


def read_sum(reader: Reader) -> Node:
    start = reader.take()
    kind = SUMS[start.text]
    indices, conditions = _limits(reader)
    if kind == "integral":
        body, variables = _integrand(reader)
        return Sum(kind, variables or indices, conditions, body, span=reader.span_from(start))
    body = _body(reader)
    return Sum(kind, indices, conditions, body, span=reader.span_from(start))


def _body(reader: Reader) -> Node:
    if reader.at("-"):
        start = reader.take()
        return Negate(reader.term(), span=reader.span_from(start))
    return reader.term()


def _limits(reader: Reader) -> tuple[tuple[Index, ...], tuple[Chain, ...]]:
    indices: list[Index] = []
    conditions: list[Chain] = []
    high: Node | None = None
    seen: set[str] = set()
    while reader.at("_", "^"):
        mark = reader.next.text
        if mark in seen:
            raise Unreadable("a second limit on one operator", reader.next.start, reader.next.end)
        seen.add(mark)
        reader.take()
        if mark == "^":
            high = reader.group() if reader.at("{") else reader.one_argument()
        else:
            indices, conditions = _lower_limit(reader)
    if high is not None and indices:
        last = indices[-1]
        # `\sum_{i,j=1}^n` runs both.
        low = last.low
        indices = [Index(one.name, one.low or low, high, span=one.span) for one in indices]
    return tuple(indices), tuple(conditions)


def _lower_limit(reader: Reader) -> tuple[list[Index], list[Chain]]:
    if not reader.at("{"):
        node = reader.one_argument()
        if not isinstance(node, Name):
            raise Unclear("the variable of this sum is not a letter")
        return [Index(node, span=node.span)], []
    opened = reader.take()
    if reader.at_command("substack"):
        reader.take()
        reader.expect("{")
    indices: list[Index] = []
    conditions: list[Chain] = []
    while not reader.at("}"):
        if reader.at_end:
            raise Unreadable("this brace is never closed: add }", opened.start, opened.end)
        if reader.at(",", ";", ":") or reader.at_command("\\"):
            reader.take()
            continue
        if reader.next.kind == "remark" or reader.at_command("text"):
            reader.take()
            continue
        _one_limit(reader, indices, conditions)
    reader.expect("}", opened)
    reader.accept("}") if reader.tokens[reader.place - 2].is_symbol("}") and _doubled(
        reader
    ) else None
    return indices, conditions


def _doubled(reader: Reader) -> bool:
    """After \\substack{…} one more brace closes the script."""
    return any(
        token.is_command("substack")
        for token in reader.tokens[max(0, reader.place - 30) : reader.place]
    )


def _one_limit(reader: Reader, indices: list[Index], conditions: list[Chain]) -> None:
    start = reader.next
    if reader.at("("):
        pair = reader.bracketed()
        names = pair.items if isinstance(pair, ListOf) else (pair,)
    else:
        names = _letters(reader.expression())
    if reader.at_command("in"):
        reader.take()
        _skip_set(reader)
    elif reader.at("=") and not (isinstance(names[-1], Name) and names[-1].subs):
        reader.take()
        low = reader.expression()
        name = names[-1]
        if not isinstance(name, Name):
            raise Unclear("the variable of this sum is not a letter")
        indices.extend(Index(one, span=one.span) for one in names[:-1] if isinstance(one, Name))
        indices.append(Index(name, low, span=name.span))
        return
    elif _at_relation(reader):
        sides: list[Node] = [names[0] if len(names) == 1 else Product(names)]
        relations = []
        while _at_relation(reader):
            relations.append(RELATIONS[reader.take().text])
            sides.append(reader.expression())
        conditions.append(Chain(tuple(sides), tuple(relations), span=reader.span_from(start)))
        if any(isinstance(side, Name) and not side.subs for side in sides) and not indices:
            known = {index.name.base for index in indices}
            indices.extend(
                Index(side, span=side.span)
                for side in sides
                if isinstance(side, Name) and not side.subs and side.base not in known
            )
        if not indices:
            # `\\sum_{y_i = 1}` runs over the i of y_i.
            indices.extend(
                Index(sub.node, span=sub.span)
                for side in sides
                if isinstance(side, Name)
                for sub in side.subs[-1:]
                if isinstance(sub.node, Name)
            )
        return
    for name in names:
        if not isinstance(name, Name):
            raise Unclear("the variable of this sum is not a letter")
        indices.append(Index(name, span=name.span))


def _letters(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Product) and all(isinstance(one, Name) for one in node.factors):
        return node.factors
    return (node,)


def _skip_set(reader: Reader) -> None:
    depth = 0
    while not reader.at_end:
        if depth == 0 and (reader.at("}", ",") or reader.at_command("\\")):
            return
        depth += reader.at("{", "(") or reader.at_command("{")
        depth -= reader.at("}", ")") or reader.at_command("}")
        reader.take()


def _at_relation(reader: Reader) -> bool:
    token = reader.next
    return token.text in RELATIONS and (token.kind == "command" or token.is_symbol("=", "<", ">"))


def _integrand(reader: Reader) -> tuple[Node, tuple[Index, ...]]:
    """Up to the differential, `dz` or `\\mathrm{d}z`; it may also stand first."""
    if (variable := _differential(reader)) is not None:
        return _body(reader), (variable,)
    place = reader.place
    depth = 0
    while not reader.at_end:
        if depth == 0 and reader.place > place:
            here = reader.place
            if (variable := _differential(reader)) is not None:
                after = reader.place
                stop = Token("end", "", reader.tokens[here].start, reader.tokens[here].start)
                inner = type(reader)(
                    [*reader.tokens[place:here], stop], reader.vocabulary, reader.choices
                )
                body = inner.expression()
                if not inner.at_end:
                    raise inner.unexpected("the differential")
                reader.met |= inner.met
                reader.place = after
                variables = [variable]
                while (more := _differential(reader)) is not None:
                    variables.append(more)
                return body, tuple(variables)
            reader.place = here
        depth += reader.at("(", "[", "{") or reader.at_command("{")
        depth -= reader.at(")", "]", "}") or reader.at_command("}")
        if depth < 0:
            break
        reader.take()
    reader.place = place
    return _body(reader), ()


def _differential(reader: Reader) -> Index | None:
    place = reader.place
    if _take_d(reader):
        token = reader.next
        if token.kind in ("letter", "command") and not token.is_command(
            "cdot", "log", "frac", "le"
        ):
            try:
                variable = reader.one_argument()
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


def _take_d(reader: Reader) -> bool:
    if reader.next.kind == "letter" and reader.next.text == "d":
        reader.take()
        return True
    if reader.at_command("mathrm", "rm", "operatorname", "mathit"):
        place = reader.place
        reader.take()
        try:
            if reader.upright_text() == "d":
                return True
        except Unreadable:
            pass
        reader.place = place
    return False


# --- optima --------------------------------------------------------------------------------------


def read_optimum(reader: Reader, kind: str = "") -> Node:
    start = reader.tokens[reader.place - 1] if kind else reader.next
    if not kind:
        kind = {"sup": "max", "inf": "min"}.get(reader.next.text, reader.next.text)
        reader.take()
        if kind == "arg":
            if not reader.at_command("max", "min"):
                raise reader.unexpected(r"\max or \min")
            kind += reader.take().text
    kind = kind.replace(" ", "")
    variables: tuple[Node, ...] = ()
    conditions: tuple[Chain, ...] = ()
    if reader.at("_"):
        reader.take()
        variables, conditions = _optimum_variables(reader)
    if not variables and (reader.at("(") or reader.at_command("{", "lbrace") or reader.at("[")):
        listed = reader.bracketed()
        items = listed.items if isinstance(listed, ListOf) else (listed,)
        return Optimum(kind, (), ListOf(items), span=reader.span_from(start))
    body = reader.expression()
    return Optimum(kind, variables, body, conditions, span=reader.span_from(start))


def _optimum_variables(reader: Reader) -> tuple[tuple[Node, ...], tuple[Chain, ...]]:
    if not reader.at("{"):
        return (reader.one_argument(),), ()
    opened = reader.take()
    variables: list[Node] = []
    conditions: list[Chain] = []
    while not reader.at("}"):
        if reader.at_end:
            raise Unreadable("this brace is never closed: add }", opened.start, opened.end)
        if (
            reader.at(",", ":", ";")
            or reader.next.kind == "remark"
            or reader.at_command("\\", "mid")
        ):
            reader.take()
            continue
        start = reader.next
        sides = [reader.expression()]
        if reader.at_command("in"):
            reader.take()
            _skip_set(reader)
            variables.append(sides[0])
            continue
        relations = []
        while _at_relation(reader):
            relations.append(RELATIONS[reader.take().text])
            sides.append(reader.expression())
        if relations:
            conditions.append(Chain(tuple(sides), tuple(relations), span=reader.span_from(start)))
            if isinstance(sides[0], Name) and not variables:
                variables.append(sides[0])
        else:
            variables.append(sides[0])
    reader.expect("}", opened)
    return tuple(variables), tuple(conditions)


# --- expectations and divergences ----------------------------------------------------------------


def read_expectation(reader: Reader, kind: str) -> Node:
    start = reader.tokens[reader.place - 1]
    draws: tuple[Draw, ...] = ()
    power: Node | None = None
    while reader.at("_", "^"):
        if reader.accept("_"):
            draws = _draws(reader)
        else:
            reader.take()
            power = reader.group() if reader.at("{") else reader.one_argument()
    made: Node
    if kind == "E" and reader.at("("):
        # `E (a)^2` is the mean of a square, unlike `E[a]^2`.
        made = Expectation(kind, draws, (reader.factor(),), span=reader.span_from(start))
        return made if power is None else Power(made, power, span=reader.span_from(start))
    if reader.at("[", "(") or reader.at_command("{", "lbrace", "lbrack"):
        args = _expectation_args(reader)
        made = Expectation(kind, draws, args, span=reader.span_from(start))
    else:
        made = Expectation(kind, draws, (_body(reader),), span=reader.span_from(start))
    return made if power is None else Power(made, power, span=reader.span_from(start))


def _expectation_args(reader: Reader) -> tuple[Node, ...]:
    inside = reader.bracketed()
    if isinstance(inside, ListOf):
        return inside.items
    return (inside,)


def _draws(reader: Reader) -> tuple[Draw, ...]:
    if not reader.at("{"):
        node = reader.one_argument()
        return (Draw((), node, span=node.span),)
    opened = reader.take()
    draws: list[Draw] = []
    reader._closers.append("group")
    while not reader.at("}"):
        if reader.at_end:
            raise Unreadable("this brace is never closed: add }", opened.start, opened.end)
        if reader.at(",", ";"):
            reader.take()
            continue
        if reader.next.kind == "remark":
            reader.take()
            continue
        start = reader.next
        item = reader.bracketed() if reader.at("(") else reader.expression()
        names = item.items if isinstance(item, ListOf) else (item,)
        if reader.at_command("sim", "in"):
            reader.take()
            law = reader.expression()
            # `x, y \sim p`: the names before belong to it too.
            while (
                draws
                and draws[-1].law is not None
                and not draws[-1].variables
                and isinstance(draws[-1].law, Name)
            ):
                previous = draws.pop().law
                assert previous is not None
                names = (previous, *names)
            draws.append(Draw(tuple(names), law, span=reader.span_from(start)))
        elif reader.at("|") or reader.at_command("mid"):
            # `\mathbb{E}_{z|x}`: the condition is said, not bound.
            reader.take()
            reader.expression()
            draws.append(Draw(tuple(names), None, span=reader.span_from(start)))
        else:
            draws.extend(Draw((), name, span=reader.span_from(start)) for name in names)
    reader._closers.pop()
    reader.expect("}", opened)
    return tuple(draws)


def read_divergence(reader: Reader, start: Token) -> Node:
    if reader.at("_"):
        reader.take()
        reader.skip_script()
    opened = reader.take()
    if opened.kind == "command":
        raise Unclear("KL with braces for brackets: write KL( … )")
    args, _ = reader.arguments(opened)
    if len(args) != 2:
        raise Unreadable(
            r"KL compares two distributions: write \mathrm{KL}(p \| q)", opened.start, opened.end
        )
    return Divergence(args[0], args[1], span=reader.span_from(start))


# --- derivatives ---------------------------------------------------------------------------------


def read_nabla(reader: Reader) -> Node:
    start = reader.take()
    by: tuple[Node, ...] = ()
    order = 1
    turned = False
    while reader.at("_", "^"):
        if reader.accept("_"):
            by = _variables(reader)
        else:
            reader.take()
            if reader._is_transpose(reader.next):
                reader._take_transpose()
                turned = True
            else:
                order = _order(reader)
    variables = by * order if len(by) == 1 else by
    if not variables and order > 1:
        variables = (Name(""),) * order
    if reader.at("^"):
        raise Unclear("a power of the gradient operator")
    body = derivative_body(reader)
    made: Node = Derivative(variables, body, span=reader.span_from(start))
    return Transpose(made, span=made.span) if turned else made


def _order(reader: Reader) -> int:
    node = reader.group() if reader.at("{") else reader.one_argument()
    if isinstance(node, Number) and node.value in (1.0, 2.0):
        return int(node.value)
    raise Unclear("derivatives are read up to the second order")


def _variables(reader: Reader) -> tuple[Node, ...]:
    if not reader.at("{"):
        return (reader.one_argument(),)
    opened = reader.take()
    found = [reader.expression()]
    while reader.accept(","):
        found.append(reader.expression())
    reader.expect("}", opened)
    if len(found) == 1 and isinstance(found[0], Product):
        factors = found[0].factors
        if len(factors) == 2 and factors[0] == factors[1]:
            return factors
    return tuple(found)


def derivative_body(reader: Reader) -> Node:
    r"""What a derivative in front of a formula is taken of.

    One quantity if it starts with one (`\nabla_w \mathcal{L}\, v` is a gradient times v), the whole
    product if it starts with a number or with half a product (`\nabla_w \frac12 \|y - Xw\|^2`).
    """
    start = reader.next
    if reader.at("-"):
        raise reader.unexpected("what the derivative is taken of")
    first = reader.factor()
    whole = _is_half_a_product(first, reader)
    if reader.starts_factor() and not reader.at("("):
        reader.met.add("other derivative")
        if "other derivative" in reader.choices:
            whole = not whole
    factors = [first]
    while whole and reader.starts_factor():
        factors.append(reader.factor())
    return (
        factors[0] if len(factors) == 1 else Product(tuple(factors), span=reader.span_from(start))
    )


def _is_half_a_product(node: Node, reader: Reader) -> bool:
    if isinstance(node, Number | Transpose):
        return True
    if isinstance(node, Divide):
        return isinstance(node.top, Number) and isinstance(node.bottom, Number)
    return isinstance(node, Name) and node.base not in reader.vocabulary.values


def read_partial(reader: Reader) -> Node:
    r"""`\partial_w L` and `\partial L / \partial w`."""
    start = reader.take()
    if reader.at("_"):
        reader.take()
        by = _variables(reader)
        return Derivative(by, derivative_body(reader), span=reader.span_from(start))
    order = 1
    if reader.at("^"):
        reader.take()
        order = _order(reader)
    body = reader.factor()
    if not (reader.at("/") and reader.ahead(1).is_command("partial")):
        raise reader.unexpected(r"/ \partial and a variable")
    reader.take()
    by = _denominator_variables(reader, partial=True)
    if len(by) != order:
        raise Unclear("the order of this derivative does not fit its variables")
    return Derivative(by, body, span=reader.span_from(start))


def read_fraction(reader: Reader, start: Token) -> Node:
    place = reader.place
    derivative = _derivative_fraction(reader, start)
    if derivative is not None:
        return derivative
    reader.place = place
    top = reader.one_argument()
    if reader.at_end or (reader.at("}", ")", "]") and not reader.at("{")):
        raise Unreadable(
            r"\frac takes two groups: the second is missing", start.start, reader.next.end
        )
    bottom = reader.one_argument()
    return Divide(top, bottom, span=reader.span_from(start))


def _derivative_fraction(reader: Reader, start: Token) -> Node | None:
    """None if the fraction is not a derivative; then the place has moved."""
    if not reader.at("{"):
        if not (
            reader.at_command("partial")
            or (reader.next.kind == "letter" and reader.next.text == "d")
        ):
            return None
    end = reader.closing_of(reader.place) if reader.at("{") else reader.place
    if end is None:
        return None
    braced = reader.accept("{")
    partial = reader.at_command("partial")
    if partial:
        reader.take()
    elif not _take_d(reader):
        return None
    following = reader.tokens[end + 1 : end + 3]
    opens = following[0].is_symbol("{") and len(following) > 1
    head = following[1] if opens else following[0]
    if not (
        head.is_command("partial")
        if partial
        else head.is_command("mathrm", "rm") or head.text == "d"
    ):
        return None
    if not partial and opens and reader.tokens[end + 3].is_symbol("}") and head.kind == "letter":
        return None
    order = 1
    if reader.at("^"):
        reader.take()
        order = _order(reader)
    body: Node | None = None
    if braced:
        if not reader.at("}"):
            body = reader.expression()
        reader.expect("}")
    opened = reader.next
    reader.expect("{")
    by = _denominator_variables(reader, partial=partial)
    reader.expect("}", opened)
    if len(by) != order:
        raise Unreadable(
            f"the numerator says order {order}, the denominator {len(by)}",
            start.start,
            reader.next.start,
        )
    if body is None:
        body = derivative_body(reader)
    return Derivative(by, body, span=reader.span_from(start))


def _denominator_variables(reader: Reader, *, partial: bool) -> tuple[Node, ...]:
    by: list[Node] = []
    while True:
        if partial and reader.at_command("partial"):
            reader.take()
        elif partial or not _take_d(reader):
            break
        variable, times = _variable(reader)
        by.extend([variable] * times)
    if not by:
        raise reader.unexpected(r"\partial and a variable")
    return tuple(by)


def _variable(reader: Reader) -> tuple[Node, int]:
    """A variable of a derivative; `w^2` means twice, `w^\\top` is the variable."""
    if reader.at("("):
        inside = reader.bracketed()
        node: Node = reader.scripted(inside)
    else:
        node = reader.factor()
    if isinstance(node, Transpose):
        node = node.base
    if isinstance(node, Power) and isinstance(node.exponent, Number) and node.exponent.value == 2:
        return node.base, 2
    return node, 1


# --- indicators and environments -----------------------------------------------------------------


def read_indicator(reader: Reader, start: Token) -> Node:
    if reader.at("_"):
        reader.take()
        opened = reader.next
        reader.expect("{")
        inner = reader.accept("(") or (reader.at_command("{") and bool(reader.take()))
        condition = read_condition(reader)
        if inner:
            reader.take()
        reader.expect("}", opened)
        return Indicator(condition, span=reader.span_from(start))
    opened = reader.next
    if not (reader.at("[", "(", "{") or reader.at_command("{")):
        raise reader.unexpected("a condition in brackets")
    reader.take()
    condition = read_condition(reader)
    reader.take()
    return Indicator(condition, span=reader.span_from(start))


def read_condition(reader: Reader) -> Chain:
    start = reader.next
    sides = [reader.expression()]
    relations = []
    while _at_relation(reader):
        relations.append(RELATIONS[reader.take().text])
        sides.append(reader.expression())
    if not relations:
        raise reader.unexpected("a condition such as i = j")
    return Chain(tuple(sides), tuple(relations), span=reader.span_from(start))


def read_environment(reader: Reader, start: Token) -> Node:
    name = _environment_name(reader)
    if name == "cases" or name == "rcases":
        return _cases(reader, start, name)
    if name in _MATRICES:
        return _matrix(reader, start, name)
    if name in ("aligned", "align", "split", "gathered", "align*", "equation", "alignedat"):
        raise Unclear(f"{name} in the middle of a formula")
    raise Unreadable(
        f"{name} is not an environment that KaTeX knows", start.start, reader.next.start
    )


def _environment_name(reader: Reader) -> str:
    reader.expect("{")
    text = ""
    while not reader.at("}"):
        if reader.at_end:
            raise reader.unexpected("}")
        text += reader.take().text
    reader.take()
    return text


def _end_environment(reader: Reader, name: str, start: Token) -> None:
    if not reader.at_command("end"):
        raise Unreadable(
            rf"\begin{{{name}}} is never ended: add \end{{{name}}}", start.start, start.end
        )
    reader.take()
    closing = _environment_name(reader)
    if closing != name:
        raise Unreadable(
            rf"\begin{{{name}}} is ended by \end{{{closing}}}", start.start, reader.next.start
        )


def _matrix(reader: Reader, start: Token, name: str) -> Node:
    if name == "array" and reader.at("{"):
        reader.skip_script()
    rows: list[list[Node]] = [[]]
    reader.in_rows += 1
    while not reader.at_command("end"):
        if reader.at_end:
            break
        if reader.at("&"):
            reader.take()
        elif reader.at_command("\\"):
            reader.take()
            if not reader.at_command("end"):
                rows.append([])
        else:
            rows[-1].append(reader.expression())
            if not (reader.at("&") or reader.at_command("\\", "end") or reader.at_end):
                raise reader.unexpected(r"& or \\")
    reader.in_rows -= 1
    _end_environment(reader, name, start)
    if not any(rows):
        raise Unreadable("a matrix without entries", start.start, reader.next.start)
    kind = {"vmatrix": "bars", "Vmatrix": "norm"}.get(name, "matrix")
    matrix: Node = Matrix(tuple(tuple(row) for row in rows if row), span=reader.span_from(start))
    if kind == "bars":
        return Function("det", matrix, span=matrix.span)
    return Norm(matrix, span=matrix.span) if kind == "norm" else matrix


def _cases(reader: Reader, start: Token, name: str) -> Node:
    rows: list[Case] = []
    reader.in_rows += 1
    while not reader.at_command("end") and not reader.at_end:
        reader._closers.append("group")
        value = reader.expression()
        reader._closers.pop()
        condition: Chain | None = None
        while reader.at("&", ",") or reader.next.kind == "remark":
            reader.take()
        if not (reader.at_command("\\", "end") or reader.at_end):
            condition = read_condition(reader)
        while reader.next.kind == "remark" or reader.at(",", ".", ";"):
            reader.take()
        rows.append(Case(value, condition))
        if reader.at_command("\\"):
            reader.take()
        elif not reader.at_command("end"):
            raise reader.unexpected(r"\\ or \end{cases}")
    reader.in_rows -= 1
    _end_environment(reader, name, start)
    return Cases(tuple(rows), span=reader.span_from(start))


__all__ = ["Function"]
