"""`coldboard check`."""

import io
import json
from pathlib import Path

import pytest

from app.checker.checker import MAX_LINES
from app.cli import main
from tests.cli.helpers import Captured, write_changed_ols

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
