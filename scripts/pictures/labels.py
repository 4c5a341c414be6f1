"""Labels: words and a little TeX between dollar signs, as text that an SVG can carry.

    >>> [run.text for run in runs(r"the bound $\\mathcal{L}(q_t)$")]
    ['the bound ', 'L', '(', 'q', 't', ')']

Only what the drawings need is understood: letters, `_` and `^`, `\\hat`, `\\mathcal` and the
symbols below. As in TeX, spaces in a formula mean nothing, and relations make their own.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

SYMBOLS = {
    r"\alpha": "α",
    r"\theta": "θ",
    r"\sigma": "σ",
    r"\log": "log\u2009",
    r"\softmax": "softmax",
    r"\KL": "KL",
    r"\ELBO": "ELBO",
    r"\IG": "IG",
    r"\top": "⊤",
    r"\sqrt": "√",
    r"\|": "∥",
    r"\langle": "⟨",
    r"\rangle": "⟩",
    r"\,": "\u2009",
    ",": ",\u2009",
    "-": "−",
}
SPACED = {"=", "+", "−"}
TOKEN = re.compile(r"\\(?:hat|mathcal)\{(\w)\}|(\\[A-Za-z]+|\\.|[_^]|\{[^{}]*\}|[^ ])")

# The hat is a character of its own. It is pulled back over its letter, by how wide KaTeX's
# italic letters are, and leaves the pen where the letter had left it.
HAT = "^"
HAT_BACK = "-0.44em"
HAT_ON = "-0.06em"


@dataclass(frozen=True)
class Run:
    """A piece of a label in one face: plain words, upright or italic mathematics, a script letter,
    or the hat of the letter before. `level` is 1 in a superscript and -1 in a subscript."""

    text: str
    face: str
    level: int = 0


def runs(label: str) -> Iterator[Run]:
    for place, piece in enumerate(label.split("$")):
        if place % 2 == 0 and piece:
            yield Run(piece, "plain")
        elif piece:
            yield from _together(_mathematics(piece, 0))


def _mathematics(tex: str, level: int) -> Iterator[Run]:
    shift = 0
    first = True
    for token in TOKEN.finditer(tex):
        letter, text = token.groups()
        if letter and token[0].startswith(r"\hat"):
            yield Run(letter, "italic", level)
            yield Run(HAT, "hat", level)
        elif letter:
            yield Run(letter, "script", level)
        elif text in ("_", "^"):
            shift = -1 if text == "_" else 1
        elif text.startswith("{") or shift:
            yield from _mathematics(text.strip("{}"), level + shift)
            shift = 0
        else:
            yield _symbol(SYMBOLS.get(text, text), level, first)
        first = text in ("=", "(")


def _symbol(shown: str, level: int, first: bool) -> Run:
    """A sign that comes first stands for itself: the minus of a number, not of a difference."""
    if shown in SPACED and not level and not (first and shown == "−"):
        shown = f" {shown} "
    return Run(shown, "italic" if len(shown) == 1 and shown.isalpha() else "upright", level)


def _together(pieces: Iterator[Run]) -> Iterator[Run]:
    for (face, level), group in groupby(pieces, key=lambda run: (run.face, run.level)):
        yield Run("".join(run.text for run in group), face, level)
