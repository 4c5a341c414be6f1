"""Attempts on a derivation of one's own, and writing while one runs."""

import tomllib

import pytest
from starlette.testclient import TestClient

from tests.helpers import MINUTE, Now, line
from tests.library.helpers import VARIANT
from tests.web.helpers import abandon, end_attempt, start_attempt
from tests.web.write.helpers import bring, draft, file_of, look_over, problems, save, saved


def test_it_is_attempted_and_reviewed_like_any_other(client: TestClient, now: Now) -> None:
    saved(client)
    attempt = start_attempt(client, "half-square")
    now.advance(MINUTE)
    end_attempt(client, attempt, line(2_000, r"\nabla_w \mathcal{L} = w - y"), t=30_000)

    review = client.get(f"/a/{attempt}")

    assert review.status_code == 200
    assert "The sign turns it around." in review.text
    assert "Derivative of a square" in client.get("/history").text


def test_it_survives_a_restart(client: TestClient, restarted: TestClient) -> None:
    saved(client)
    attempt = start_attempt(client, "half-square")

    assert restarted.get("/d/half-square/try").status_code == 200
    assert restarted.get("/d/half-square").status_code == 403
    abandon(client, attempt)
    assert restarted.get("/d/half-square").status_code == 200
    assert "The sign turns it around." in restarted.get(f"/a/{attempt}").text


@pytest.mark.parametrize("attempted", ["half-square", "square"])
def test_it_is_closed_while_an_attempt_on_it_runs(client: TestClient, attempted: str) -> None:
    variants = tomllib.loads(VARIANT.replace("2 (w - y)", "w - y"))["variants"]
    saved(client, variants=variants)
    source = file_of(client)
    attempt = start_attempt(client, attempted, mode="guided")

    refused = [
        client.get("/write/half-square"),
        client.get("/write/half-square/file.toml"),
        client.get("/d/half-square"),
        client.get("/d/square/sheet"),
        client.delete("/write/half-square"),
        save(client, "half-square", title="Another"),
    ]

    for response in refused:
        assert response.status_code == 403, response.request.url
        assert "turns it around" not in response.text
    desk = client.get("/write").text
    assert f'closed while <a href="/a/{attempt}">' in desk
    assert 'href="/write/half-square' not in desk
    again = bring(client, source)
    assert again.status_code == 422
    assert "An attempt on this derivation is running." in problems(again.text)[0]
    abandon(client, attempt)
    assert file_of(client) == source


def test_drafts_are_written_while_a_guided_attempt_runs(client: TestClient) -> None:
    saved(client)
    start_attempt(client, "half-square", mode="guided")

    assert client.get("/write/new").status_code == 200
    assert look_over(client, id="other")["problems"] == []
    assert saved(client, id="other") == "other"


def test_no_draft_is_checked_while_a_cold_attempt_runs(client: TestClient) -> None:
    """Its lines could be typed into one of the same givens."""
    saved(client)
    source = file_of(client)
    attempt = start_attempt(client, "ols")

    refused = [
        client.post("/write/draft", json=draft(id="other")),
        save(client, "half-square", title="Another"),
    ]

    assert client.get("/write/new").status_code == 200
    for response in refused:
        assert response.status_code == 403
        assert response.json()["error"].startswith("A cold attempt is running: ")
    (problem,) = problems(bring(client, source).text)
    assert problem.startswith("A cold attempt is running: ")
    abandon(client, attempt)
    assert look_over(client)["problems"] == []


def test_a_derivation_that_another_process_saved_is_there(
    client: TestClient, restarted: TestClient
) -> None:
    saved(restarted)

    assert client.get("/d/half-square").status_code == 200
