"""`coldboard serve`, bad usage and settings that are nonsense."""

from typing import Any

import pytest
from sqlalchemy import make_url

from app.cli import main
from app.live.messages import MAX_MESSAGE_BYTES
from app.web.connection import Connection
from tests.cli.helpers import Captured, fails


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
