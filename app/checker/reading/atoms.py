"""The smallest parts of a formula, told by their first token."""

from app.checker.failures import Unclear, Unreadable
from app.checker.reading.applications import read_function
from app.checker.reading.brackets import (
    read_argument,
    read_bars,
    read_bracketed,
    read_group,
    read_inner,
    read_norm,
)
from app.checker.reading.commands import (
    ACCENTS,
    BRACES_WITH_REMARK,
    CALLIGRAPHIC,
    DOTS,
    EXTREMES,
    FRACTIONS,
    GREEK,
    LETTER_LIKE,
    OUTSIDE,
    PLAIN_FONTS,
    SYMBOL_STARTS,
    TRANSPARENT,
    UPRIGHT,
    VARIANTS,
)
from app.checker.reading.differentials import read_fraction
from app.checker.reading.environments import read_environment
from app.checker.reading.grammar import Grammar
from app.checker.reading.lookahead import at_named_remark
from app.checker.reading.names import read_blackboard, read_name, read_plain_font, read_word
from app.checker.reading.relations import read_chain
from app.checker.reading.symbols import read_base, read_lone_base, read_upright, skip_script
from app.checker.reading.tokens import Token
from app.checker.reading.tree import Divide, Dots, Function, Node, Number, Power


def read_atom(reader: Grammar) -> Node:
    token = reader.next
    if token.kind == "number":
        reader.take()
        return Number(float(token.text), span=reader.span_from(token))
    if token.kind == "letter":
        reader.take()
        return read_name(reader, token.text, token)
    if token.kind == "word" or (
        token.kind == "remark" and (at_named_remark(reader) or token.text.strip().isalpha())
    ):
        reader.take()
        return read_word(reader, token.text, token)
    if reader.at("(", "[") or reader.at_command("{", "lbrace", "lbrack"):
        return read_bracketed(reader)
    if reader.at("{"):
        return read_group(reader)
    if reader.at("|") or reader.at_command("vert", "lvert"):
        return read_bars(reader)
    if reader.at_command("|", "Vert", "lVert"):
        return read_norm(reader)
    if reader.at_command("langle"):
        return read_inner(reader)
    if token.kind == "command":
        return _read_symbol(reader) or _read_construct(reader)
    raise reader.unexpected("a formula")


def _read_symbol(reader: Grammar) -> Node | None:
    """A name that begins with a command; None, and nothing taken, if it is no name."""
    token = reader.take()
    command = token.text
    if command == "Delta" and _at_changed(reader):
        return read_name(reader, f"Delta {read_base(reader)}", token)
    if command in EXTREMES and (which := _take_extreme(reader)):
        return read_function(reader, f"{command}_{which}")
    if command in GREEK:
        return read_name(reader, VARIANTS.get(command, command), token)
    if command in LETTER_LIKE:
        return read_name(reader, LETTER_LIKE[command], token)
    if command in ACCENTS:
        base = read_lone_base(reader) if reader.at("{") else read_base(reader)
        if base is None:
            raise Unclear("an accent over more than one symbol")
        if command == "dot" and base in reader.vocabulary.calls:
            return read_name(reader, base, token, primes=1)
        return read_name(reader, f"{ACCENTS[command]} {base}", token)
    if command in PLAIN_FONTS:
        return read_plain_font(reader, token)
    if command in CALLIGRAPHIC:
        return read_name(reader, f"cal {read_base(reader)}", token)
    if command == "mathbb":
        return read_blackboard(reader, token)
    if command == "operatorname" and reader.at("{") and reader.ahead(1).kind == "command":
        return _read_unwrapped(reader)
    if command in UPRIGHT:
        return read_word(reader, read_upright(reader), token)
    reader.place -= 1
    return None


def _take_extreme(reader: Grammar) -> str:
    r"""The `max` of `\lambda_{\max}(A)`, an eigenvalue; "", and nothing taken, if it is none."""
    place = reader.place
    if reader.accept("_"):
        braced = reader.accept("{")
        which = next((one for one in ("min", "max") if reader.accept_command(one)), "")
        if not which and (reader.next.kind == "word" or reader.accept_command(*UPRIGHT)):
            which = read_upright(reader)
        closed = not braced or reader.accept("}")
        if closed and which in ("min", "max") and reader.at("(", "["):
            return which
    reader.place = place
    return ""


def _read_unwrapped(reader: Grammar) -> Node:
    r"""`{\mathbb{E}}_D[y]` after `\operatorname*`: the braces mean nothing."""
    place, end = reader.place, reader.closing_of(reader.place)
    if end is None:
        raise reader.never_closed(reader.next)
    inside = reader.tokens[place + 1 : end]
    reader.tokens = [*reader.tokens[:place], *inside, *reader.tokens[end + 1 :]]
    return reader.factor()


def _at_changed(reader: Grammar) -> bool:
    r"""`\Delta w` is one name, unless the derivation has a Δ."""
    token = reader.next
    starts = token.kind == "letter" or (token.kind == "command" and token.text in SYMBOL_STARTS)
    return starts and not reader.vocabulary.knows("Delta")


def _read_construct(reader: Grammar) -> Node:
    token = reader.take()
    command = token.text
    if command in FRACTIONS:
        return read_fraction(reader, token)
    if command == "sqrt":
        return _read_root(reader, token)
    if command == "mathop" and reader.at("{"):
        return _read_unwrapped(reader)
    if command in TRANSPARENT:
        return read_group(reader)
    if command in BRACES_WITH_REMARK:
        body = read_group(reader)
        while reader.accept("_", "^"):
            if not _takes_label(reader, body):
                skip_script(reader)
        return body
    if command == "infty":
        return Number(float("inf"), span=reader.span_from(token))
    if command in DOTS:
        return Dots(span=reader.span_from(token))
    if command == "begin":
        return read_environment(reader, token)
    if command == "Re":
        return read_function(reader, "Re")
    if command == "binom":
        raise Unclear("binomial coefficients are outside of what is checked")
    reader.place -= 1
    if command in OUTSIDE:
        raise Unclear(f"\\{command} is outside of what is checked")
    raise reader.unexpected("a formula")


def _takes_label(reader: Grammar, body: Node) -> bool:
    r"""The `{=0}` of `\underbrace{a}_{=0}` claims something; any other label is a remark."""
    place, opened = reader.place, reader.next
    if not (reader.accept("{") and reader.at("=")):
        reader.place = place
        return False
    try:
        chain = read_chain(reader, body, opened)
        reader.expect("}", opened)
    except (Unclear, Unreadable):
        reader.place = place
        return False
    reader.labels.append(chain)
    return True


def _read_root(reader: Grammar, start: Token) -> Node:
    order: Node | None = None
    if reader.accept("["):
        order = reader.expression()
        reader.expect("]")
    body = read_argument(reader)
    if order is None:
        return Function("sqrt", body, span=reader.span_from(start))
    return Power(body, Divide(Number(1.0), order), span=reader.span_from(start))
