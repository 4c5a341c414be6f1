"""Nothing that answers a derivation reaches the browser before the end.

The test walks every route of the application while an attempt runs, with an earlier attempt on the
same derivation beside it, and looks for the derivation's key steps, slips, gotchas, follow-up
answers, insights and hints in everything that comes back. A new route fails until it is listed.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocketDisconnect

from app.library.loader import load_library
from app.library.models import Derivation, Library
from app.library.prose import segments
from app.practice.attempt import Mode
from app.settings import ROOT
from app.web.anki import MEDIA_TYPE
from app.web.static import FOLDER, MOUNT, static_url
from tests.helpers import MINUTE, Now, end, flashcards_of, hint, ink, line, mark
from tests.web.helpers import HTMX, abandon, routes_of, start_attempt, tab, text_of

# Each route with the addresses under which it is asked: {attempt} stands for the running one and
# for an earlier one in turn. The order matters: what ends something comes last.
WALK: dict[tuple[str, str], list[str]] = {
    ("GET", "/"): ["/"],
    ("GET", "/healthz"): ["/healthz"],
    ("GET", "/history"): ["/history", "/history?derivation={derivation}"],
    ("GET", "/gotchas"): ["/gotchas"],
    ("GET", "/anki.apkg"): ["/anki.apkg"],
    ("GET", "/d/{derivation_id}/anki.apkg"): ["/d/{derivation}/anki.apkg"],
    ("GET", "/checker"): ["/checker"],
    ("GET", "/d/{derivation_id}/try"): ["/d/{derivation}/try"],
    ("GET", "/a/{attempt_id}"): ["/a/{attempt}"],
    ("GET", "/a/{attempt_id}/recording.ndjson"): ["/a/{attempt}/recording.ndjson"],
    ("PUT", "/a/{attempt_id}/steps/{number}"): [
        "/a/{attempt}/steps/{step}",
        "/a/{attempt}/steps/99",
    ],
    ("DELETE", "/a/{attempt_id}/steps/{number}"): ["/a/{attempt}/steps/{step}"],
    ("PUT", "/a/{attempt_id}/note"): ["/a/{attempt}/note"],
    ("POST", "/api/check"): ["/api/check"],
    ("SOCKET", "/a/{attempt_id}/socket"): ["ws://127.0.0.1/a/{attempt}/socket?source=b"],
    ("FOLDER", MOUNT): [MOUNT, f"{MOUNT}/"],
    ("DELETE", "/a/{attempt_id}"): ["/a/{attempt}"],
    ("POST", "/a/{attempt_id}/restoration"): ["/a/{attempt}/restoration"],
    ("POST", "/attempts"): ["/attempts"],
    ("POST", "/a/{attempt_id}/abandonment"): ["/a/{attempt}/abandonment"],
}
SHORTEST_SECRET = 12
# What somebody might type to find out more: a step, a slip, and lines that say nothing, in words
# that are not the content's.
OWN_LINES = {
    "ols": [r"X'Xw-X'y=0", r"\partial L/\partial w = 2X'(Xw-y)", r"\hat w=", "q_9", r"\text{so}"],
    "mlp-backprop": [r"\hat y-y=\delta_2", r"\partial L/\partial z_2=y-\hat y", "h_1=", "q_9"],
}


@dataclass
class Received:
    """All that a browser was sent, as it came and as a reader sees it."""

    pieces: list[tuple[str, str]] = field(default_factory=list)

    def add(self, place: str, body: str) -> None:
        plain = unescape(body)
        forms = (plain, text_of(body), plain.replace("\\\\", "\\"))
        self.pieces.append((place, unmarked(" ".join(forms))))

    def places_of(self, secret: str) -> list[str]:
        return [place for place, body in self.pieces if secret in body]


def test_every_route_is_listed_here(app: FastAPI) -> None:
    assert routes_of(app) == set(WALK)


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("name", ["ols", "mlp-backprop"])
def test_nothing_that_answers_is_received_before_the_end(
    client: TestClient, library: Library, now: Now, name: str, mode: Mode
) -> None:
    derivation = library[name]
    step = derivation.steps[0].number
    taken = derivation.hints[:1] if mode is Mode.GUIDED else ()
    earlier = earlier_attempt(client, derivation, now)
    running = start_attempt(client, name, mode=mode.value)
    now.advance(MINUTE)
    received = Received()

    for line_of_log in write(client, running, mode):
        received.add(f"the socket of {running}", line_of_log)
    for method, path in WALK:
        for url in WALK[method, path]:
            for attempt in (earlier, running):
                address = url.format(attempt=attempt, derivation=name, step=step)
                for body in ask(client, method, address, name):
                    received.add(f"{method} {address}", body)

    secrets = secrets_of(library, derivation) - fragments_of(taken)
    secrets |= known_to_the_checker(library, derivation)
    assert len(secrets) > 50
    assert len(received.pieces) > 40
    leaks = {secret: received.places_of(secret) for secret in secrets}
    assert {secret: places for secret, places in leaks.items() if places} == {}
    if taken:
        assert all(received.places_of(fragment) for fragment in fragments_of(taken))


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("name", load_library(ROOT / "content").derivations)
def test_the_page_about_the_checker_answers_nothing_that_is_attempted(
    client: TestClient, library: Library, name: str, mode: Mode
) -> None:
    """Its examples are from all derivations, and some share their formulas."""
    derivation = library[name]
    start_attempt(client, name, mode=mode.value)
    received = Received()

    received.add("the page", client.get("/checker").text)

    secrets = secrets_of(library, derivation) - titles_of(derivation)
    secrets |= known_to_the_checker(library, derivation)
    assert {secret for secret in secrets if received.places_of(secret)} == set()


@pytest.mark.parametrize("name", ["ols", "mlp-backprop"])
def test_everything_is_there_after_the_end(client: TestClient, library: Library, name: str) -> None:
    attempt = start_attempt(client, name)
    abandon(client, attempt)
    received = Received()

    received.add("the review", client.get(f"/a/{attempt}").text)

    # Hints are for the way; once the key steps are open, they say nothing more.
    answers = secrets_of(library, library[name]) - fragments_of(library[name].hints)
    assert {secret for secret in answers if not received.places_of(secret)} == set()


def test_no_static_file_answers_any_derivation(client: TestClient, library: Library) -> None:
    received = Received()
    for path in sorted(FOLDER.rglob("*")):
        if path.is_file():
            address = static_url(path.relative_to(FOLDER).as_posix())
            response = client.get(address)
            assert response.status_code == 200
            received.add(address, response.content.decode(errors="ignore"))

    for derivation in library.derivations.values():
        # The titles of steps are ordinary words, of which names of files are made too.
        for secret in secrets_of(library, derivation) - titles_of(derivation):
            assert received.places_of(secret) == []


def test_no_template_and_no_module_quotes_the_content(library: Library) -> None:
    received = Received()
    for path in [*Path(ROOT / "templates").rglob("*.html"), *Path(ROOT / "app").rglob("*.py")]:
        received.add(str(path), path.read_text())

    for derivation in library.derivations.values():
        for secret in secrets_of(library, derivation) - titles_of(derivation):
            assert received.places_of(secret) == []


def earlier_attempt(client: TestClient, derivation: Derivation, now: Now) -> str:
    """A guided attempt that ended: with hints, ticks, and key steps among its own lines."""
    attempt = start_attempt(client, derivation.question.id, mode="guided")
    now.advance(2 * MINUTE)
    lines = [line(1_000, " ".join(step.formula.split())) for step in derivation.steps]
    hints = [hint(1_000, number) for number in range(1, len(derivation.hints) + 1)]
    with tab(client, attempt) as page:
        page.send(ink(), *lines, *hints, mark(2_000), end(90_000))
        assert page.hear("ack")["refused"] == []
    step = derivation.steps[0].number
    assert client.put(f"/a/{attempt}/steps/{step}", data={"split": "mark"}).status_code == 200
    return attempt


def write(client: TestClient, attempt: str, mode: Mode) -> Iterator[str]:
    """Writes, asks for hints that are due and not due, and yields all messages that come."""
    asked = [hint(1_000, 2), hint(1_000, 1), hint(1_000, 3), hint(1_000, 99)]
    with tab(client, attempt) as page:
        page.send(ink(), line(1_000), mark(1_000), *asked)
        assert len(page.hear("ack")["refused"]) == (4 if mode is Mode.COLD else 3)
        page.say(type="ping")
        page.say_text("nonsense")
        page.hear("bad")
        if mode is Mode.GUIDED:
            page.say(type="events", source="a", first=50, events=[[0, "hint", {"number": 7}]])
            page.hear("ack")
    with tab(client, attempt, "b") as other:
        other.hear("events")
    for message in page.heard + other.heard:
        yield from forms_of(message)


def ask(client: TestClient, method: str, address: str, name: str) -> Iterator[str]:
    """The answers to one address, asked for as a page and as a part of one."""
    if method == "SOCKET":
        yield from listen(client, address)
        return
    for headers in ({}, HTMX):
        form = {"split": "mark", "note": "Mine."} if method == "PUT" else None
        if method == "POST":
            form = {"derivation": name, "minutes": "0", "mode": "cold"}
        verb = "GET" if method == "FOLDER" else method
        if address == "/api/check":
            body = {"derivation": name, "lines": OWN_LINES[name]}
            response = client.post(address, json=body, headers=headers)
        else:
            response = client.request(verb, address, data=form, headers=headers)
        assert response.status_code < 500, address
        is_package = response.headers.get("content-type") == MEDIA_TYPE
        text = readable(response.content, name) if is_package else response.text
        yield text + json.dumps(dict(response.headers))


def readable(package: bytes, name: str) -> str:
    """What flashcards say of the derivation. Those of another may share words with it, and none of
    them is an answer to this one."""
    cards = [card for card in flashcards_of(package) if f"coldboard::{name}" in card.tags]
    return "\n".join(text for card in cards for text in card.fields.values())


def listen(client: TestClient, address: str) -> Iterator[str]:
    try:
        with client.websocket_connect(address) as socket:
            for _ in range(2):
                yield from forms_of(socket.receive_json())
    except (WebSocketDisconnect, WebSocketDenialResponse):
        return


def forms_of(message: dict[str, Any]) -> Iterator[str]:
    """A message as it is sent, and the prose of hints in it put together from its pieces."""
    yield json.dumps(message)
    yield json.dumps(message, ensure_ascii=False)
    for _seq, _t, code, data in message.get("events", []):
        if code == "hint":
            yield "".join(text for _kind, text in data["prose"])


def secrets_of(library: Library, derivation: Derivation) -> set[str]:
    """Everything that answers the derivation, in fragments that give something away."""
    table = [row for row in library.gotchas if row.derivation == derivation.question.id]
    prose = [
        *derivation.insights,
        *derivation.hints,
        *(step.explanation for step in derivation.steps),
        *(slip.explanation for slip in derivation.slips),
        *(followup.answer for followup in derivation.followups),
        *(
            text
            for row in [*derivation.gotchas, *table]
            for text in (row.wrong, row.right, row.why)
        ),
    ]
    formulas = [
        *(step.formula for step in derivation.steps),
        *(slip.wrong for slip in derivation.slips),
    ]
    secrets = fragments_of(prose) | {row for formula in formulas for row in rows_of(formula)}
    return secrets | titles_of(derivation)


def known_to_the_checker(library: Library, derivation: Derivation) -> set[str]:
    """What only the checker reads of a derivation, as far as no other one is asked with it."""
    formulas = [
        *(name.tex for name in derivation.names),
        *(tex for context in derivation.contexts for tex in context.sets),
        *(form for step in derivation.steps for form in step.forms),
    ]
    asked = [given.tex for one in library.derivations.values() for given in one.question.givens]
    return {row for tex in formulas for row in rows_of(tex)} - {
        row for tex in asked for row in rows_of(tex)
    }


def titles_of(derivation: Derivation) -> set[str]:
    return {step.title for step in derivation.steps}


def unmarked(text: str) -> str:
    """The text on one line without the marks of prose, which a socket sends and a page renders."""
    return " ".join(re.sub(r"[$*`]", "", text).split())


def fragments_of(prose: tuple[str, ...] | list[str]) -> set[str]:
    """The sentences of these texts as a reader sees them."""
    seen = [unmarked("".join(piece.text for piece in segments(text))) for text in prose]
    sentences = {sentence for text in seen for sentence in re.split(r"(?<=[.?!;:]) ", text)}
    return {sentence for sentence in sentences if len(sentence) >= SHORTEST_SECRET}


def rows_of(formula: str) -> set[str]:
    """A formula, and each of its rows."""
    inner = re.sub(r"\\(begin|end)\{[a-z*]+\}", "", formula)
    rows = {unmarked(row) for row in [formula, *inner.split(r"\\")]}
    return {row for row in rows if len(row) >= SHORTEST_SECRET}
