"""Prose that calls a thing otherwise than the rest of Coldboard does is reported with its field."""

import re
from pathlib import Path

import pytest

from app.library.loader import load_library
from app.library.models import Library
from app.library.verifying.terms import foreign_in, foreign_terms
from app.settings import ROOT
from tests.library.helpers import HALF_SQUARE, ROW, VARIANT, changed, write_derivation

FILE = "content/derivations/half-square.toml"
# Jinja and tags; blocks, lines and words of code in Markdown.
CODE = re.compile(r"\{[{%#].*?[#%}]\}|<[^>]*>|```.*?```|^    [^\n]*$|`[^`]*`", re.S | re.M)
DOCUMENTS = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "content/README.md", "bench/README.md"]


def problems(content: Path, text: str = HALF_SQUARE) -> list[str]:
    write_derivation(content, "half-square.toml", text)
    library = load_library(content)
    assert library.errors == ()
    return [str(error) for error in foreign_terms(content, library)]


@pytest.mark.parametrize(
    ("prose", "problem"),
    [
        ("A followup comes.", "says 'followup': write follow-up"),
        ("Follow ups come.", "says 'Follow ups': write follow-up"),
        ("The *load bearing* step.", "says 'load bearing': write load-bearing"),
        ("Large datasets.", "says 'datasets': write data set"),
        ("A non-zero vector.", "says 'non-zero': write it without the hyphen"),
        ("The E step, then.", "says 'E step': write E-step"),
        ("Take it, e.g. from above.", "says 'e.g.': write for example"),
        ("It holds iff $x > 0$.", "says 'iff': write exactly if"),
        ("It can not be.", "says 'can not': write cannot"),
        ("So it is positive!", "says '!': write a full stop"),
        ("And so on...", "says '...': write …"),
        ('The "kernel" of it.', "says '\"': write “ or ”"),
        ("The loss - a square - is convex.", "says '-': write a comma, a colon or –"),
    ],
)
def test_it_names_the_field_and_what_to_write(content: Path, prose: str, problem: str) -> None:
    found = problems(content, changed("'It is strictly convex.'", f"'''{prose}'''"))

    assert found[0] == f"{FILE}: gotchas[1].why {problem}"


@pytest.mark.parametrize(
    "prose",
    [
        r"$n!$ ways, $x \text{ iff } y$, $\{1, ..., n\}$, and $a - b$.",
        "`dataset!` is code.",
        "A follow-up on data sets: bias–variance, log-likelihood, positive-semidefinite.",
        "Nonzero. Towards the E-step. A stiff, sniffing bootstrap_iff.",
        "We have “quotes” and so on…",
    ],
)
def test_formulas_code_and_our_own_words_pass(content: Path, prose: str) -> None:
    assert problems(content, changed("'It is strictly convex.'", f"'''{prose}'''")) == []


def test_every_kind_of_text_is_read(content: Path) -> None:
    text = HALF_SQUARE + VARIANT
    for old in ("Differentiate the", "the weight", "Which rule?", "Chain rule", "The two stays."):
        assert old in text
        text = text.replace(old, f"{old} dataset")
    (content / "gotchas.toml").write_text(ROW.replace("'Yes.'", "'Yes!'"))

    found = problems(content, text)

    assert [problem.split(" says")[0] for problem in found] == [
        f"{FILE}: prompt",
        f"{FILE}: givens[1].note",
        f"{FILE}: steps[1].title",
        f"{FILE}: hints[1]",
        f"{FILE}: variants[1].steps[1].explanation",
        "content/gotchas.toml: rows[1].right",
    ]


def test_books_keep_the_names_that_they_have(content: Path) -> None:
    assert problems(content, changed("Convex Optimization", "Datasets!")) == []


def test_a_file_that_is_left_out_is_not_reported_again(content: Path) -> None:
    write_derivation(content, "half-square.toml", "id = ")
    (content / "gotchas.toml").write_text("[[rows]]")

    assert foreign_terms(content, load_library(content)) == ()


def test_what_is_shipped_calls_everything_by_one_name(library: Library) -> None:
    assert foreign_terms(ROOT / "content", library) == ()


@pytest.mark.parametrize(
    "path",
    [*sorted((ROOT / "templates").rglob("*.html")), *(ROOT / name for name in DOCUMENTS)],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_pages_and_documents_do_too(path: Path) -> None:
    """Their marks are those of HTML and Markdown; only words are compared."""
    text = " ".join(CODE.sub("_", path.read_text()).split())

    assert [found for found, _ in foreign_in(text) if found[0].isalpha()] == []
