"""What the tests of the commands share."""

import shutil
from pathlib import Path

import pytest

from app.cli import main
from app.settings import ROOT
from tests.library.helpers import write_derivation

Captured = pytest.CaptureFixture[str]


def fails(arguments: list[str], capsys: Captured) -> str:
    """What a command that fails says."""
    assert main(arguments) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("coldboard: ")
    assert captured.err.count("\n") == 1
    return captured.err


def write_changed_ols(folder: Path, old: str, new: str) -> None:
    """A content folder with one shipped derivation, changed in one kind of place."""
    shipped = ROOT / "content"
    ols = (shipped / "derivations" / "ols.toml").read_text(encoding="utf-8")
    assert old in ols
    write_derivation(folder, "ols.toml", ols.replace(old, new))
    shutil.copytree(shipped / "pictures", folder / "pictures")
