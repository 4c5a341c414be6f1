"""Relations, the chains that they make, and the brackets around a condition."""

from app.checker.reading.commands import RELATIONS
from app.checker.reading.grammar import Grammar
from app.checker.reading.tokens import Token
from app.checker.reading.tree import Chain, Indicator, Node


def is_relation(token: Token) -> bool:
    if token.kind == "symbol":
        return token.text in ("=", "<", ">")
    return token.kind == "command" and token.text in RELATIONS


def read_condition(reader: Grammar) -> Chain:
    start = reader.next
    first = reader.expression()
    if not is_relation(reader.next):
        raise reader.unexpected("a condition such as i = j")
    return read_chain(reader, first, start)


def read_chain(reader: Grammar, first: Node, start: Token) -> Chain:
    """The relations that follow `first`, which began at `start`."""
    sides, relations = [first], []
    while is_relation(reader.next):
        relations.append(RELATIONS[reader.take().text])
        sides.append(reader.expression())
    return Chain(tuple(sides), tuple(relations), span=reader.span_from(start))


def read_indicator(reader: Grammar, start: Token) -> Node:
    r"""What follows `\mathbb{1}`: `[i = j]`, `_{i = j}` or `_{\{i = j\}}`."""
    subscript = reader.accept("_")
    opened = reader.next
    if subscript:
        reader.expect("{")
        inner = reader.accept("(") or reader.accept_command("{")
        condition = read_condition(reader)
        if inner:
            reader.take()
        reader.expect("}", opened)
    else:
        if not (reader.at("[", "(", "{") or reader.at_command("{")):
            raise reader.unexpected("a condition in brackets")
        reader.take()
        condition = read_condition(reader)
        reader.take()
    return Indicator(condition, span=reader.span_from(start))
