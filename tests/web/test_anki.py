from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.library.models import Library
from app.main import create_app
from app.settings import Settings
from tests.helpers import Now, flashcards_of
from tests.library.helpers import HALF_SQUARE, VARIANT, write_derivation
from tests.web.helpers import abandon, start_attempt, text_of, visitor


def tags(package: bytes) -> set[str]:
    return {tag for card in flashcards_of(package) for tag in card.tags}


def test_everything_comes_as_one_file(client: TestClient, library: Library) -> None:
    response = client.get("/anki.apkg")

    assert response.status_code == 200
    assert response.headers["content-type"] == "application/x-apkg"
    assert response.headers["content-disposition"] == 'attachment; filename="coldboard.apkg"'
    decks = {card.deck for card in flashcards_of(response.content)}
    assert decks == {f"Coldboard::{one.question.title}" for one in library.originals}


def test_one_derivation_comes_as_a_file_of_its_own(client: TestClient) -> None:
    response = client.get("/d/ols/anki.apkg")

    assert response.status_code == 200
    assert response.headers["content-disposition"] == 'attachment; filename="coldboard-ols.apkg"'
    decks = {card.deck for card in flashcards_of(response.content)}
    assert decks == {"Coldboard::Ordinary least squares"}


def test_an_unknown_derivation_is_not_here(client: TestClient) -> None:
    response = client.get("/d/olz/anki.apkg")

    assert response.status_code == 404
    assert "no derivation called 'olz'" in text_of(response.text)


def test_what_is_being_attempted_stays_here_until_the_end(client: TestClient) -> None:
    attempt = start_attempt(client, "ols")

    alone = client.get("/d/ols/anki.apkg")
    everything = client.get("/anki.apkg")

    assert alone.status_code == 403
    assert "An attempt on this derivation is running." in text_of(alone.text)
    assert f'href="/a/{attempt}"' in alone.text
    assert "coldboard::ols" not in tags(everything.content)
    assert "coldboard::mlp-backprop" in tags(everything.content)
    assert client.get("/d/mlp-backprop/anki.apkg").status_code == 200
    abandon(client, attempt)
    assert client.get("/d/ols/anki.apkg").status_code == 200
    assert "coldboard::ols" in tags(client.get("/anki.apkg").content)


@pytest.mark.parametrize("attempted", ["half-square", "square"])
def test_an_attempt_closes_the_whole_family(
    database_url: str, now: Now, tmp_path: Path, attempted: str
) -> None:
    """A variant shares key steps and gotchas with its derivation."""
    write_derivation(tmp_path, "half-square.toml", HALF_SQUARE + VARIANT)
    settings = Settings(database_url=database_url, content_folder=tmp_path)
    with visitor(create_app(settings, now=now)) as client:
        assert len(flashcards_of(client.get("/anki.apkg").content)) == 4

        attempt = start_attempt(client, attempted)

        assert flashcards_of(client.get("/anki.apkg").content) == []
        for one in ("half-square", "square"):
            refused = client.get(f"/d/{one}/anki.apkg")
            assert refused.status_code == 403
            assert f'href="/a/{attempt}"' in refused.text
