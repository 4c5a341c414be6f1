r"""What stands on the right of an ∈: `\mathbb{R}^{n \times d}`, `\{0, 1\}`, `[0, 1]`, a name."""

from dataclasses import replace
from typing import Literal

from app.checker.reading.brackets import read_argument
from app.checker.reading.commands import DOTS
from app.checker.reading.grammar import Grammar
from app.checker.reading.symbols import read_upright, skip_script
from app.checker.reading.tree import Name, Node, Number, Range, SetOf


def read_set(reader: Grammar) -> Node:
    if reader.at_command("mathbb"):
        return _read_numbers(reader)
    if reader.at_command("{", "lbrace"):
        return _read_values(reader)
    if reader.at("[", "("):
        return _read_interval(reader)
    start = reader.next
    node = reader.factor()
    name = node.base if isinstance(node, Name) else ""
    return SetOf("named", (node,), name=name, span=reader.span_from(start))


def _read_values(reader: Grammar) -> Node:
    r"""`\{0, 1\}^n` or `\{1, \dots, n\}`"""
    start = reader.take()
    items: list[Node] = []
    ranged = False
    while not reader.at_command("}", "rbrace"):
        if reader.at_end:
            raise reader.never_closed(start, r"\}")
        if reader.accept_command(*DOTS):
            ranged = True
        elif not reader.accept(","):
            items.append(reader.expression())
    reader.take()
    if ranged and len(items) >= 2:
        return Range(items[0], items[-1], span=reader.span_from(start))
    return SetOf("values", tuple(items), power=_read_power(reader), span=reader.span_from(start))


def _read_interval(reader: Grammar) -> Node:
    """`[0, 1]`, or `[n]` for the numbers from 1 to n."""
    start = reader.take()
    first = reader.expression()
    if reader.accept(","):
        second = reader.expression()
        reader.take()
        return SetOf("values", (first, second), name="interval", span=reader.span_from(start))
    reader.take()
    return Range(Number(1.0), first, span=reader.span_from(start))


def _read_numbers(reader: Grammar) -> Node:
    r"""`\mathbb{R}^{n \times d}`; a subscript such as `_{\ge 0}` says that they are positive."""
    start = reader.take()
    letter = read_upright(reader)
    if reader.accept("_"):
        skip_script(reader)
        letter += "+"
    power = _read_power(reader)
    if reader.accept("_"):
        skip_script(reader)
        letter += "+"
    if not letter:
        raise reader.unexpected("a set")
    kind: Literal["integer", "real"] = "integer" if letter[0] in "ZN" else "real"
    return SetOf(kind, name=letter, power=power, span=reader.span_from(start))


def _read_power(reader: Grammar) -> tuple[Node, ...]:
    r"""The dimensions in `^{n \times d}`."""
    if not reader.accept("^"):
        return ()
    if not reader.at("{"):
        return (read_argument(reader),)
    opened = reader.take()
    dimensions = [_read_dimension(reader)]
    while reader.accept_command("times"):
        dimensions.append(_read_dimension(reader))
    reader.expect("}", opened)
    return tuple(dimensions)


def _read_dimension(reader: Grammar) -> Node:
    """`n`, `d/h` or `d+1`; the × between two of them is not a product."""
    end = reader.place
    depth = 0
    while True:
        token = reader.tokens[end]
        between = token.is_symbol("}") or token.is_command("times")
        if token.kind == "end" or (depth == 0 and between):
            break
        depth += token.is_symbol("{", "(") - token.is_symbol("}", ")")
        end += 1
    section = reader.section(reader.place, end, replace(token, kind="end", text=""))
    node = section.expression()
    if not section.at_end:
        raise section.unexpected("a dimension")
    reader.place = end
    return node
