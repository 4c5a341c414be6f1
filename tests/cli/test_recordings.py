"""`coldboard export` and `import`: the recording of one attempt."""

from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app.cli import main
from app.practice.recording import read_recording
from app.storage.attempts import find_attempt
from tests.cli.helpers import Captured, fails
from tests.storage.helpers import LOG, keep_running


def test_an_attempt_is_exported(file: Path) -> None:
    with file.open(encoding="utf-8") as lines:
        header, events = read_recording(lines)

    assert (header.attempt, header.note) == ("abcd", "Formes d’abord: ŷ.")
    assert events == list(LOG)


def test_a_recording_is_imported_into_another_database(
    file: Path, capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLDBOARD_DATABASE_URL", f"sqlite:///{tmp_path / 'other.sqlite3'}")

    assert main(["import", str(file)]) == 0
    assert capsys.readouterr().out == "/a/abcd\n"
    assert main(["export", "abcd"]) == 0
    assert capsys.readouterr().out == file.read_text(encoding="utf-8")


def test_importing_what_is_here_changes_nothing(
    file: Path, capsys: Captured, engine: Engine
) -> None:
    assert main(["import", str(file)]) == 0

    assert "is here already" in capsys.readouterr().out
    with Session(engine) as session:
        assert find_attempt(session, "abcd").note == "Formes d’abord: ŷ."


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "line 1"),
        (b"nonsense\n", "line 1"),
        (b"\xff\xfe\x00", "utf-8"),
    ],
)
def test_a_file_that_is_no_recording_is_explained(
    capsys: Captured, tmp_path: Path, content: bytes, word: str
) -> None:
    file = tmp_path / "bad.ndjson"
    file.write_bytes(content)

    assert word in fails(["import", str(file)], capsys)


def test_a_recording_that_was_cut_off_leaves_nothing(
    file: Path, capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLDBOARD_DATABASE_URL", f"sqlite:///{tmp_path / 'other.sqlite3'}")
    file.write_text("".join(file.read_text(encoding="utf-8").splitlines(True)[:-1]))

    assert "whole recording" in fails(["import", str(file)], capsys)

    fails(["export", "abcd"], capsys)


def test_a_file_that_is_not_there_is_named(capsys: Captured, tmp_path: Path) -> None:
    assert "nowhere.ndjson" in fails(["import", str(tmp_path / "nowhere.ndjson")], capsys)


def test_what_cannot_be_exported_is_explained(engine: Engine, capsys: Captured) -> None:
    with Session(engine) as session:
        keep_running(session)
        session.commit()

    assert "There is no attempt" in fails(["export", "nobody"], capsys)
    assert "still running" in fails(["export", "abcd"], capsys)
