"""Key steps that were missed wait to be redone, each alone."""

import re

import pytest
from fastapi import FastAPI
from sqlmodel import Session
from starlette.testclient import TestClient

from app.library.models import Library
from app.practice.ladder import Rung, picked
from app.storage.rungs import keep_rung
from tests.helpers import MINUTE, NOON, Now
from tests.web.helpers import abandon, end_attempt, start_attempt, text_of

CLOSED_FORM = r"\hat{w} = (X^\top X)^{-1} X^\top y"


def attempt_ols(client: TestClient, now: Now, *reached: str, **form: str) -> str:
    """An attempt that was looked back on, with these steps ticked."""
    attempt = start_attempt(client, "ols", **form)
    now.advance(MINUTE)
    end_attempt(client, attempt)
    assert client.get(f"/a/{attempt}").status_code == 200
    for number in reached:
        assert client.put(f"/a/{attempt}/steps/{number}", data={"split": "0"}).status_code == 200
    now.advance(MINUTE)
    return attempt


def queue(client: TestClient) -> list[str]:
    page = client.get("/redo").text
    return re.findall(r'class="queue__step"><a href="/redo/([^"]+)"', page)


def redo(client: TestClient, step: str, **form: str) -> str:
    response = client.post(f"/redo/{step}", data=form)
    assert response.status_code == 303, response.text
    page = client.get(response.headers["location"])
    assert page.status_code == 200
    return page.text


def test_nothing_waits_before_the_first_attempt(client: TestClient) -> None:
    assert queue(client) == []
    assert "Nothing to redo." in client.get("/redo").text
    assert "No missed step is waiting." in client.get("/drill").text


def test_the_must_steps_that_the_last_attempt_missed_wait(client: TestClient, now: Now) -> None:
    attempt_ols(client, now, "1", "3")

    assert queue(client) == ["ols/2", "ols/4"]
    assert "2 missed steps" in text_of(client.get("/drill").text)


def test_a_guided_attempt_counts_and_an_abandoned_one_does_not(
    client: TestClient, now: Now
) -> None:
    attempt_ols(client, now, "1", "2", "3", mode="guided")
    abandon(client, start_attempt(client, "ols"))

    assert queue(client) == ["ols/4"]


def test_only_the_last_attempt_on_a_derivation_says_what_is_missed(
    client: TestClient, now: Now
) -> None:
    attempt_ols(client, now)
    attempt_ols(client, now, "1", "2", "3", "4")

    assert queue(client) == []


def test_an_attempt_that_nobody_has_looked_back_on_says_nothing(client: TestClient) -> None:
    end_attempt(client, start_attempt(client, "ols"))

    assert queue(client) == []


def test_the_newest_misses_come_first(client: TestClient, now: Now) -> None:
    attempt_ols(client, now, "1", "2", "3")
    attempt = start_attempt(client, "rope")
    end_attempt(client, attempt)
    client.get(f"/a/{attempt}")

    assert queue(client) == ["rope/1", "rope/2", "rope/3", "rope/4", "ols/4"]


def test_a_step_is_asked_with_those_before_it_and_without_itself(
    client: TestClient, library: Library
) -> None:
    steps = library["ols"].steps

    page = client.get("/redo/ols/3").text

    shown = [step.number for step in steps if step.formula in page.replace("&amp;", "&")]
    assert shown == ["1", "2"]
    assert "with the least squared error" in page


def test_a_step_that_is_passed_leaves_the_queue(client: TestClient, now: Now) -> None:
    attempt_ols(client, now, "1", "2")
    assert queue(client) == ["ols/3", "ols/4"]

    page = redo(client, "ols/3", line=CLOSED_FORM)

    assert "Yes, that is the step." in page
    assert "Next: Hessian" in page
    assert queue(client) == ["ols/4"]


def test_a_wrong_line_changes_nothing_and_shows_nothing(client: TestClient, now: Now) -> None:
    attempt_ols(client, now, "1", "2", "4")

    page = redo(client, "ols/3", line=r"\hat{w} = X^{-1} y")

    assert 'data-verdict="fails"' in page
    assert CLOSED_FORM not in page
    assert queue(client) == ["ols/3"]
    assert redo(client, "ols/3", line="  ")
    assert queue(client) == ["ols/3"]


def test_a_step_that_is_looked_at_leaves_the_queue(client: TestClient, now: Now) -> None:
    attempt_ols(client, now, "1", "2", "4")

    page = redo(client, "ols/3", show="1")

    assert CLOSED_FORM in page
    assert "This is the step." in page
    assert "Nothing is left on the list." in page
    assert queue(client) == []


def test_the_next_miss_brings_a_step_back(client: TestClient, now: Now) -> None:
    attempt_ols(client, now, "1", "2", "4")
    redo(client, "ols/3", show="1")

    attempt_ols(client, now, "1", "2", "4")

    assert queue(client) == ["ols/3"]


def test_a_tick_that_is_taken_back_later_does_not_undo_what_was_redone(
    client: TestClient, now: Now
) -> None:
    attempt = attempt_ols(client, now, "1", "2", "4")
    redo(client, "ols/3", show="1")

    assert client.delete(f"/a/{attempt}/steps/4").status_code == 200

    assert queue(client) == ["ols/4"]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_step_is_closed_while_its_family_is_attempted(
    client: TestClient, now: Now, method: str
) -> None:
    attempt_ols(client, now, "1", "2")
    start_attempt(client, "ols-ridge")

    page = client.get("/redo").text
    response = client.request(
        method, "/redo/ols/3", data={"show": "1"} if method == "POST" else None
    )

    assert queue(client) == []
    assert "2 steps are closed" in text_of(page)
    assert "Closed form" not in page
    assert response.status_code == 403


@pytest.mark.parametrize("step", ["ols/9", "alchemy/1", "ols/<b>"])
def test_a_step_that_there_is_not_is_not_found(client: TestClient, step: str) -> None:
    assert client.get(f"/redo/{step}").status_code == 404
    assert client.post(f"/redo/{step}", data={"show": "1"}).status_code == 404


def test_what_is_failed_on_the_ladder_waits_until_it_is_passed(
    client: TestClient, library: Library
) -> None:
    ladder = "/d/ols/ladder/missing"
    step = picked(library["ols"].steps, 1)

    client.post(ladder, data={"seed": "1", "line": "w = 1"})
    assert queue(client) == [f"ols/{step.number}"]
    assert "1 missed step" in text_of(client.get("/drill").text)

    client.post(ladder, data={"seed": "1", "line": step.formula})
    assert queue(client) == []


def test_a_slip_that_is_not_found_puts_its_step_on_the_queue(
    client: TestClient, library: Library
) -> None:
    slip = picked(library["ols"].slips, 1)
    other = next(step.number for step in library["ols"].steps if step.number != slip.step)

    client.post("/d/ols/ladder/corrupted", data={"seed": "1", "chosen": other})

    assert queue(client) == [f"ols/{slip.step}"]


def test_what_was_failed_and_is_gone_is_not_asked_for(client: TestClient, app: FastAPI) -> None:
    with Session(app.state.engine) as session:
        for derivation, step in (("alchemy", "1"), ("ols", "99")):
            keep_rung(session, derivation, Rung.MISSING, NOON, passed=False, step=step)
        session.commit()

    assert queue(client) == []
