"""Setting up an attempt and starting it."""

import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.helpers import MINUTE, Now
from tests.web.helpers import abandon, start_attempt, tab, text_of


def test_the_home_page_offers_every_derivation(client: TestClient) -> None:
    page = client.get("/")

    assert page.status_code == 200
    for title in ("Ordinary least squares", "Logistic regression"):
        assert title in page.text
    assert "Not tried yet" in page.text


def test_one_press_starts_five_cold_minutes(client: TestClient) -> None:
    attempt = start_attempt(client)

    with tab(client, attempt) as page:
        welcome = page.heard[0]
    assert (welcome["mode"], welcome["limit"], welcome["elapsed"]) == ("cold", 5 * MINUTE, 0)


@pytest.mark.parametrize(
    ("form", "limit"),
    [
        ({"minutes": "3"}, 3 * MINUTE),
        ({"minutes": "none"}, None),
        ({"minutes": "other", "other_minutes": "7.5"}, 450_000),
        ({"minutes": "other", "other_minutes": "7,5"}, 450_000),
        ({"minutes": "other", "other_minutes": " 60 "}, 60 * MINUTE),
        ({"minutes": "1"}, MINUTE),
        ({"minutes": "5.0"}, 5 * MINUTE),
    ],
)
def test_the_limit_is_as_chosen(
    client: TestClient, form: dict[str, str], limit: int | None
) -> None:
    with tab(client, start_attempt(client, **form)) as page:
        assert page.heard[0]["limit"] == limit


def test_the_clock_waits_while_reading(client: TestClient, now: Now) -> None:
    attempt = start_attempt(client, reading_seconds="30", mode="guided")

    with tab(client, attempt) as page:
        assert page.heard[0]["elapsed"] == -30_000
    now.advance(31_000)
    with tab(client, attempt) as page:
        assert page.heard[0]["elapsed"] == 1_000


@pytest.mark.parametrize(
    "form",
    [
        {"minutes": "0"},
        {"minutes": "0.99"},
        {"minutes": "-5"},
        {"minutes": "60.1"},
        {"minutes": "five"},
        {"minutes": "nan"},
        {"minutes": "inf"},
        {"minutes": "1e999"},
        {"minutes": "other"},
        {"minutes": "other", "other_minutes": "soon"},
        {"reading_seconds": "-1"},
        {"reading_seconds": "301"},
        {"reading_seconds": "9" * 60},
        {"reading_seconds": "a while"},
        {"mode": "warm"},
    ],
)
def test_what_does_not_fit_is_said_on_a_page(client: TestClient, form: dict[str, Any]) -> None:
    response = client.post("/attempts", data={"derivation": "ols", **form})

    assert response.status_code == 422
    assert "<h1>That does not fit</h1>" in response.text
    assert "is running" not in client.get("/").text


def test_an_unknown_derivation_is_not_found(client: TestClient) -> None:
    assert client.post("/attempts", data={"derivation": "alchemy"}).status_code == 404
    assert client.get("/d/alchemy/try").status_code == 404


def test_a_form_without_a_derivation_does_not_fit(client: TestClient) -> None:
    response = client.post("/attempts")

    assert response.status_code == 422
    assert "derivation" in response.text


def test_the_set_up_page_offers_every_choice(client: TestClient) -> None:
    page = client.get("/d/ols/try").text

    for name in ("derivation", "minutes", "other_minutes", "mode", "reading_seconds"):
        assert f'name="{name}"' in page
    assert "3 hints" in text_of(page)


def test_every_choice_of_the_set_up_page_is_taken(client: TestClient) -> None:
    page = client.get("/d/ols/try").text
    inputs = re.findall(r'type="radio" name="(\w+)" value="([^"]+)"', page)
    assert len(inputs) >= 8

    for name, value in inputs:
        abandon(client, start_attempt(client, **{name: value, "other_minutes": "8"}))


def test_a_running_attempt_is_named_before_another_is_started(client: TestClient) -> None:
    attempt = start_attempt(client)

    assert f'href="/a/{attempt}"' in client.get("/d/ols/try").text
    assert f'href="/a/{attempt}"' in client.get("/").text
    assert f'href="/a/{attempt}"' not in client.get("/d/logistic-regression/try").text


def test_a_second_start_on_a_derivation_leads_back_to_the_running_attempt(
    client: TestClient,
) -> None:
    assert start_attempt(client) == start_attempt(client)


def test_two_derivations_may_be_attempted_side_by_side(client: TestClient) -> None:
    one, other = start_attempt(client), start_attempt(client, "logistic-regression")

    assert one != other
    assert client.get(f"/a/{one}").status_code == client.get(f"/a/{other}").status_code == 200
