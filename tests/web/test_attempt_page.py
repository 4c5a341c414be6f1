"""The page of an attempt, while it runs and after."""

from fastapi import FastAPI
from starlette.testclient import TestClient

from app.practice.clock import ALLOWANCE_MS
from tests.helpers import MINUTE, Now, ink
from tests.web.helpers import abandon, end_attempt, start_attempt, tab, text_of, visitor


def test_a_running_attempt_shows_the_question(client: TestClient) -> None:
    page = client.get(f"/a/{start_attempt(client)}").text

    assert "with the least squared error" in text_of(page)
    assert r"X \in \mathbb{R}^{n \times d}" in page
    assert "cold, 5:00" in text_of(page)
    assert "data-hint>" not in page


def test_a_guided_attempt_offers_hints(client: TestClient) -> None:
    page = client.get(f"/a/{start_attempt(client, mode='guided', minutes='none')}").text

    assert "Hint 1 of 3" in page
    assert "guided, untimed" in text_of(page)


def test_an_ended_attempt_shows_the_key_steps(client: TestClient, now: Now) -> None:
    attempt = start_attempt(client)
    now.advance(2 * MINUTE)
    end_attempt(client, attempt, t=90_000)

    page = client.get(f"/a/{attempt}").text

    assert "Normal equations" in page
    assert r"X^\top X w = X^\top y" in page
    assert "0 of 4 steps" in text_of(page)
    assert "ended by you" in page
    assert 'data-duration="90000"' in page


def test_an_attempt_whose_time_is_out_has_ended_when_its_page_is_asked_for(
    client: TestClient, now: Now
) -> None:
    attempt = start_attempt(client)
    with tab(client, attempt) as page:
        page.send(ink())
        page.hear("ack")
    now.advance(5 * MINUTE + ALLOWANCE_MS - 1)
    assert "Normal equations" not in client.get(f"/a/{attempt}").text

    now.advance(1)
    review = client.get(f"/a/{attempt}").text

    assert "Normal equations" in review
    assert "time out" in review


def test_an_attempt_without_a_stroke_is_abandoned_when_its_time_is_out(
    client: TestClient, now: Now
) -> None:
    attempt = start_attempt(client)
    now.advance(5 * MINUTE + ALLOWANCE_MS)

    assert "abandoned, not counted" in client.get(f"/a/{attempt}").text


def test_an_earlier_attempt_stays_closed_while_another_runs(client: TestClient) -> None:
    earlier = start_attempt(client)
    abandon(client, earlier)
    other = start_attempt(client, "logistic-regression")
    assert client.get(f"/a/{earlier}").status_code == 200
    running = start_attempt(client)

    response = client.get(f"/a/{earlier}")

    assert response.status_code == 403
    assert f'href="/a/{running}"' in response.text
    abandon(client, running)
    assert client.get(f"/a/{earlier}").status_code == 200
    assert client.get(f"/a/{other}").status_code == 200


def test_an_unknown_attempt_is_not_found(client: TestClient) -> None:
    assert client.get("/a/nobody").status_code == 404
    assert client.post("/a/nobody/abandonment").status_code == 404


def test_abandoning_ends_an_attempt(client: TestClient) -> None:
    attempt = start_attempt(client)

    response = client.post(f"/a/{attempt}/abandonment")

    assert (response.status_code, response.headers["location"]) == (303, "/")
    assert "abandoned, not counted" in client.get(f"/a/{attempt}").text
    assert "is running" not in client.get("/").text


def test_abandoning_while_reading_ends_it_at_zero(client: TestClient) -> None:
    attempt = start_attempt(client, reading_seconds="60")

    abandon(client, attempt)

    assert 'data-duration="0"' in client.get(f"/a/{attempt}").text


def test_what_is_over_is_not_abandoned(client: TestClient, now: Now) -> None:
    attempt = start_attempt(client)
    now.advance(2 * MINUTE)
    end_attempt(client, attempt)

    assert client.post(f"/a/{attempt}/abandonment").status_code == 409
    assert "ended by you" in client.get(f"/a/{attempt}").text


def test_an_attempt_goes_on_after_the_server_was_restarted(app: FastAPI, now: Now) -> None:
    with visitor(app) as client:
        attempt = start_attempt(client)
        with tab(client, attempt) as page:
            page.send(ink())
            page.hear("ack")
    now.advance(MINUTE)

    with visitor(app) as client, tab(client, attempt, after=1) as page:
        assert page.heard[0]["elapsed"] == MINUTE
        assert page.heard[0]["stored"] == 2
        page.send(ink(), first=1)
        assert page.hear("ack")["refused"] == []
