"""The words of these tests: what is read, where reading breaks, what is said of a line."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from app.checker import Checker, Finding
from app.checker.failures import Unclear, Unreadable
from app.checker.reading.expressions import Reader
from app.checker.reading.lines import Line, read_line
from app.checker.reading.tokens import tokenize
from app.checker.reading.tree import Node
from app.checker.reading.vocabulary import Vocabulary
from tests.checker.outline import outline

# Names of several derivations, enough for one glyph to mean different things.
_NAMES = "X W w x y z b n d h i j k p q r m f sigma theta pi H ELBO Sigma mu epsilon"
_FUNCTIONS = "p q sigma pi f H"
VOCABULARY = Vocabulary(
    bases=frozenset([*_NAMES.split(), "cal L"]),
    calls=frozenset([*_FUNCTIONS.split(), "cal L"]),
    values=frozenset(["cal L", "z"]),
    words=frozenset(["ELBO", "ref"]),
    sups={"W": frozenset("QKV")},
)


def read(tex: str, *choices: str) -> Node:
    """One formula, which takes all of the text."""
    reader = Reader(tokenize(tex, VOCABULARY.words), VOCABULARY, frozenset(choices))
    node = reader.expression()
    assert reader.at_end, f"{tex!r} goes on with {reader.next.text!r}"
    return node


def line(tex: str) -> Line:
    return read_line(tex, VOCABULARY)


def assert_reads(tex: str, tree: str) -> None:
    assert outline(read(tex)) == tree


def assert_same_tree(*texts: str) -> None:
    first, *rest = (outline(read(tex)) for tex in texts)
    assert rest == [first] * len(rest)


def assert_fails_at(marked: str, message: str, how: Callable[[str], Any] = line) -> None:
    """The formula is unreadable, with this message and in the place between ⟪ and ⟫."""
    tex, start, end = _unmarked(marked)
    with pytest.raises(Unreadable) as caught:
        how(tex)
    assert (caught.value.message, caught.value.start, caught.value.end) == (message, start, end)


def assert_unclear(tex: str, message: str, how: Callable[[str], Any] = line) -> None:
    with pytest.raises(Unclear) as caught:
        how(tex)
    assert str(caught.value) == message


def assert_verdict(
    checker: Checker,
    lines: str | Sequence[str],
    verdict: str,
    message: str | None = None,
    where: str | None = None,
) -> Finding:
    """Of the last line; ⟪ and ⟫ around a part of it say that this part is pointed at."""
    *before, marked = [lines] if isinstance(lines, str) else lines
    last, start, end = _unmarked(marked)
    finding = checker.check([*before, last])[-1]
    assert (finding.verdict, finding.where) == (verdict, where), finding.message
    assert message is None or finding.message == message
    if last != marked:
        assert finding.span == (start, end), f"points at {_pointed(finding)!r}"
    return finding


def verdicts(checker: Checker, *lines: str) -> list[str]:
    return [finding.verdict for finding in checker.check(lines)]


def _pointed(finding: Finding) -> str:
    return "" if finding.span is None else finding.text[slice(*finding.span)]


def _unmarked(marked: str) -> tuple[str, int, int]:
    before, _, rest = marked.partition("⟪")
    inside, _, after = rest.partition("⟫")
    return before + inside + after, len(before), len(before) + len(inside)
