"""A content folder of one's own beside the one that is shipped."""

from pathlib import Path

import pytest

from app.library.loader import load_library
from app.library.models import Library
from tests.library.helpers import HALF_SQUARE, ROW, VARIANT, without_line, write_derivation

MINE = HALF_SQUARE.replace("'half-square'", "'mine'").replace("drill = 8\n", "")
DRAWING = "<svg/>"
PICTURE = "\n[[pictures]]\nid = 'curve'\nalt = 'A parabola.'\ncaption = 'The loss.'\n"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A folder with one derivation, which is not the one that is shipped."""
    folder = tmp_path / "mine"
    write_derivation(folder, "mine.toml", MINE)
    return folder


def problems(library: Library) -> list[str]:
    return [without_line(str(error)) for error in library.errors]


def draw(folder: Path, drawing: bytes = DRAWING.encode()) -> None:
    (folder / "pictures").mkdir()
    (folder / "pictures" / "curve.svg").write_bytes(drawing)


def test_ones_own_come_after_what_is_shipped(content: Path, own: Path) -> None:
    library = load_library(content, own)

    assert list(library.derivations) == ["half-square", "mine"]
    assert library.errors == ()


def test_without_a_folder_of_ones_own_there_is_what_is_shipped(content: Path) -> None:
    assert load_library(content, None).derivations == load_library(content).derivations


def test_what_lies_in_a_folder_is_not_written_here(content: Path, own: Path) -> None:
    """It is changed in its file, and not on the pages for writing."""
    assert load_library(content, own).own == ()


def test_rows_of_both_gotcha_tables_are_there(content: Path, own: Path) -> None:
    (content / "gotchas.toml").write_text(ROW)
    (own / "gotchas.toml").write_text(ROW.replace("half-square", "mine"))

    library = load_library(content, own)

    assert [row.derivation for row in library.gotchas] == ["half-square", "mine"]
    assert library.errors == ()


def test_a_row_of_ones_own_may_be_about_what_is_shipped(content: Path, own: Path) -> None:
    ols = MINE.replace("'mine'", "'ols'")
    write_derivation(content, "ols.toml", ols)
    (own / "gotchas.toml").write_text(ROW.replace("half-square", "ols"))

    assert [row.derivation for row in load_library(content, own).gotchas] == ["ols"]


def test_an_id_that_is_shipped_is_refused_and_named_with_the_folder(
    content: Path, own: Path
) -> None:
    write_derivation(own, "half-square.toml", HALF_SQUARE.replace("a square", "my square"))

    library = load_library(content, own)

    assert library["half-square"].question.title == "Derivative of a square"
    assert list(library.derivations) == ["half-square", "mine"]
    assert problems(library) == [
        "mine/derivations/half-square.toml: id 'half-square' is that of a derivation that is "
        "shipped: choose another, and rename the file"
    ]


def test_a_variant_with_an_id_that_is_shipped_takes_its_derivation_with_it(
    content: Path, own: Path
) -> None:
    write_derivation(own, "mine.toml", MINE + VARIANT.replace("'square'", "'half-square'"))

    library = load_library(content, own)

    assert list(library.derivations) == ["half-square"]
    assert library["half-square"].question.variant_of is None
    assert [problem.partition(":")[0] for problem in problems(library)] == [
        "mine/derivations/mine.toml"
    ]


def test_an_id_of_a_variant_that_is_shipped_is_refused(content: Path, own: Path) -> None:
    write_derivation(content, "half-square.toml", HALF_SQUARE + VARIANT)
    write_derivation(own, "square.toml", MINE.replace("'mine'", "'square'"))

    library = load_library(content, own)

    assert library["square"].question.variant_of == "half-square"
    assert len(library.errors) == 1


def test_mistakes_are_named_with_their_folder(content: Path, own: Path) -> None:
    write_derivation(content, "half-square.toml", "id = ")
    write_derivation(own, "mine.toml", "id = 'mine'")

    assert {problem.partition(":")[0] for problem in problems(load_library(content, own))} == {
        "content/derivations/half-square.toml",
        "mine/derivations/mine.toml",
    }


def test_a_folder_that_is_not_there_is_a_mistake_and_hides_nothing(
    content: Path, tmp_path: Path
) -> None:
    library = load_library(content, tmp_path / "nowhere")

    assert list(library.derivations) == ["half-square"]
    assert problems(library) == [
        "nowhere/derivations: no derivation here: write one as README.md shows"
    ]


def test_drawings_of_ones_own_are_there(content: Path, own: Path) -> None:
    write_derivation(own, "mine.toml", MINE + PICTURE)
    draw(own)

    library = load_library(content, own)

    assert library.errors == ()
    assert library.pictures == {"curve": DRAWING}


def test_a_drawing_that_is_missing_is_named(content: Path, own: Path) -> None:
    write_derivation(own, "mine.toml", MINE + PICTURE)

    assert problems(load_library(content, own)) == [
        "mine/derivations/mine.toml: pictures[1].id 'curve' is not a drawing: "
        "add pictures/curve.svg"
    ]


def test_a_drawing_that_cannot_be_read_is_named_and_hides_nothing(content: Path, own: Path) -> None:
    draw(own, b"<svg>\xff</svg>")
    (own / "pictures" / "folder.svg").mkdir()

    library = load_library(content, own)

    assert list(library.derivations) == ["half-square", "mine"]
    assert [problem.partition(":")[0] for problem in problems(library)] == [
        "mine/pictures/curve.svg",
        "mine/pictures/folder.svg",
    ]
