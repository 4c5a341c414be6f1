"""What the checker finds in the lines of an ended attempt, and what its writer makes of it."""

import asyncio
import json
import re
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.testclient import TestClient

from app.checker import Checker, DeclarationError, Finding
from app.practice.events import Event
from app.practice.recording import read_recording
from app.storage.attempts import find_attempt
from app.storage.recordings import import_recording
from app.storage.steps import reached_of
from tests.helpers import MINUTE, NOON, SECOND, Now, ink, line_data, mark
from tests.web.helpers import end_attempt, start_attempt, text_of

LINES = [
    r"\nabla_w \mathcal{L} = -2 X^\top (y - Xw)",
    r"\nabla_w \mathcal{L} = -X^\top (y - Xw)",
    r"X^\top X w = X^\top y",
    "so we have it",
]


def typed(t: int, row: int, text: str) -> Event:
    return Event(t, "line", line_data(text, f"r-{row}", row))


def write(client: TestClient, now: Now, lines: Sequence[str], derivation: str = "ols") -> str:
    """An attempt of four minutes; its lines are there at 0:10, 0:20, …"""
    attempt = start_attempt(client, derivation)
    now.advance(4 * MINUTE)
    events = [typed(10 * SECOND * row, row, text) for row, text in enumerate(lines, start=1)]
    end_attempt(client, attempt, *events, t=4 * MINUTE)
    return attempt


def judged(page: str) -> list[dict[str, Any]]:
    """What the page says of the lines."""
    found = re.search(r"data-judged='([^']*)'", page)
    assert found is not None
    lines: list[dict[str, Any]] = json.loads(found[1])
    return lines


def step_of(page: str, number: str) -> str:
    """The head of a key step: whether it is ticked, and its split."""
    found = re.search(rf'<div class="tick" data-tick="{number}".*?\n</div>', page, re.DOTALL)
    assert found is not None
    return found[0]


def put(client: TestClient, attempt: str, step: str, split: str) -> str:
    response = client.put(f"/a/{attempt}/steps/{step}", data={"split": split})
    assert response.status_code == 200, response.text
    return response.text


def test_every_line_has_its_verdict(client: TestClient, now: Now) -> None:
    attempt = write(client, now, LINES)

    lines = judged(client.get(f"/a/{attempt}").text)

    assert [line["row"] for line in lines] == ["r-1", "r-2", "r-3", "r-4"]
    assert [line["verdict"] for line in lines] == ["fails", "holds", "holds", "remark"]
    assert [line["steps"] for line in lines] == [[], ["1"], ["2"], []]
    assert lines[2]["message"] == "Holds at the optimum."
    assert lines[0]["span"] is not None


def test_the_steps_of_the_lines_are_ticked_with_the_moment_of_their_last_edit(
    client: TestClient, now: Now
) -> None:
    attempt = start_attempt(client)
    now.advance(4 * MINUTE)
    events = [typed(10_000, 1, LINES[0]), typed(20_000, 2, LINES[2]), typed(50_000, 1, LINES[1])]
    end_attempt(client, attempt, *events, t=4 * MINUTE)

    page = client.get(f"/a/{attempt}").text

    assert 'data-split="50000"' in step_of(page, "1")
    assert 'data-split="20000"' in step_of(page, "2")
    assert "checked" in step_of(page, "1")
    assert "line 1" in text_of(step_of(page, "1"))
    assert "not ticked" in step_of(page, "3")
    assert "2 of 4 steps" in text_of(page)


def test_each_part_of_a_step_is_ticked(client: TestClient, now: Now) -> None:
    lines = [
        r"\frac{\partial \hat{y}_i}{\partial z_j} = \hat{y}_i(\delta_{ij} - \hat{y}_j)",
        r"\nabla_{z_2} \mathcal{L} = \hat{y} - y",
    ]
    attempt = write(client, now, lines, "mlp-backprop")

    page = client.get(f"/a/{attempt}").text

    reached = {step for line in judged(page) for step in line["steps"]}
    assert "1c" in reached
    for step in reached:
        assert "data-split=" in step_of(page, step)
    assert "not ticked" in step_of(page, "5")


def test_a_known_slip_leads_to_what_is_said_about_it(client: TestClient, now: Now) -> None:
    attempt = write(client, now, LINES)

    page = client.get(f"/a/{attempt}").text

    assert judged(page)[0]["slip"] == "factor-two"
    slip = re.search(r'<li class="[^"]*" id="slip-factor-two">.*?</li>', page, re.DOTALL)
    assert slip is not None
    assert "your line 1" in slip[0]
    assert page.count(">your line") == 1


def test_a_step_can_be_unticked_and_that_is_undone(client: TestClient, now: Now) -> None:
    attempt = write(client, now, LINES)
    client.get(f"/a/{attempt}")

    answer = client.delete(f"/a/{attempt}/steps/1").text

    assert "You say it was not reached" in answer
    assert "found it in line 2 at 0:20" in text_of(answer)
    assert "1 of 4 steps" in text_of(answer)
    page = client.get(f"/a/{attempt}").text
    assert "1 of 4 steps" in text_of(page)
    assert judged(page)[1]["steps"] == ["1"]
    assert "1 of 4 steps" in text_of(client.get("/history").text)

    answer = put(client, attempt, "1", "20000")
    assert "You" not in text_of(answer)
    assert "2 of 4 steps" in text_of(answer)


def test_a_split_can_be_moved_and_that_is_undone(client: TestClient, now: Now) -> None:
    attempt = write(client, now, LINES)
    client.get(f"/a/{attempt}")

    answer = put(client, attempt, "2", "95000")

    assert 'data-split="95000"' in answer
    assert "yours" in answer
    assert "You set no moment." in put(client, attempt, "2", "")
    answer = put(client, attempt, "2", "95000")
    assert "You set the moment." in answer
    assert "found it in line 3 at 0:30" in text_of(answer)
    answer = put(client, attempt, "2", "30000")
    assert 'data-split="30000"' in answer
    assert "yours" not in answer


def test_a_step_that_was_not_found_is_ticked_as_ones_own(client: TestClient, now: Now) -> None:
    attempt = write(client, now, LINES)
    client.get(f"/a/{attempt}")

    answer = put(client, attempt, "3", "100000")

    assert "yours" in answer
    assert "The checker" not in answer
    assert "3 of 4 steps" in text_of(answer)
    answer = client.delete(f"/a/{attempt}/steps/3").text
    assert "not ticked" in answer
    assert "You" not in text_of(answer)


def test_the_suggested_moment_is_a_mark_that_no_line_has_taken(
    client: TestClient, now: Now
) -> None:
    attempt = start_attempt(client)
    now.advance(4 * MINUTE)
    events = [typed(20_000, 1, LINES[1]), mark(22_000), ink(30_000), mark(60_000)]
    end_attempt(client, attempt, *events, t=4 * MINUTE)
    client.get(f"/a/{attempt}")

    assert 'data-split="60000"' in put(client, attempt, "2", "mark")


def test_a_clean_run_needs_no_tick_and_can_be_talked_out_of(client: TestClient, now: Now) -> None:
    closed = [r"\hat{w} = (X^\top X)^{-1} X^\top y", r"v^\top X^\top X v = \|Xv\|^2 \ge 0"]
    attempt = write(client, now, [*LINES, *closed])

    assert "clean run" in client.get(f"/a/{attempt}").text
    assert "Best 1:00" in text_of(client.get("/").text)

    client.delete(f"/a/{attempt}/steps/4")
    assert "clean run" not in client.get(f"/a/{attempt}").text
    assert "no clean run yet" in client.get("/").text


def test_an_attempt_that_nobody_looked_at_has_not_been_checked(
    client: TestClient, now: Now
) -> None:
    attempt = write(client, now, LINES)

    assert "not reviewed" in client.get("/history").text

    client.get(f"/a/{attempt}")
    assert "not reviewed" not in client.get("/history").text
    assert "2 of 4 steps" in text_of(client.get("/history").text)


def test_lines_are_checked_once_and_beside_the_event_loop(
    client: TestClient, now: Now, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = write(client, now, LINES)
    checked: list[Sequence[str]] = []
    check = Checker.check

    def listen(self: Checker, lines: Sequence[str]) -> list[Finding]:
        with pytest.raises(RuntimeError):
            asyncio.get_running_loop()
        checked.append(lines)
        return check(self, lines)

    monkeypatch.setattr(Checker, "check", listen)
    first = client.get(f"/a/{attempt}").text
    again = client.get(f"/a/{attempt}").text

    assert checked == [LINES]
    assert judged(first) == judged(again)


def test_nothing_is_checked_before_it_may_be_shown(
    client: TestClient, now: Now, engine: Engine
) -> None:
    earlier = write(client, now, LINES)
    running = start_attempt(client)

    assert client.get(f"/a/{earlier}").status_code == 403
    assert client.get(f"/a/{running}").status_code == 200

    with Session(engine) as session:
        assert find_attempt(session, earlier).checked_at is None
        assert find_attempt(session, running).checked_at is None


def test_givens_that_cannot_be_read_leave_a_review_without_verdicts(
    client: TestClient, now: Now, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = write(client, now, LINES)

    def refuse(derivation: object) -> Checker:
        raise DeclarationError(str(derivation), "nobody can read that")

    with monkeypatch.context() as broken:
        broken.setattr("app.web.findings.checker_of", refuse)
        page = client.get(f"/a/{attempt}").text
        assert judged(page) == []
        assert "0 of 4 steps" in text_of(page)
        assert "1 of 4 steps" in text_of(put(client, attempt, "1", ""))

    page = client.get(f"/a/{attempt}").text
    assert len(judged(page)) == 4
    assert "yours" in step_of(page, "1")


def test_while_the_checker_is_busy_a_review_opens_without_verdicts(
    client: TestClient, now: Now, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = write(client, now, LINES)

    with monkeypatch.context() as busy:
        busy.setattr("app.web.checking.MAX_WAITING", 0)
        assert judged(client.get(f"/a/{attempt}").text) == []

    assert len(judged(client.get(f"/a/{attempt}").text)) == 4


def test_a_recording_takes_the_words_of_its_writer_along(
    client: TestClient, now: Now, engine: Engine
) -> None:
    attempt = write(client, now, LINES)
    client.get(f"/a/{attempt}")
    client.delete(f"/a/{attempt}/steps/1")
    put(client, attempt, "2", "95000")

    file = client.get(f"/a/{attempt}/recording.ndjson").text

    header, events = read_recording(file.splitlines(keepends=True))
    assert (header.steps, header.not_reached) == ({"2": 95_000}, ["1"])
    with Session(engine) as session:
        copy = header.model_copy(update={"attempt": "copy234567"})
        assert import_recording(session, copy, events, NOON)
        session.commit()
    page = client.get("/a/copy234567").text
    assert judged(page) == judged(client.get(f"/a/{attempt}").text)
    with Session(engine) as session:
        both = reached_of(session, [attempt, "copy234567"])
        assert both[attempt] == both["copy234567"]


def test_a_deleted_attempt_comes_back_with_its_verdicts(client: TestClient, now: Now) -> None:
    attempt = write(client, now, LINES)
    client.get(f"/a/{attempt}")
    client.delete(f"/a/{attempt}/steps/1")
    before = client.get(f"/a/{attempt}").text

    client.delete(f"/a/{attempt}")
    client.post(f"/a/{attempt}/restoration")

    assert client.get(f"/a/{attempt}").text == before


def test_what_a_line_says_stays_text(client: TestClient, now: Now) -> None:
    attempt = write(client, now, ["<script>'\"&</script> = 1"])

    page = client.get(f"/a/{attempt}").text

    assert "<script>'" not in page
    assert len(judged(page)) == 1
