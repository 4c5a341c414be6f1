"""No file that is served, and no module, holds what answers a derivation."""

from pathlib import Path

from starlette.testclient import TestClient

from app.library.models import Library
from app.settings import ROOT
from app.web.static import FOLDER, static_url
from tests.web.privacy.secrets import Received, ordinary_words_of, secrets_of


def test_no_static_file_answers_any_derivation(client: TestClient, library: Library) -> None:
    received = Received()
    for path in sorted(FOLDER.rglob("*")):
        if path.is_file():
            address = static_url(path.relative_to(FOLDER).as_posix())
            response = client.get(address)
            assert response.status_code == 200
            received.add(address, response.content.decode(errors="ignore"))

    for derivation in library.derivations.values():
        for secret in secrets_of(library, derivation) - ordinary_words_of(derivation):
            assert received.places_of(secret) == []


def test_no_template_and_no_module_quotes_the_content(library: Library) -> None:
    received = Received()
    for path in [*Path(ROOT / "templates").rglob("*.html"), *Path(ROOT / "app").rglob("*.py")]:
        received.add(str(path), path.read_text())

    for derivation in library.derivations.values():
        for secret in secrets_of(library, derivation) - ordinary_words_of(derivation):
            assert received.places_of(secret) == []
