"""Ticking key steps, and the moments at which they were reached."""

import pytest
from starlette.testclient import TestClient

from tests.helpers import MINUTE, Now, ink, mark
from tests.web.helpers import end_attempt, start_attempt, text_of

DURATION = 4 * MINUTE


@pytest.fixture
def ended(client: TestClient, now: Now) -> str:
    """An attempt of four minutes, marked at one and at two."""
    attempt = start_attempt(client)
    now.advance(DURATION)
    end_attempt(client, attempt, ink(1), mark(2 * MINUTE), mark(MINUTE), t=DURATION)
    return attempt


def tick(client: TestClient, attempt: str, step: str, **form: str) -> str:
    response = client.put(f"/a/{attempt}/steps/{step}", data=form)
    assert response.status_code == 200, response.text
    return response.text


def test_a_tick_takes_the_next_mark(client: TestClient, ended: str) -> None:
    assert 'data-split="60000"' in tick(client, ended, "1", split="mark")
    assert 'data-split="120000"' in tick(client, ended, "2", split="mark")
    assert "by the end" in tick(client, ended, "3", split="mark")


def test_a_tick_shows_the_step_and_what_the_run_amounts_to(client: TestClient, ended: str) -> None:
    answer = tick(client, ended, "1", split="mark")

    assert 'id="summary" hx-swap-oob="true"' in answer
    assert "1 of 4 steps" in text_of(answer)
    assert "checked" in answer


def test_the_fourth_tick_makes_a_clean_run(client: TestClient, ended: str) -> None:
    for step in ("1", "2", "3"):
        assert "clean run" not in tick(client, ended, step)

    answer = tick(client, ended, "4", split="180000")

    assert "clean run" in answer
    assert "✓ clean" in client.get("/history").text


def test_a_split_is_set_and_moved_and_taken_out(client: TestClient, ended: str) -> None:
    assert 'data-split="90000"' in tick(client, ended, "2", split="90000")
    assert 'data-split="0"' in tick(client, ended, "2", split="0")
    assert f'data-split="{DURATION}"' in tick(client, ended, "2", split=str(DURATION))
    assert "data-split" not in tick(client, ended, "2", split="")
    assert "by the end" in client.get(f"/a/{ended}").text


@pytest.mark.parametrize(
    "split", [str(DURATION + 1), "-1", "1.5", "soon", "1e3", "²", "٣", " 1", "9" * 30, "9" * 5_000]
)
def test_a_split_outside_of_the_attempt_does_not_fit(
    client: TestClient, ended: str, split: str
) -> None:
    response = client.put(f"/a/{ended}/steps/1", data={"split": split})

    assert response.status_code == 422
    assert "0 of 4 steps" in text_of(client.get(f"/a/{ended}").text)


def test_a_tick_is_taken_back(client: TestClient, ended: str) -> None:
    tick(client, ended, "1")

    response = client.delete(f"/a/{ended}/steps/1")

    assert response.status_code == 200
    assert "not ticked" in response.text
    assert "0 of 4 steps" in text_of(response.text)
    assert client.delete(f"/a/{ended}/steps/1").status_code == 200


def test_an_optional_step_does_not_count(client: TestClient, ended: str) -> None:
    assert "0 of 4 steps" in text_of(tick(client, ended, "5"))


@pytest.mark.parametrize("step", ["6", "0", "1a", "one", "1%00"])
def test_an_unknown_step_is_not_found(client: TestClient, ended: str, step: str) -> None:
    assert client.put(f"/a/{ended}/steps/{step}").status_code == 404
    assert client.delete(f"/a/{ended}/steps/{step}").status_code == 404


def test_nothing_is_ticked_while_the_attempt_runs(client: TestClient) -> None:
    attempt = start_attempt(client)

    assert client.put(f"/a/{attempt}/steps/1").status_code == 403
    assert client.delete(f"/a/{attempt}/steps/1").status_code == 403


def test_ticks_stay_when_another_attempt_is_ticked(client: TestClient, ended: str) -> None:
    other = start_attempt(client)
    client.post(f"/a/{other}/abandonment")
    tick(client, ended, "1")

    tick(client, other, "2")

    assert "1 of 4 steps" in text_of(client.get(f"/a/{ended}").text)
