"""A derivation as the text of a content file, in the form in which people write one."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.library.models import DerivationFile

_LINE_WIDTH = 100
# `wrong` is not among them: in a slip it is a formula, in which a line break may end a comment.
_PROSE = frozenset(
    "prompt note explanation say question right why answer intuition caption hints insights".split()  # noqa: SIM905
)


def source_of_derivation(file: DerivationFile) -> str:
    """TOML that reads back as the same derivation. What has its default value is left out."""
    written = file.model_dump(exclude_defaults=True)
    return "\n".join(_table(written, prefix="")) + "\n"


def _table(table: Mapping[str, Any], prefix: str) -> Iterator[str]:
    """Single values first: a key that is written below a block would belong to that block."""
    blocks = {key: value for key, value in table.items() if _is_blocks(value)}
    for key, value in table.items():
        if key not in blocks:
            yield f"{key} = {_value(_wrapped(key, value))}"
    for key, entries in blocks.items():
        for entry in entries:
            yield ""
            yield f"[[{prefix}{key}]]"
            yield from _table(entry, prefix=f"{prefix}{key}.")


def _wrapped(key: str, value: object) -> object:
    """Long prose over several lines: where it is broken means nothing."""
    if isinstance(value, tuple | list) and key in _PROSE:
        return [_wrapped(key, entry) for entry in value]
    if isinstance(value, str) and key in _PROSE and len(value) > _LINE_WIDTH - 20:
        return "\n".join(_lines(value)) + "\n"
    return value


def _lines(prose: str) -> list[str]:
    return textwrap.wrap(prose, _LINE_WIDTH, break_long_words=False, break_on_hyphens=False)


def _is_blocks(value: object) -> bool:
    return isinstance(value, Sequence) and any(isinstance(entry, Mapping) for entry in value)


def _value(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case str():
            return _text(value)
        case _:
            assert isinstance(value, Sequence)
            entries = [_text(entry) for entry in value]
            listed = ", ".join(entries)
            if len(listed) <= _LINE_WIDTH - 20 and "\n" not in listed:
                return f"[{listed}]"
            return "[\n" + "".join(f"  {entry},\n" for entry in entries) + "]"


def _text(text: str) -> str:
    """Between quotes that leave backslashes alone, if there are some that fit."""
    if "\n" not in text and "'" not in text and text.isprintable():
        return f"'{text}'"
    plain = all(character.isprintable() or character == "\n" for character in text)
    if plain and "'''" not in text and not text.endswith("'"):
        # The first line break after the quotes does not count.
        return f"'''\n{text}'''"
    return _escaped(text)


def _escaped(text: str) -> str:
    special = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    return '"' + "".join(special.get(one) or _printable(one) for one in text) + '"'


def _printable(character: str) -> str:
    return character if character.isprintable() else f"\\U{ord(character):08x}"
