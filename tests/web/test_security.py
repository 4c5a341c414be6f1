"""What another site's page can not do here, and what every answer carries."""

import re

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient, WebSocketDenialResponse

from app.main import MAX_BODY_BYTES
from app.web.static import static_url
from tests.web.helpers import HTMX, abandon, routes_of, start_attempt

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
STRANGE_ORIGINS = [
    "http://evil.example",
    "http://127.0.0.1:8001",
    "http://127.0.0.1.evil.example",
    "http://evil.example/127.0.0.1",
    "http://user@127.0.0.1",
    "null",
    "127.0.0.1",
    "http://[",
    "",
]


class BrokenShelf:
    def library(self, _session: object) -> None:
        raise RuntimeError


def test_every_answer_carries_the_policy(client: TestClient, app: FastAPI) -> None:
    ended = start_attempt(client)
    abandon(client, ended)
    answers = [
        (200, client.post("/write/draft", json={})),
        (422, client.put("/write/new", json={})),
    ]
    running = start_attempt(client, "logistic-regression")
    answers += [
        (200, client.get("/")),
        (200, client.get(f"/a/{ended}")),
        (200, client.get(f"/a/{running}")),
        (200, client.get(f"/a/{ended}/recording.ndjson")),
        (200, client.get("/healthz")),
        (200, client.get("/study", params={"q": "rank"})),
        (200, client.get("/d/rope")),
        (200, client.get("/d/rope/sheet")),
        (200, client.get("/drill")),
        (200, client.get("/drill/gotchas")),
        (200, client.get("/write")),
        (200, client.get("/write/new")),
        (303, client.post("/attempts", data={"derivation": "ols"})),
        (204, client.post(f"/a/{ended}/restoration", headers=HTMX)),
        (303, client.post(f"/a/{ended}/restoration")),
        (400, client.get("/", headers={"Host": "evil.example"})),
        (403, client.post("/attempts", headers={"Origin": "http://evil.example"})),
        (403, client.get(f"/a/{running}/recording.ndjson")),
        (403, client.get("/d/logistic-regression/sheet")),
        (403, client.post("/write/draft", json={})),
        (404, client.get("/nowhere")),
        (404, client.get("/write/nothing/file.toml")),
        (404, client.get(static_url("nothing.js"))),
        (405, client.post("/history")),
        (409, client.delete(f"/a/{running}")),
        (413, client.post("/attempts", content=b"x" * (MAX_BODY_BYTES + 1))),
        (422, client.post("/attempts")),
        (422, client.post("/write/import", data={"text": "id = "})),
    ]
    app.state.shelf = BrokenShelf()
    answers.append((500, client.get("/")))

    for status, answer in answers:
        assert answer.status_code == status, answer.request.url
        assert answer.headers["Content-Security-Policy"] == POLICY, answer.request.url
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"


def test_a_file_is_what_it_says_it_is_and_stays_here(client: TestClient) -> None:
    first = client.get(static_url("css/base.css"))
    again = client.get(static_url("css/base.css"), headers={"If-None-Match": first.headers["etag"]})

    assert (first.status_code, again.status_code) == (200, 304)
    for answer in (first, again):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_pages_hold_nothing_inline(client: TestClient) -> None:
    ended = start_attempt(client)
    abandon(client, ended)
    running = start_attempt(client, "logistic-regression", mode="guided")

    urls = ["/", "/history", "/gotchas", "/d/ols/try", f"/a/{ended}", f"/a/{running}"]
    urls += ["/study", "/study?q=rank", "/d/ols", "/d/ols/sheet", "/d/ols-ridge"]
    urls += ["/drill", "/drill/gotchas", "/drill/followups", "/write", "/write/new", "/checker"]
    for url in urls:
        answer = client.get(url)
        assert answer.status_code == 200, url
        page = answer.text
        for forbidden in ("<style", " style=", "<script>", " onclick=", " hx-on", "javascript:"):
            assert forbidden not in page, (url, forbidden)


@pytest.mark.parametrize("origin", STRANGE_ORIGINS)
def test_changes_are_taken_from_our_own_pages_only(
    app: FastAPI, client: TestClient, origin: str
) -> None:
    attempt = start_attempt(client)
    changes = [route for route in routes_of(app) if route[0] in ("POST", "PUT", "PATCH", "DELETE")]
    assert len(changes) >= 14

    names = {"attempt_id": attempt, "number": "1", "derivation_id": "new", "deck": "gotchas"}
    for method, path in changes:
        url = re.sub(r"\{(\w+)\}", lambda name: names.get(name[1], "1"), path)
        answer = client.request(method, url, headers={"Origin": origin})
        assert answer.status_code == 403, (method, path)
        assert "did not come from a page of this server" in answer.text

    assert "is running" in client.get("/").text
    assert "None yet." in client.get("/write").text


def test_a_change_without_an_origin_is_refused(client: TestClient) -> None:
    del client.headers["Origin"]

    assert client.post("/attempts", data={"derivation": "ols"}).status_code == 403
    assert client.get("/").status_code == 200


def test_a_port_is_part_of_the_origin(client: TestClient) -> None:
    def start(host: str, origin: str) -> int:
        headers = {"Host": host, "Origin": origin}
        return client.post("/attempts", data={"derivation": "ols"}, headers=headers).status_code

    assert start("127.0.0.1:8000", "http://127.0.0.1:8000") == 303
    assert start("localhost:8000", "http://localhost:8000") == 303
    assert start("[::1]:8000", "http://[::1]:8000") == 303
    assert start("127.0.0.1:8000", "http://127.0.0.1") == 403
    assert start("127.0.0.1:8000", "http://localhost:8000") == 403


@pytest.mark.parametrize("origin", STRANGE_ORIGINS)
def test_a_socket_is_opened_from_our_own_pages_only(client: TestClient, origin: str) -> None:
    attempt = start_attempt(client)

    with (
        pytest.raises(WebSocketDenialResponse) as refusal,
        client.websocket_connect(f"ws://127.0.0.1/a/{attempt}/socket", headers={"Origin": origin}),
    ):
        pass

    assert refusal.value.status_code == 403
    assert refusal.value.headers["Content-Security-Policy"] == POLICY


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "127.0.0.1 x"])
def test_only_known_names_are_answered(client: TestClient, host: str) -> None:
    # Both headers agree, as they do when a foreign name was made to point here.
    headers = {"Host": host, "Origin": f"http://{host}"}

    assert client.get("/", headers=headers).status_code == 400
    assert client.post("/attempts", headers=headers).status_code == 400
    with (
        pytest.raises(WebSocketDenialResponse) as refusal,
        client.websocket_connect("ws://127.0.0.1/a/abcd/socket", headers=headers),
    ):
        pass
    assert refusal.value.status_code == 400


def test_nothing_is_shared_with_other_origins(client: TestClient) -> None:
    answer = client.get("/", headers={"Origin": "http://evil.example"})

    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize("url", ["/docs", "/redoc", "/openapi.json"])
def test_no_description_of_the_interface_is_served(client: TestClient, url: str) -> None:
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("path", ["../app/settings.py", "..%2fpyproject.toml", "%2e%2e/LICENSE"])
def test_static_files_stay_in_their_folder(client: TestClient, path: str) -> None:
    assert client.get(static_url(path)).status_code == 404
