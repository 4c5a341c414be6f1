from pathlib import Path

import pytest

from app.library.loader import load_library
from app.library.models import step_order
from tests.library.helpers import HALF_SQUARE, ROW, changed, messages, write_derivation


def test_it_loads_a_derivation(content: Path) -> None:
    library = load_library(content)

    derivation = library["half-square"]
    assert library.errors == ()
    assert derivation.question.prompt == "Differentiate the loss by $w$."
    assert derivation.question.givens[0].tex == r"w \in \mathbb{R}"
    assert [step.load_bearing for step in derivation.steps] == [False, True]
    assert derivation.followups[0].difficulty == 1


def test_optional_fields_have_defaults(content: Path) -> None:
    short = HALF_SQUARE.partition("[[gotchas]]")[0]
    for line in ("drill = 8\n", "minutes = 4\n", "note = 'the weight'\n"):
        short = short.replace(line, "")
    write_derivation(content, "half-square.toml", short)

    derivation = load_library(content)["half-square"]

    assert derivation.question.drill is None
    assert derivation.question.minutes == 5
    assert derivation.question.givens[0].note is None
    assert (derivation.slips, derivation.gotchas, derivation.reading) == ((), (), ())


def test_an_unknown_derivation_is_a_key_error(content: Path) -> None:
    with pytest.raises(KeyError):
        load_library(content)["nothing"]


def test_line_breaks_in_prose_mean_nothing_and_in_formulas_stay(content: Path) -> None:
    text = changed("'It is strictly convex.'", "'''\nIt is\n  strictly convex.\n'''")
    text = text.replace(r"'\nabla_w \mathcal{L} = w - y'", "'''\nw % note\n- y\n'''")
    write_derivation(content, "half-square.toml", text)

    derivation = load_library(content)["half-square"]

    assert derivation.gotchas[0].why == "It is strictly convex."
    assert derivation.steps[1].formula == "w % note\n- y"


def test_a_file_from_a_windows_editor_loads(content: Path) -> None:
    path = content / "derivations" / "half-square.toml"
    path.write_bytes(b"\xef\xbb\xbf" + HALF_SQUARE.replace("\n", "\r\n").encode())

    assert messages(content) == []


def test_files_that_are_not_content_are_left_alone(content: Path) -> None:
    (content / "derivations" / ".half-square.toml").write_text("editor's copy")
    (content / "derivations" / "half-square.toml~").write_text("old copy")

    assert messages(content) == []


def test_derivations_are_in_drill_order_and_the_others_in_the_order_of_the_source(
    content: Path,
) -> None:
    for name, drill in [("ols", "drill = 3"), ("aaa", ""), ("rope", ""), ("pca-svd", "")]:
        text = HALF_SQUARE.replace("drill = 8", drill).replace("'half-square'", f"'{name}'")
        write_derivation(content, f"{name}.toml", text)

    assert list(load_library(content).derivations) == [
        "ols",
        "half-square",
        "pca-svd",
        "rope",
        "aaa",
    ]


def test_steps_are_sorted_by_number_whatever_their_place_in_the_file(content: Path) -> None:
    block = "\n[[steps]]\nnumber = {}\ntitle = 't'\nformula = 'x'\nexplanation = 'e'\nmust = {}\n"
    more = block.format("10", "false") + block.format("'1b'", "true") + block.format("'1a'", "true")
    write_derivation(content, "half-square.toml", HALF_SQUARE + more)

    derivation = load_library(content)["half-square"]

    assert [step.number for step in derivation.steps] == ["1", "1a", "1b", "2", "10"]
    assert derivation.must_steps == ("1", "1a", "1b", "2")


def test_step_numbers_sort_as_people_count() -> None:
    assert sorted(["10", "2", "1b", "1", "1a"], key=step_order) == ["1", "1a", "1b", "2", "10"]


def test_a_whole_number_is_a_step_number_too(content: Path) -> None:
    text = HALF_SQUARE.replace("number = '2'", "number = 2").replace("step = '2'", "step = 2")
    write_derivation(content, "half-square.toml", text)

    assert load_library(content)["half-square"].slips[0].step == "2"


def test_a_broken_file_does_not_hide_the_others(content: Path) -> None:
    write_derivation(content, "ols.toml", "id = ")
    write_derivation(content, "elbo.toml", "id = 'elbo'")
    (content / "derivations" / "folder.toml").mkdir()
    (content / "gotchas.toml").write_text(ROW)

    library = load_library(content)

    assert list(library.derivations) == ["half-square"]
    assert len(library.gotchas) == 1
    assert {str(error).partition(":")[0] for error in library.errors} == {
        "content/derivations/ols.toml",
        "content/derivations/elbo.toml",
        "content/derivations/folder.toml",
    }


def test_a_broken_table_does_not_hide_the_derivations(content: Path) -> None:
    (content / "gotchas.toml").write_text("rows = 1")

    library = load_library(content)

    assert list(library.derivations) == ["half-square"]
    assert library.gotchas == ()


def test_a_row_may_name_a_derivation_that_is_not_written_yet(content: Path) -> None:
    (content / "gotchas.toml").write_text(ROW.replace("half-square", "rope"))

    library = load_library(content)

    assert library.errors == ()
    assert library.gotchas[0].derivation == "rope"


def test_a_library_cannot_be_changed(content: Path) -> None:
    library = load_library(content)

    with pytest.raises(TypeError):
        library.derivations["other"] = library["half-square"]  # type: ignore[index]
    with pytest.raises(ValueError, match="frozen"):
        library["half-square"].question.title = "Other"  # type: ignore[misc]
