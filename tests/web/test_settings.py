"""What is set is kept, explained where it does not fit, and holds on every page."""

import html
import json
import re
from datetime import datetime
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from starlette.testclient import TestClient

from app.library.models import Library
from app.practice.preferences import Preferences, Targets
from app.practice.snippets import USUAL, written
from app.storage.preferences import find_preferences
from tests.helpers import MINUTE, Now
from tests.web.helpers import HTMX, UNCHANGED, end_attempt, start_attempt, tab, text_of


def kept(client: TestClient) -> Preferences:
    """What is stored, asked past the pages."""
    engine: Engine = client.app.state.engine  # type: ignore[attr-defined]
    return find_preferences(engine)


def change(client: TestClient, **form: Any) -> Preferences:
    """The preferences after the form was sent with these fields, the others as at first."""
    response = client.post("/settings", data=UNCHANGED | form)
    assert response.status_code == 303, text_of(response.text)
    return kept(client)


def order_on(page: str) -> list[str]:
    return re.findall(r'name="order" value="([\w-]+)"', page)


def ticked_on(page: str) -> list[str]:
    return re.findall(r'name="plan" value="([\w-]+)" checked', page)


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({}, Preferences()),
        ({"zone": "Pacific/Honolulu"}, Preferences(zone="Pacific/Honolulu")),
        ({"theme": "dark"}, Preferences(theme="dark")),
        ({"minutes": "7,5"}, Preferences(limit_ms=450_000)),
        ({"minutes": " "}, Preferences()),
        ({"reading_seconds": "30"}, Preferences(reading_ms=30_000)),
        (
            {"target_from": "6:30", "target_to": "4", "target_days": "12"},
            Preferences(targets=Targets(from_ms=390_000, to_ms=240_000, days=12)),
        ),
        ({"sounds": "on"}, Preferences(sounds=True)),
        ({"ghost": "last"}, Preferences(ghost="last")),
        ({"paper": "ruled", "pen_width": "90"}, Preferences(paper="ruled", pen_width=90)),
        ({"snippets": "tt = ^\\top\r\n"}, Preferences(snippets=(("tt", "^\\top"),))),
        ({"snippets": ""}, Preferences(snippets=())),
        ({"snippets": "a = b", "usual_snippets": "yes"}, Preferences()),
    ],
)
def test_what_is_set_is_kept(client: TestClient, form: Any, expected: Preferences) -> None:
    assert change(client, **form) == expected


def test_a_box_that_is_not_ticked_is_off(client: TestClient) -> None:
    assert client.post("/settings", data={"snippets": written(USUAL)}).status_code == 303

    assert kept(client) == Preferences(clock_shown=False)


def test_the_page_shows_what_is_kept(client: TestClient) -> None:
    change(client, zone="Europe/Berlin", theme="dark", minutes="4", target_to="2:30", sounds="on")

    page = client.get("/settings").text

    assert "<option selected>Europe/Berlin</option>" in page
    assert 'value="dark" checked' in page
    assert 'name="minutes" min="1" max="60" step="any" value="4"' in page
    assert 'name="target_to" value="2:30"' in page
    assert 'name="sounds" checked' in page


def test_the_form_as_it_is_shown_changes_nothing(client: TestClient) -> None:
    page = client.get("/settings").text

    order, on = order_on(page), ticked_on(page)

    assert len(on) == 8
    assert change(client, order=order, plan=on) == Preferences()


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"zone": "Europe/Atlantis"}, "Time zone: There is no time zone 'Europe/Atlantis'"),
        ({"zone": "/etc/passwd"}, "There is no time zone"),
        ({"zone": "<b>x</b>"}, "There is no time zone '<b>x</b>'"),
        ({"minutes": "0.5"}, "Limit: The limit is a number of minutes from 1 to 60"),
        ({"minutes": "soon"}, "Limit: The limit is a number of minutes"),
        ({"minutes": "nan"}, "Limit: The limit is a number of minutes"),
        ({"reading_seconds": "301"}, "Reading time: The reading phase lasts from 0 to 300"),
        ({"reading_seconds": "x"}, "Reading time: A whole number"),
        ({"reading_seconds": "9" * 5000}, "Reading time: A whole number"),
        ({"target_from": "5:60"}, "Targets: A time is minutes and seconds"),
        ({"target_days": "61"}, "Targets: Between the targets there are from 0 to 60 days"),
        ({"target_from": "3:00", "target_to": "5:00"}, "Targets: The targets go down"),
        ({"theme": "sepia"}, "Theme:"),
        ({"ghost": "first"}, "Ghost:"),
        ({"paper": "squared"}, "Paper:"),
        ({"pen_width": "51"}, "Pen:"),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_what_does_not_fit_is_said_and_the_rest_is_kept(
    client: TestClient, form: dict[str, str], said: str, headers: dict[str, str]
) -> None:
    response = client.post("/settings", data=UNCHANGED | {"sounds": "on"} | form, headers=headers)

    assert response.status_code == 422
    assert said in text_of(response.text)
    assert "<b>x</b>" not in response.text
    assert kept(client) == Preferences(sounds=True)


def test_a_page_that_asks_for_a_part_gets_one(client: TestClient) -> None:
    answer = client.post("/settings", data=UNCHANGED, headers=HTMX)

    assert "Saved" in answer.text
    assert "<html" not in answer.text
    assert "plan-rows" not in answer.text


# --- the plan ------------------------------------------------------------------------------------


def test_a_row_moves_up_and_down(client: TestClient) -> None:
    page = client.get("/settings").text
    order, on = order_on(page), ticked_on(page)

    answer = client.post(
        "/settings",
        data=UNCHANGED | {"order": order, "plan": on, "move": f"up:{order[2]}"},
        headers=HTMX,
    ).text

    moved = [order[0], order[2], order[1], *order[3:]]
    assert order_on(answer) == order_on(client.get("/settings").text) == moved
    assert kept(client).plan_on is None
    change(client, order=moved, plan=on, move=f"down:{order[2]}")
    assert kept(client) == Preferences()


@pytest.mark.parametrize(
    "move", ["up:{first}", "down:{last}", "up:alchemy", "sideways:{last}", "x"]
)
def test_what_cannot_move_stays(client: TestClient, move: str) -> None:
    page = client.get("/settings").text
    order = order_on(page)
    move = move.format(first=order[0], last=order[-1])

    assert change(client, order=order, plan=ticked_on(page), move=move) == Preferences()


def test_plan_and_start_page_follow_the_new_order(client: TestClient, library: Library) -> None:
    change(client, order=["rope", "ols"], plan=["ols", "rope", "alchemy"])

    drill, home = client.get("/drill").text, client.get("/").text

    titles = [library[name].question.title for name in ("rope", "ols")]
    plan = drill[drill.index('class="plan"') : drill.index('id="extras"')]
    assert re.findall(r'href="/d/([\w-]+)/try"', plan) == ["rope", "ols"]
    assert f"Today: {titles[0]} day 1 of 2" in text_of(drill)
    assert f"{titles[0]} from the plan, day 1 of 2" in text_of(home)
    assert 'href="/d/mlp-backprop/try"' in drill[drill.index('id="extras"') :]


def test_a_plan_of_nothing_asks_for_nothing(client: TestClient) -> None:
    change(client, order=["ols"], plan=[])

    assert 'id="plan"' not in client.get("/drill").text
    assert "Everything for today is done." in text_of(client.get("/").text)


@pytest.mark.parametrize(
    ("zone", "said"), [("Europe/Berlin", "Next is"), ("Pacific/Honolulu", "Today: Scaled")]
)
def test_a_day_of_the_plan_ends_by_the_chosen_zone(
    client: TestClient, now: Now, zone: str, said: str
) -> None:
    """Written on 8 October at 23:30 in Honolulu, the 9th at 11:30 in Berlin; looked at an hour
    later, when it is the next day in Honolulu alone."""
    change(client, zone=zone)
    now.ms = 1_760_002_200_000
    end_attempt(client, start_attempt(client, "mlp-backprop"))
    now.advance(60 * MINUTE)

    assert said in text_of(client.get("/drill").text)
    assert ("from the plan, day 2 of 8" in text_of(client.get("/").text)) == ("Today" in said)


def test_a_journey_leaves_every_day_where_it_was(client: TestClient, now: Now) -> None:
    """Practised on the evenings of 8 and 9 October in Honolulu, and on the 10th in Berlin. By
    Berlin's clock the first two were the 9th and the 10th, and the 8th would be lost."""
    for zone, moment in [
        ("Pacific/Honolulu", "2025-10-08T23:30-10:00"),
        ("Pacific/Honolulu", "2025-10-09T23:30-10:00"),
        ("Europe/Berlin", "2025-10-10T20:00+02:00"),
    ]:
        change(client, zone=zone)
        now.ms = round(datetime.fromisoformat(moment).timestamp() * 1000)
        end_attempt(client, start_attempt(client, "ols"))

    page = text_of(client.get("/progress").text)

    assert "3 days in a row" in page


# --- snippets ------------------------------------------------------------------------------------


def test_snippets_that_cannot_be_read_stay_in_the_field(client: TestClient) -> None:
    change(client, snippets="a = b")

    page = client.post("/settings", data=UNCHANGED | {"snippets": "a = b\nc d"})

    assert page.status_code == 422
    assert "Snippets: Line 2 is no snippet" in text_of(page.text)
    assert "a = b\nc d</textarea>" in page.text
    assert kept(client).snippets == (("a", "b"),)


def test_the_page_of_an_attempt_brings_them_along(client: TestClient) -> None:
    change(client, snippets="q = '\"<&$")

    page = client.get(f"/a/{start_attempt(client, 'ols')}").text

    (found,) = re.findall(r"data-snippets='([^']*)'", page)
    assert json.loads(html.unescape(found)) == {"q": "'\"<&$"}


def test_pressing_for_the_usual_ones_fills_the_field(client: TestClient) -> None:
    change(client, snippets="a = b")
    pressed = UNCHANGED | {"snippets": "a = b", "usual_snippets": "yes"}

    answer = client.post("/settings", data=pressed, headers=HTMX)

    assert "tr = ^\\top" in answer.text
    assert 'hx-swap-oob="outerHTML"' in answer.text
    assert "<textarea" not in client.post("/settings", data=UNCHANGED, headers=HTMX).text
    assert kept(client) == Preferences()


# --- attempts ------------------------------------------------------------------------------------


def test_a_new_attempt_has_the_limit_and_the_reading_time(client: TestClient) -> None:
    change(client, minutes="4.5", reading_seconds="30")

    with tab(client, start_attempt(client, "ols")) as page:
        welcome = page.heard[0]
    assert (welcome["limit"], welcome["elapsed"]) == (270_000, -30_000)


def test_what_the_form_says_counts_more(client: TestClient) -> None:
    change(client, minutes="4.5", reading_seconds="30")

    with tab(client, start_attempt(client, "ols", minutes="3", reading_seconds="0")) as page:
        welcome = page.heard[0]
    assert (welcome["limit"], welcome["elapsed"]) == (180_000, 0)


def test_by_itself_each_derivation_has_its_own_limit(client: TestClient, library: Library) -> None:
    short = next(one for one in library.derivations.values() if one.question.minutes != 5)

    with tab(client, start_attempt(client, short.question.id)) as page:
        assert page.heard[0]["limit"] == short.question.minutes * MINUTE


def test_every_start_button_says_the_limit(client: TestClient) -> None:
    change(client, minutes="4")

    for path in ("/", "/drill", "/d/ols"):
        page = text_of(client.get(path).text)
        assert "Start 4:00" in page
        assert "Start 5:00" not in page


def test_the_set_up_page_begins_with_what_was_chosen(client: TestClient) -> None:
    change(client, minutes="4", reading_seconds="15", target_to="2:30")

    page = client.get("/d/ols/try").text

    assert re.findall(r'name="minutes" value="([\w.]+)"( checked)?', page) == [
        ("4", " checked"),
        ("5", ""),
        ("2.5", ""),
        ("other", ""),
        ("none", ""),
    ]
    assert re.findall(r'name="reading_seconds" value="(\d+)" checked', page) == ["15"]


def test_a_target_that_is_no_limit_is_not_offered(client: TestClient) -> None:
    change(client, target_to="0:30")

    assert 'value="0.5"' not in client.get("/d/ols/try").text


def test_the_practice_page_knows_clock_sounds_paper_and_pen(client: TestClient) -> None:
    client.post("/settings", data={"sounds": "on", "paper": "ruled", "pen_width": "30"})
    attempt = start_attempt(client)

    body = re.search(r"<body[^>]*>", client.get(f"/a/{attempt}").text)

    assert body
    for said in ('clock="hidden"', 'sounds="on"', 'paper="ruled"', 'pen="30"'):
        assert f"data-usual-{said}" in body[0]


def test_targets_are_those_of_every_standing(client: TestClient) -> None:
    change(client, target_from="8:00", target_to="4:00")
    end_attempt(client, start_attempt(client))

    for path in ("/", "/drill", "/history"):
        page = client.get(path).text
        assert ">8:00</text>" in page
        assert ">5:00</text>" not in page


# --- theme and zone on every page ----------------------------------------------------------------


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_wears_the_theme(client: TestClient, theme: str) -> None:
    change(client, theme=theme, zone="Asia/Tokyo")
    attempt = start_attempt(client)

    for path in ("/", "/history", "/settings", "/study", "/nowhere", f"/a/{attempt}", "/d/ols"):
        page = client.get(path).text
        assert f'<html lang="en" data-theme="{theme}" data-zone="Asia/Tokyo">' in page
        assert f'name="color-scheme" content="{theme}"' in page


def test_as_the_system_nothing_is_said_of_it(client: TestClient) -> None:
    page = client.get("/").text

    assert '<html lang="en">' in page
    assert 'content="light dark"' in page


def test_a_page_of_an_error_does_without_the_database(app: FastAPI, client: TestClient) -> None:
    change(client, theme="dark")
    with app.state.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE preference")

    response = client.get("/nowhere")

    assert response.status_code == 404
    assert '<html lang="en">' in response.text
