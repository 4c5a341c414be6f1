r"""Derivatives as they are written: ∇, ∂ and d, in front of a formula or as a fraction."""

from app.checker.failures import Unclear, Unreadable
from app.checker.reading.brackets import read_argument, read_bracketed, read_group
from app.checker.reading.grammar import Grammar
from app.checker.reading.lookahead import divides_by_differential, starts_factor
from app.checker.reading.scripts import is_transpose, read_scripted, take_transpose
from app.checker.reading.symbols import read_upright
from app.checker.reading.tokens import Token
from app.checker.reading.tree import (
    Call,
    Derivative,
    Differential,
    Divide,
    Name,
    Node,
    Number,
    Power,
    Product,
    Transpose,
)
from app.checker.reading.vocabulary import LOSSES

# Tokens between the brackets around the point at which a derivative is taken.
_LONGEST_POINT = 8


def read_differential(reader: Grammar) -> Node:
    start = reader.take()
    if start.kind == "command":
        read_upright(reader)
    if reader.at("("):
        return Differential(read_bracketed(reader), span=reader.span_from(start))
    name = reader.factor()
    if isinstance(name, Transpose) and isinstance(name.base, Name):
        change = Differential(name.base, span=reader.span_from(start))
        return Transpose(change, span=change.span)
    if not isinstance(name, Name):
        raise Unclear("a differential of something that is not a name")
    if divides_by_differential(reader):
        # `dL/dw`
        reader.take()
        return Derivative(
            _read_denominator(reader, partial=False), name, span=reader.span_from(start)
        )
    return Differential(name, span=reader.span_from(start))


# --- in front of a formula -----------------------------------------------------------------------


def read_nabla(reader: Grammar) -> Node:
    start = reader.take()
    by: tuple[Node, ...] = ()
    order = 1
    turned = False
    seen: set[str] = set()
    while reader.at("_", "^"):
        if reader.take_mark(seen) == "_":
            by = _read_variables_below(reader)
        elif is_transpose(reader):
            take_transpose(reader)
            turned = True
        else:
            order = _read_order(reader)
    if len(by) == 1:
        by *= order
    elif not by and order > 1:
        by = (Name(""),) * order
    body_start, first = reader.next, _read_first(reader)
    if not turned and (transposed := _transposed(reader, first)) is not None:
        turned, body = True, transposed
    else:
        body = _read_rest(reader, first, body_start)
    made = Derivative(by, body, span=reader.span_from(start))
    return Transpose(made, span=made.span) if turned else made


def _transposed(reader: Grammar, factor: Node) -> Node | None:
    r"""In `\nabla L(w)^\top v` the gradient is transposed: a loss is not. None where it is not read
    so."""
    if not isinstance(factor, Transpose) or not isinstance(factor.base, Name | Call):
        return None
    if _is_loss(reader, factor.base):
        return factor.base
    reader.met.add("transposed gradient")
    return factor.base if "transposed gradient" in reader.choices else None


def _is_loss(reader: Grammar, node: Name | Call) -> bool:
    base = node.name.base if isinstance(node, Call) else node.base
    knows = reader.vocabulary.knows
    return base in LOSSES | {"L"} and (knows("cal L") or not knows(base))


def read_partial(reader: Grammar) -> Node:
    r"""`\partial_w L` and `\partial L / \partial w`."""
    start = reader.take()
    if reader.accept("_"):
        by = _read_variables_below(reader)
        return Derivative(by, _read_body(reader), span=reader.span_from(start))
    order = _read_order(reader) if reader.accept("^") else 1
    body = reader.factor()
    if not (reader.at("/") and reader.ahead(1).is_command("partial")):
        raise reader.unexpected(r"/ \partial and a variable")
    reader.take()
    by = _read_denominator(reader, partial=True)
    if len(by) != order:
        raise Unclear("the order of this derivative does not fit its variables")
    return Derivative(by, body, span=reader.span_from(start))


def _read_order(reader: Grammar) -> int:
    node = read_group(reader)
    if isinstance(node, Number) and node.value in (1.0, 2.0):
        return int(node.value)
    raise Unclear("derivatives are read up to the second order")


def _read_variables_below(reader: Grammar) -> tuple[Node, ...]:
    if not reader.at("{"):
        return (read_argument(reader),)
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


def _read_body(reader: Grammar) -> Node:
    r"""What a derivative in front of a formula is taken of.

    One quantity if it starts with one (`\nabla_w \mathcal{L}\, v` is a gradient times v), the whole
    product if it starts with a number or with half a product (`\nabla_w \frac12 \|y - Xw\|^2`).
    """
    start = reader.next
    return _read_rest(reader, _read_first(reader), start)


def _read_first(reader: Grammar) -> Node:
    if reader.at("-"):
        raise reader.unexpected("what the derivative is taken of")
    return reader.factor()


def _read_rest(reader: Grammar, first: Node, start: Token) -> Node:
    factors = [first]
    whole = _is_half_a_product(reader, first)
    if starts_factor(reader) and not (reader.at("(") and isinstance(first, Call)):
        reader.met.add("other derivative")
        if "other derivative" in reader.choices:
            whole = not whole
    while whole and starts_factor(reader):
        factors.append(reader.factor())
    return reader.joined(factors, start)


def _is_half_a_product(reader: Grammar, node: Node) -> bool:
    if isinstance(node, Divide):
        return isinstance(node.top, Number) and isinstance(node.bottom, Number)
    if isinstance(node, Name):
        return node.base not in reader.vocabulary.values
    return isinstance(node, Number | Transpose)


# --- fractions -----------------------------------------------------------------------------------


def read_fraction(reader: Grammar, start: Token) -> Node:
    r"""What follows `\frac`, which is `start`: a derivative or a quotient."""
    place = reader.place
    derivative = _read_derivative(reader, start)
    if derivative is not None:
        return derivative
    reader.place = place
    top = read_argument(reader)
    if reader.at_end or reader.at("}", ")", "]"):
        raise Unreadable(
            r"\frac takes two groups: the second is missing", start.start, reader.next.end
        )
    bottom = read_argument(reader)
    return Divide(top, bottom, span=reader.span_from(start))


def _read_derivative(reader: Grammar, start: Token) -> Node | None:
    """None if the fraction is not a derivative; then the place has moved."""
    braced = reader.at("{")
    end = reader.closing_of(reader.place) if braced else reader.place
    if end is None:
        return None
    reader.accept("{")
    partial = reader.accept_command("partial")
    if not partial and (not (braced or _at_d(reader)) or not take_d(reader)):
        return None
    if not _divides_by_differential(reader, end, partial=partial):
        return None
    order = _read_order(reader) if reader.accept("^") else 1
    body: Node | None = None
    if braced:
        if not reader.at("}"):
            body = reader.expression()
        reader.expect("}")
    opened = reader.next
    reader.expect("{")
    by = _read_denominator(reader, partial=partial)
    reader.expect("}", opened)
    if len(by) != order:
        raise Unreadable(
            f"the numerator says order {order}, the denominator {len(by)}",
            start.start,
            reader.next.start,
        )
    if body is None:
        body = _read_body(reader)
    elif isinstance(body, Name) and len(by) == 1 and (point := _read_point(reader, by[0])):
        body = Call(body, (point,), span=body.span)
    return Derivative(by, body, span=reader.span_from(start))


def _read_point(reader: Grammar, variable: Node) -> Name | None:
    r"""The `(z)` of `\frac{d\sigma}{dz}(z)`, and the `(\hat w)` of `\frac{dL}{dw}(\hat w)`."""
    end = reader.closing_of(reader.place) if reader.at("(") else None
    if end is None or not isinstance(variable, Name) or end - reader.place > _LONGEST_POINT:
        return None
    place = reader.place
    reader.take()
    point = reader.expression()
    if not isinstance(point, Name) or _plain(point) != _plain(variable) or not reader.accept(")"):
        reader.place = place
        return None
    return point


def _plain(name: Name) -> tuple[object, ...]:
    return name.base.removeprefix("hat "), name.subs


def _divides_by_differential(reader: Grammar, end: int, *, partial: bool) -> bool:
    """Whether the denominator, after the numerator that ends at `end`, begins with ∂ or d."""
    following = reader.tokens[end + 1 : end + 4]
    if not following[0].is_symbol("{") or len(following) < 3:
        return False  # \frac dd is a quotient
    head = following[1]
    if partial:
        return head.is_command("partial")
    if head.kind == "letter" and following[2].is_symbol("}"):
        return False  # \frac{d}{d} is one as well
    return head.is_command("mathrm") or head.text == "d"


def _read_denominator(reader: Grammar, *, partial: bool) -> tuple[Node, ...]:
    by: list[Node] = []
    while reader.accept_command("partial") if partial else take_d(reader):
        variable, times = _read_variable(reader)
        by.extend([variable] * times)
    if not by:
        raise reader.unexpected(r"\partial and a variable")
    if len(by) == 1:
        return tuple(by)
    # The Hessian by w and by `w^\top`.
    return tuple(one.base if isinstance(one, Transpose) else one for one in by)


def _read_variable(reader: Grammar) -> tuple[Node, int]:
    r"""A variable and how often; `w^2` means twice."""
    in_brackets = reader.at("(")
    node = read_scripted(reader, read_bracketed(reader)) if in_brackets else reader.factor()
    if isinstance(node, Power) and isinstance(node.exponent, Number) and node.exponent.value == 2:
        return node.base, 2
    return node, 1


def _at_d(reader: Grammar) -> bool:
    return reader.next.kind == "letter" and reader.next.text == "d"


def take_d(reader: Grammar) -> bool:
    r"""Takes `d` or `\mathrm{d}`."""
    if _at_d(reader):
        reader.take()
        return True
    place = reader.place
    if reader.accept_command("mathrm", "operatorname", "mathit"):
        try:
            if read_upright(reader) == "d":
                return True
        except Unreadable:
            pass
        reader.place = place
    return False
