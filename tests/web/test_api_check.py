"""The checker over HTTP: a finding for each line, and what is refused."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.checker.checker import MAX_LINES
from app.library.checking import checker_of
from app.library.models import Library
from app.live.shelf import Shelf
from app.practice.events import MAX_LINE_CHARACTERS
from app.web.checking import MAX_WAITING, CheckingThread
from tests.helpers import PATIENCE_S, wait_until
from tests.web.helpers import abandon, start_attempt

RIGHT = r"X^\top X w = X^\top y"
WRONG = r"\nabla_w \mathcal{L} = 2 X^\top (Xw - y)"


def check(client: TestClient, *lines: str, derivation: str = "ols") -> Any:
    return client.post("/api/check", json={"derivation": derivation, "lines": list(lines)})


def error_of(response: Any) -> str:
    answer = response.json()
    assert list(answer) == ["error"]
    assert response.headers["content-type"] == "application/json"
    return str(answer["error"])


def test_every_line_gets_its_finding(client: TestClient, library: Library) -> None:
    lines = [RIGHT, WRONG, "r := y - Xw", "r = y - Xw", "", "w = (X", "≤ 3"]

    response = check(client, *lines)

    assert response.status_code == 200
    expected = checker_of(library["ols"]).check(lines)
    assert response.json() == [finding.as_json() for finding in expected]
    assert response.json()[0] == {
        "line": 1,
        "text": RIGHT,
        "verdict": "holds",
        "where": "at the optimum",
        "steps": [2],
        "slip": None,
        "message": "Holds at the optimum.",
        "span": None,
    }


def test_no_lines_have_no_findings(client: TestClient) -> None:
    assert check(client).json() == []


def test_as_many_lines_as_are_allowed_are_judged(client: TestClient) -> None:
    response = check(client, *["w = w"] * MAX_LINES)

    assert len(response.json()) == MAX_LINES
    assert check(client, "w" * MAX_LINE_CHARACTERS).status_code == 200


def test_a_cold_attempt_gets_no_feedback(client: TestClient) -> None:
    attempt = start_attempt(client, "ols", mode="cold")

    refused = check(client, RIGHT)

    assert refused.status_code == 403
    assert "cold attempt" in error_of(refused)
    assert "2" not in error_of(refused)
    assert check(client, "y = y", derivation="rope").status_code == 200
    abandon(client, attempt)
    assert check(client, RIGHT).status_code == 200


def test_a_guided_attempt_may_ask(client: TestClient) -> None:
    start_attempt(client, "ols", mode="guided")

    assert [one["steps"] for one in check(client, RIGHT).json()] == [[2]]


def test_an_unknown_derivation_is_not_found(client: TestClient) -> None:
    response = check(client, RIGHT, derivation="no-such")

    assert response.status_code == 404
    assert "'no-such'" in error_of(response)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nonsense",
        b"[]",
        b"null",
        b'{"derivation": "ols"}',
        b'{"lines": []}',
        b'{"derivation": 3, "lines": []}',
        b'{"derivation": "ols", "lines": "w = w"}',
        b'{"derivation": "ols", "lines": [3]}',
        b'{"derivation": "ols", "lines": [null]}',
        b'{"derivation": "ols", "lines": [], "seed": 1}',
        b'{"derivation": "ols", "lines": ["\\ud800"]}',
        b'{"derivation": "\\ud800", "lines": []}',
        b'{"derivation": "ols", "lines": ["' + b"w" * (MAX_LINE_CHARACTERS + 1) + b'"]}',
        b'{"derivation": "ols", "lines": [' + b'"",' * MAX_LINES + b'""]}',
        b'{"derivation": "' + b"o" * 101 + b'", "lines": []}',
        b"\xff",
        b"[" * 50_000,
    ],
)
def test_what_is_malformed_is_refused(client: TestClient, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}

    response = client.post("/api/check", content=body, headers=headers)

    assert response.status_code == 422
    assert error_of(response)


def test_a_form_is_refused(client: TestClient) -> None:
    """A form on another site cannot send JSON."""
    body = '{"derivation": "ols", "lines": []}'

    response = client.post("/api/check", content=body, headers={"Content-Type": "text/plain"})

    assert response.status_code == 422
    assert error_of(response)


def test_a_huge_body_is_refused(client: TestClient) -> None:
    lines = ["w" * MAX_LINE_CHARACTERS] * MAX_LINES

    assert check(client, *lines).status_code == 413


def test_another_site_may_not_ask(client: TestClient) -> None:
    body = {"derivation": "ols", "lines": [RIGHT]}

    response = client.post("/api/check", json=body, headers={"Origin": "http://evil.example"})

    assert response.status_code == 403
    assert "verdict" not in response.text


def test_givens_that_cannot_be_read_are_said_so(
    client: TestClient, app: FastAPI, library: Library
) -> None:
    broken = library["ols"].model_copy(deep=True)
    question = broken.question
    given = question.givens[0].model_copy(update={"tex": "w + y = 3"})
    changed = broken.model_copy(
        update={"question": question.model_copy(update={"givens": (given,)})}
    )
    app.state.shelf = Shelf(Library({"ols": changed}, (), ()))

    response = check(client, RIGHT)

    assert response.status_code == 503
    assert "coldboard check-content" in error_of(response)


def test_a_slow_line_stops_nobody_but_other_lines(
    client: TestClient, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, goes_on = threading.Event(), threading.Event()

    class SlowMind:
        def check(self, _lines: list[str]) -> list[Any]:
            begun.set()
            assert goes_on.wait(PATIENCE_S)
            return []

    monkeypatch.setattr("app.web.api.checker_of", lambda _: SlowMind())
    checking: CheckingThread = app.state.checking
    with ThreadPoolExecutor(MAX_WAITING) as pool:
        waiting = [pool.submit(check, client, RIGHT) for _ in range(MAX_WAITING)]
        assert begun.wait(PATIENCE_S)
        wait_until(lambda: checking.waiting == MAX_WAITING)

        assert client.get("/").status_code == 200
        refused = check(client, RIGHT)
        goes_on.set()

        assert refused.status_code == 503
        assert "Try again" in error_of(refused)
        assert [one.result(PATIENCE_S).json() for one in waiting] == [[]] * MAX_WAITING
        assert checking.waiting == 0
