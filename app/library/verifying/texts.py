"""The words of a content file, each text with the field in which it stands."""

from collections.abc import Iterator
from typing import get_args, get_type_hints

from app.library.fields import Plain, Prose
from app.library.models import Frozen, Reading


def texts_of(model: Frozen, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Every field that holds prose or plain text, as it is counted in the file, with what it says.
    Books keep the names that they have."""
    if isinstance(model, Reading):
        return
    hints = get_type_hints(type(model), include_extras=True)
    for name in type(model).model_fields:
        value = getattr(model, name)
        for field, part in _placed(f"{prefix}{name}", value):
            if isinstance(part, Frozen):
                yield from texts_of(part, f"{field}.")
            elif isinstance(part, str) and _is_words(hints[name]):
                yield field, part


def _placed(field: str, value: object) -> Iterator[tuple[str, object]]:
    """The parts of a list with their places; anything else is one part."""
    if isinstance(value, tuple):
        yield from ((f"{field}[{place}]", part) for place, part in enumerate(value, start=1))
    else:
        yield field, value


def _is_words(hint: object) -> bool:
    return hint in (Plain, Prose) or any(map(_is_words, get_args(hint)))
