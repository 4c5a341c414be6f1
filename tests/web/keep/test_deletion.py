"""What is deleted waits, and is gone for good: by itself, one by one, or all at once."""

from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from tests.helpers import MINUTE, Now, end, ink
from tests.web.helpers import HTMX, start_attempt, tab, text_of, visitor
from tests.web.keep.helpers import done, names_in, one_of_everything, taken_out, write_own

DAY = 24 * 60 * MINUTE


@pytest.fixture
def deleted(client: TestClient, now: Now) -> str:
    """An attempt that can still be brought back."""
    attempt = done(client, now, note="Gone, really.")
    client.delete(f"/a/{attempt}")
    return attempt


def traces(app: FastAPI, text: str) -> bool:
    """Whether the text is anywhere in the files of the database."""
    place = app.state.engine.url.database
    return any(text.encode() in Path(place + end).read_bytes() for end in ("", "-wal"))


def test_a_deleted_attempt_waits_and_can_be_brought_back(client: TestClient, deleted: str) -> None:
    page = client.get("/keep").text
    assert f'hx-post="/a/{deleted}/restoration"' in page
    assert "gone for good 08 Nov 2025" in text_of(page)

    client.post(f"/a/{deleted}/restoration")

    assert client.get(f"/a/{deleted}").status_code == 200
    assert deleted not in client.get("/keep").text


def test_deleted_for_good_it_is_really_gone(app: FastAPI, client: TestClient, deleted: str) -> None:
    assert traces(app, "Gone, really.")

    response = client.delete(f"/keep/deleted/attempts/{deleted}", headers=HTMX)

    assert text_of(response.text) == "Gone for good."
    assert client.post(f"/a/{deleted}/restoration").status_code == 404
    assert deleted not in client.get("/keep").text
    assert not traces(app, "Gone, really.")
    assert not traces(app, deleted)


def test_a_derivation_of_my_own_is_deleted_for_good_as_well(
    app: FastAPI, client: TestClient
) -> None:
    write_own(client)
    client.delete("/write/half-square")
    assert "half-square" in client.get("/keep").text

    assert client.delete("/keep/deleted/derivations/half-square").status_code == 200

    assert not traces(app, "half-square")
    assert client.post("/write/half-square/restoration").status_code == 404
    assert client.get("/write/half-square").status_code == 404


def test_only_what_is_deleted_is_deleted_for_good(client: TestClient, now: Now) -> None:
    attempt = done(client, now)
    write_own(client)

    assert client.delete(f"/keep/deleted/attempts/{attempt}").status_code == 404
    assert client.delete("/keep/deleted/derivations/half-square").status_code == 404
    assert client.delete("/keep/deleted/attempts/nobody").status_code == 404

    assert client.get(f"/a/{attempt}").status_code == 200
    assert client.get("/d/half-square").status_code == 200


def test_everything_is_deleted(app: FastAPI, client: TestClient, now: Now, deleted: str) -> None:
    one_of_everything(client, now, "Mine alone.", theme="dark", clock="on")

    response = client.post("/keep/deletion", data={"confirmation": " Delete  everything "})

    assert response.status_code == 200
    said = text_of(response.text)
    assert "Gone for good: 1 attempt, 1 card rating, 1 answer on the step ladder" in said
    assert "1 derivation of your own and 1 changed setting, and 1 thing that could still" in said
    assert "data-theme" not in response.text
    assert response.headers["Clear-Site-Data"] == '"storage"'
    assert "One zip with nothing in it." in text_of(client.get("/keep").text)
    assert client.get("/d/half-square").status_code == 404
    assert client.post(f"/a/{deleted}/restoration").status_code == 404
    for trace in ("Mine alone.", "Gone, really.", "half-square", deleted):
        assert not traces(app, trace)
    # And it goes on from there.
    done(client, now)


@pytest.mark.parametrize("said", [None, "", "delete", "yes", "delete everything!"])
def test_without_the_two_words_nothing_is_deleted(
    client: TestClient, now: Now, said: str | None
) -> None:
    done(client, now)
    before = taken_out(client)

    response = client.post("/keep/deletion", data={"confirmation": said} if said else None)

    assert response.status_code == 422
    assert "Nothing was deleted" in response.text
    assert taken_out(client) == before


def test_nothing_is_deleted_while_an_attempt_runs(client: TestClient, now: Now) -> None:
    done(client, now, "rope")
    before = taken_out(client)
    running = start_attempt(client)

    assert 'name="confirmation"' not in client.get("/keep/deletion").text
    assert f"/a/{running}" in client.get("/keep/deletion").text
    response = client.post("/keep/deletion", data={"confirmation": "delete everything"})

    assert response.status_code == 409
    with tab(client, running) as page:
        page.send(ink(), end(0))
        assert page.hear("ack")["refused"] == []
    assert names_in(before)[0] in names_in(taken_out(client))


def test_after_thirty_days_it_is_gone_by_itself(database_url: str, now: Now) -> None:
    def app() -> FastAPI:
        return create_app(Settings(database_url=database_url), now=now)

    with visitor(app()) as client:
        attempt = done(client, now)
        client.delete(f"/a/{attempt}")
    now.advance(30 * DAY - 1)
    with visitor(app()) as client:
        assert attempt in client.get("/keep").text
    now.advance(1)
    with visitor(app()) as client:
        assert client.get("/healthz").status_code == 200
        assert attempt not in client.get("/keep").text
