"""What a person may set or run is in the README, and what it shows is true."""

import argparse
import io
import re

import pytest

from app.cli import build_parser, main
from app.settings import ROOT, Settings

README = ROOT / "README.md"


@pytest.mark.parametrize("name", list(Settings.model_fields))
def test_every_setting_is_in_the_readme(name: str) -> None:
    assert f"COLDBOARD_{name.upper()}" in README.read_text()


def test_every_setting_says_what_it_is_for() -> None:
    for name, setting in Settings.model_fields.items():
        assert setting.description, name


def test_every_command_is_in_the_readme() -> None:
    actions = build_parser()._actions
    commands = [
        name
        for action in actions
        if isinstance(action, argparse._SubParsersAction)
        for name in action.choices
    ]

    assert commands
    for name in commands:
        assert f"coldboard {name}" in README.read_text()


def test_the_lines_of_the_readme_are_judged_as_it_says(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = re.search(
        r"^    \$ printf '%s\\n' (.*) \| coldboard check ols\n((?:    .*\n)+)",
        README.read_text(),
        re.M,
    )
    assert shown
    lines = re.findall(r"'([^']*)'", shown[1])
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO("\n".join(lines).encode())))

    assert main(["check", "ols"]) == 1

    printed, expected = capsys.readouterr().out, re.sub(r"^    ", "", shown[2], flags=re.M)
    # Which numbers were drawn is of no interest.
    numbers = r"-?\d+\.\d+"
    assert re.sub(numbers, "0", printed) == re.sub(numbers, "0", expected)
