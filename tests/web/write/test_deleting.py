"""A derivation of one's own is deleted and brought back."""

import tomllib

import pytest
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.testclient import TestClient

from app.storage.own import save_own
from tests.helpers import NOON
from tests.library.helpers import VARIANT
from tests.web.helpers import HTMX, MINE, end_attempt, start_attempt, text_of
from tests.web.write.helpers import bring, file_of, saved


def test_a_deleted_derivation_is_gone_and_undo_brings_it_back(client: TestClient) -> None:
    saved(client)
    attempt = start_attempt(client, "half-square")
    end_attempt(client, attempt)

    deleted = client.delete("/write/half-square", headers=HTMX)

    assert deleted.status_code == 200
    assert 'hx-post="/write/half-square/restoration"' in deleted.text
    for url in ("/d/half-square", "/write/half-square", "/write/half-square/file.toml"):
        assert client.get(url).status_code == 404
    assert client.delete("/write/half-square").status_code == 404
    assert client.get(f"/a/{attempt}").status_code == 200
    assert client.get("/history").status_code == 200

    undone = client.post("/write/half-square/restoration", headers=HTMX)

    assert (undone.status_code, undone.headers["HX-Refresh"]) == (204, "true")
    assert client.get("/d/half-square").status_code == 200
    assert client.post("/write/half-square/restoration").status_code == 303
    assert client.post("/write/nothing/restoration").status_code == 404


def test_undo_minds_the_ids_of_variants_too(client: TestClient) -> None:
    variants = tomllib.loads(VARIANT.replace("2 (w - y)", "w - y"))["variants"]
    saved(client, variants=variants)
    client.delete("/write/half-square")
    saved(client, id=variants[0]["id"])

    assert client.post("/write/half-square/restoration", headers=HTMX).status_code == 409


def test_a_derivation_does_not_come_back_where_its_id_was_given_away(client: TestClient) -> None:
    saved(client)
    client.delete("/write/half-square")
    variants = tomllib.loads(VARIANT.replace("2 (w - y)", "w - y"))["variants"]
    saved(client, id="other", variants=[{**variants[0], "id": "half-square"}])

    response = client.post("/write/half-square/restoration", headers=HTMX)

    assert response.status_code == 409
    assert "harder variant of" in text_of(client.get("/d/half-square").text)


@pytest.mark.parametrize("name", ["nothing", "ols", "ols-ridge"])
def test_what_one_has_not_written_is_not_here(client: TestClient, name: str) -> None:
    for url in (f"/write/{name}", f"/write/{name}/file.toml"):
        assert client.get(url).status_code == 404
    assert client.delete(f"/write/{name}").status_code == 404
    assert client.get("/d/ols").status_code == 200


def test_what_cannot_be_read_any_more_can_still_be_taken_out(
    client: TestClient, engine: Engine
) -> None:
    with Session(engine) as session:
        save_own(session, "old", "id = 'old'", NOON)
        session.commit()

    assert "cannot be read any more" in text_of(client.get("/write").text)
    page = client.get("/write/old")
    assert page.status_code == 409
    assert 'href="/write/old/file.toml"' in page.text
    assert file_of(client, "old") == "id = 'old'"
    assert client.get("/d/old").status_code == 404
    assert bring(client, MINE.replace("'half-square'", "'old'")).status_code == 303
    assert client.get("/d/old").status_code == 200
