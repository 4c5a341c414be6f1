"""The `coldboard` command: what it prints, and its exit codes."""

import io
import json
import shutil
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from sqlalchemy import Engine, make_url
from sqlmodel import Session

from app.checker.checker import MAX_LINES
from app.cli import main
from app.live.messages import MAX_MESSAGE_BYTES
from app.main import wall_clock_ms
from app.practice.ladder import Rung
from app.practice.preferences import Preferences
from app.practice.recording import read_recording
from app.practice.spacing import Grade
from app.settings import ROOT
from app.storage.attempts import find_attempt
from app.storage.own import find_own, save_own
from app.storage.preferences import save_preferences
from app.storage.ratings import rate
from app.storage.rungs import keep_rung
from app.web.connection import Connection
from tests.helpers import NOON
from tests.library.helpers import HALF_SQUARE, changed, without_line, write_derivation
from tests.storage.helpers import LOG, keep_attempt, keep_log, keep_running

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch, database_url: str) -> None:
    monkeypatch.setenv("COLDBOARD_DATABASE_URL", database_url)
    monkeypatch.setenv("COLDBOARD_CONTENT_FOLDER", str(ROOT / "content"))


@pytest.fixture
def file(engine: Engine, capsys: Captured, tmp_path: Path) -> Path:
    """The recording of attempt abcd as a file."""
    with Session(engine) as session:
        keep_attempt(session, note="Formes d’abord: ŷ.")
        keep_log(session)
        session.commit()
    assert main(["export", "abcd"]) == 0
    file = tmp_path / "abcd.ndjson"
    file.write_text(capsys.readouterr().out, encoding="utf-8")
    return file


def fails(arguments: list[str], capsys: Captured) -> str:
    """What a command that fails says."""
    assert main(arguments) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("coldboard: ")
    assert captured.err.count("\n") == 1
    return captured.err


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


# --- coldboard check ---------------------------------------------------------------------------

RIGHT = r"X^\top X w = X^\top y"
WRONG = r"\nabla_w \mathcal{L} = 2 X^\top (Xw - y)"
ALL_SORTS = [RIGHT, WRONG, "r := y - Xw", "", r"\text{so}", r"X^\top X \to I", "w = (X"]


def type_in(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))


def test_lines_are_judged_each_with_a_mark_and_a_message(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    type_in(monkeypatch, "\n".join(ALL_SORTS).encode())

    assert main(["check", "ols"]) == 1

    shown = capsys.readouterr().out.splitlines()
    marks = [line[0] for line in shown if line and line[0] != " "]
    assert marks == ["✓", "✗", "≔", "·", "?", "!"]
    assert shown[:2] == [f"✓ {RIGHT}", "  Holds at the optimum. Step 2."]
    assert shown[2] == f"✗ {WRONG}"
    assert shown[3].startswith("  ")
    assert shown[3].endswith("A known slip: factor-two.")
    assert "" in shown


def test_findings_are_printed_as_json(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    type_in(monkeypatch, "\n".join(ALL_SORTS).encode())

    assert main(["check", "ols", "-", "--json"]) == 1

    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert found[0] == {
        "line": 1,
        "text": RIGHT,
        "verdict": "holds",
        "where": "at the optimum",
        "steps": [2],
        "slip": None,
        "message": "Holds at the optimum.",
        "span": None,
    }
    assert [one["line"] for one in found] == [1, 2, 3, 4, 5, 6, 7]
    assert [one["text"] for one in found] == ALL_SORTS
    verdicts = ["holds", "fails", "defines", "remark", "remark", "unclear", "unreadable"]
    assert [one["verdict"] for one in found] == verdicts
    assert found[1]["slip"] == "factor-two"
    assert [type(end) for end in found[6]["span"]] == [int, int]
    assert {tuple(one) for one in found} == {tuple(found[0])}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (RIGHT.encode(), 0),
        (f"{RIGHT}\r\n\r\nw = (X\r\n".encode(), 0),
        (b"\xef\xbb\xbf" + RIGHT.encode(), 0),
        (b"", 0),
        ("Xw ≤ y\n".encode(), 1),
        (f"{WRONG}\n{RIGHT}\n".encode(), 1),
    ],
)
def test_it_exits_with_1_if_a_line_fails(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, data: bytes, code: int
) -> None:
    file = tmp_path / "lines.txt"
    file.write_bytes(data)

    assert main(["check", "ols", str(file)]) == code
    from_file = capsys.readouterr().out
    type_in(monkeypatch, data)
    assert main(["check", "ols"]) == code

    assert capsys.readouterr().out == from_file
    assert "\r" not in from_file
    assert "\ufeff" not in from_file


def test_line_ends_are_counted_as_an_editor_counts_them(capsys: Captured, tmp_path: Path) -> None:
    file = tmp_path / "lines.txt"
    file.write_text("w = w\n\n\u2028w = w\n")

    assert main(["check", "ols", str(file), "--json"]) == 0

    assert len(capsys.readouterr().out.splitlines()) == 3


def test_a_terminal_without_the_marks_gets_others(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "lines.txt"
    file.write_text("w ≤ w", encoding="utf-8")
    printed = io.BytesIO()
    terminal = io.TextIOWrapper(printed, encoding="ascii")
    monkeypatch.setattr("sys.stdout", terminal)

    assert main(["check", "ols", str(file)]) == 0

    terminal.flush()
    assert b"? w ? w" in printed.getvalue()


@pytest.mark.parametrize(
    ("arguments", "data", "word"),
    [
        (["no-such"], b"", "'no-such': use one of attention, "),
        (["ols", "{folder}/nowhere.txt"], b"", "nowhere.txt cannot be read: "),
        (["ols", "{folder}"], b"", " cannot be read: "),
        (["ols"], b"\xff\xfe", "is not UTF-8 text"),
        (["ols"], b"w = w\n" * (MAX_LINES + 1), f"at most {MAX_LINES} "),
    ],
)
def test_what_cannot_be_judged_exits_with_2(
    capsys: Captured,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    arguments: list[str],
    data: bytes,
    word: str,
) -> None:
    type_in(monkeypatch, data)

    assert main(["check", *(one.replace("{folder}", str(tmp_path)) for one in arguments)]) == 2

    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("coldboard: ")
    assert word in captured.err
    assert captured.err.count("\n") == 1


def test_givens_that_the_checker_cannot_read_exit_with_2(
    capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_changed_ols(tmp_path, r"tex = 'w \in \mathbb{R}^d'", "tex = 'w + y = 3'")
    monkeypatch.setenv("COLDBOARD_CONTENT_FOLDER", str(tmp_path))
    type_in(monkeypatch, b"w = w")

    assert main(["check", "ols"]) == 2

    assert "cannot be read" in capsys.readouterr().err


def write_changed_ols(folder: Path, old: str, new: str) -> None:
    """A content folder with one shipped derivation, changed in one kind of place."""
    shipped = ROOT / "content"
    ols = (shipped / "derivations" / "ols.toml").read_text(encoding="utf-8")
    assert old in ols
    write_derivation(folder, "ols.toml", ols.replace(old, new))
    shutil.copytree(shipped / "pictures", folder / "pictures")


# --- recordings --------------------------------------------------------------------------------


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


def test_serving_says_where_and_keeps_the_password_to_itself(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Opened:
        url = make_url("postgresql://me:secret@db.example/coldboard")

        def dispose(self) -> None:
            pass

    served: dict[str, Any] = {}
    monkeypatch.setattr("app.cli.open_database", lambda _: Opened())
    monkeypatch.setattr("app.cli.uvicorn.run", lambda _, **options: served.update(options))

    assert main(["serve", "--port", "8123"]) == 0

    out = capsys.readouterr().out
    assert "http://127.0.0.1:8123" in out
    assert "db.example/coldboard" in out
    assert "secret" not in out
    assert (served["host"], served["port"]) == ("127.0.0.1", 8123)
    assert (served["ws"], served["ws_max_size"]) == (Connection, MAX_MESSAGE_BYTES)


def test_a_database_that_cannot_be_opened_is_named_without_its_password(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLDBOARD_DATABASE_URL", "postgresql+nothing://me:secret@db.example/board")

    message = fails(["export", "abcd"], capsys)

    assert "db.example/board" in message
    assert "secret" not in message


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["dance"],
        ["export"],
        ["import"],
        ["check"],
        ["check", "ols", "a", "b"],
        ["check", "ols", "--xml"],
        ["serve", "--port", "high"],
        ["export", "a", "b"],
        ["export-all"],
        ["import-all"],
    ],
)
def test_bad_usage_is_explained_and_exits_with_2(arguments: list[str], capsys: Captured) -> None:
    with pytest.raises(SystemExit) as stop:
        main(arguments)

    assert stop.value.code == 2
    assert "usage: coldboard" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("COLDBOARD_ALLOWED_HOSTS", "board.example.org"),
        ("COLDBOARD_DATABASE_URL", "nonsense"),
        ("COLDBOARD_DATABASE_URL", "sqlite:////proc/nowhere/coldboard.sqlite3"),
    ],
)
def test_a_setting_that_is_nonsense_is_explained(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    assert main(["export", "abcd"]) == 1

    assert capsys.readouterr().err.startswith("coldboard: ")


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
