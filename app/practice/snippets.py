"""Snippets: short words that Tab writes out while one types a line.

In what a word stands for, each `$` is a gap: the caret goes to the first one, Tab to the next. No
line of LaTeX has a `$` of its own.
"""

import re
from collections.abc import Iterable

from app.errors import Invalid

MOST_SNIPPETS = 100
MAX_WORD = 12
MAX_TEXT = 160
LINE = re.compile(rf"([A-Za-z]{{1,{MAX_WORD}}})\s*=\s*(\S.{{0,{MAX_TEXT - 1}}})")

Snippet = tuple[str, str]
"""The word, and what it stands for."""

USUAL: tuple[Snippet, ...] = (
    ("tr", r"^\top"),
    ("inv", r"^{-1}"),
    ("fr", r"\frac{$}{$}"),
    ("half", r"\frac{1}{2}"),
    ("sq", r"\sqrt{$}"),
    ("par", r"\frac{\partial $}{\partial $}"),
    ("nab", r"\nabla_{$}"),
    ("norm", r"\|$\|"),
    ("nsq", r"\|$\|^2"),
    ("sum", r"\sum_{$}"),
    ("int", r"\int $\,d$"),
    ("ee", r"\mathbb{E}_{$}[$]"),
    ("rr", r"\mathbb{R}^{$}"),
    ("kl", r"\mathrm{KL}($ \| $)"),
    ("gauss", r"\mathcal{N}($ | $, $)"),
    ("loss", r"\mathcal{L}"),
    ("sm", r"\mathrm{softmax}($)"),
    ("diag", r"\mathrm{diag}($)"),
    ("trace", r"\mathrm{tr}($)"),
    ("od", r"\odot"),
    ("hat", r"\hat{$}"),
    ("bar", r"\bar{$}"),
    ("lg", r"\log $"),
    ("max", r"\max_{$}"),
    ("argmax", r"\arg\max_{$}"),
    ("mat", r"\begin{pmatrix} $ & $ \\ $ & $ \end{pmatrix}"),
    ("al", r"\alpha"),
    ("th", r"\theta"),
    ("la", r"\lambda"),
    ("sg", r"\sigma"),
    ("imp", r"\implies"),
)


def written(snippets: Iterable[Snippet]) -> str:
    """As text: a line each, `tr = ^\\top`."""
    return "\n".join(f"{word} = {text}" for word, text in snippets)


def read_snippets(text: str) -> tuple[Snippet, ...]:
    """What was written so. Raises Invalid, which names the line."""
    snippets: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        found = LINE.fullmatch(line.strip())
        if found is None or not line.isprintable():
            raise Invalid(
                f"Line {number} is no snippet: a word of up to {MAX_WORD} letters, an equals sign, "
                f"and up to {MAX_TEXT} characters that it stands for, such as tr = ^\\top."
            )
        if found[1] in snippets:
            raise Invalid(f"Line {number}: '{found[1]}' stands for something already.")
        snippets[found[1]] = found[2]
    if len(snippets) > MOST_SNIPPETS:
        raise Invalid(f"There is room for {MOST_SNIPPETS} snippets, and these are {len(snippets)}.")
    return tuple(snippets.items())
