r"""One typed line into its clauses: what it claims, what it only says under which condition.

`\text{…}` and plain words claim nothing, but some say what the next formula is for: "let" and
"where" introduce a name, "if", "for" and "s.t." state a condition, "since" gives a reason.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from app.checker.commands import CONNECTORS, DOTS, QUANTIFIERS, RELATIONS
from app.checker.expressions import Reader
from app.checker.failures import Unclear, Unreadable
from app.checker.tokens import tokenize
from app.checker.tree import Chain, Name, Node, Number, Range, SetOf, Span
from app.checker.vocabulary import Vocabulary

MAX_SIDES = 40
_ALIGNMENTS = (
    "aligned",
    "align",
    "align*",
    "split",
    "gathered",
    "equation",
    "equation*",
    "alignedat",
)
_ROLES = [
    ("condition", r"\b(s\.?\s?t\.?|subject to|such that)\W*$", True),
    (
        "condition",
        r"\b(if|iff|when|whenever|for|for all|for any|for every|for each|unless|provided|only if|given|every|each|all|any|assuming|assume|suppose|with equality iff|equality iff)\W*$",
        False,
    ),
    ("let", r"\b(let|define|denote|set|put|introduce)\W*$", False),
    ("where", r"\b(write|where|with|call|by)\W*$", False),
    ("reason", r"\b(since|because|as|using|by|recall|note|from|use)\W*$", False),
]


@dataclass(frozen=True, slots=True)
class Clause:
    """`role` is claim, condition, let, where or reason; `connector` is what stood before it."""

    chain: Chain
    role: str = "claim"
    connector: str = ","
    continues: bool = False  # begins with a relation
    span: Span = Span(0, 0)


@dataclass(frozen=True, slots=True)
class Line:
    clauses: tuple[Clause, ...]
    remarks: tuple[str, ...]
    ambiguities: frozenset[str] = field(default=frozenset())


def read_line(text: str, vocabulary: Vocabulary, choices: frozenset[str] = frozenset()) -> Line:
    """Raises Unreadable, with the place; Unclear for a line that is too long or too deep."""
    reader = Reader(tokenize(text, vocabulary.words), vocabulary, choices)
    return _LineReader(reader).line()


class _LineReader:
    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.clauses: list[Clause] = []
        self.remarks: list[str] = []
        self.role = "claim"
        self.sticky = False
        self.connector = ","
        self.environments: list[str] = []

    def line(self) -> Line:
        while not self.reader.at_end:
            self._piece()
        if self.environments:
            name = self.environments[-1]
            end = self.reader.next.start
            raise Unreadable(rf"\begin{{{name}}} is never ended: add \end{{{name}}}", 0, end)
        return Line(tuple(self.clauses), tuple(self.remarks), frozenset(self.reader.met))

    def _piece(self) -> None:
        reader = self.reader
        token = reader.next
        if reader.at(",", ";", ".", ":", "!", "?"):
            reader.take()
            if self.role in ("condition", "aside") and not self.sticky:
                self._become("claim")
        elif reader.at("&") or reader.at_command("\\", "&", "colon"):
            reader.take()
            if token.text == "\\" and not self.sticky:
                self._become("claim")
        elif token.kind == "command" and token.text in CONNECTORS:
            reader.take()
            self.connector = CONNECTORS[token.text]
            self._become("reason" if self.connector == "because" else "claim")
        elif token.kind == "command" and token.text in QUANTIFIERS:
            reader.take()
            self._become("condition", sticky=self.sticky and self.role == "condition")
        elif token.kind == "remark" and not reader._is_named_remark(token):
            reader.take()
            self._remark(token.text)
        elif reader.at_command("begin") and self._begins_alignment():
            pass
        elif reader.at_command("end"):
            self._end_alignment()
        elif reader.is_shape_remark(reader.place):
            end = reader.closing_of(reader.place)
            assert end is not None
            reader.place = end + 1
        elif reader.at_command("boxed", "fbox") and reader.ahead(1).is_symbol("{"):
            reader.take()
            reader.take()
            self.environments.append("boxed")
        elif reader.at("}") and self.environments and self.environments[-1] == "boxed":
            reader.take()
            self.environments.pop()
        elif reader.at_command("to", "rightarrow", "longrightarrow", "perp", "mapsto") and (
            not self.clauses or self._after_remark
        ):
            reader.take()
        elif reader.at("(", "[") and reader.holds_relation(reader.place):
            self._condition_in_brackets()
        else:
            self._clause()

    @property
    def _after_remark(self) -> bool:
        return self.reader.tokens[max(self.reader.place - 1, 0)].kind == "remark"

    def _become(self, role: str, *, sticky: bool = False) -> None:
        self.role, self.sticky = role, sticky

    def _remark(self, text: str) -> None:
        self.remarks.append(text)
        lowered = text.lower().strip()
        if re.search(r"\bequality\b", lowered):
            # "with equality iff p = q" says when more is true, and claims nothing here.
            self._become("aside")
            return
        if re.search(r"\b(iff|if and only if|exactly when|exactly if)\W*$", lowered):
            self.connector = "iff"
            self._become("claim")
            return
        for role, pattern, sticky in _ROLES:
            if re.search(pattern, lowered):
                if self.sticky and role == "condition":
                    return
                self._become(role, sticky=sticky)
                return
        if not self.sticky and self.role not in ("let", "where"):
            self._become("claim")

    def _begins_alignment(self) -> bool:
        reader = self.reader
        match = "".join(token.text for token in reader.tokens[reader.place + 2 : reader.place + 14])
        for name in _ALIGNMENTS:
            if match.startswith(name + "}"):
                reader.take()
                reader.take()
                while not reader.at("}"):
                    reader.take()
                reader.take()
                self.environments.append(name)
                return True
        self._clause()
        return True

    def _end_alignment(self) -> None:
        reader = self.reader
        start = reader.take()
        reader.expect("{")
        name = ""
        while not reader.at("}") and not reader.at_end:
            name += reader.take().text
        reader.expect("}")
        if not self.environments or self.environments[-1] != name:
            raise Unreadable(
                rf"\end{{{name}}} without \begin{{{name}}}", start.start, reader.next.start
            )
        self.environments.pop()

    def _condition_in_brackets(self) -> None:
        reader = self.reader
        opened = reader.take()
        closer = ")" if opened.text == "(" else "]"
        before = self.role, self.sticky
        self._become("condition", sticky=True)
        while not reader.at(closer):
            if reader.at_end:
                raise Unreadable(
                    f"this bracket is never closed: add {closer}", opened.start, opened.end
                )
            self._piece()
        reader.take()
        self._become(before[0], sticky=before[1])

    def _clause(self) -> None:
        reader = self.reader
        start = reader.next
        first = self._relation()
        sides: list[Node] = []
        relations: list[str] = []
        if first is not None:
            if self.reader.at_end:
                raise reader.unexpected("a formula")
            relations.append(first)
        sides.append(self._side(first))
        while (relation := self._relation()) is not None:
            relations.append(relation)
            sides.append(self._side(relation))
            if len(sides) > MAX_SIDES:
                raise Unclear(f"it is a chain of more than {MAX_SIDES} formulas")
        span = reader.span_from(start)
        chain = Chain(tuple(sides), tuple(relations), span=span)
        self.clauses.append(Clause(chain, self.role, self.connector, first is not None, span))
        self.connector = ","
        if self.role in ("let", "where", "reason") and not self.sticky and not reader.at(","):
            self._become("claim")
        if reader.place < len(reader.tokens) and reader.tokens[reader.place] is start:
            raise reader.unexpected("a formula")
        self._check_progress()

    def _check_progress(self) -> None:
        """What cannot go on a clause must be able to start the next one."""
        reader = self.reader
        token = reader.next
        if reader.at("}") and self.environments and self.environments[-1] == "boxed":
            return
        if reader.at(")", "]", "}", "^", "_", "'") or reader.at_command("}", "rbrace", "rangle"):
            if self.role == "condition" and self.sticky and reader.at(")", "]"):
                return
            raise Unreadable(
                f"{token.text} has no partner before it: take it out", token.start, token.end
            )

    def _relation(self) -> str | None:
        """Takes a relation, with the `&` around it and the remark over it."""
        reader = self.reader
        place = reader.place
        while reader.at("&"):
            reader.take()
        negated = False
        if reader.at_command("not", "neg"):
            reader.take()
            negated = True
        token = reader.next
        if reader.at_command("stackrel", "overset", "underset", "xrightarrow"):
            inside = self._stacked()
            if inside is not None:
                return inside
        elif reader.at(":") and reader.ahead(1).is_symbol("="):
            reader.take()
            reader.take()
            return ":="
        elif reader.at("=", "<", ">") or (token.kind == "command" and token.text in RELATIONS):
            reader.take()
            relation = RELATIONS[token.text]
            if relation in ("<", ">") and reader.at("="):
                reader.take()
                relation += "="
            while reader.at("&"):
                reader.take()
            if negated:
                return {"=": "!=", "in": "notin"}.get(relation, "->")
            return relation
        reader.place = place
        return None

    def _stacked(self) -> str | None:
        reader = self.reader
        place = reader.place
        reader.take()
        reader.skip_script()
        braced = reader.accept("{")
        token = reader.next
        if token.text in RELATIONS:
            reader.take()
            if reader.at("="):
                reader.take()
            if braced:
                reader.expect("}")
            while reader.at("&"):
                reader.take()
            return (
                ":="
                if token.text == "=" and "def" in _texts(reader, place)
                else RELATIONS[token.text]
            )
        reader.place = place
        return None

    def _side(self, relation: str | None) -> Node:
        reader = self.reader
        while reader.at("&") or (reader.at_command("\\") and reader.ahead(1).is_symbol("&")):
            reader.take()
        if relation in ("in", "notin", "subset"):
            return _set(reader)
        start = reader.next
        side = reader.expression()
        if relation == "=" and reader.at(",") and self._dots_follow():
            return self._range(side, start.start)
        return side

    def _dots_follow(self) -> bool:
        reader = self.reader
        return any(
            reader.ahead(offset).kind == "command" and reader.ahead(offset).text in DOTS
            for offset in (1, 3)
        )

    def _range(self, low: Node, start: int) -> Node:
        reader = self.reader
        high: Node = low
        while reader.accept(","):
            if reader.next.kind == "command" and reader.next.text in DOTS:
                reader.take()
            else:
                high = reader.expression()
                if not reader.at(",") or not self._dots_follow():
                    if any(
                        token.kind == "command" and token.text in DOTS
                        for token in reader.tokens[max(0, reader.place - 4) : reader.place]
                    ):
                        break
        return Range(low, high, span=Span(start, reader.tokens[reader.place - 1].end))


def _texts(reader: Reader, place: int) -> str:
    return "".join(token.text for token in reader.tokens[place : reader.place])


def _set(reader: Reader) -> Node:
    """What stands on the right of an ∈."""
    start = reader.next
    if reader.at_command("mathbb"):
        return _number_set(reader)
    if reader.at_command("{", "lbrace"):
        reader.take()
        items: list[Node] = []
        ranged = False
        while not reader.at_command("}", "rbrace"):
            if reader.at_end:
                raise Unreadable(r"this brace is never closed: add \}", start.start, start.end)
            if reader.accept(","):
                continue
            if reader.next.kind == "command" and reader.next.text in DOTS:
                reader.take()
                ranged = True
                continue
            items.append(reader.expression())
        reader.take()
        if ranged and len(items) >= 2:
            return Range(items[0], items[-1], span=reader.span_from(start))
        return SetOf("values", tuple(items), power=_power(reader), span=reader.span_from(start))
    if reader.at("[", "("):
        reader.take()
        first = reader.expression()
        if reader.accept(","):
            second = reader.expression()
            reader.take()
            return SetOf("values", (first, second), name="interval", span=reader.span_from(start))
        reader.take()
        return Range(Number(1.0), first, span=reader.span_from(start))
    node = reader.factor()
    name = node.base if isinstance(node, Name) else ""
    return SetOf("named", (node,), name=name, span=reader.span_from(start))


def _number_set(reader: Reader) -> Node:
    start = reader.take()
    letter = reader.upright_text()
    if reader.at("_"):
        reader.take()
        reader.skip_script()
        letter += "+"
    power = _power(reader)
    if reader.at("_"):
        reader.take()
        reader.skip_script()
        letter += "+"
    kind = "integer" if letter[0] in "ZN" else "real"
    return SetOf(kind, name=letter, power=power, span=reader.span_from(start))  # type: ignore[arg-type]


def _power(reader: Reader) -> tuple[Node, ...]:
    r"""The dimensions in `^{n \times d}`."""
    if not reader.accept("^"):
        return ()
    if not reader.at("{"):
        return (reader.one_argument(),)
    opened = reader.take()
    dims = [_dimension(reader)]
    while reader.at_command("times"):
        reader.take()
        dims.append(_dimension(reader))
    reader.expect("}", opened)
    return tuple(dims)


def _dimension(reader: Reader) -> Node:
    """`n`, `d/h` or `d+1`; the × between two of them is not a product."""
    place = reader.place
    end = place
    depth = 0
    while True:
        token = reader.tokens[end]
        if token.kind == "end" or (
            depth == 0 and (token.is_symbol("}") or token.is_command("times"))
        ):
            break
        depth += token.is_symbol("{", "(")
        depth -= token.is_symbol("}", ")")
        end += 1
    stop = replace(reader.tokens[end], kind="end", text="")
    inner = Reader([*reader.tokens[place:end], stop], reader.vocabulary, reader.choices)
    node = inner.expression()
    if not inner.at_end:
        raise inner.unexpected("a dimension")
    reader.place = end
    return node
