"""Matrices and cases: formulas in rows."""

from app.checker.failures import Unclear, Unreadable
from app.checker.reading.grammar import Grammar
from app.checker.reading.relations import read_condition
from app.checker.reading.symbols import skip_script
from app.checker.reading.tokens import Token
from app.checker.reading.tree import Case, Cases, Chain, Function, Matrix, Node, Norm

_MATRICES = frozenset(
    [
        "pmatrix",
        "bmatrix",
        "matrix",
        "vmatrix",
        "Vmatrix",
        "smallmatrix",
        "Bmatrix",
        "array",
    ]
)
_ALIGNMENTS = frozenset(
    ["aligned", "align", "align*", "split", "gathered", "equation", "alignedat"]
)


def read_environment(reader: Grammar, start: Token) -> Node:
    r"""What follows `\begin`, which is `start`."""
    name = _read_name(reader)
    if name in ("cases", "rcases"):
        return _read_cases(reader, start, name)
    if name in _MATRICES:
        return _read_matrix(reader, start, name)
    if name in _ALIGNMENTS:
        raise Unclear(f"{name} in the middle of a formula")
    raise Unreadable(
        f"{name} is not an environment that KaTeX knows", start.start, reader.next.start
    )


def _read_name(reader: Grammar) -> str:
    reader.expect("{")
    text = ""
    while not reader.at("}"):
        if reader.at_end:
            raise reader.unexpected("}")
        text += reader.take().text
    reader.take()
    return text


def _expect_end(reader: Grammar, name: str, start: Token) -> None:
    if not reader.accept_command("end"):
        raise Unreadable(
            rf"\begin{{{name}}} is never ended: add \end{{{name}}}", start.start, start.end
        )
    closing = _read_name(reader)
    if closing != name:
        raise Unreadable(
            rf"\begin{{{name}}} is ended by \end{{{closing}}}", start.start, reader.next.start
        )


def _read_matrix(reader: Grammar, start: Token, name: str) -> Node:
    if name == "array" and reader.at("{"):
        skip_script(reader)
    rows: list[list[Node]] = [[]]
    reader.in_rows += 1
    while not (reader.at_command("end") or reader.at_end):
        if reader.accept("&"):
            continue
        if reader.accept_command("\\"):
            rows.append([])
            continue
        rows[-1].append(reader.expression())
        if not (reader.at("&") or reader.at_command("\\", "end") or reader.at_end):
            raise reader.unexpected(r"& or \\")
    reader.in_rows -= 1
    _expect_end(reader, name, start)
    if not any(rows):
        raise Unreadable("a matrix without entries", start.start, reader.next.start)
    matrix = Matrix(tuple(tuple(row) for row in rows if row), span=reader.span_from(start))
    if name == "vmatrix":
        return Function("det", matrix, span=matrix.span)
    return Norm(matrix, span=matrix.span) if name == "Vmatrix" else matrix


def _read_cases(reader: Grammar, start: Token, name: str) -> Node:
    rows: list[Case] = []
    reader.in_rows += 1
    while not (reader.at_command("end") or reader.at_end):
        with reader.inside("group"):
            value = reader.expression()
        condition: Chain | None = None
        while reader.at("&", ",") or reader.next.kind == "remark":
            reader.take()
        if not (reader.at_command("\\", "end") or reader.at_end):
            condition = read_condition(reader)
        while reader.at(",", ".", ";") or reader.next.kind == "remark":
            reader.take()
        rows.append(Case(value, condition))
        if not (reader.accept_command("\\") or reader.at_command("end")):
            raise reader.unexpected(r"\\ or \end{cases}")
    reader.in_rows -= 1
    _expect_end(reader, name, start)
    return Cases(tuple(rows), span=reader.span_from(start))
