"""`coldboard export-all` and `import-all`: everything as one zip."""

from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app.cli import main
from app.main import wall_clock_ms
from app.practice.ladder import Rung
from app.practice.preferences import Preferences
from app.practice.spacing import Grade
from app.storage.own import find_own, save_own
from app.storage.preferences import save_preferences
from app.storage.ratings import rate
from app.storage.rungs import keep_rung
from tests.cli.helpers import Captured, fails
from tests.helpers import NOON
from tests.storage.helpers import keep_attempt, keep_log, keep_running


def test_everything_goes_out_and_in_elsewhere(
    engine: Engine, capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Session(engine) as session:
        keep_attempt(session, note="Formes d’abord: ŷ.")
        keep_log(session)
        rate(session, "cafe", Grade.KNEW, NOON)
        keep_rung(session, "ols", Rung.ORDER, NOON, passed=True)
        save_preferences(session, Preferences(theme="dark"), NOON)
        session.commit()
    first, second = tmp_path / "first.zip", tmp_path / "second.zip"

    assert main(["export-all", str(first)]) == 0
    said = "1 attempts, 1 card ratings, 1 answers on the step ladder, 0 derivations of your own"
    assert capsys.readouterr().out == f"{first}: {said}, your settings\n"
    monkeypatch.setenv("COLDBOARD_DATABASE_URL", f"sqlite:///{tmp_path / 'other.sqlite3'}")
    assert main(["import-all", str(first)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "1 new attempts, 0 brought back, 0 here already, 0 of them with a newer note, ticks or "
        "findings",
        "1 new card ratings, 1 new answers on the step ladder",
        "settings that were changed later there: theme",
    ]
    assert main(["export-all", str(second)]) == 0
    assert contents_of(second) == contents_of(first)
    capsys.readouterr()

    assert main(["import-all", str(first)]) == 0
    said = "everything in it is here already; nothing was changed"
    assert capsys.readouterr().out == f"{said}\n"
    assert sorted(path.name for path in tmp_path.glob("*.zip*")) == ["first.zip", "second.zip"]


def contents_of(file: Path) -> dict[str, bytes]:
    """The parts of a zip, but for the one that says when it was made."""
    with ZipFile(file) as archive:
        names = [name for name in archive.namelist() if name != "manifest.json"]
        return {name: archive.read(name) for name in names}


def test_what_is_attempted_stays_out_and_holds_up_an_import(
    engine: Engine, capsys: Captured, tmp_path: Path
) -> None:
    file = tmp_path / "all.zip"
    with Session(engine) as session:
        keep_attempt(session)
        keep_log(session)
        keep_running(session, "runs", derivation="ols-ridge", started_at=wall_clock_ms())
        session.commit()

    assert main(["export-all", str(file)]) == 0

    assert "2 attempts are not in it" in capsys.readouterr().out
    assert not [name for name in contents_of(file) if name.startswith("attempts/")]
    assert "/a/runs is running" in fails(["import-all", str(file)], capsys)


def test_an_attempt_that_was_left_open_long_ago_holds_up_nothing(
    engine: Engine, tmp_path: Path
) -> None:
    """Its end is written when the server runs again."""
    file = tmp_path / "all.zip"
    assert main(["export-all", str(file)]) == 0
    with Session(engine) as session:
        keep_running(session, "runs", started_at=NOON)
        session.commit()

    assert main(["import-all", str(file)]) == 0


def test_two_versions_of_a_derivation_are_named(
    engine: Engine, capsys: Captured, tmp_path: Path
) -> None:
    file = tmp_path / "all.zip"
    with Session(engine) as session:
        save_own(session, "mine", "a = 1", NOON)
        session.commit()
        assert main(["export-all", str(file)]) == 0
        session.delete(find_own(session, "mine"))
        session.flush()
        save_own(session, "mine", "a = 2", NOON - 1)
        session.commit()
    capsys.readouterr()

    assert main(["import-all", str(file)]) == 0

    out = capsys.readouterr().out
    assert "own derivation mine: the file's was saved later and counts now; the older one" in out


def test_a_file_that_is_no_archive_is_explained(capsys: Captured, tmp_path: Path) -> None:
    file = tmp_path / "bad.zip"
    file.write_bytes(b"nonsense")

    assert "not a zip file" in fails(["import-all", str(file)], capsys)
    assert "nowhere.zip" in fails(["import-all", str(tmp_path / "nowhere.zip")], capsys)


def test_an_export_that_fails_leaves_an_earlier_one_whole(
    capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "all.zip"
    file.write_bytes(b"of yesterday")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("app.cli.export_all", full)

    assert "No space left" in fails(["export-all", str(file)], capsys)
    assert file.read_bytes() == b"of yesterday"
    assert list(tmp_path.glob("*.part")) == []
