"""The pages about progress: nothing, one attempt, several, and what stays closed."""

import re
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.testclient import TestClient

from app.library.cards import cards_of
from app.library.models import Library
from app.practice.spacing import Grade
from app.storage.ratings import rate
from app.storage.steps import CheckedLine, keep_checked
from tests.helpers import NOON, Now
from tests.storage.helpers import keep_attempt
from tests.web.helpers import start_attempt, text_of

DAY = 86_400_000
OLS_STEPS = ("1", "2", "3", "4")
# Seconds at which the steps of a run are reached: its time is the last.
RUN = (60, 90, 150, 240)


def keep(
    engine: Engine,
    attempt_id: str,
    seconds: tuple[int, ...] = RUN,
    slip: str | None = None,
    **more: Any,
) -> None:
    """An ended attempt on ols that reached a step in each of its lines."""
    lines = [
        CheckedLine(place, f"r-{place}", 1_000 * second, "holds", "Holds.", (step,))
        for place, (step, second) in enumerate(zip(OLS_STEPS, seconds, strict=False), start=1)
    ]
    if slip:
        lines.append(CheckedLine(9, "r-9", 9_000, "fails", "Fails.", (), slip))
    with Session(engine) as session:
        keep_attempt(
            session, attempt_id, **{"ended_at": NOON + 1_000 * max(seconds, default=300), **more}
        )
        keep_checked(session, attempt_id, lines, NOON)
        session.commit()


def at(number: int) -> dict[str, Any]:
    """A later day."""
    return {"created_at": NOON + number * DAY, "started_at": NOON}


def seen(client: TestClient, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return text_of(re.sub(r"</(?:t[dh]|d[td])>", " ", response.text))


def test_before_the_first_attempt_it_says_how_to_begin(client: TestClient) -> None:
    page = seen(client, "/progress")

    assert "Nothing to show before the first attempt" in page
    assert "From 5:00 to 3:00" not in page
    assert "No cold run yet" in seen(client, "/progress/ols")


def test_one_clean_run(client: TestClient, engine: Engine) -> None:
    keep(engine, "aaaa")

    page = seen(client, "/progress")
    # Half of the way in one of the eight.
    assert "6 % of the way, over the 8 derivations of the plan" in page
    assert "Ordinary least squares 50 % 4:00* provisional 5:00, then 3:00 after 7 more days" in page
    assert "Rotary position embedding not tried – 5:00" in page
    assert "1 day in a row, 1 at best; practice on 1 day in all." in page

    page = seen(client, "/progress/ols")
    assert "Pace 4:00 provisional, from 1 run Best 4:00 Target 5:00, then 3:00 after 7" in page
    assert "more days change the targets Clean 1 of 1" in page
    assert "A forecast needs 5 clean runs." in page
    assert "1 Gradient 1:00 1:00" in page
    # Both targets stand at the side of the chart, each once.
    labels = re.findall(r">(\d:\d\d)</text>", client.get("/progress/ols").text)
    assert labels == ["3:30", "4:00", "4:30", "5:00", "3:00"]
    assert "Sum of golds 4:00" in page


def test_one_run_that_missed_a_step(client: TestClient, engine: Engine) -> None:
    keep(engine, "aaaa", (60, 90))

    assert "Ordinary least squares no clean run yet – 5:00" in seen(client, "/progress")
    page = seen(client, "/progress/ols")
    assert "The first run that reaches every key step" in page
    assert "1 Gradient 1 of 1 2 Normal equations 1 of 1 3 Closed form ★ 0 of 1" in page
    assert "2 of 4 steps" in page


def test_golds_and_what_could_be_saved(client: TestClient, engine: Engine) -> None:
    keep(engine, "aaaa", (60, 90, 150, 240))
    keep(engine, "bbbb", (30, 90, 190, 250), created_at=NOON + 1)

    page = seen(client, "/progress/ols")

    assert (
        "Step 3, Closed form, has the most to save: it takes 1:20 as a rule and took 1:00 once"
        in page
    )
    assert "Sum of golds 3:00" in page
    html = client.get("/progress/ols").text
    assert re.search(r'href="/a/bbbb">0:30', html)


def test_the_forecast_and_the_chart(client: TestClient, engine: Engine, now: Now) -> None:
    for place in range(7):
        last = round(150 + 130 * (place + 1) ** -0.5 + (place % 3))
        keep(engine, f"run{place}", (30, 60, 90, last), **at(place))
    keep(engine, "miss", (30, 60), **at(7), end_why="time")
    now.advance(7 * DAY)

    html = client.get("/progress/ols").text
    page = seen(client, "/progress/ols")

    assert re.search(r"3:00 in about \d+ more runs \(\d+ to \d+\), if practice goes on", page)
    assert html.count("data-value=") == 8
    assert html.count("runs__mark--record") >= 2
    assert "runs__band" in html
    assert "Target 5:00, then 3:00 from tomorrow" in page
    now.advance(DAY)
    assert re.search(
        r"Target 3:00 since \d+ \w+ \d+ change the targets Clean", seen(client, "/progress/ols")
    )


def test_slips_come_back_and_cards_are_counted(
    client: TestClient, engine: Engine, library: Library, now: Now
) -> None:
    now.advance(5 * DAY)
    slip = library["ols"].slips[0]
    keep(engine, "aaaa", slip=slip.id)
    assert "No known slip was made twice; 1 was made once." in seen(client, "/progress")
    keep(engine, "bbbb", slip=slip.id, **at(1))
    keep(engine, "cccc", slip="an-old-one", **at(2))
    with Session(engine) as session:
        for card, grade in zip(cards_of(library, "gotchas"), Grade, strict=False):
            rate(session, card.id, grade, NOON)
        session.commit()

    html = client.get("/progress").text
    assert "2 times last Friday" in text_of(html)
    assert "Ordinary least squares, step 1: Gradient" in text_of(html)
    assert 'href="/a/bbbb"' in html
    assert "an-old-one" not in html
    cards = len(cards_of(library, "gotchas"))
    assert f"1 easy 1 known 1 hard 1 missed {cards - 4} not asked yet" in text_of(html)
    assert "an-old-one" in client.get("/progress/ols").text


def test_while_an_attempt_runs_its_slips_and_steps_are_closed(
    client: TestClient, engine: Engine, library: Library
) -> None:
    slip = library["ols"].slips[0]
    keep(engine, "aaaa", slip=slip.id)
    keep(engine, "bbbb", slip=slip.id, **at(1))
    start_attempt(client, "ols-ridge")

    page = client.get("/progress")
    assert page.status_code == 200
    assert slip.wrong not in page.text
    assert "Ordinary least squares" in page.text
    assert client.get("/progress/ols").status_code == 403
    assert client.get("/progress/rope").status_code == 200


def test_a_variant_is_measured_by_its_own_minutes(client: TestClient, engine: Engine) -> None:
    keep(engine, "aaaa", derivation="ols-ridge", limit_ms=600_000)

    assert "Ridge regression" in seen(client, "/progress")
    assert client.get("/progress/ols-ridge").status_code == 200


def test_an_attempt_whose_content_is_gone_breaks_nothing(
    client: TestClient, engine: Engine
) -> None:
    keep(engine, "aaaa", derivation="alchemy", slip="lead")
    keep(engine, "bbbb", derivation="alchemy", slip="lead", **at(1))

    assert "lead" in seen(client, "/progress")
    assert client.get("/progress/alchemy").status_code == 404


def test_overall_is_over_the_derivations_of_the_plan(client: TestClient, engine: Engine) -> None:
    keep(engine, "aaaa")

    client.post("/settings", data={"order": ["rope", "ols"], "plan": ["rope", "ols"]})

    page = seen(client, "/progress")
    assert "25 % of the way, over the 2 derivations of the plan." in page
    places = [page.index(name) for name in ("Rotary", "Ordinary", "Beside the plan", "Scaled dot")]
    assert places == sorted(places)


def test_hundreds_of_runs_are_bounded(client: TestClient, engine: Engine) -> None:
    """Of what lies further back the best time still counts, and is no record to be made again."""
    keep(engine, "best", (30, 60, 90, 120))
    for place in range(1, 229):
        keep(engine, f"run{place:03}", created_at=NOON + place)
    keep(engine, "last", (60, 90, 150, 230), created_at=NOON + 229)

    html = client.get("/progress/ols").text

    assert html.count("data-value=") == 100
    assert "The last 100 of 230 runs." in text_of(html)
    assert "Run 230, " in html
    assert 'runs__mark--record" href="#mark-record" x=' not in html
    assert "Best 2:00" in seen(client, "/progress/ols")
    assert "Clean 230 of 230" in seen(client, "/progress/ols")


@pytest.mark.parametrize("path", ["/", "/history"])
def test_it_is_found_from_other_pages(client: TestClient, engine: Engine, path: str) -> None:
    keep(engine, "aaaa")

    assert 'href="/progress"' in client.get(path).text


def test_the_navigation_says_where_one_is(client: TestClient) -> None:
    assert '<a href="/progress" aria-current="page">' in client.get("/progress").text


def test_the_way_goes_between_the_targets_of_the_settings(
    client: TestClient, engine: Engine
) -> None:
    """Four minutes are half of the way from 5:00 to 3:00, and all of that from 6:00 to 4:00."""
    keep(engine, "aaaa")
    assert " 50 % 4:00" in text_of(client.get("/progress").text)

    client.post("/settings", data={"target_from": "6:00", "target_to": "4:00"})

    page = text_of(client.get("/progress").text)
    assert " 100 % 4:00" in page
    assert "From 6:00 to 4:00" in page


def test_the_step_down_is_announced_and_can_be_changed(
    client: TestClient, engine: Engine, now: Now
) -> None:
    keep(engine, "aaaa")
    assert "5:00, then 3:00 after 7 more days change" in seen(client, "/progress/ols")
    assert client.get("/progress/ols").text.count('href="/settings#targets"') == 1

    client.post("/settings", data={"target_days": "0"})

    assert "5:00, then 3:00 from tomorrow" in seen(client, "/progress/ols")
    assert "and 3:00 from the day after it." in seen(client, "/progress")
    now.advance(DAY)
    assert re.search(r"Target 3:00 since \d+ \w+ \d+ change", seen(client, "/progress/ols"))
