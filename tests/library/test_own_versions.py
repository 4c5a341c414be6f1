"""The name and text under which an older version is kept."""

import pytest

from app.library.loader import family_of
from app.library.models import DerivationFile, Library
from app.library.own import older_version, with_own
from app.library.reading import read_source
from tests.library.helpers import HALF_SQUARE, VARIANT


def test_it_is_a_derivation_like_any_other_beside_the_newer_one() -> None:
    kept_id, source = older_version("half-square", HALF_SQUARE + VARIANT)

    first, variant = family_of(source, kept_id)
    assert first.question.id == kept_id
    assert kept_id.startswith("half-square-")
    assert first.question.title == "Derivative of a square (older version)"
    assert first.question.drill is None
    assert variant.question.id == kept_id.replace("half-square", "square")
    original = read_source(HALF_SQUARE + VARIANT, DerivationFile)
    changed = {"id", "title", "drill", "variants"}
    kept = read_source(source, DerivationFile)
    assert kept.model_dump(exclude=changed) == original.model_dump(exclude=changed)


def test_the_same_text_gives_the_same_version_and_another_text_another() -> None:
    assert older_version("mine", HALF_SQUARE) == older_version("mine", HALF_SQUARE)
    assert older_version("mine", HALF_SQUARE)[0] != older_version("mine", HALF_SQUARE + "\n")[0]


@pytest.mark.parametrize("source", ["", "id = ", "id = 'mine'\nnothing = 'else'"])
def test_what_cannot_be_read_is_kept_as_it_is(source: str) -> None:
    assert older_version("mine", source)[1] == source


@pytest.mark.parametrize("name", ["a" * 100, "a" * 92 + "-" + "b" * 7])
def test_a_long_name_stays_a_name(name: str) -> None:
    long = HALF_SQUARE.replace("id = 'half-square'", f"id = '{name}'", 1)

    kept_id, source = older_version(name, long)

    assert len(kept_id) <= 100
    assert family_of(source, kept_id)[0].question.id == kept_id


def test_an_older_version_is_closed_with_the_newer_one_and_nothing_else_is() -> None:
    shipped = Library({}, (), ())
    kept_id, older = older_version("half-square", HALF_SQUARE + VARIANT)
    twice_id, oldest = older_version(kept_id, older)
    other = HALF_SQUARE.replace("'half-square'", "'half-square-too'")
    sources = {"half-square": HALF_SQUARE + VARIANT, kept_id: older, twice_id: oldest}
    library = with_own(shipped, {**sources, "half-square-too": other})
    assert set(library.own) == {*sources, "half-square-too"}

    versions = frozenset({*library.derivations} - {"half-square-too"})

    for one in versions:
        assert library.closed_with(one) == versions
    assert library.closed_with("half-square-too") == {"half-square-too"}
    assert library.closed_with("nowhere") == {"nowhere"}
    assert library.family_of("square") == {"half-square", "square"}
