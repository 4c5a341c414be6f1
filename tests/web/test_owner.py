"""A server with a key: all but live sessions is for browsers that were shown it."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient, WebSocketDenialResponse

from app.main import create_app
from app.practice.roles import Role
from app.settings import Settings
from app.web.owner import is_open
from tests.helpers import Now
from tests.web.helpers import routes_of, start_attempt, visitor
from tests.web.live.helpers import join, let_in, open_session, stranger

KEY = "a long enough key"


@pytest.fixture
def app(database_url: str, now: Now) -> FastAPI:
    return create_app(Settings(database_url=database_url, owner_key=KEY), now=now)


@pytest.fixture
def owner(app: FastAPI) -> Iterator[TestClient]:
    with visitor(app) as client:
        answer = client.post("/owner", data={"key": KEY})
        assert answer.status_code == 303
        yield client


def test_others_are_asked_for_the_key_on_every_page_of_the_owner(
    app: FastAPI, owner: TestClient
) -> None:
    other = stranger(owner)
    for method, path in routes_of(app):
        address = path.replace("{", "").replace("}", "")
        if method in ("SOCKET", "FOLDER") or is_open(address):
            continue
        answer = other.request(method, address)
        asked = (answer.status_code, answer.headers.get("location"))
        assert asked == ((303, "/owner") if method == "GET" else (403, None)), f"{method} {path}"


def test_others_get_no_socket_of_the_owners_attempts(owner: TestClient) -> None:
    attempt = start_attempt(owner)
    url = f"ws://127.0.0.1/a/{attempt}/socket"
    with pytest.raises(WebSocketDenialResponse), stranger(owner).websocket_connect(url):
        pass
    with owner.websocket_connect(url) as socket:
        assert socket.receive_json()["type"] == "welcome"


def test_a_wrong_key_opens_nothing(owner: TestClient) -> None:
    other = stranger(owner)
    assert other.get("/owner").status_code == 200
    refused = other.post("/owner", data={"key": "another key"})
    assert refused.status_code == 422
    assert other.get("/history").headers["location"] == "/owner"
    assert owner.get("/history").status_code == 200
    assert owner.get("/owner").headers["location"] == "/"


def test_a_candidate_needs_no_key_and_cannot_keep_anything_here(owner: TestClient) -> None:
    host = open_session(owner)
    ada = join(host, Role.CANDIDATE)
    let_in(host, ada)
    assert ada.client.get(f"{ada.base}/state").status_code == 200
    host.client.post(f"{host.base}/end")

    page = ada.client.get(f"{ada.base}/report")

    assert page.status_code == 200
    assert "in the history here" not in page.text
    assert ada.client.get("/study").headers["location"] == "/owner"
