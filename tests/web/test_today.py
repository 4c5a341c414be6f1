"""What the start page says is to be done now."""

import re
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import event
from sqlmodel import Session
from starlette.testclient import TestClient

from app.library.cards import cards_of
from app.library.models import Library
from app.main import create_app
from app.practice.ladder import Rung
from app.practice.splits import Tick
from app.settings import Settings
from app.storage.rungs import keep_rung
from app.storage.steps import set_tick
from tests.helpers import MINUTE, NOON, Now
from tests.library.helpers import HALF_SQUARE, write_derivation
from tests.storage.helpers import keep_attempt
from tests.web.helpers import abandon, end_attempt, start_attempt, text_of, visitor

DAY = 24 * 60 * MINUTE


def today(client: TestClient) -> str:
    """The section, as it came."""
    found = re.search(
        r'<section aria-labelledby="today">(.*?)</section>', client.get("/").text, re.S
    )
    assert found
    return found[1]


def tasks(client: TestClient) -> list[str]:
    """What is to be done, from the first, each as a reader sees it."""
    parts = re.split(r'<(?:div|li) class="(?:now|later__row)"', today(client))
    return [text_of("<" + part) for part in parts[1:]]


def keep(
    app: FastAPI, derivation: str, attempt: str, at: int, why: str = "done", /, **splits: int
) -> None:
    """An ended attempt that was looked at, with the splits of its steps, `s1`, in seconds."""
    with Session(app.state.engine) as session:
        row = keep_attempt(
            session,
            attempt,
            derivation=derivation,
            created_at=at,
            started_at=at,
            ended_at=at + 5 * MINUTE,
            end_why=why,
            checked_at=at + 5 * MINUTE,
        )
        session.add(row)
        for step, split in splits.items():
            set_tick(session, attempt, step.removeprefix("s"), Tick(True, split * 1000), NOON)
        session.commit()


def test_on_the_first_day_there_is_the_plan_and_one_button(
    client: TestClient, library: Library
) -> None:
    first = next(iter(library.originals)).question

    section = today(client)

    assert tasks(client) == [
        f"{first.title} from the plan, day 1 of 8. Target 5:00 Start 5:00 on {first.title}"
    ]
    assert section.count("button--primary") == 1
    assert f'name="derivation" value="{first.id}"' in section
    assert client.get("/").text.count("button--primary") == 1


def test_who_has_practised_is_not_told_again_what_it_is_about(client: TestClient) -> None:
    assert "You get a prompt, a clock, a board" in client.get("/").text
    end_attempt(client, start_attempt(client, "rope"))
    assert "You get a prompt, a clock, a board" not in client.get("/").text


def test_a_running_attempt_goes_first_and_is_not_asked_for_again(
    client: TestClient, library: Library
) -> None:
    first = next(iter(library.originals)).question
    attempt = start_attempt(client, first.id)

    section = today(client)

    assert f'<a class="button button--primary" href="/a/{attempt}">' in section
    assert section.count("button--primary") == 1
    assert len(tasks(client)) == 1
    assert "Everything" not in section


def test_beside_another_running_attempt_the_plan_waits(client: TestClient) -> None:
    start_attempt(client, "rope")

    found = tasks(client)

    assert "is running" in found[0]
    assert "from the plan" in found[1]
    assert today(client).count("button--primary") == 1


def test_when_the_plan_is_done_it_says_so_and_offers_what_is_next(
    client: TestClient, library: Library
) -> None:
    first, second = [one.question for one in library.originals][:2]
    end_attempt(client, start_attempt(client, first.id))

    section = text_of(today(client))

    assert "Everything for today is done." in section
    assert f"Next in the plan is {second.title}, tomorrow. Start it today" in section
    assert f"{len(cards_of(library, 'gotchas'))} new cards in Rapid fire" in section
    assert f'value="{second.id}"' in today(client)
    assert "button--primary" not in today(client)


def test_cards_that_are_due_come_after_the_plan(
    client: TestClient, library: Library, now: Now
) -> None:
    first, second = cards_of(library, "gotchas")[:2]
    recited = cards_of(library, "followups")[0]
    for deck, card in (("gotchas", first), ("gotchas", second), ("followups", recited)):
        client.post(f"/drill/{deck}/ratings", data={"card": card.id, "grade": "3"})
    assert len(tasks(client)) == 1

    now.advance(10 * MINUTE)

    assert [task.partition(" Answer")[0] for task in tasks(client)[1:]] == [
        "Rapid fire 2 cards due",
        "Recite 1 card due",
    ]


def test_a_derivation_comes_back_by_the_day(client: TestClient, app: FastAPI, now: Now) -> None:
    title = "Ordinary least squares"
    keep(app, "ols", "a", now.ms, s1=30)
    assert not any(task.startswith(title) for task in tasks(client))

    now.advance(DAY)
    assert tasks(client)[1].startswith(f"{title} due again today; last time 1 of ")
    now.advance(DAY)
    assert tasks(client)[1].startswith(f"{title} due again since yesterday")
    now.advance(5 * DAY)
    assert tasks(client)[1].startswith(f"{title} due again for 6 days")


def test_a_clean_run_comes_back_later(
    client: TestClient, app: FastAPI, library: Library, now: Now
) -> None:
    steps = {f"s{step.number}": 40 * n for n, step in enumerate(library["ols"].steps, 1)}
    keep(app, "ols", "a", now.ms, **steps)

    now.advance(DAY)
    assert len(tasks(client)) == 1
    now.advance(7 * DAY)
    assert "last time clean in" in tasks(client)[1]


def test_what_the_plan_asks_for_is_not_asked_for_twice(
    client: TestClient, app: FastAPI, library: Library, now: Now
) -> None:
    names = [one.question.id for one in library.originals if one.question.drill]
    for number, name in enumerate(names):
        keep(app, name, f"a-{number}", now.ms + number * DAY)
    now.advance(8 * DAY)

    found = tasks(client)

    assert "from the plan, round 2, day 1 of 8" in found[0]
    first = library[names[0]].question.title
    assert [task.startswith(first) for task in found] == [True, *[False] * 4]
    assert found[4].startswith("Missed steps")
    assert "4 more are due again." in text_of(today(client))


def test_a_derivation_that_is_gone_is_not_asked_for(
    client: TestClient, app: FastAPI, now: Now
) -> None:
    keep(app, "alchemy", "a", now.ms, s1=30)
    keep(app, "alchemy", "b", now.ms + 1, s1=90)
    now.advance(DAY)

    assert len(tasks(client)) == 1
    assert "costs you most" not in today(client)


def test_the_step_that_costs_most_is_offered(
    client: TestClient, app: FastAPI, library: Library, now: Now
) -> None:
    """Of the second step it is said what the page about progress says of it."""
    two = library["ols"].step("2")
    assert two
    keep(app, "ols", "a", now.ms, s1=30, s2=50, s3=60, s4=70)
    # One run leaves nothing to save, and of a run that missed a step no times are known.
    keep(app, "ols", "b", now.ms + 1, s1=10, s4=170)
    keep(app, "ols", "left", now.ms + 1, "abandoned", s1=10, s2=20, s3=30, s4=40)
    assert "costs you most" not in today(client)
    keep(app, "ols", "c", now.ms + 2, s1=40, s2=160, s3=170, s4=180)
    # Less to save: 5 seconds.
    keep(app, "rope", "d", now.ms + 3, s1=10, s2=20, s3=30, s4=40)
    keep(app, "rope", "e", now.ms + 4, s1=10, s2=30, s3=40, s4=50)

    section = today(client)

    # The second took 20 and 120, so 70 as a rule.
    assert "it takes 1:10 as a rule and took 0:20 once" in text_of(client.get("/progress/ols").text)
    assert f'href="/d/ols#step-2">{two.title}</a>' in section
    assert text_of(section).endswith(
        f"{two.title} in Ordinary least squares. It usually takes you 1:10, at best 0:20."
        " Practise Ordinary least squares"
    )


def test_missed_steps_are_to_be_redone(
    client: TestClient, app: FastAPI, now: Now, library: Library
) -> None:
    keep(app, "rope", "aaaa", now.ms, s1=30)

    found = tasks(client)[-1]

    assert found.startswith("Missed steps")
    missed = len(library["rope"].must_steps) - 1
    assert f"{missed} to practise alone, a minute each; the next is from Rotary" in found
    assert 'href="/redo"' in today(client)
    # While it is attempted again, its steps are not asked for.
    start_attempt(client, "rope")
    assert "Missed steps" not in text_of(today(client))


def test_the_ladder_of_the_planned_derivation_goes_on_where_it_was(
    client: TestClient, app: FastAPI, now: Now, library: Library
) -> None:
    first = next(iter(library.originals)).question.id
    assert "On its ladder" not in tasks(client)[0]

    for rung, passed in ((Rung.ORDER, True), (Rung.MISSING, False)):
        with Session(app.state.engine) as session:
            keep_rung(session, first, rung, now.ms, passed=passed)
            session.commit()

    assert "On its ladder you are at: fill in the missing step" in tasks(client)[0]
    assert f'href="/d/{first}/ladder"' in today(client)

    for rung in (Rung.MISSING, Rung.CORRUPTED):
        with Session(app.state.engine) as session:
            keep_rung(session, first, rung, now.ms, passed=True)
            session.commit()

    assert "On its ladder" not in tasks(client)[0]


@pytest.mark.parametrize("attempted", ["ols", "ols-ridge"])
def test_of_what_is_attempted_no_step_is_named(
    client: TestClient, app: FastAPI, library: Library, now: Now, attempted: str
) -> None:
    step = library["ols"].steps[0]
    keep(app, "ols", "a", now.ms, s1=30, s2=40, s3=50, s4=60)
    keep(app, "ols", "b", now.ms + 1, s1=90, s2=100, s3=110, s4=120)
    assert step.title in text_of(today(client))
    now.advance(60 * DAY)
    assert any("due again" in task for task in tasks(client))

    attempt = start_attempt(client, attempted)

    assert "costs you most" not in today(client)
    assert not any("due again" in task for task in tasks(client))
    abandon(client, attempt)
    assert step.title in text_of(today(client))


def test_a_library_without_a_plan_is_done_at_once(
    database_url: str, now: Now, tmp_path: Path
) -> None:
    write_derivation(tmp_path, "half-square.toml", HALF_SQUARE.replace("drill = 8\n", ""))
    app = create_app(Settings(database_url=database_url, content_folder=tmp_path), now=now)
    with visitor(app) as client:
        assert "Everything for today is done." in text_of(today(client))
        assert "Next in the plan" not in text_of(today(client))


def test_many_attempts_need_no_more_queries(client: TestClient, app: FastAPI, now: Now) -> None:
    client.get("/")  # by then the clocks have been looked after, which asks once at the start
    counted: list[str] = []
    event.listen(
        app.state.engine, "before_cursor_execute", lambda *told: counted.append(str(told[2]))
    )
    client.get("/")
    few = len(counted)
    for number in range(200):
        keep(app, "ols", f"a-{number}", now.ms + number, s1=30 + number)
    client.get("/")  # by then each run was judged, which is done once
    counted.clear()

    client.get("/")

    assert len(counted) == few <= 20
