"""What a person may set or run is in the README."""

import argparse

import pytest

from app.cli import build_parser
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
