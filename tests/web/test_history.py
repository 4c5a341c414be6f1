"""All attempts, and where one stands."""

import html
import re
from typing import Any, get_args

from sqlalchemy import Engine
from sqlmodel import Session
from starlette.testclient import TestClient

from app.library.cards import Deck, cards_of
from app.library.models import Library
from app.practice.merging import LAST_MOMENT
from app.storage.tables import TickRow
from app.web.history import ATTEMPTS_SHOWN
from tests.helpers import NOON
from tests.storage.helpers import keep_attempt
from tests.web.helpers import start_attempt, text_of

OLS_STEPS = ("1", "2", "3", "4")


def keep(engine: Engine, attempt_id: str, minutes: float, **more: Any) -> None:
    """An ended attempt on ols, every step ticked at its end."""
    ended_ms = round(minutes * 60_000)
    with Session(engine) as session:
        keep_attempt(session, attempt_id, **{"ended_at": NOON + ended_ms, **more})
        for step in OLS_STEPS:
            session.add(TickRow(attempt_id=attempt_id, step=step, reached=True))
        session.commit()


def test_before_the_first_attempt_it_says_how_to_begin(client: TestClient) -> None:
    assert "No attempt has ended yet" in client.get("/history").text


def test_a_running_attempt_is_not_history(client: TestClient) -> None:
    start_attempt(client)

    assert "No attempt has ended yet" in client.get("/history").text


def test_best_and_pace_come_from_clean_cold_runs(client: TestClient, engine: Engine) -> None:
    keep(engine, "aaaa", 4)
    keep(engine, "bbbb", 3)
    keep(engine, "cccc", 1, mode="guided")
    keep(engine, "dddd", 2, end_why="abandoned")
    keep(engine, "eeee", 2, limit_ms=None)

    page = text_of(client.get("/history").text)

    assert "Ordinary least squares 3:00 3:30* provisional 5:00 3:00 3 4" in page
    assert "5 attempts" in page
    assert "Best 3:00, pace 3:30 (provisional, from 2 clean runs)" in text_of(client.get("/").text)


def test_the_pace_of_five_runs_is_not_provisional(client: TestClient, engine: Engine) -> None:
    for place, minutes in enumerate([2.5, 4, 3, 2, 3.5, 5]):
        keep(engine, f"run{place}", minutes, created_at=NOON + place)

    page = text_of(client.get("/history").text)

    # The last five: 4, 3, 2, 3.5 and 5 minutes.
    assert "Ordinary least squares 2:00 3:30 5:00 3:00 6 6" in page


def test_it_shows_one_derivation_alone(client: TestClient, engine: Engine) -> None:
    keep(engine, "aaaa", 4)
    keep(engine, "bbbb", 3, derivation="logistic-regression")

    one = client.get("/history?derivation=ols").text
    assert 'href="/a/aaaa"' in one
    assert 'href="/a/bbbb"' not in one
    assert '<option value="ols" selected>' in one

    everything = client.get("/history?derivation=").text
    assert 'href="/a/aaaa"' in everything
    assert 'href="/a/bbbb"' in everything

    none = client.get("/history?derivation=rope").text
    assert "No attempt on this derivation yet" in none


def test_the_newest_attempt_comes_first(client: TestClient, engine: Engine) -> None:
    keep(engine, "aaaa", 4, created_at=NOON)
    keep(engine, "bbbb", 3, created_at=NOON + 1)

    page = client.get("/history").text

    assert page.index("/a/bbbb") < page.index("/a/aaaa")


def test_a_long_history_is_shown_a_hundred_at_a_time(client: TestClient, engine: Engine) -> None:
    for place in range(ATTEMPTS_SHOWN + 5):
        keep(engine, f"run{place:03}", 4, created_at=NOON + place // 2)
    keep(engine, "rope", 4, derivation="rope", created_at=NOON)

    first = client.get("/history?derivation=ols").text
    (older,) = re.findall(r'href="([^"]*)#all" rel="next"', first)
    second = client.get(html.unescape(older)).text

    titles = re.compile(r'<a class="attempts__title" href="/a/(\w+)"')
    assert len(titles.findall(first)) == ATTEMPTS_SHOWN
    assert titles.findall(first + second) == [f"run{place:03}" for place in reversed(range(105))]
    assert 'rel="next"' not in second
    assert 'href="/history?derivation=ols#all">Newest' in second
    assert "105 attempts" in text_of(second)
    assert client.get("/history?before=nothing").status_code == 404
    assert "No older attempt" in client.get("/history?before=rope&derivation=rope").text


def test_the_home_page_shows_the_last_five(client: TestClient, engine: Engine) -> None:
    for place in range(7):
        keep(engine, f"run{place}", 4, created_at=NOON + place)

    page = client.get("/").text

    assert [place for place in range(7) if f'href="/a/run{place}"' in page] == [2, 3, 4, 5, 6]


def test_an_attempt_whose_content_is_gone_is_still_there(
    client: TestClient, engine: Engine
) -> None:
    keep(engine, "aaaa", 4, derivation="alchemy")

    assert "4 of 4 steps" in text_of(client.get("/history").text)
    review = client.get("/a/aaaa")
    assert review.status_code == 200
    assert "is not in the library" in review.text
    assert client.get("/a/aaaa/recording.ndjson").status_code == 200


def test_the_latest_moment_that_a_recording_may_hold_is_shown(
    client: TestClient, engine: Engine
) -> None:
    keep(engine, "aaaa", 4, created_at=LAST_MOMENT)
    client.post("/settings", data={"zone": "Pacific/Kiritimati"})

    for path in ("/", "/drill", "/progress", "/keep/plan.ics"):
        assert client.get(path).status_code == 200
    page = client.get("/history")
    assert page.status_code == 200
    assert "2200" in page.text


# --- cards ---------------------------------------------------------------------------------------


def rated(client: TestClient) -> str:
    """What the page says of cards."""
    return text_of(client.get("/history").text.partition('id="rated"')[2])


def test_ratings_are_listed_newest_first(client: TestClient, library: Library) -> None:
    assert rated(client) == ""
    gotcha, followup = (
        next(card for card in cards_of(library, deck) if card.derivation == "ols")
        for deck in get_args(Deck)
    )

    for card, grade in ((gotcha, 1), (followup, 3)):
        form = {"card": card.id, "grade": grade}
        client.post(f"/drill/{card.deck}/ratings", data=form)

    page = rated(client)
    assert "1 missed, 0 hard, 1 known, 0 easy." in page
    assert re.search(r"Ordinary least squares knew it .*Ordinary least squares missed ", page)
    start_attempt(client)
    assert "Ordinary least squares" not in rated(client)
