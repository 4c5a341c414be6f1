"""Whatever goes wrong, the person gets a page in the product's own dress, or a sentence."""

from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.main import MAX_BODY_BYTES
from tests.web.helpers import HTMX, start_attempt


class BrokenShelf:
    def library(self, _session: object) -> None:
        raise RuntimeError("secret detail")


@pytest.mark.parametrize(
    ("method", "url", "status", "title"),
    [
        ("GET", "/nowhere", 404, "Not here"),
        ("GET", "/a/nobody", 404, "Not here"),
        ("GET", "/static/nothing.js", 404, "Not here"),
        ("GET", "/d/alchemy/try", 404, "Not here"),
        ("GET", "/d/alchemy", 404, "Not here"),
        ("GET", "/write/alchemy", 404, "Not here"),
        ("GET", "/drill/nothing", 422, "That does not fit"),
        ("POST", "/drill/gotchas/ratings", 422, "That does not fit"),
        ("POST", "/study", 405, "Not that way"),
        ("POST", "/history", 405, "Not that way"),
        ("GET", "/attempts", 405, "Not that way"),
        ("POST", "/attempts", 422, "That does not fit"),
    ],
)
def test_an_error_is_a_page(
    client: TestClient, method: str, url: str, status: int, title: str
) -> None:
    response = client.request(method, url)

    assert response.status_code == status
    assert f"<h1>{title}</h1>" in response.text
    assert 'class="wordmark"' in response.text


def test_a_part_of_a_page_gets_a_sentence_where_notices_go(client: TestClient) -> None:
    response = client.put("/a/nobody/note", data={"note": ""}, headers=HTMX)

    assert response.status_code == 404
    assert response.headers["HX-Retarget"] == "#notices"
    assert response.headers["HX-Reswap"] == "beforeend"
    assert response.text.startswith('<p class="notice')
    assert "<html" not in response.text


def test_a_whole_page_is_not_retargeted(client: TestClient) -> None:
    assert "HX-Retarget" not in client.get("/nowhere").headers


def test_what_is_in_the_way_is_linked(client: TestClient) -> None:
    attempt = start_attempt(client)

    response = client.get(f"/a/{attempt}/recording.ndjson")

    assert response.status_code == 403
    assert f'<a class="button button--primary" href="/a/{attempt}">' in response.text


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_our_own_fault_is_admitted_without_details(
    client: TestClient, app: FastAPI, headers: dict[str, str]
) -> None:
    app.state.shelf = BrokenShelf()

    response = client.get("/", headers=headers)

    assert response.status_code == 500
    assert "Something broke on the server." in response.text
    assert "secret detail" not in response.text
    assert ("<html" in response.text) == (not headers)


def test_what_is_too_large_is_refused(client: TestClient) -> None:
    attempt = start_attempt(client)
    body = b"note=" + b"x" * MAX_BODY_BYTES

    response = client.put(f"/a/{attempt}/note", content=body)

    assert response.status_code == 413


def test_names_from_the_address_are_shown_as_text(client: TestClient) -> None:
    page = client.get("/d/<script>alert(1)</script>/try").text

    assert "<script>alert" not in page


@pytest.mark.parametrize(
    "form", [{"derivation": "<b>ols</b>"}, {"derivation": "ols", "mode": "<b>warm</b>"}]
)
def test_what_a_form_held_is_shown_as_text(client: TestClient, form: dict[str, Any]) -> None:
    page = client.post("/attempts", data=form).text

    assert "<b>" not in page
