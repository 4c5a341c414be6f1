r"""One typed line into its clauses: what it claims, what it only says under which condition.

`\text{…}` and plain words claim nothing, but some say what the next formula is for: "let" and
"where" introduce a name, "if", "for" and "s.t." state a condition, "since" gives a reason.
"""

from dataclasses import dataclass, replace

from app.checker.failures import Unclear, Unreadable
from app.checker.reading.commands import CONNECTORS, DOTS, FUNCTIONS, QUANTIFIERS, RELATIONS
from app.checker.reading.expressions import Reader
from app.checker.reading.lookahead import (
    at_named_remark,
    at_shape_remark,
    at_word,
    holds_relation,
)
from app.checker.reading.ones import with_sides_of_ones
from app.checker.reading.prose import closers_wanted, role_after, says_otherwise, says_unless
from app.checker.reading.relations import is_relation
from app.checker.reading.sets import read_set
from app.checker.reading.symbols import skip_script
from app.checker.reading.tokens import tokenize
from app.checker.reading.tree import NOWHERE, Chain, Node, Range, Span
from app.checker.reading.vocabulary import Vocabulary

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
_CONTRARY = {"=": "!=", "!=": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_ARROWS = ("to", "rightarrow", "longrightarrow", "perp", "mapsto")
_CLOSING_COMMANDS = ("}", "rbrace", "rangle")


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Clause:
    """`role` is claim, condition, let, where, reason, aside or label; `connector` is what stood
    before it: "," or a value of CONNECTORS."""

    chain: Chain
    role: str = "claim"
    connector: str = ","
    continues: bool = False  # begins with a relation
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Line:
    """`ambiguities` are the choices that came up in reading it (see `Grammar`)."""

    clauses: tuple[Clause, ...]
    remarks: tuple[str, ...]
    ambiguities: frozenset[str] = frozenset()


def read_line(text: str, vocabulary: Vocabulary, choices: frozenset[str] = frozenset()) -> Line:
    """Raises Unreadable, with the place; Unclear for a line that is too long or too deep."""
    reader = Reader(tokenize(text, vocabulary.words_in(text)), vocabulary, choices)
    return _LineReader(reader).line()


def _contrary(chain: Chain) -> Chain | None:
    """Of a single relation that has one."""
    if len(chain.relations) != 1 or chain.relations[0] not in _CONTRARY:
        return None
    return replace(chain, relations=(_CONTRARY[chain.relations[0]],))


class _LineReader:
    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.clauses: list[Clause] = []
        self.remarks: list[str] = []
        # Of the formula that comes next. A sticky role survives commas and rows.
        self.role = "claim"
        self.sticky = False
        self.connector = ","
        # After a claim, `\forall i: a_i > 0` is a condition with its colon.
        self.is_quantified = False
        # After "unless": the contrary of what comes is the condition.
        self.is_contrary = False
        # Brackets that remarks have opened, as in `\text{(since } a = b)`, by what closes them.
        self.remarked: list[str] = []
        self.environments: list[str] = []

    def line(self) -> Line:
        while not self.reader.at_end:
            self._piece()
        if self.environments:
            name = self.environments[-1]
            end = self.reader.next.start
            raise Unreadable(rf"\begin{{{name}}} is never ended: add \end{{{name}}}", 0, end)
        for chain in dict.fromkeys(self.reader.labels):
            self.clauses.append(Clause(chain, "label"))
        return Line(tuple(self.clauses), tuple(self.remarks), frozenset(self.reader.met))

    def _piece(self) -> None:
        reader = self.reader
        if self._takes_separator() or self._takes_words() or self._takes_frame():
            return
        if reader.at("(", "[") and holds_relation(reader, reader.place):
            self._condition_in_brackets()
        else:
            self._clause()

    # --- between the formulas --------------------------------------------------------------------

    def _become(self, role: str, *, sticky: bool = False) -> None:
        self.role, self.sticky = role, sticky

    def _takes_separator(self) -> bool:
        """Punctuation, the marks of an alignment, and what only looks like a formula."""
        reader = self.reader
        if self.is_quantified and reader.accept(":"):
            self.is_quantified = False
            self._become("condition")
        elif self._at_end_of_remark():
            reader.take()
            self.remarked.pop()
            self._become("claim")
        elif reader.accept(",", ";", ".", ":", "!", "?"):
            if self.role in ("condition", "aside") and not self.sticky:
                self._become("claim")
        elif reader.accept_command("\\"):
            self.is_quantified = False
            if not self.sticky:
                self._become("claim")
        elif at_shape_remark(reader):
            end = reader.closing_of(reader.place)
            assert end is not None
            reader.place = end + 1
        elif reader.at_command(*_ARROWS) and (not self.clauses or reader.last.kind == "remark"):
            reader.take()
        else:
            return reader.accept("&") or reader.accept_command("&", "colon")
        return True

    def _takes_words(self) -> bool:
        """Words, and arrows and quantifiers that stand for words."""
        reader = self.reader
        token = reader.next
        if token.kind == "command" and token.text in CONNECTORS:
            if self.role == "aside":
                # "equality" and an arrow: what comes belongs to the aside.
                reader.take()
                return True
            self.connector = CONNECTORS[token.text]
            if self.connector in ("implies", "iff"):
                self._check_goes_on("nothing follows from it")
            self._become("reason" if self.connector == "because" else "claim")
        elif token.kind == "command" and token.text in QUANTIFIERS:
            self._check_goes_on("it is said of nothing")
            if token.text == "exists":
                raise Unclear("that something exists is outside of what is checked")
            self.is_quantified = self._follows_claim()
            self._become("condition", sticky=self.sticky and self.role == "condition")
        elif token.kind == "remark" and not (at_named_remark(reader) or self._at_new_name()):
            self._remark(token.text)
        elif self._names_a_function():
            pass
        else:
            return False
        reader.take()
        return True

    def _follows_claim(self) -> bool:
        last = self.reader.last
        begins = last.kind in ("remark", "word") or last.is_symbol(";", ".", "&")
        begins = begins or (last.kind == "command" and last.text in {"\\", *CONNECTORS})
        return bool(self.clauses) and self.clauses[-1].role == "claim" and not begins

    def _check_goes_on(self, message: str) -> None:
        token = self.reader.next
        if self.reader.ahead(1).kind == "end":
            raise Unreadable(f"{message}: the line stops", token.start, token.end)

    def _at_new_name(self) -> bool:
        r"""`\text{gap} = a` and `\text{Attn}(Q, K) = A` at the start of a clause."""
        reader = self.reader
        if not at_word(reader) or (self.clauses and self.clauses[-1].span.end == reader.last.end):
            return False
        end = reader.closing_of(reader.place + 1) if reader.ahead(1).is_symbol("(") else None
        following = reader.place + 1 if end is None else end + 1
        while reader.tokens[following].is_symbol("&"):
            following += 1
        token = reader.tokens[following]
        is_colon = token.is_symbol(":") and reader.tokens[following + 1].is_symbol("=")
        return is_colon or (is_relation(token) and RELATIONS[token.text] in ("=", ":="))

    def _names_a_function(self) -> bool:
        r"""`\log \text{ is concave}` speaks of the function."""
        reader = self.reader
        is_function = reader.next.kind in ("command", "word") and reader.next.text in FUNCTIONS
        return is_function and reader.ahead(1).kind == "remark" and not at_word(reader, 1)

    def _at_end_of_remark(self) -> bool:
        return self.reader.at(*self.remarked[-1:])

    def _remark(self, text: str) -> None:
        self.remarks.append(text)
        self.remarked = closers_wanted(self.remarked, text)
        self.is_quantified = False
        role = role_after(text)
        self.is_contrary = says_unless(text)
        if says_otherwise(text):
            self._otherwise()
        elif role is not None and role.name == "condition":
            self._complete()
        if role is None:
            if not self.sticky and self.role not in ("let", "where"):
                self._become("claim")
        elif role.name == "iff":
            self.connector = "iff"
            self._become("claim")
        elif not (self.sticky and role.name == "condition"):
            self._become(role.name, sticky=role.sticky)

    def _otherwise(self) -> None:
        r"""`a = 0 \text{ if } j > i, a = 1 \text{ otherwise}`"""
        last = self._last_claim()
        case = next((one for one in reversed(self.clauses) if one.role == "condition"), None)
        if last is None or case is None:
            return
        self._complete()
        contrary = _contrary(case.chain)
        if contrary is not None:
            self.clauses.append(Clause(contrary, "condition"))

    def _complete(self) -> None:
        r"""The second case of `a = 0 \text{ if } j > i, 1 \text{ if } j \le i` is of a too."""
        last = self._last_claim()
        if last is None or last.chain.relations or last.connector != ",":
            return
        before = next(
            (
                one.chain
                for one in reversed(self.clauses[:-1])
                if one.role == "claim" and one.chain.relations == ("=",)
            ),
            None,
        )
        is_case = self.clauses[-2:-1] and self.clauses[-2].role == "condition"
        if before is not None and is_case:
            sides = before.sides[0], *last.chain.sides
            chain = replace(last.chain, sides=sides, relations=before.relations)
            self.clauses[-1] = replace(last, chain=chain)

    def _last_claim(self) -> Clause | None:
        """The claim that was just read, if it was one."""
        return self.clauses[-1] if self.clauses and self.clauses[-1].role == "claim" else None

    # --- frames around formulas ------------------------------------------------------------------

    def _takes_frame(self) -> bool:
        r"""The beginning or the end of an alignment or of `\boxed{…}`."""
        reader = self.reader
        if reader.at_command("begin"):
            return self._begins_alignment()
        if reader.at_command("end"):
            self._end_alignment()
        elif reader.at_command("boxed", "fbox") and reader.ahead(1).is_symbol("{"):
            reader.take()
            reader.take()
            self.environments.append("boxed")
        elif self._at_end_of_box():
            reader.take()
            self.environments.pop()
        else:
            return False
        return True

    def _at_end_of_box(self) -> bool:
        return self.reader.at("}") and self.environments[-1:] == ["boxed"]

    def _begins_alignment(self) -> bool:
        reader = self.reader
        ahead = "".join(token.text for token in reader.tokens[reader.place + 2 : reader.place + 14])
        name = ahead.partition("}")[0]
        if name not in _ALIGNMENTS or "}" not in ahead:
            return False
        while not reader.accept("}"):
            reader.take()
        self.environments.append(name)
        return True

    def _end_alignment(self) -> None:
        reader = self.reader
        start = reader.take()
        reader.expect("{")
        name = ""
        while not reader.at("}") and not reader.at_end:
            name += reader.take().text
        reader.expect("}")
        if self.environments[-1:] != [name]:
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
                raise reader.never_closed(opened, closer, "bracket")
            self._piece()
        reader.take()
        self.role, self.sticky = before

    # --- clauses ---------------------------------------------------------------------------------

    def _clause(self) -> None:
        reader = self.reader
        start = reader.next
        first = self._take_relation()
        if first is not None and reader.at_end:
            raise reader.unexpected("a formula")
        relations = [] if first is None else [first]
        sides = [self._side(first)]
        while (relation := self._take_relation()) is not None:
            relations.append(relation)
            sides.append(self._side(relation))
            if len(sides) > MAX_SIDES:
                raise Unclear(f"it is a chain of more than {MAX_SIDES} formulas")
        span = reader.span_from(start)
        chain = Chain(tuple(self._with_ones(sides)), tuple(relations), span=span)
        if self.is_contrary and self.role == "condition":
            chain = _contrary(chain) or chain
        self.is_contrary = False
        self.clauses.append(Clause(chain, self.role, self.connector, first is not None, span))
        self.connector = ","
        if self.role in ("let", "where", "reason") and not self.sticky and not reader.at(","):
            self._become("claim")
        self._check_what_follows()

    def _with_ones(self, sides: list[Node]) -> list[Node]:
        r"""The last side of `A 1 = 1` is a number, or a vector as the first one has it."""
        of_ones = with_sides_of_ones(sides)
        if of_ones != sides:
            self.reader.met.add("a one for ones")
        return of_ones if "a one for ones" in self.reader.choices else sides

    def _check_what_follows(self) -> None:
        """What cannot go on a clause must be able to start the next one."""
        reader = self.reader
        token = reader.next
        in_brackets = self.role == "condition" and self.sticky
        if self._at_end_of_box() or (in_brackets and reader.at(")", "]")):
            return
        if self._at_end_of_remark():
            return
        if reader.at(")", "]", "}", "^", "_", "'") or reader.at_command(*_CLOSING_COMMANDS):
            raise Unreadable(
                f"{token.text} has no partner before it: take it out", token.start, token.end
            )

    def _take_relation(self) -> str | None:
        """A relation, with the `&` around it and the remark over it."""
        reader = self.reader
        place = reader.place
        self._skip_tabs()
        negated = reader.accept_command("not", "neg")
        relation: str | None = None
        if reader.at_command("stackrel", "overset", "underset", "xrightarrow"):
            relation = self._take_stacked_relation()
            negated = False
        elif reader.at(":") and reader.ahead(1).is_symbol("="):
            reader.take()
            reader.take()
            return ":="
        elif is_relation(reader.next):
            relation = RELATIONS[reader.take().text]
            if relation in ("<", ">") and reader.accept("="):
                relation += "="
        if relation is None:
            reader.place = place
            return None
        self._skip_tabs()
        return {"=": "!=", "in": "notin"}.get(relation, "->") if negated else relation

    def _take_stacked_relation(self) -> str | None:
        r"""`\overset{\text{def}}{=}`; if it is no relation, the place has moved."""
        reader = self.reader
        place = reader.place
        start = reader.take()
        skip_script(reader)
        if reader.at_end:
            what = f"\\{start.text} takes two groups: the second is missing"
            raise Unreadable(what, start.start, reader.next.end)
        braced = reader.accept("{")
        relation = reader.next.text
        if relation not in RELATIONS:
            return None
        reader.take()
        reader.accept("=")
        if braced:
            reader.expect("}")
        over = "".join(token.text for token in reader.tokens[place : reader.place])
        return ":=" if relation == "=" and "def" in over else RELATIONS[relation]

    def _skip_tabs(self) -> None:
        while self.reader.accept("&"):
            pass

    def _side(self, relation: str | None) -> Node:
        reader = self.reader
        reader.skip_tabs()
        if relation in ("in", "notin", "subset"):
            return read_set(reader)
        start = reader.next
        side = reader.expression()
        if relation == "=" and reader.at(",") and self._dots_follow():
            return self._range(side, start.start)
        return side

    def _dots_follow(self) -> bool:
        return any(self.reader.ahead(offset).is_command(*DOTS) for offset in (1, 3))

    def _range(self, low: Node, start: int) -> Node:
        r"""What follows `1` in `1, 2, \dots, n`, up to the first formula after the dots."""
        reader = self.reader
        high = low
        while reader.accept(","):
            if reader.accept_command(*DOTS):
                continue
            high = reader.expression()
            goes_on = reader.at(",") and self._dots_follow()
            just_read = reader.tokens[max(0, reader.place - 4) : reader.place]
            if not goes_on and any(token.is_command(*DOTS) for token in just_read):
                break
        return Range(low, high, span=Span(start, reader.last.end))
