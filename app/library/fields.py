"""The kinds of text and number that a content file may hold.

Each check raises ValueError with "what is wrong: what to do"; whoever catches it knows the field.
"""

import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, StrictBool, StrictInt

from app.library.prose import segments

MAX_NAME_CHARACTERS = 100
_LATEX_MARK = re.compile(r"\\(begin|end)\s*\{([^{}]*)\}|\\.|[{}$\\]", re.DOTALL)


def _plain(text: str) -> str:
    text = _filled(text)
    if "$" in text:
        raise ValueError("is plain text, without formulas: take out the $")
    return text


def _prose(text: str) -> str:
    text = _filled(text)
    for kind, piece in segments(text):
        if kind == "math":
            _latex(piece)
    return text


def _filled(text: str) -> str:
    """The text on one line: where an author breaks a line of prose means nothing."""
    text = " ".join(_writable(text).split())
    if not text:
        raise ValueError("is empty: write something, or take the whole entry out")
    return text


def _writable(text: str) -> str:
    """A program can send the half of a character that no file can hold."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        place = error.start + 1
        raise ValueError(f"has half a character at character {place}: type it again") from error
    return text


def _latex(tex: str) -> str:
    """Braces and environments must pair up. Line breaks stay: `%` hides the rest of a line."""
    tex = _writable(tex).strip()
    if not tex:
        raise ValueError("is an empty formula: write some LaTeX")
    opened: list[tuple[str, int]] = []
    for mark in _LATEX_MARK.finditer(tex):
        place = mark.start() + 1
        if mark[0] == "$":
            raise ValueError(f"has a $ at character {place}: formulas are written without $")
        if mark[0] == "\\":
            raise ValueError("ends with a single backslash: take it out, or write the command")
        if mark[0] == "{" or mark[1] == "begin":
            opened.append((mark[0], place))
        elif mark[0] == "}" or mark[1] == "end":
            partner = "{" if mark[0] == "}" else rf"\begin{{{mark[2]}}}"
            if not opened or opened[-1][0] != partner:
                raise ValueError(
                    f"closes {mark[0]} at character {place} without {partner}: "
                    "take it out, or open it before"
                )
            opened.pop()
    if opened:
        mark_text, place = opened[-1]
        close = "}" if mark_text == "{" else mark_text.replace("begin", "end")
        raise ValueError(f"opens {mark_text} at character {place} and never closes it: add {close}")
    return tex


def _identifier(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", text):
        raise ValueError(
            f"{text!r} is not a name: use small letters, digits and single hyphens, "
            "such as 'sign-lost'"
        )
    if len(text) > MAX_NAME_CHARACTERS:
        raise ValueError(f"is longer than {MAX_NAME_CHARACTERS} characters: choose a shorter name")
    return text


def _step_number(text: str) -> str:
    if not re.fullmatch(r"[1-9][0-9]?[a-z]?", text):
        raise ValueError(f"{text!r} is not a step number: write '2', or '2a' for a part of step 2")
    return text


def _as_text(value: object) -> object:
    """`number = 2` means what `number = '2'` means."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _between(low: int, high: int) -> AfterValidator:
    def check(value: int) -> int:
        if not low <= value <= high:
            raise ValueError(f"is {value}: write a whole number from {low} to {high}")
        return value

    return AfterValidator(check)


Plain = Annotated[str, AfterValidator(_plain)]
Prose = Annotated[str, AfterValidator(_prose)]
Latex = Annotated[str, AfterValidator(_latex)]
Identifier = Annotated[str, AfterValidator(_identifier)]
StepNumber = Annotated[str, BeforeValidator(_as_text), AfterValidator(_step_number)]
DrillPlace = Annotated[StrictInt, _between(1, 8)]
Minutes = Annotated[StrictInt, _between(1, 60)]
Difficulty = Annotated[StrictInt, _between(1, 3)]
Year = Annotated[StrictInt, _between(1600, 2100)]
YesNo = StrictBool
