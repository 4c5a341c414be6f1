from fastapi import FastAPI
from starlette.testclient import TestClient


def test_a_server_that_reaches_its_database_is_well(client: TestClient) -> None:
    response = client.get("/healthz")

    assert (response.status_code, response.text) == (200, "ok\n")


def test_a_server_whose_clocks_are_not_watched_is_not_well(
    client: TestClient, app: FastAPI
) -> None:
    app.state.hub.running = False

    assert client.get("/healthz").status_code == 503
