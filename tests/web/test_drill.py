"""The plan of the days, and cards that are rated."""

import re
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.library.cards import Deck, cards_of
from app.library.models import Library
from app.library.verifying.texts import texts_of
from app.main import create_app
from app.settings import Settings
from tests.helpers import MINUTE, Now
from tests.library.helpers import HALF_SQUARE, write_derivation
from tests.web.helpers import HTMX, abandon, end_attempt, plain, start_attempt, text_of, visitor

DAY = 24 * 60 * MINUTE
GOTCHAS = "/drill/gotchas"


@pytest.fixture
def small(database_url: str, now: Now, tmp_path: Path) -> FastAPI:
    """An application with one gotcha and one follow-up, and nothing in its plan."""
    write_derivation(tmp_path, "half-square.toml", HALF_SQUARE.replace("drill = 8\n", ""))
    return create_app(Settings(database_url=database_url, content_folder=tmp_path), now=now)


def shown(page: str) -> str:
    """The id of the card on top."""
    found = re.search(r'name="card" value="(\w+)"', page)
    assert found, text_of(page)
    return found[1]


def rate(
    client: TestClient, card: str, grade: object = 3, deck: str = "gotchas", **more: str
) -> str:
    """The next card, as the page gets it."""
    form = {"card": card, "grade": str(grade), **more}
    response = client.post(f"/drill/{deck}/ratings", data=form, headers=HTMX)
    assert response.status_code == 200, response.text
    return response.text


def counts(page: str) -> tuple[int, int]:
    """How many cards are due, and how many new."""
    found = re.search(r"(\d+) due, (\d+) new", text_of(page))
    assert found
    return int(found[1]), int(found[2])


# --- the plan ------------------------------------------------------------------------------------


def today(client: TestClient) -> str:
    found = re.search(r'class="today">(.*?)</div>', client.get("/drill").text, re.DOTALL)
    assert found
    return text_of(found[1])


def test_the_plan_begins_with_the_first_derivation(client: TestClient, library: Library) -> None:
    first = next(iter(library.originals)).question

    assert f"Today: {first.title} day 1 of 8" in today(client)


def test_one_button_stands_out(client: TestClient, library: Library) -> None:
    """That of the plan, and when that is done the one that redoes what was missed."""
    assert client.get("/drill").text.count("button--primary") == 1

    attempt = start_attempt(client, next(iter(library.originals)).question.id)
    end_attempt(client, attempt)
    client.get(f"/a/{attempt}")

    page = client.get("/drill").text
    assert page.count("button--primary") == 1
    assert '<a class="button button--primary" href="/redo">' in page


def test_every_derivation_is_in_the_plan_or_beside_it(client: TestClient, library: Library) -> None:
    page = client.get("/drill").text

    plan, _, extras = page.partition('id="extras"')
    for one in library.originals:
        link = f'href="/d/{one.question.id}/try"'
        assert (link in plan, link in extras) == (bool(one.question.drill), not one.question.drill)


def test_a_cold_attempt_on_what_is_next_moves_the_plan(
    client: TestClient, library: Library, now: Now
) -> None:
    first, second = [one.question for one in library.originals][:2]
    end_attempt(client, start_attempt(client, first.id))

    assert f"Today’s is done: {first.title}. Next is {second.title}, tomorrow." in today(client)

    now.advance(DAY)
    assert f"Today: {second.title} day 2 of 8" in today(client)
    now.advance(30 * DAY)
    assert f"Today: {second.title} day 2 of 8" in today(client)


@pytest.mark.parametrize("kind", ["guided", "abandoned", "another", "variant"])
def test_other_attempts_leave_the_plan_where_it_is(
    client: TestClient, library: Library, kind: str
) -> None:
    first = next(iter(library.originals)).question.id
    before = today(client)

    match kind:
        case "guided":
            end_attempt(client, start_attempt(client, first, mode="guided"))
        case "abandoned":
            abandon(client, start_attempt(client, first))
        case "another":
            end_attempt(client, start_attempt(client, "rope"))
        case _:
            variant = library.variants_of("ols")[0].question.id
            end_attempt(client, start_attempt(client, variant))

    assert today(client) == before


def test_an_attempt_that_is_running_is_gone_on_with(client: TestClient, library: Library) -> None:
    attempt = start_attempt(client, next(iter(library.originals)).question.id)

    page = client.get("/drill").text

    assert f'href="/a/{attempt}">Go on writing' in page


def test_a_library_without_a_plan_has_cards_all_the_same(small: FastAPI) -> None:
    with visitor(small) as client:
        page = client.get("/drill").text

    assert 'id="plan"' not in page
    assert 'href="/d/half-square/try"' in page
    assert page.count("0 due, 1 new") == 2


# --- cards ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("deck", ["gotchas", "followups"])
def test_a_deck_begins_with_its_first_card(
    client: TestClient, library: Library, deck: Deck
) -> None:
    cards = cards_of(library, deck)

    page = client.get(f"/drill/{deck}").text

    assert shown(page) == cards[0].id
    assert counts(page) == (0, len(cards))
    assert "data-take-back" not in page
    assert [f for f, text in texts_of(cards[0].content) if plain(text) not in text_of(page)] == []


def test_formulas_of_a_question_and_of_its_answer_are_formulas(client: TestClient) -> None:
    page = client.get("/drill/followups", params={"derivation": "ols"}).text

    question, _, answer = page.partition("data-reveal")
    assert '<span class="tex">' in question.partition("data-question")[2]
    assert '<span class="tex">' in answer


@pytest.mark.parametrize("grade", [1, 2, 3, 4])
def test_a_rating_moves_on_to_the_next_card(
    client: TestClient, library: Library, grade: int
) -> None:
    first, second, *_ = cards_of(library, "gotchas")

    answer = rate(client, first.id, grade)

    assert "<html" not in answer
    assert shown(answer) == second.id
    assert shown(client.get(GOTCHAS).text) == second.id
    assert counts(answer) == (0, len(cards_of(library, "gotchas")) - 1)


def test_a_card_comes_back_when_it_is_due(client: TestClient, library: Library, now: Now) -> None:
    first, second, third, *_ = cards_of(library, "gotchas")
    rate(client, first.id, 3)
    rate(client, second.id, 1)

    now.advance(MINUTE - 1)
    assert shown(client.get(GOTCHAS).text) == third.id
    now.advance(1)
    assert shown(client.get(GOTCHAS).text) == second.id
    now.advance(9 * MINUTE)
    assert shown(rate(client, second.id, 3)) == first.id


def test_a_rating_can_be_taken_back(client: TestClient, library: Library) -> None:
    first = cards_of(library, "gotchas")[0]
    answer = rate(client, first.id, 4)
    assert "Take back: Easy" in text_of(answer)
    found = re.search(r'hx-post="(/drill/gotchas/ratings/\d+/withdrawal)"', answer)
    assert found

    again = client.post(found[1], headers=HTMX)

    assert again.status_code == 200
    assert shown(again.text) == first.id
    assert counts(again.text) == (0, len(cards_of(library, "gotchas")))
    assert "data-take-back" not in again.text
    # A second press finds nothing to take back.
    assert client.post(found[1], headers=HTMX).status_code == 200
    assert shown(client.get(GOTCHAS).text) == first.id


@pytest.mark.parametrize("number", ["0", "-1", "99", str(2**31 - 1)])
def test_what_was_never_rated_is_not_taken_back(client: TestClient, number: str) -> None:
    response = client.post(f"{GOTCHAS}/ratings/{number}/withdrawal", headers=HTMX)

    assert response.status_code == 200


@pytest.mark.parametrize("number", ["one", "1.5", str(2**31), "9" * 400])
def test_what_is_no_number_of_a_rating_does_not_fit(client: TestClient, number: str) -> None:
    response = client.post(f"{GOTCHAS}/ratings/{number}/withdrawal", headers=HTMX)

    assert response.status_code == 422


def test_cards_of_one_derivation_can_be_chosen(client: TestClient, library: Library) -> None:
    cards = [card for card in cards_of(library, "gotchas") if card.derivation == "ols"]

    page = client.get(GOTCHAS, params={"derivation": "ols"}).text
    answer = rate(client, cards[0].id, derivation="ols")

    assert counts(page) == (0, len(cards))
    assert '<option value="ols" selected>' in page
    assert shown(page) == cards[0].id
    assert shown(answer) == cards[1].id
    assert 'name="derivation" value="ols"' in answer


def test_a_derivation_that_is_not_there_has_no_cards(client: TestClient) -> None:
    page = client.get(GOTCHAS, params={"derivation": "<b>alchemy</b>"})

    assert page.status_code == 200
    assert "There is no card to show here." in text_of(page.text)
    assert "<b>" not in page.text


def test_when_everything_is_done_it_says_when_to_come_back(small: FastAPI, now: Now) -> None:
    with visitor(small) as client:
        card = shown(client.get(GOTCHAS).text)

        done = rate(client, card, 3)

        assert "Nothing is due now. The next card comes back" in text_of(done)
        assert 'datetime="2025-10-09T09:10:00Z"' in done
        assert counts(done) == (0, 0)
        assert "Look" in client.get("/drill").text
        now.advance(10 * MINUTE)
        assert shown(client.get(GOTCHAS).text) == card


# --- what is not taken ---------------------------------------------------------------------------


@pytest.mark.parametrize("grade", ["0", "5", "-1", "2.5", "", "easy", "9" * 30])
def test_a_grade_that_there_is_not_does_not_fit(
    client: TestClient, library: Library, grade: str
) -> None:
    card = cards_of(library, "gotchas")[0].id

    response = client.post(f"{GOTCHAS}/ratings", data={"card": card, "grade": grade})

    assert response.status_code == 422
    assert shown(client.get(GOTCHAS).text) == card


@pytest.mark.parametrize("card", ["", "nonsense", "a" * 64])
def test_a_card_that_there_is_not_is_not_found(client: TestClient, card: str) -> None:
    response = client.post(f"{GOTCHAS}/ratings", data={"card": card, "grade": "3"})

    assert response.status_code in (404, 422)


def test_a_card_of_the_other_deck_is_refused(client: TestClient, library: Library) -> None:
    other = cards_of(library, "followups")[0].id

    response = client.post(f"{GOTCHAS}/ratings", data={"card": other, "grade": "3"})

    assert response.status_code == 404
    assert shown(client.get("/drill/followups").text) == other


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_deck_that_there_is_not_does_not_fit(client: TestClient, method: str) -> None:
    url = "/drill/nonsense" + ("/ratings" if method == "POST" else "")

    assert client.request(method, url, data={"card": "a", "grade": "1"}).status_code == 422


# --- without our scripts -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("chosen", "address"), [("", GOTCHAS), ("ols", f"{GOTCHAS}?derivation=ols")]
)
def test_a_browser_without_scripts_gets_the_page_again(
    client: TestClient, library: Library, chosen: str, address: str
) -> None:
    card = next(one for one in cards_of(library, "gotchas") if chosen in ("", one.derivation))
    form = {"card": card.id, "grade": "3", "derivation": chosen}

    rated = client.post(f"{GOTCHAS}/ratings", data=form)
    taken_back = client.post(f"{GOTCHAS}/ratings/1/withdrawal", data={"derivation": chosen})

    for response in (rated, taken_back):
        assert (response.status_code, response.headers["location"]) == (303, address)
    assert shown(client.get(address).text) == card.id


def test_what_a_form_held_does_not_lead_elsewhere(client: TestClient, library: Library) -> None:
    card = cards_of(library, "gotchas")[0].id
    form = {"card": card, "grade": "3", "derivation": "ols&x=1\r\nX: 1#//evil.example"}

    response = client.post(f"{GOTCHAS}/ratings", data=form)

    assert response.headers["location"] == (
        f"{GOTCHAS}?derivation=ols%26x%3D1%0D%0AX%3A+1%23%2F%2Fevil.example"
    )


# --- while an attempt runs -----------------------------------------------------------------------


@pytest.mark.parametrize("attempted", ["ols", "ols-ridge"])
def test_cards_of_what_is_attempted_stay_closed(
    client: TestClient, library: Library, attempted: str
) -> None:
    cards = cards_of(library, "gotchas")
    closed = [card for card in cards if card.derivation == "ols"]
    attempt = start_attempt(client, attempted)

    page = client.get(GOTCHAS, params={"derivation": "ols"}).text
    refused = client.post(f"{GOTCHAS}/ratings", data={"card": closed[0].id, "grade": "3"})

    assert 'name="card"' not in page
    assert f"{len(closed)} closed while an attempt is running" in text_of(page)
    assert counts(client.get(GOTCHAS).text) == (0, len(cards) - len(closed))
    assert refused.status_code == 409
    abandon(client, attempt)
    assert shown(client.get(GOTCHAS, params={"derivation": "ols"}).text) == closed[0].id


def test_a_card_that_is_taken_back_stays_closed(client: TestClient, library: Library) -> None:
    card = next(one for one in cards_of(library, "gotchas") if one.derivation == "ols")
    rate(client, card.id)
    start_attempt(client, "ols")

    answer = client.post(f"{GOTCHAS}/ratings/1/withdrawal", headers=HTMX)

    assert answer.status_code == 200
    assert shown(answer.text) != card.id
