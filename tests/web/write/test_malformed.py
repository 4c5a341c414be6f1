"""Bodies that make no sense."""

import json

import pytest
from starlette.testclient import TestClient

from app.main import MAX_BODY_BYTES
from tests.web.write.helpers import draft

BODIES = {
    "nothing": b"",
    "words": b"nonsense",
    "null": b"null",
    "number": b"7",
    "array": b"[]",
    "array of drafts": b"[{}]",
    "text": b'"id"',
    "bytes": b"\xff\xfe",
    "deep array": b"[" * 60_000,
    "deep object": b'{"a":' * 20_000,
    "deep value": b'{"a":' + b"[" * 60_000 + b"]" * 60_000 + b"}",
    "long number": b'{"minutes": ' + b"9" * 5_000 + b"}",
    "half": b'{"id": "x"',
}
STRANGE = {
    "half a character": rb'{"title": "\ud800", "\ud800": [], "prompt": "\udfff"}',
    "crowded half a character": b'{"\\ud800": [' + b"1," * 60 + b"1]}",
    "not a number": b'{"minutes": NaN, "hints": [Infinity]}',
    "a wide list": b'{"steps": [' + b"{}," * 30_000 + b"{}]}",
    "many fields": b"{" + b",".join(b'"k%d":1' % n for n in range(5_000)) + b"}",
    "a deep field": b'{"steps": ' + b"[" * 200 + b"]" * 200 + b"}",
    "null bytes": rb'{"title": "\u0000", "givens": [{"tex": "\u0000"}]}',
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize(("method", "url"), [("POST", "/write/draft"), ("PUT", "/write/new")])
def test_a_malformed_body_is_refused(
    client: TestClient, method: str, url: str, body: bytes
) -> None:
    headers = {"Content-Type": "application/json"}

    response = client.request(method, url, content=body, headers=headers)

    assert response.status_code == 422
    assert response.json()["error"]


@pytest.mark.parametrize("body", STRANGE.values(), ids=STRANGE)
def test_a_strange_draft_is_looked_over_and_not_saved(client: TestClient, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}

    looked_over = client.post("/write/draft", content=body, headers=headers)
    kept = client.put("/write/new", content=body, headers=headers)

    assert looked_over.status_code == 200
    assert looked_over.json()["problems"]
    assert kept.status_code == 422


@pytest.mark.parametrize(("method", "url"), [("POST", "/write/draft"), ("PUT", "/write/new")])
def test_a_huge_body_is_refused(client: TestClient, method: str, url: str) -> None:
    response = client.request(method, url, json={"title": "x" * MAX_BODY_BYTES})

    assert response.status_code == 413


def test_a_form_on_another_site_cannot_send_a_draft(client: TestClient) -> None:
    headers = {"Content-Type": "text/plain"}

    response = client.post("/write/draft", content=json.dumps(draft()), headers=headers)

    assert response.status_code == 422
