"""One TOML file into one model, or everything that is wrong with it."""

import re
import tomllib
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from app.library.explain import problems_of
from app.library.places import located

Model = TypeVar("Model", bound=BaseModel)

MAX_FILE_BYTES = 256 * 1024


class Broken(Exception):
    """A file that cannot be used. `problems` are complete sentences, with their lines where these
    are known and without the file's name."""

    def __init__(self, *problems: str) -> None:
        super().__init__(*problems)
        self.problems = problems


def read_file(path: Path, model: type[Model]) -> Model:
    """Raises Broken."""
    return read_source(source_of(path), model)


def read_source(source: str, model: type[Model]) -> Model:
    """Raises Broken."""
    try:
        return model.model_validate(parse(source))
    except ValidationError as error:
        problems = problems_of(error, model)
        raise Broken(*(located(source, problem) for problem in problems)) from error


def parse(source: str) -> dict[str, Any]:
    """The entries of a TOML text. Raises Broken."""
    try:
        return tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise Broken(_syntax_problem(str(error), source)) from error
    except (RecursionError, ValueError) as error:
        raise Broken(
            "not readable as TOML: take out the deep nesting or the huge number"
        ) from error


def source_of(path: Path) -> str:
    """The text of a file. Raises Broken."""
    # Opening a pipe would wait for ever.
    if not path.is_file():
        raise _unreadable("not a file")
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise _unreadable(error.strerror or type(error).__name__) from error
    return decoded(data)


def decoded(data: bytes) -> str:
    """The text in the bytes of a file. Raises Broken."""
    if len(data) > MAX_FILE_BYTES:
        raise Broken(f"larger than {MAX_FILE_BYTES // 1024} KB: split it, or shorten its texts")
    try:
        # Some Windows editors put a byte order mark in front.
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Broken(f"line {line}: not UTF-8: save the file with UTF-8 encoding") from error


def _unreadable(why: str) -> Broken:
    return Broken(f"cannot be read ({why}): check that it is a file that you may open")


def _syntax_problem(message: str, text: str) -> str:
    """tomllib puts the place at the end of its message, in brackets."""
    what, _, place = message.rpartition(" (at ")
    line_column = re.match(r"line (\d+), column (\d+)", place)
    if line_column:
        line, column = line_column.groups()
    else:
        lines = text.split("\n")
        line, column = str(len(lines)), str(len(lines[-1]) + 1)
    return (
        f"line {line}, column {column}: not TOML ({what}): "
        "put text in '…' (or '''…''' if it has an apostrophe), one key = value a line"
    )
