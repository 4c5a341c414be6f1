"""One symbol under its accents and fonts, and scripts that are only a label."""

from app.checker.failures import Unreadable
from app.checker.reading.commands import (
    ACCENTS,
    CALLIGRAPHIC,
    FONTS,
    GREEK,
    LETTER_LIKE,
    PLAIN_FONTS,
    UPRIGHT,
    VARIANTS,
)
from app.checker.reading.cursor import Cursor

_SAYS_NOTHING = frozenset(
    ["{", "}", "mathrm", "text", "operatorname", "mathbf", "boldsymbol", "mathcal"]
)


def read_base(reader: Cursor) -> str:
    """The one symbol that an accent or a font is put on: "w", "theta", "hat w", "cal L"."""
    if reader.accept("{"):
        opened = reader.last
        base = read_base(reader)
        reader.expect("}", opened)
        return base
    token = reader.take()
    if token.kind in ("letter", "word", "number"):
        return token.text
    if token.kind == "remark":
        return token.text.strip()
    if token.kind == "command":
        if token.text in GREEK:
            return VARIANTS.get(token.text, token.text)
        if token.text in LETTER_LIKE:
            return LETTER_LIKE[token.text]
        if token.text in ACCENTS:
            return f"{ACCENTS[token.text]} {read_base(reader)}"
        if token.text in PLAIN_FONTS:
            return read_base(reader)
        if token.text in CALLIGRAPHIC:
            return f"cal {read_base(reader)}"
        if token.text in UPRIGHT:
            return read_upright(reader).strip()
    if token.kind != "end":
        reader.place -= 1
    raise reader.unexpected("a symbol")


def read_lone_base(reader: Cursor) -> str | None:
    r"""The base in `{w}` or `{\hat w}`; None for anything longer, which is not taken."""
    place = reader.place
    end = reader.closing_of(place)
    if end is None:
        raise reader.never_closed(reader.next)
    try:
        base = read_base(reader)
    except Unreadable:
        base = ""
    if base and reader.place == end + 1:
        return base
    reader.place = place
    return None


def read_upright(reader: Cursor) -> str:
    r"""The letters in `\mathrm{…}`, with a blank for each space."""
    if not reader.at("{"):
        token = reader.take()
        if token.kind in ("letter", "word", "number"):
            return token.text
        reader.place -= token.kind != "end"
        raise reader.unexpected("a name")
    opened = reader.take()
    text = ""
    while not reader.at("}"):
        if reader.at_end:
            raise reader.never_closed(opened)
        token = reader.take()
        text += " " + token.text if token.space and text else token.text
    reader.take()
    return text


def read_label(reader: Cursor) -> str:
    """A script that is only a label, such as the F of a Frobenius norm."""
    start = reader.place
    skip_script(reader)
    return text_between(reader, start, reader.place)


def skip_script(reader: Cursor) -> None:
    if reader.at("{"):
        end = reader.closing_of(reader.place)
        if end is None:
            raise reader.never_closed(reader.next)
        reader.place = end + 1
    elif reader.at_end or reader.at("}", ")", "]"):
        raise reader.unexpected("a script")
    else:
        token = reader.take()
        if token.kind == "command" and token.text in FONTS:
            read_upright(reader)


def text_between(reader: Cursor, start: int, end: int) -> str:
    """The letters of these tokens, without fonts and braces."""
    inside = reader.tokens[start:end]
    return "".join(token.text for token in inside if token.text not in _SAYS_NOTHING)
