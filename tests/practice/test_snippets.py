"""Words that Tab writes out: how they are written down and read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.checker import Checker
from app.errors import Invalid
from app.practice.snippets import MOST_SNIPPETS, USUAL, read_snippets, written

words = st.from_regex(r"[A-Za-z]{1,12}", fullmatch=True)
texts = st.text(st.characters(codec="ascii", categories=["L", "N", "P", "S"]), min_size=1).map(
    lambda text: text[:160]
)


@given(st.dictionaries(words, texts, max_size=MOST_SNIPPETS))
def test_what_is_written_down_is_read_as_it_was(snippets: dict[str, str]) -> None:
    assert read_snippets(written(snippets.items())) == tuple(snippets.items())


def test_spaces_around_and_empty_lines_do_not_matter() -> None:
    assert read_snippets("\n tr=^\\top \r\n\n  fr  =  \\frac{$}{$}\n") == (
        ("tr", "^\\top"),
        ("fr", "\\frac{$}{$}"),
    )
    assert read_snippets(" \n") == ()
    assert read_snippets("eq = a = b") == (("eq", "a = b"),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tr = a\nno equals sign", "Line 2 is no snippet"),
        ("tr =", "Line 1 is no snippet"),
        ("x1 = a", "Line 1 is no snippet"),
        ("\\tr = a", "Line 1 is no snippet"),
        ("abcdefghijklm = a", "Line 1 is no snippet"),
        (f"a = {'b' * 161}", "Line 1 is no snippet"),
        ("a = b\x00", "Line 1 is no snippet"),
        ("a = b\n\na = c", "Line 3: 'a' stands for something already."),
        (
            "\n".join(f"{chr(65 + n // 26)}{chr(65 + n % 26)} = x" for n in range(101)),
            "room for 100",
        ),
    ],
)
def test_what_cannot_be_read_is_said_with_its_line(text: str, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        read_snippets(text)


@pytest.mark.parametrize(("word", "text"), USUAL)
def test_the_usual_ones_are_read_by_the_checker(word: str, text: str) -> None:
    assert read_snippets(f"{word} = {text}") == ((word, text),)
    checker = Checker(givens=[r"x \in \mathbb{R}", r"Y \in \mathbb{R}^{n \times n}"])

    # Something before it, in its gaps, and behind it: not every snippet is a whole formula.
    (finding,) = checker.check([f"Y{text.replace('$', 'x')} Y = 1"])

    assert finding.verdict != "unreadable", finding.message
