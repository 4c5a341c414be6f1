"""What hosts have never reaches a candidate or a watcher before a host releases it."""

import json
from typing import Any

from starlette.testclient import TestClient

from app.library.models import Derivation, Library
from app.practice.events import Event
from app.practice.remarks import USUAL_RUBRIC
from app.practice.roles import Role
from app.web.dependencies import find_step
from tests.helpers import ink, line, start
from tests.web.helpers import Tab
from tests.web.live.helpers import Guest, attempt_of, board, channel, join, let_in, open_session
from tests.web.privacy.secrets import (
    Received,
    asked_of,
    forms_of,
    fragments_of,
    known_to_the_checker,
    said_elsewhere,
    secrets_of,
)

NOTES = "Reaches for the inverse too early."
REMARK = "Forgot that the transpose goes."
COMMENT = "Explains the second line twice."


def release(what: str, number: str | None = None) -> Event:
    return Event(0, "release", {"what": what, "number": number} if number else {"what": what})


def judge(host: Guest, attempt: str, derivation: Derivation) -> None:
    """A host fills everything that is private with something."""
    at = f"{host.base}/attempts/{attempt}"
    step = derivation.steps[0].number
    assert host.client.put(f"{at}/ticks/{step}", data={"t": "5"}).status_code == 204
    remarks: list[dict[str, Any]] = [
        {"kind": "comment", "t": "5", "text": REMARK},
        {"kind": "rubric", "t": "6", "item": USUAL_RUBRIC[0]},
    ]
    for remark in remarks:
        assert host.client.post(f"{at}/remarks", data=remark).status_code == 204
    assert host.client.put(f"{host.base}/notes", data={"notes": NOTES}).status_code == 204
    card = {"comments": {"flow": COMMENT}, "levels": {"flow": 2}}
    assert host.client.put(f"{host.base}/card", json={"card": card}).status_code == 204


def everything_sent_to(guest: Guest, attempt: str) -> Received:
    """Every page and message that is theirs, as they may ask for it."""
    received = Received()
    for path in ("", "/state", "/lobby", "/report", f"/attempts/{attempt}/recording.ndjson"):
        answer = guest.client.get(guest.base + path)
        received.add(path, answer.text + json.dumps(dict(answer.headers)))
    for path in ("/people", f"/desk/{attempt}"):
        received.add(path, guest.client.get(guest.base + path).text)
    with board(guest, attempt, "peek") as page, channel(guest) as signals:
        page.hear("events")
        page.say(type="ping")
        page.hear("clock")
        signals.hear("people")
        for message in page.heard + signals.heard:
            for form in forms_of(message):
                received.add("a socket", form)
    return received


def heard(page: Tab, code: str) -> dict[str, Any]:
    """The data of the next event of this code."""
    while True:
        for _, _, its_code, data in page.hear("events")["events"]:
            if its_code == code:
                return dict(data)


def test_nothing_private_reaches_a_candidate_or_a_watcher(
    client: TestClient, library: Library
) -> None:
    derivation = library["ols"]
    host = open_session(client, "ols")
    guests = [join(host, Role.CANDIDATE), join(host, Role.WATCHER, "Wim")]
    let_in(host, guests[0])
    attempt = attempt_of(host)
    with board(host, attempt, "h") as desk, board(guests[0], attempt) as page:
        desk.send(start())
        desk.hear("ack")
        page.send(ink(1), line(2))
        page.hear("ack")
        judge(host, attempt, derivation)
        desk.send(release("hint", "1"))
        assert desk.hear("ack")["refused"] == []

    secrets = secrets_of(library, derivation) | known_to_the_checker(library, derivation)
    released = fragments_of(derivation.hints[:1])
    secrets -= released | asked_of(derivation)
    elsewhere = said_elsewhere(library, "ols")
    secrets = {secret for secret in secrets if secret not in elsewhere}
    secrets |= {NOTES, REMARK, COMMENT, USUAL_RUBRIC[0]}
    assert len(secrets) > 50
    for guest in guests:
        received = everything_sent_to(guest, attempt)
        leaks = {secret: received.places_of(secret) for secret in secrets}
        assert {secret: places for secret, places in leaks.items() if places} == {}
        assert all(received.places_of(fragment) for fragment in released)


def test_a_released_step_and_then_everything_reach_the_candidate(
    client: TestClient, library: Library
) -> None:
    steps = library["ols"].steps
    host = open_session(client, "ols")
    ada = join(host, Role.CANDIDATE)
    let_in(host, ada)
    attempt = attempt_of(host)
    with board(ada, attempt) as page, board(host, attempt, "h") as desk:
        desk.send(start(), release("step", steps[1].number))
        desk.hear("ack")
        shown = heard(page, "release")
        assert [step["number"] for step in shown["steps"]] == [steps[1].number]
        assert shown["steps"][0]["formula"] == find_step(library["ols"], steps[1].number).formula

        desk.send(release("step", "99"), release("all"))
        refused = desk.hear("ack")["refused"]
        assert [reason for _, reason, _ in refused] == ["not-now"]
        everything = heard(page, "release")
        assert len(everything["steps"]) == len(steps)


def test_a_candidate_cannot_do_what_is_a_hosts(client: TestClient) -> None:
    host = open_session(client, "ols")
    ada, wim = join(host, Role.CANDIDATE), join(host, Role.WATCHER, "Wim")
    let_in(host, ada)
    attempt = attempt_of(host)
    codes = [start(), release("all"), Event(0, "pause", {}), Event(0, "extend", {"ms": 60_000})]
    for guest in (ada, wim):
        with board(guest, attempt) as page:
            page.send(*codes)
            assert {reason for _, reason, _ in page.hear("ack")["refused"]} == {"forbidden"}
    with board(wim, attempt, "w") as page:
        page.send(ink(1), line(2))
        assert {reason for _, reason, _ in page.hear("ack")["refused"]} == {"forbidden"}
