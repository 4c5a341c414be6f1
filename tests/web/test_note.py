import pytest
from starlette.testclient import TestClient

from app.practice.recording import MAX_NOTE_CHARACTERS
from tests.web.helpers import abandon, start_attempt


@pytest.fixture
def ended(client: TestClient) -> str:
    attempt = start_attempt(client)
    abandon(client, attempt)
    return attempt


def write(client: TestClient, attempt: str, note: str) -> int:
    return client.put(f"/a/{attempt}/note", data={"note": note}).status_code


def test_a_note_is_kept(client: TestClient, ended: str) -> None:
    response = client.put(f"/a/{ended}/note", data={"note": "Shapes <b>first</b>."})

    assert response.status_code == 200
    assert "Saved" in response.text
    assert "Shapes &lt;b&gt;first&lt;/b&gt;." in client.get(f"/a/{ended}").text


def test_a_note_is_taken_out(client: TestClient, ended: str) -> None:
    write(client, ended, "Shapes first.")

    assert write(client, ended, "") == 200

    assert "Shapes first." not in client.get(f"/a/{ended}").text


def test_line_ends_are_counted_once(client: TestClient, ended: str) -> None:
    note = "x\r\n" * (MAX_NOTE_CHARACTERS // 2)

    assert write(client, ended, note) == 200
    assert "x\nx" in client.get(f"/a/{ended}").text


def test_a_note_that_is_too_long_is_refused(client: TestClient, ended: str) -> None:
    assert write(client, ended, "é" * MAX_NOTE_CHARACTERS) == 200
    assert write(client, ended, "x" * (MAX_NOTE_CHARACTERS + 1)) == 422
    assert "ééé" in client.get(f"/a/{ended}").text


def test_there_is_no_note_before_the_end(client: TestClient) -> None:
    assert write(client, start_attempt(client), "Shapes first.") == 403
    assert write(client, "nobody", "Shapes first.") == 404
