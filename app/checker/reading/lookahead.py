"""What a glyph is, told from what follows it. Nothing here takes a token."""

from itertools import pairwise

from app.checker.reading.commands import (
    ACCENTS,
    CALLIGRAPHIC,
    DIVERGENCES,
    EXPECTATIONS,
    FACTOR_STARTS,
    FUNCTION_ALIASES,
    FUNCTIONS,
    GREEK,
    OPTIMA,
    PLAIN_FONTS,
)
from app.checker.reading.cursor import Cursor
from app.checker.reading.grammar import Grammar
from app.checker.reading.prose import WORDS
from app.checker.reading.relations import is_relation
from app.checker.reading.tokens import Token
from app.checker.reading.vocabulary import LOSS_ALIASES

_NAMED_WITHOUT_SCRIPT = FUNCTIONS | FUNCTION_ALIASES.keys() | OPTIMA.keys() | DIVERGENCES
_BEGINS_A_NAME = CALLIGRAPHIC | GREEK | ACCENTS.keys() | PLAIN_FONTS


def starts_factor(reader: Grammar) -> bool:
    token = reader.next
    if token.kind in ("number", "letter", "word"):
        return True
    if token.kind == "symbol":
        if token.text == "|":
            return not reader.is_inside("bars", "args")
        if token.text == "(":
            return not holds_relation(reader, reader.place)
        return token.text in "[{"
    if token.kind == "command":
        if token.text in ("|", "Vert"):
            return not reader.is_inside("norm", "args")
        if token.text == "vert":
            return not reader.is_inside("bars", "args")
        if token.text in ("underset", "overset"):
            return not _stacks_relation(reader)
        return token.text in FACTOR_STARTS
    return token.kind == "remark" and at_named_remark(reader)


def at_next_claim(reader: Grammar) -> bool:
    r"""`a = b \quad c = d` is two claims: a wide space outside of brackets, a relation ahead."""
    if reader.next.space != "wide" or not reader.is_outside:
        return False
    for token in reader.tokens[reader.place :]:
        if token.is_symbol(",", ";", "(", "[") or token.kind in ("end", "remark"):
            return False
        if is_relation(token):
            return True
    return False


def starts_column(reader: Grammar, place: int) -> bool:
    """In `a &= b & -c &= d` a second equation begins, with the formula at `place`."""
    for token, following in pairwise(reader.tokens[place:]):
        if token.kind == "end" or token.is_command("\\"):
            return False
        if token.is_symbol("&") and is_relation(following):
            return reader.tokens[place - 1].is_symbol("&")
    return False


def _stacks_relation(reader: Cursor) -> bool:
    r"""`\overset{\text{Jensen}}{\ge}` is a relation with a remark over it."""
    over_end = reader.closing_of(reader.place + 1)
    if over_end is None:
        if reader.ahead(1).kind != "remark":
            return False
        over_end = reader.place + 1
    below = reader.tokens[over_end + 1 : over_end + 3]
    if below and below[0].is_symbol("{"):
        del below[0]
    return bool(below) and is_relation(below[0])


def holds_relation(reader: Cursor, place: int) -> bool:
    r"""Whether the bracket at `place` holds a condition, such as `(i \ne j)`, or a remark."""
    end = reader.closing_of(place)
    if end is None:
        return False
    inside = reader.tokens[place + 1 : end]
    if inside and all(token.kind == "remark" for token in inside):
        return True
    depth = 0
    for token in inside:
        if token.is_symbol("(", "[", "{") or token.is_command("{"):
            depth += 1
        elif token.is_symbol(")", "]", "}") or token.is_command("}"):
            depth -= 1
        elif depth == 0 and is_relation(token) and not token.is_command("sim", "mapsto"):
            return True
    return False


def holds_arguments(reader: Cursor) -> bool:
    r"""Names, separators and little else: `(t)`, `(x, y)`, `(y|x)`, `(w^*, b, \alpha)`."""
    depth = 0
    inside = _inside_of_next(reader)
    if inside and inside[0].is_command("cdot"):
        # The first dot of `(\cdot | x)` stands for an argument.
        del inside[0]
    for token in inside:
        if token.is_symbol("(", "[", "{"):
            depth += 1
        elif token.is_symbol(")", "]", "}"):
            depth -= 1
        elif depth == 0 and (
            token.is_symbol("+", "-", "/")
            or token.is_command("odot", "circ", "otimes", "times", "cdot", "frac")
        ):
            return False
    return True


def holds_bar(reader: Cursor) -> bool:
    inside = reader.tokens[reader.place : reader.closing_of(reader.place)]
    return any(token.is_symbol("|", ";") or token.is_command("mid") for token in inside)


def holds_double_bar(reader: Cursor) -> bool:
    """One that has no partner: `(p \\| q)`, but not `(\\|w\\|)`."""
    inside = reader.tokens[reader.place : reader.closing_of(reader.place)]
    return sum(token.is_command("|", "Vert", "parallel") for token in inside) % 2 == 1


def holds_condition(reader: Cursor) -> bool:
    r"""`[y \mid x]`, or one bar that has no partner: `[y | x]`, but not `[|y| x]`."""
    outer = _outer_tokens_of_next(reader)
    if any(token.is_command("mid") for token in outer):
        return True
    bars = [token for token in outer if token.is_symbol("|") or token.is_command("vert")]
    return len(bars) % 2 == 1


def holds_such_that(reader: Cursor) -> bool:
    r"""`\{ f(w) : g(w) = 0 \}`"""
    outer = _outer_tokens_of_next(reader)
    return any(
        token.is_symbol(":") and not following.is_symbol("=")
        for token, following in pairwise(outer)
    )


def _outer_tokens_of_next(reader: Cursor) -> list[Token]:
    """Of the bracket that comes next, if one does, what is in no bracket within."""
    outer: list[Token] = []
    depth = 0
    for token in _inside_of_next(reader) if opens_bracket(reader) else []:
        depth -= token.is_symbol(")", "]", "}") or token.is_command("}", "rbrace", "rbrack")
        if depth == 0:
            outer.append(token)
        depth += token.is_symbol("(", "[", "{") or token.is_command("{", "lbrace", "lbrack")
    return outer


def _inside_of_next(reader: Cursor) -> list[Token]:
    """The tokens in the bracket that comes next; none if it is never closed."""
    end = reader.closing_of(reader.place)
    return [] if end is None else reader.tokens[reader.place + 1 : end]


def at_shape_remark(reader: Cursor) -> bool:
    r"""`\quad (c \times m)` says a shape."""
    if not reader.at("(") or reader.next.space != "wide":
        return False
    inside = _inside_of_next(reader)
    return any(token.is_command("times") for token in inside) and all(
        token.is_command("times") or token.kind in ("letter", "number") or token.is_symbol("/")
        for token in inside
    )


def at_dot_for_all(reader: Grammar) -> bool:
    r"""The last dot of `A_{i\cdot}`, which is no product."""
    following = reader.ahead(1)
    return reader.is_inside("args") and reader.at_command("cdot") and following.is_symbol("}", ",")


def at_named_remark(reader: Grammar, ahead: int = 0) -> bool:
    r"""`\text{ELBO}` and `\text{softmax}` are names, `\text{so}` is not."""
    text = reader.ahead(ahead).text.strip()
    following = reader.ahead(ahead + 1)
    if not text or " " in text:
        return False
    return (
        text in reader.vocabulary.words
        or text in _NAMED_WITHOUT_SCRIPT
        or (text in EXPECTATIONS and following.is_symbol("(", "[", "_"))
        or (text.isalpha() and following.is_symbol("_", "^"))
    )


def at_word(reader: Grammar, ahead: int = 0) -> bool:
    r"""At a remark that may be a name, also if nobody has introduced it: `\text{gap}`."""
    token = reader.ahead(ahead)
    text = token.text.strip()
    is_new = text.isalpha() and text.lower() not in WORDS and text not in EXPECTATIONS
    return token.kind == "remark" and (is_new or at_named_remark(reader, ahead))


def at_differential(reader: Grammar) -> bool:
    r"""`dw` and `d\mathcal{L}` in one piece, where d is not a number that multiplies."""
    token = reader.next
    if token.is_command("mathrm"):
        inside = reader.tokens[reader.place + 1 : reader.place + 5]
        texts = [one.text for one in inside]
        if texts[:1] == ["d"]:
            following = inside[1]
        elif texts[:3] == ["{", "d", "}"]:
            following = inside[3]
        else:
            return False
        return following.kind == "letter" or (
            following.kind == "command" and following.text in _BEGINS_A_NAME
        )
    if token.kind != "letter" or token.text != "d":
        return False
    following = reader.ahead(1)
    if following.is_symbol("(") and following.start == token.end:
        # d is a dimension, or a small change.
        reader.met.add("a change of a bracket")
        return "a change of a bracket" in reader.choices
    if following.start != token.end and following.space != "":
        return False
    if following.kind == "letter":
        names = reader.vocabulary.bases | reader.vocabulary.values | LOSS_ALIASES
        return following.start == token.end and following.text in names
    if following.start == token.end and following.is_command("hat", "widehat", "bar"):
        # Nobody writes a dimension right at an estimate, beside another change.
        return _holds_a_change(reader)
    return following.kind == "command" and following.text in CALLIGRAPHIC


def _holds_a_change(reader: Grammar) -> bool:
    names = reader.vocabulary.bases | reader.vocabulary.values
    return any(
        one.kind == "letter" and one.text == "d" and two.text in names and two.start == one.end
        for one, two in pairwise(reader.tokens)
        if two.kind == "letter"
    )


def divides_by_differential(reader: Grammar) -> bool:
    r"""The `/ dw` or `/ \mathrm{d}\hat y` after another differential."""
    if not reader.at("/"):
        return False
    ahead = reader.tokens[reader.place + 1 : reader.place + 6]
    tokens = [one for one in ahead if not one.is_symbol("{", "}") and not one.is_command("mathrm")]
    if len(tokens) < 2 or tokens[0].text != "d":
        return False
    following = tokens[1]
    return following.kind in ("letter", "word") or (
        following.kind == "command" and following.text in _BEGINS_A_NAME
    )


def opens_bracket(reader: Cursor) -> bool:
    return reader.at("(", "[") or reader.at_command("{", "lbrace", "lbrack")
