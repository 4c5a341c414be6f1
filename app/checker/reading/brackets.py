"""Brackets, braces, bars, norms and lists of arguments."""

from app.checker.failures import Unclear, Unreadable
from app.checker.reading.commands import FACTOR_STARTS, SYMBOL_STARTS
from app.checker.reading.grammar import Grammar
from app.checker.reading.relations import is_relation, read_chain
from app.checker.reading.symbols import read_base, read_label
from app.checker.reading.tokens import Token
from app.checker.reading.tree import (
    Assigned,
    Bars,
    Chain,
    Expectation,
    Indicator,
    Inner,
    ListOf,
    Name,
    Node,
    Norm,
    Number,
    Placeholder,
    SetOf,
    Span,
)

_CLOSERS = {"(": ")", "[": "]", "{": "}", "lbrace": "rbrace", "lbrack": "rbrack"}


# --- braces --------------------------------------------------------------------------------------


def read_group(reader: Grammar) -> Node:
    """`{…}` as a formula; one token without braces counts as a group."""
    if not reader.at("{"):
        return read_argument(reader)
    opened = reader.take()
    with reader.inside("group"):
        body = reader.expression()
    if reader.at(","):
        items = [body]
        while reader.accept(","):
            items.append(reader.expression())
        body = ListOf(tuple(items))
    reader.expect("}", opened)
    return body


# Below a name, as in `y_\perp`.
MARKS_OF_PARTS = ("perp", "parallel")


def read_argument(reader: Grammar) -> Node:
    r"""What `\frac` takes: a group, or a single token (`\frac12`, `\sqrt d`)."""
    with reader.nesting:
        token = reader.next
        if reader.at("{"):
            following = reader.ahead(1)
            if following.is_symbol("}"):
                raise Unreadable("an empty group: write a formula", token.start, following.end)
            return read_group(reader)
        if token.kind == "number":
            return _read_digit(reader)
        if token.kind in ("letter", "word", "remark"):
            reader.take()
            return Name(token.text.strip(), span=reader.span_from(token))
        if token.is_symbol("*") or token.is_command("star", "ast"):
            reader.take()
            return Name("*", span=reader.span_from(token))
        if token.is_command(*MARKS_OF_PARTS):
            reader.take()
            return Name(token.text, span=reader.span_from(token))
        if token.kind == "command" and token.text in SYMBOL_STARTS:
            # One symbol only: what follows is not a script of it.
            return Name(read_base(reader), span=reader.span_from(token))
        if token.kind == "command" and token.text in FACTOR_STARTS:
            return reader.atom()
        raise reader.unexpected("a group in braces")


def _read_digit(reader: Grammar) -> Number:
    r"""`\frac12` is one half: the digits that follow stay behind, as a number of their own."""
    token = reader.next
    if len(token.text) == 1 or not token.text[0].isdigit():
        reader.take()
        return Number(float(token.text), span=reader.span_from(token))
    if token.text[1] == ".":
        # KaTeX takes the 1 of `\\frac 1.5`, which nobody means.
        raise Unclear("a decimal number without braces")
    rest = Token("number", token.text[1:], token.start + 1, token.end)
    reader.tokens = [*reader.tokens[: reader.place], rest, *reader.tokens[reader.place + 1 :]]
    return Number(float(token.text[0]), span=Span(token.start, token.start + 1))


# --- brackets ------------------------------------------------------------------------------------


def read_bracketed(reader: Grammar) -> Node:
    r"""`(…)`, `[…]` or `\{…\}`: one expression, a list, or a condition."""
    opened = reader.take()
    if opened.kind == "command" and _at_set_builder(reader):
        return _read_set_builder(reader, opened)
    closer = _CLOSERS[opened.text]
    with reader.inside("bracket"):
        items = [read_item(reader)]
        mark = ","
        while reader.at(",", ";"):
            mark = reader.take().text
            if mark == ";" or not _at_closer(reader, opened, closer):
                items.append(read_item(reader))
    _close(reader, opened, closer)
    span = reader.span_from(opened)
    if len(items) > 1:
        return ListOf(tuple(items), mark, span=span)
    if isinstance(items[0], Chain):
        return Indicator(items[0], span=span)
    return items[0]


def read_items(reader: Grammar) -> tuple[Node, ...]:
    """The items of a bracket, also if there is only one."""
    listed = read_bracketed(reader)
    return listed.items if isinstance(listed, ListOf) else (listed,)


def _at_set_builder(reader: Grammar) -> bool:
    r"""`\{ i : \alpha_i > 0 \}`, right after the bracket."""
    return reader.next.kind == "letter" and (
        reader.ahead(1).is_symbol(":", "|") or reader.ahead(1).is_command("mid")
    )


def _read_set_builder(reader: Grammar, opened: Token) -> Node:
    end = reader.closing_of(reader.place - 1)
    if end is None:
        raise reader.never_closed(opened, r"\}")
    reader.place = end + 1
    return SetOf("values", (), name="builder", span=reader.span_from(opened))


def read_item(reader: Grammar) -> Node:
    """An expression, or a chain of relations."""
    start = reader.next
    body = reader.expression()
    return read_chain(reader, body, start) if is_relation(reader.next) else body


def _at_closer(reader: Grammar, opened: Token, closer: str) -> bool:
    return reader.at_command(closer) if opened.kind == "command" else reader.at(closer)


def _close(reader: Grammar, opened: Token, closer: str) -> None:
    if _at_closer(reader, opened, closer):
        reader.take()
        return
    if opened.kind == "symbol" and opened.text in "([" and reader.at(")", "]"):
        raise Unreadable(
            f"{opened.text} is closed by {reader.next.text}: add {closer}",
            opened.start,
            reader.next.end,
        )
    shown = f"\\{closer}" if opened.kind == "command" else closer
    if reader.at_end:
        raise Unreadable(
            f"the formula ends before this bracket is closed: add {shown}",
            opened.start,
            opened.end,
        )
    raise reader.unexpected(shown)


# --- arguments -----------------------------------------------------------------------------------


def read_arguments(reader: Grammar) -> tuple[tuple[Node, ...], tuple[str, ...]]:
    """What stands in the bracket, and the marks between: "," or "|" or "||" or "succ" or "prec"."""
    opened = reader.take()
    marks: list[str] = []
    with reader.inside("args"):
        args = [_read_one_argument(reader)]
        while (mark := _take_mark(reader)) is not None:
            marks.append(mark)
            args.append(_read_one_argument(reader))
    _close(reader, opened, _CLOSERS[opened.text])
    return tuple(args), tuple(marks)


def _read_one_argument(reader: Grammar) -> Node:
    start = reader.next
    if reader.accept_command("cdot", "bullet") or reader.accept("."):
        return Placeholder(span=reader.span_from(start))
    item = reader.expression()
    if reader.accept("="):
        return Assigned(item, reader.expression(), span=reader.span_from(start))
    return item


def _take_mark(reader: Grammar) -> str | None:
    if reader.at(",", ";", "|"):
        mark = reader.take().text
        return "|" if mark == ";" else mark
    if reader.accept_command("mid", "vert"):
        return "||" if reader.accept_command("mid", "vert") or reader.accept("|") else "|"
    if reader.accept_command("|", "Vert", "parallel"):
        return "||"
    if reader.at_command("succ", "prec"):
        return reader.take().text
    return "succ" if reader.accept(">") else None


# --- bars ----------------------------------------------------------------------------------------


def read_bars(reader: Grammar) -> Node:
    opened = reader.take()
    with reader.inside("bars"):
        body = reader.expression()
    if reader.accept("|") or reader.accept_command("vert", "rvert"):
        return Bars(body, span=reader.span_from(opened))
    raise reader.never_closed(opened, "|", "bar")


def read_norm(reader: Grammar) -> Node:
    opened = reader.take()
    with reader.inside("norm"):
        body = reader.expression()
    if not reader.accept_command("|", "Vert", "rVert"):
        raise reader.never_closed(opened, r"\|", "norm")
    kind = read_label(reader) if reader.accept("_") else ""
    return Norm(body, kind, span=reader.span_from(opened))


def read_inner(reader: Grammar) -> Node:
    r"""`\langle a, b \rangle`, also with a bar for the comma; `\langle a \rangle` is a mean."""
    opened = reader.take()
    with reader.inside("args"):
        left = reader.expression()
        right: Node | None = None
        if reader.accept(",", "|") or reader.accept_command("mid", "vert"):
            right = reader.expression()
        elif not reader.at_command("rangle"):
            raise reader.unexpected(",")
    if not reader.accept_command("rangle"):
        raise reader.never_closed(opened, r"\rangle", "bracket")
    span = reader.span_from(opened)
    if right is not None:
        return Inner(left, right, span=span)
    if reader.at("_"):
        raise Unclear(r"a mean in angle brackets over one thing: write \mathbb{E}_D[…]")
    return Expectation("E", (), (left,), span=span)
