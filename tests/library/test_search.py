"""Finding what was read somewhere."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.library.loader import family_of, load_library
from app.library.models import Library
from app.library.prose import segments
from app.library.search import MAX_HITS, Hit, passages_of, search
from app.library.verifying.texts import texts_of
from tests.library.helpers import HALF_SQUARE, ROW, VARIANT, changed, write_derivation


@pytest.fixture
def small(content: Path) -> Library:
    """One derivation with a variant and a row of the gotcha table."""
    write_derivation(content, "half-square.toml", HALF_SQUARE + VARIANT)
    (content / "gotchas.toml").write_text(ROW.replace("Unique?", "Smooth?"))
    return load_library(content)


def places(hits: list[Hit]) -> list[str]:
    """Where it was found, as derivation, kind and anchor."""
    return [f"{hit.passage.derivation}: {hit.passage.kind} #{hit.passage.anchor}" for hit in hits]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("differentiate", ["half-square: derivation #"]),
        ("inner derivative was", ["half-square: slip #slip-sign"]),
        ("turns it around", ["half-square: step 2 #step-2"]),
        ("cancels", ["half-square: why it matters #insights"]),
        ("mean", ["half-square: follow-up #followups"]),
        ("the weight", ["half-square: given #given"]),
        ("Boyd 2004", ["half-square: reading #reading"]),
        ("smooth convex", ["half-square: gotcha #gotchas"]),
        ("two stays", ["square: step 2 #step-2"]),
        ("without half", ["square: variant #"]),
    ],
)
def test_everything_that_can_be_read_is_found_where_it_stands(
    small: Library, query: str, found: list[str]
) -> None:
    assert places(search(small, query)) == found


def test_all_that_a_study_page_shows_can_be_found(library: Library) -> None:
    for derivation in library.originals:
        passages = passages_of(derivation, library)
        searched = "\n".join(f"{one.heading}\n{one.text}" for one in passages)
        unseen = ("hints", "contexts")
        missing = [
            field
            for field, text in texts_of(derivation)
            if not field.startswith(unseen) and text not in searched
        ]
        assert missing == [], derivation.question.id


def test_a_variant_is_found_by_what_it_does_not_share(small: Library) -> None:
    """Else the insights and gotchas of a derivation would be found twice."""
    assert {hit.passage.derivation for hit in search(small, "strictly convex")} == {"half-square"}


def test_every_word_has_to_be_there(small: Library) -> None:
    assert search(small, "strictly convex")
    assert search(small, "strictly concave") == []


@pytest.mark.parametrize("query", ["STRICTLY Convex", "convex strictly", "  convex\tstrictly\n"])
def test_neither_case_nor_order_nor_blanks_matter(small: Library, query: str) -> None:
    assert search(small, query) == search(small, "strictly convex") != []


@pytest.mark.parametrize(
    "query",
    [
        r"\nabla_w \mathcal{L} = w - y",
        r"\nabla_w\mathcal{L}=w-y",
        r"$\nabla_w \mathcal{L} = w - y$",
        r"\mathcal{L} =  w-y",
    ],
)
def test_a_formula_is_found_however_it_is_spaced(small: Library, query: str) -> None:
    assert places(search(small, query)) == ["half-square: step 2 #step-2"]


def test_a_title_counts_more_than_a_text(content: Path) -> None:
    write_derivation(content, "half-square.toml", changed("title = 'Result'", "title = 'Loss'"))
    library = load_library(content)

    hits = search(library, "loss")

    assert places(hits) == ["half-square: step 2 #step-2", "half-square: derivation #"]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_the_excerpt_is_the_sentence_in_which_the_first_word_stands(content: Path) -> None:
    answer = "The mean of $y. z$ wins! Why? It is 1.5 times unbiased."
    write_derivation(content, "half-square.toml", changed("Their mean.", answer))
    library = load_library(content)

    def excerpt(query: str) -> str:
        return search(library, query)[0].excerpt

    assert excerpt("wins") == "The mean of $y. z$ wins!"
    assert excerpt("unbiased wins") == "It is 1.5 times unbiased."


def test_a_word_that_stands_in_the_heading_alone_shows_how_the_text_begins(
    small: Library,
) -> None:
    (hit,) = search(small, "boyd")
    assert hit.excerpt == "Stephen Boyd, Lieven Vandenberghe 2004"
    assert search(small, "targets")[0].excerpt == "Their mean."


def test_what_is_left_out_is_not_found(small: Library) -> None:
    assert places(search(small, "half without", leave_out={"half-square"})) == ["square: variant #"]
    assert search(small, "mean", leave_out={"half-square"}) == []
    assert search(small, "half without", leave_out={"half-square", "square"}) == []


@pytest.mark.parametrize("query", ["", "  ", "$", "$ $$"])
def test_a_query_without_words_finds_nothing(small: Library, query: str) -> None:
    assert search(small, query) == []


def test_of_too_many_the_best_are_kept(library: Library) -> None:
    hits = search(library, "the")

    assert len(hits) == MAX_HITS
    every = [hit for hit in search(library, "the", leave_out={"ols"}) if hit.score > hits[-1].score]
    assert {hit.passage for hit in every} <= {hit.passage for hit in hits}


def test_every_derivation_that_is_shipped_is_found_by_its_title(library: Library) -> None:
    for name, derivation in library.derivations.items():
        hits = search(library, derivation.question.title)

        assert name in {hit.passage.derivation for hit in hits}


def test_every_passage_that_is_shipped_can_be_shown(library: Library) -> None:
    for derivation in library.derivations.values():
        for passage in passages_of(derivation, library):
            for text in (passage.heading, passage.text):
                assert segments(text) or not text


SMALL = Library(
    {one.question.id: one for one in family_of(HALF_SQUARE + VARIANT, "half-square")}, (), ()
)
queries = st.text(st.sampled_from("ab w$\\{}*`%_'\"<>&\u0000\u2028é"), max_size=40) | st.text(
    max_size=40
)


@given(queries)
def test_any_query_can_be_asked(query: str) -> None:
    for hit in search(SMALL, query):
        assert hit.score > 0
        assert segments(hit.excerpt)
