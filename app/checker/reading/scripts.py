r"""Subscripts, superscripts and primes.

A superscript is part of a name (`w^*`, `W^Q`), an index (`x^{(i)}`), or something that is done to
the value: a transpose, a pseudo-inverse, a power. The vocabulary says which superscripts belong to
which names.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from app.checker.failures import Unclear, Unreadable
from app.checker.reading.brackets import MARKS_OF_PARTS, read_argument, read_item
from app.checker.reading.commands import FONTS, VARIANTS
from app.checker.reading.grammar import Grammar
from app.checker.reading.symbols import read_upright, text_between
from app.checker.reading.tokens import Token
from app.checker.reading.tree import (
    Component,
    Function,
    Name,
    Node,
    Number,
    Placeholder,
    Power,
    Product,
    Range,
    Sub,
    Transpose,
)

_TRANSPOSES = ("top", "intercal", "bot")
MAX_ELEMENTWISE = 8
_ZERO = Number(0.0)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Elementwise:
    r"""The exponent of `h^{\odot 2}`."""

    times: int


# A node is the exponent of a power.
Deed = Node | Elementwise | Literal["transpose", "pinv"]


# The bar of `p_{c|v}` among the items of a subscript.
BAR = "|"


@dataclass(slots=True, repr=False, eq=False)
class Superscript:
    """`name` and `primes` belong to the name, `index` is one more subscript, and `deeds` are done
    to the value, the first one first."""

    name: str = ""
    primes: int = 0
    deeds: list[Deed] = field(default_factory=list)
    index: tuple[Sub, ...] = ()


def read_scripts(reader: Grammar, base: str, start: Token) -> tuple[Name, list[Deed]]:
    """The scripts after a name, split into what belongs to it and what is done to it."""
    subs: tuple[Sub, ...] = ()
    upper: Superscript | None = None
    primes = 0
    seen: set[str] = set()
    barred = False
    while reader.at("_", "^", "'"):
        mark = reader.take_mark(seen)
        if mark == "'":
            primes += 1
        elif mark == "_":
            lower = read_subscript(reader)
            if upper is not None and _is_transposed_entry(upper, lower):
                lower = _turn_entry(upper, lower)
            subs = (*lower, *subs)
            barred = any(sub.text == BAR for sub in lower)
        else:
            upper = _read_superscript(reader, base)
            subs = (*subs, *upper.index)
    upper = upper or Superscript()
    subs = tuple(sub for sub in subs if sub.text != BAR)
    span = reader.span_from(start)
    if upper.deeds[:1] == ["pinv"]:
        # X^+ is a name too: people say what it is before they use it.
        upper.name += "+"
        del upper.deeds[0]
    name = Name(base, subs, upper.name, primes + upper.primes, barred, span=span)
    return name, upper.deeds


def _is_transposed_entry(upper: Superscript, lower: tuple[Sub, ...]) -> bool:
    r"""`X^\top_{ij}`, unlike `x^\top_i` and `W^\top_{2,j}`."""
    two = len(lower) == 2 and not isinstance(lower[0].node, Number)
    return upper.deeds == ["transpose"] and two


def _turn_entry(upper: Superscript, lower: tuple[Sub, ...]) -> tuple[Sub, ...]:
    r"""`X^\top_{ij}` is X_{ji}, and the row `X^\top_{i:}` a column that is transposed."""
    if not any(isinstance(sub.node, Placeholder) for sub in lower):
        upper.deeds.clear()
    return lower[::-1]


def read_scripted(reader: Grammar, body: Node) -> Node:
    """Powers, transposes and components of anything that is not a bare name."""
    start = reader.last
    seen: set[str] = set()
    while reader.at("_", "^", "'"):
        mark = reader.take_mark(seen)
        if mark == "'":
            body = Transpose(body, span=body.span)
        elif mark == "^":
            body = _with_superscript(reader, body, start)
        elif isinstance(body, Name) and not body.primes and not body.subs:
            # `{\bf x}_i` is x_i
            body = Name(body.base, read_subscript(reader), body.sup, span=body.span)
        elif body == _ZERO:
            # The size of `0_d` is that of what it is compared with.
            read_subscript(reader)
        else:
            body = Component(body, read_subscript(reader), span=reader.span_from(start))
    return body


def _with_superscript(reader: Grammar, body: Node, start: Token) -> Node:
    upper = _read_superscript(reader, body.base if isinstance(body, Name) else "")
    if upper.name and not isinstance(body, Name):
        raise Unclear(f"the superscript {upper.name} has no meaning here")
    if upper.name and isinstance(body, Name):
        body = Name(body.base, body.subs, body.sup + upper.name, body.primes, span=body.span)
    if upper.index:
        body = Component(body, upper.index, span=body.span)
    return with_deeds(reader, body, upper.deeds, start)


def with_deeds(reader: Grammar, body: Node, deeds: Iterable[Deed], start: Token) -> Node:
    for deed in deeds:
        span = reader.span_from(start)
        if isinstance(deed, Node):
            body = Power(body, deed, span=span)
        elif isinstance(deed, Elementwise):
            body = Product((body,) * deed.times, "odot", span=span)
        elif deed == "transpose":
            body = Transpose(body, span=span)
        else:
            body = Function("pinv", body, span=span)
    return body


# --- superscripts --------------------------------------------------------------------------------


def _read_superscript(reader: Grammar, base: str) -> Superscript:
    if not reader.at("{"):
        return _read_short_superscript(reader, base)
    end = reader.closing_of(reader.place)
    opened = reader.take()
    if end is None:
        raise reader.never_closed(opened)
    text = _all_text(reader, end)
    if not text:
        raise Unreadable("an empty superscript", opened.start, reader.next.end)
    if text != "*" and _has_superscript(reader, base, text):
        reader.place = end + 1
        return Superscript(text)
    if _is_time(reader, base, text):
        reader.place = end + 1
        return _at_time(text)
    found = Superscript()
    while not reader.at("}"):
        if _at_index(reader, end):
            _read_index(reader, found)
        else:
            _read_part(reader, base, found)
    reader.expect("}", opened)
    return found


def _read_short_superscript(reader: Grammar, base: str) -> Superscript:
    """One token without braces."""
    if reader.accept("*") or reader.accept_command("ast", "star"):
        return Superscript("*")
    if reader.accept("+") or reader.accept_command("dagger"):
        return Superscript(deeds=["pinv"])
    if reader.accept_command("prime"):
        return Superscript(primes=1)
    if is_transpose(reader, base=base):
        take_transpose(reader)
        return Superscript(deeds=["transpose"])
    if _has_superscript(reader, base, reader.next.text):
        return Superscript(reader.take().text)
    if _is_time(reader, base, reader.next.text):
        return _at_time(reader.take().text)
    return Superscript(deeds=[read_argument(reader)])


def _at_index(reader: Grammar, end: int) -> bool:
    r"""At the brackets of `{(i)}` or `{(i)\top}`, whose brace closes at `end`."""
    closed = reader.closing_of(reader.place) if reader.at("(") else None
    if closed is None:
        return False
    return closed == end - 1 or is_transpose(reader, closed + 1 - reader.place)


def _read_index(reader: Grammar, found: Superscript) -> None:
    """`(i)`; a formula in it makes it a part of the name."""
    place = reader.place
    reader.take()
    node = reader.expression()
    reader.expect(")")
    text = "".join(token.text for token in reader.tokens[place : reader.place])
    if isinstance(node, Name | Number):
        found.index = (Sub(node, text[1:-1]),)
    else:
        found.name += text


def _read_part(reader: Grammar, base: str, found: Superscript) -> None:
    """One piece of a superscript in braces, such as the first of `{*\\top}`."""
    token = reader.next
    if reader.accept("*") or reader.accept_command("ast", "star"):
        found.name += "*"
    elif reader.accept_command("prime") or reader.accept("'"):
        found.primes += 1
    elif is_transpose(reader):
        take_transpose(reader)
        found.deeds.append("transpose")
    elif reader.at("-") and is_transpose(reader, 1):
        reader.take()
        take_transpose(reader)
        found.deeds += [Number(-1.0), "transpose"]
    elif reader.accept_command("odot", "circ"):
        found.deeds.append(_read_elementwise(reader))
    elif token.is_command("dagger") or (token.is_symbol("+") and reader.ahead(1).is_symbol("}")):
        reader.take()
        found.deeds.append("pinv")
    elif token.kind == "letter" and _has_superscript(reader, base, token.text):
        found.name += reader.take().text
    elif token.kind == "remark" or (
        token.is_command("mathrm", "operatorname") and base != "e"  # e^{\mathrm{…}} is a power
    ):
        reader.take()
        found.name += token.text if token.kind == "remark" else read_upright(reader)
        if found.name == "T":
            found.name = ""
            found.deeds.append("transpose")
    else:
        found.deeds.append(reader.expression())


def _read_elementwise(reader: Grammar) -> Elementwise:
    exponent = reader.expression()
    if isinstance(exponent, Number) and exponent.value in range(1, MAX_ELEMENTWISE + 1):
        return Elementwise(int(exponent.value))
    raise Unclear("this elementwise power")


def _all_text(reader: Grammar, end: int) -> str:
    return "".join(token.text for token in reader.tokens[reader.place : end])


def _has_superscript(reader: Grammar, base: str, text: str) -> bool:
    return text in reader.vocabulary.sups.get(base, ())


def _is_time(reader: Grammar, base: str, text: str) -> bool:
    r"""Whether `q^t` and `\theta^{t+1}` are meant at a time: t is no number, and others have it."""
    known = reader.vocabulary
    return text in ("t", "t+1") and base in known.bases and known.has_times


def _at_time(text: str) -> Superscript:
    """As it is written in brackets."""
    if text == "t":
        return Superscript(index=(Sub(Name(text), text),))
    return Superscript(f"({text})")


def is_transpose(reader: Grammar, offset: int = 0, base: str = "") -> bool:
    r"""Whether `\top`, `T`, `\mathsf{T}` or the like stands `offset` tokens further on.

    `\mu^t` is μ at time t, but `W^t` is a transpose: the base of the name decides.
    """
    token = reader.ahead(offset)
    if token.kind == "remark":
        return token.text == "T"
    if token.kind == "letter" and not reader.vocabulary.knows("T"):
        is_matrix = len(base) == 1 and base.isupper()
        return token.text == "T" or (
            token.text == "t" and is_matrix and not _has_superscript(reader, base, "t")
        )
    if token.is_command("mathsf", "mathrm", "mathbf", "mathtt", "boldsymbol", "mathit"):
        braced = reader.ahead(offset + 1).is_symbol("{")
        return reader.ahead(offset + 1 + braced).text == "T"
    return token.is_command(*_TRANSPOSES)


def take_transpose(reader: Grammar) -> None:
    token = reader.take()
    if token.kind == "command" and token.text not in _TRANSPOSES:
        braced = reader.accept("{")
        reader.take()
        if braced:
            reader.expect("}")


# --- subscripts ----------------------------------------------------------------------------------


def read_subscript(reader: Grammar) -> tuple[Sub, ...]:
    """The items of a subscript: `ij`, `2,j` and `2j` are two items each, `n-m` is one."""
    if not reader.at("{"):
        return (_read_short_sub(reader),)
    opened = reader.take()
    items: list[Sub] = []
    with reader.inside("group"):
        while not reader.at("}"):
            if reader.accept("|") or reader.accept_command("mid"):
                items.append(Sub(Placeholder(), BAR))
            elif _at_slice(reader, items):
                items[-1] = _read_slice(reader, items[-1])
            elif reader.accept(":") or reader.accept_command("cdot", "bullet"):
                items.append(Sub(Placeholder(), ":"))
            elif not reader.accept(",", ";"):
                items.extend(_read_subs(reader))
    reader.expect("}", opened)
    return tuple(items)


def _at_slice(reader: Grammar, items: list[Sub]) -> bool:
    """At the colon of `1:k`."""
    begins = bool(items) and isinstance(items[-1].node, Number) and not reader.last.is_symbol(",")
    return begins and reader.at(":") and not reader.ahead(1).is_symbol("}", ",", ";")


def _read_slice(reader: Grammar, first: Sub) -> Sub:
    place = reader.place
    reader.take()
    with reader.inside("args"):
        last = reader.expression()
    text = first.text + text_between(reader, place, reader.place)
    return Sub(Range(first.node, last), text, span=first.span)


def _read_short_sub(reader: Grammar) -> Sub:
    token, place = reader.next, reader.place
    node = read_argument(reader)
    if token.kind == "command" and token.text in FONTS:
        text = text_between(reader, place, reader.place)
    else:
        text = token.text[:1] if token.kind == "number" else VARIANTS.get(token.text, token.text)
    return Sub(node, text, span=node.span)


def _read_subs(reader: Grammar) -> list[Sub]:
    if reader.next.kind == "remark":
        label = reader.take().text.strip()
        return [Sub(Name(label), label)]
    if reader.accept("*"):
        return [Sub(Name("*"), "*")]
    if reader.accept_command(*MARKS_OF_PARTS):
        return [Sub(Name(reader.last.text), reader.last.text)]
    place = reader.place
    with reader.inside("args"):
        node = read_item(reader)
    if isinstance(node, Product) and node.op == "":
        factors = [factor for factor in node.factors if isinstance(factor, Name | Number)]
        if len(factors) == len(node.factors):
            # `ij` is a pair of indices, but `ref` is one word: the world decides by the text.
            return [Sub(factor, _text_of(factor), span=factor.span) for factor in factors]
    return [Sub(node, text_between(reader, place, reader.place), span=node.span)]


def _text_of(node: Name | Number) -> str:
    if isinstance(node, Number):
        return f"{node.value:g}"
    return node.base + "".join(f"_{sub.text}" for sub in node.subs) + "'" * node.primes + node.sup
