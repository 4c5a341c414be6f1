from pathlib import Path

import pytest

from app.errors import SettingsError
from app.settings import ROOT, Settings, read_settings


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"COLDBOARD_{name.upper()}", raising=False)


def test_by_default_it_keeps_to_this_machine() -> None:
    settings = read_settings()

    assert settings.allowed_hosts == ["127.0.0.1", "localhost", "[::1]"]
    assert settings.database_url.startswith("sqlite:///")
    assert settings.content_folder == ROOT / "content"


def test_variables_change_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLDBOARD_DATABASE_URL", "sqlite:///elsewhere.sqlite3")
    monkeypatch.setenv("COLDBOARD_CONTENT_FOLDER", "/srv/content")
    monkeypatch.setenv("COLDBOARD_ALLOWED_HOSTS", '["board.example.org"]')

    settings = read_settings()

    assert settings.database_url == "sqlite:///elsewhere.sqlite3"
    assert settings.content_folder == Path("/srv/content")
    assert settings.allowed_hosts == ["board.example.org"]


@pytest.mark.parametrize("hosts", ["board.example.org", "[", "7", '{"a": 1}', "[7]"])
def test_nonsense_is_an_error_that_names_the_setting(
    monkeypatch: pytest.MonkeyPatch, hosts: str
) -> None:
    monkeypatch.setenv("COLDBOARD_ALLOWED_HOSTS", hosts)

    with pytest.raises(SettingsError, match=r"(?i)allowed_hosts"):
        read_settings()
