"""`coldboard check-content`."""

from pathlib import Path

import pytest

from app.cli import main
from tests.cli.helpers import Captured, write_changed_ols
from tests.library.helpers import HALF_SQUARE, changed, without_line, write_derivation


def test_content_that_is_right_has_no_problem(
    capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All that is shipped takes half a minute: `make lint` checks it."""
    folder = tmp_path / "content"
    write_changed_ols(folder, "", "")
    monkeypatch.setenv("COLDBOARD_CONTENT_FOLDER", str(folder))

    assert main(["check-content"]) == 0

    assert capsys.readouterr().out.endswith(" variants, 0 problems\n")


def test_every_problem_of_the_content_is_named(
    capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "content"
    (folder / "derivations").mkdir(parents=True)
    (folder / "derivations" / "half.toml").write_text("id = ")
    (folder / "gotchas.toml").write_text("rows = 1")
    monkeypatch.setenv("COLDBOARD_CONTENT_FOLDER", str(folder))

    assert main(["check-content"]) == 1

    captured = capsys.readouterr()
    assert "content/derivations/half.toml" in captured.err
    assert "content/gotchas.toml" in captured.err
    assert captured.out.startswith("0 derivations, ")


def test_a_word_that_is_not_ours_is_a_problem_of_the_content(
    capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_derivation(tmp_path, "half-square.toml", changed("the weight", "of a dataset"))
    monkeypatch.setenv("COLDBOARD_CONTENT_FOLDER", str(tmp_path))

    assert main(["check-content"]) == 1

    place = "derivations/half-square.toml: givens[1].note"
    assert f"{place} says 'dataset': write data set\n" in capsys.readouterr().err


def test_a_folder_of_ones_own_is_checked_too(
    capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_derivation(tmp_path / "content", "half-square.toml", HALF_SQUARE)
    mine = changed("the weight", "of a dataset").replace("'half-square'", "'mine'")
    write_derivation(tmp_path / "own", "mine.toml", mine)
    monkeypatch.setenv("COLDBOARD_CONTENT_FOLDER", str(tmp_path / "content"))
    monkeypatch.setenv("COLDBOARD_OWN_FOLDER", str(tmp_path / "own"))

    assert main(["check-content"]) == 1

    captured = capsys.readouterr()
    assert "own/derivations/mine.toml: givens[1].note says 'dataset'" in captured.err
    assert captured.out.startswith("2 derivations, ")


def test_a_folder_without_content_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLDBOARD_CONTENT_FOLDER", str(tmp_path / "nowhere"))

    assert main(["check-content"]) == 1


def test_a_formula_that_does_not_hold_is_a_problem_of_the_content(
    capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "content"
    write_changed_ols(
        folder, r"formula = 'X^\top X w = X^\top y'", r"formula = 'X^\top X w = 2X^\top y'"
    )
    monkeypatch.setenv("COLDBOARD_CONTENT_FOLDER", str(folder))

    assert main(["check-content"]) == 1

    captured = capsys.readouterr()
    said = without_line(captured.err)
    assert "content/derivations/ols.toml: steps[2].formula does not hold (" in said
    assert captured.out.startswith("1 derivations, ")
    assert not captured.out.endswith(" 0 problems\n")
