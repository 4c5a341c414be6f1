"""The commands on a database of the test's own and the shipped content."""

from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app.cli import main
from app.settings import ROOT
from tests.cli.helpers import Captured
from tests.storage.helpers import keep_attempt, keep_log


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
