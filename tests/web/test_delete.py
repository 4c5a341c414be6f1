import pytest
from starlette.testclient import TestClient

from tests.web.helpers import HTMX, abandon, start_attempt


@pytest.fixture
def ended(client: TestClient) -> str:
    attempt = start_attempt(client)
    abandon(client, attempt)
    return attempt


def test_a_deleted_attempt_is_gone(client: TestClient, ended: str) -> None:
    response = client.delete(f"/a/{ended}")

    assert response.status_code == 200
    assert f'hx-post="/a/{ended}/restoration"' in response.text
    assert client.get(f"/a/{ended}").status_code == 404
    assert ended not in client.get("/history").text
    assert ended not in client.get("/").text


def test_undo_brings_it_back(client: TestClient, ended: str) -> None:
    client.delete(f"/a/{ended}")

    response = client.post(f"/a/{ended}/restoration", headers=HTMX)

    assert (response.status_code, response.headers["HX-Refresh"]) == (204, "true")
    assert client.get(f"/a/{ended}").status_code == 200
    assert ended in client.get("/history").text


def test_without_our_scripts_undo_leads_to_the_list_of_what_was_deleted(
    client: TestClient, ended: str
) -> None:
    client.delete(f"/a/{ended}")

    response = client.post(f"/a/{ended}/restoration")

    assert (response.status_code, response.headers["location"]) == (303, "/keep")
    assert client.get(f"/a/{ended}").status_code == 200


def test_a_running_attempt_is_not_deleted(client: TestClient) -> None:
    attempt = start_attempt(client)

    assert client.delete(f"/a/{attempt}").status_code == 409
    assert client.get(f"/a/{attempt}").status_code == 200


def test_what_is_not_there_is_neither_deleted_nor_brought_back(
    client: TestClient, ended: str
) -> None:
    client.delete(f"/a/{ended}")

    assert client.delete(f"/a/{ended}").status_code == 404
    assert client.delete("/a/nobody").status_code == 404
    assert client.post("/a/nobody/restoration").status_code == 404
