"""Every route of the application with what it is asked, and how."""

import json
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocketDisconnect

from app.library.cards import cards_of
from app.library.models import Derivation, DerivationFile, Library, Question
from app.library.writing import source_of_derivation
from app.web.anki import MEDIA_TYPE
from app.web.static import MOUNT
from tests.helpers import flashcards_of
from tests.web.helpers import HTMX
from tests.web.privacy.secrets import forms_of

# Each route with the addresses under which it is asked: {attempt} stands for the running one and
# for an earlier one in turn, {other} for the other of them, {derivation} for each of the family.
# The order matters: what ends something comes last.
WALK: dict[tuple[str, str], list[str]] = {
    ("GET", "/"): ["/"],
    ("GET", "/healthz"): ["/healthz"],
    ("GET", "/history"): ["/history", "/history?derivation={derivation}"],
    ("GET", "/study"): ["/study", "/study?q=the", "/study?q={derivation}", "/study?q=%5Cfrac"],
    ("GET", "/drill"): ["/drill"],
    ("GET", "/drill/{deck}"): [
        "/drill/gotchas",
        "/drill/followups",
        "/drill/gotchas?derivation={derivation}",
        "/drill/followups?derivation={derivation}",
    ],
    ("POST", "/drill/{deck}/ratings"): ["/drill/gotchas/ratings", "/drill/followups/ratings"],
    ("POST", "/drill/{deck}/ratings/{rating_id}/withdrawal"): [
        "/drill/gotchas/ratings/1/withdrawal",
        "/drill/followups/ratings/1/withdrawal",
        "/drill/followups/ratings/2/withdrawal",
    ],
    ("GET", "/progress"): ["/progress"],
    ("GET", "/progress/{derivation_id}"): ["/progress/{derivation}"],
    ("GET", "/gotchas"): ["/gotchas"],
    ("GET", "/write"): ["/write"],
    ("GET", "/write/new"): ["/write/new"],
    ("GET", "/write/{derivation_id}"): ["/write/{derivation}"],
    ("GET", "/write/{derivation_id}/file.toml"): ["/write/{derivation}/file.toml"],
    ("POST", "/write/draft"): ["/write/draft"],
    ("POST", "/write/import"): ["/write/import"],
    ("PUT", "/write/{derivation_id}"): ["/write/new", "/write/{derivation}"],
    ("POST", "/write/{derivation_id}/restoration"): ["/write/{derivation}/restoration"],
    ("DELETE", "/write/{derivation_id}"): ["/write/{derivation}"],
    ("GET", "/d/{derivation_id}"): ["/d/{derivation}"],
    ("GET", "/d/{derivation_id}/sheet"): ["/d/{derivation}/sheet"],
    ("GET", "/anki.apkg"): ["/anki.apkg"],
    ("GET", "/d/{derivation_id}/anki.apkg"): ["/d/{derivation}/anki.apkg"],
    ("GET", "/keep"): ["/keep"],
    ("GET", "/keep/coldboard.zip"): ["/keep/coldboard.zip"],
    ("GET", "/keep/attempts.csv"): ["/keep/attempts.csv"],
    ("GET", "/keep/splits.csv"): ["/keep/splits.csv"],
    ("GET", "/keep/plan.ics"): ["/keep/plan.ics"],
    ("POST", "/keep/import"): ["/keep/import"],
    ("GET", "/keep/deletion"): ["/keep/deletion"],
    ("POST", "/keep/deletion"): ["/keep/deletion"],
    ("DELETE", "/keep/deleted/attempts/{attempt_id}"): ["/keep/deleted/attempts/{attempt}"],
    ("DELETE", "/keep/deleted/derivations/{derivation_id}"): [
        "/keep/deleted/derivations/{derivation}"
    ],
    ("GET", "/sessions"): ["/sessions"],
    ("POST", "/sessions"): ["/sessions"],
    ("POST", "/sessions/{session_id}/seat"): ["/sessions/none/seat"],
    ("GET", "/owner"): ["/owner"],
    ("POST", "/owner"): ["/owner"],
    ("GET", "/checker"): ["/checker"],
    ("GET", "/settings"): ["/settings"],
    ("POST", "/settings"): ["/settings"],
    ("GET", "/d/{derivation_id}/try"): ["/d/{derivation}/try"],
    ("GET", "/d/{derivation_id}/ladder"): ["/d/{derivation}/ladder"],
    ("GET", "/d/{derivation_id}/ladder/order"): [
        "/d/{derivation}/ladder/order?seed=1",
        "/d/{derivation}/ladder/order?seed=1&shown=1",
    ],
    ("POST", "/d/{derivation_id}/ladder/order"): ["/d/{derivation}/ladder/order"],
    ("GET", "/d/{derivation_id}/ladder/missing"): [
        "/d/{derivation}/ladder/missing?seed=1",
        "/d/{derivation}/ladder/missing?seed=1&shown=1",
    ],
    ("POST", "/d/{derivation_id}/ladder/missing"): ["/d/{derivation}/ladder/missing"],
    ("GET", "/d/{derivation_id}/ladder/corrupted"): [
        "/d/{derivation}/ladder/corrupted?seed=1",
        "/d/{derivation}/ladder/corrupted?seed=1&chosen={step}",
    ],
    ("POST", "/d/{derivation_id}/ladder/corrupted"): ["/d/{derivation}/ladder/corrupted"],
    ("GET", "/redo"): ["/redo"],
    ("GET", "/redo/{derivation_id}/{number}"): [
        "/redo/{derivation}/{step}",
        "/redo/{derivation}/{step}?shown=1",
    ],
    ("POST", "/redo/{derivation_id}/{number}"): ["/redo/{derivation}/{step}"],
    ("GET", "/a/{attempt_id}"): ["/a/{attempt}"],
    ("GET", "/a/{attempt_id}/recording.ndjson"): ["/a/{attempt}/recording.ndjson"],
    ("GET", "/compare/{attempt_id}"): ["/compare/{attempt}"],
    ("GET", "/compare/{a_id}/{b_id}"): [
        "/compare/{attempt}/{other}",
        "/compare/{attempt}/{attempt}",
    ],
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
# What somebody might type to find out more: a step, a slip, and lines that say nothing, in words
# that are not the content's.
OWN_LINES = {
    "ols": [r"X'Xw-X'y=0", r"\partial L/\partial w = 2X'(Xw-y)", r"\hat w=", "q_9", r"\text{so}"],
    "mlp-backprop": [r"\hat y-y=\delta_2", r"\partial L/\partial z_2=y-\hat y", "h_1=", "q_9"],
    "ols-ridge": [r"X'Xw+\lambda w-X'y=0", r"\partial L/\partial w = 2\lambda w", "q_9"],
    "half-square": [r"\partial L/\partial w = w-y", r"\partial L/\partial w = 2", "q_9"],
    "square": [r"\partial L/\partial w = w-y", r"\partial L/\partial w = 2", "q_9"],
}


def addresses_of(
    derivation: Derivation, family: list[str], attempts: list[str]
) -> Iterator[tuple[str, str]]:
    """Every route of the walk with each address that it stands for, once."""
    step = derivation.steps[0].number
    for (method, _), urls in WALK.items():
        for url in urls:
            yield from dict.fromkeys(
                (method, url.format(attempt=attempt, other=other, derivation=one, step=step))
                for attempt, other in zip(attempts, reversed(attempts), strict=True)
                for one in family
            )


def ask(
    client: TestClient, method: str, address: str, library: Library, name: str
) -> Iterator[str]:
    """The answers to one address, asked for as a page and as a part of one."""
    if method == "SOCKET":
        yield from listen(client, address)
        return
    verb = "GET" if method == "FOLDER" else method
    for headers in ({}, HTMX):
        for body in bodies_for(method, address, library, name):
            response = client.request(verb, address, headers=headers, **body)
            assert response.status_code < 500, address
            match response.headers.get("content-type"):
                case "application/zip":
                    text = unzipped(response.content)
                case kind:
                    package = kind == MEDIA_TYPE
                    text = readable(response.content, name) if package else response.text
            yield text + json.dumps(dict(response.headers))


def bodies_for(method: str, address: str, library: Library, name: str) -> list[dict[str, Any]]:
    """What a page would send to this address, and what a curious person might."""
    question = library[name].question
    if address == "/api/check":
        return [{"json": {"derivation": name, "lines": OWN_LINES[name]}}]
    if address == "/write/draft" or (method == "PUT" and address.startswith("/write/")):
        return [{"json": guess(question, OWN_LINES[name][0])}]
    if address == "/write/import":
        file = DerivationFile.model_validate(guess(question, OWN_LINES[name][0]))
        return [{"data": {"text": source_of_derivation(file)}}]
    if address.endswith("/ratings"):
        cards = cards_of(library, "gotchas" if "gotchas" in address else "followups")
        closed = next(card for card in cards if card.derivation == question.family)
        other = next(card for card in cards if card.derivation != question.family)
        return [
            {"data": {"card": card.id, "grade": "1", "derivation": chosen}}
            for card in (closed, other)
            for chosen in ("", question.family)
        ]
    if method == "PUT":
        return [{"data": {"split": "mark", "note": "Mine."}}]
    if method == "POST":
        ladder = {"seed": "1", "row": "0", "chosen": "1", "show": "1"}
        return [{"data": {"derivation": name, "minutes": "0", "mode": "cold", **ladder}}]
    return [{}]


def guess(question: Question, formula: str) -> dict[str, Any]:
    """The same question as a derivation that somebody writes, with a line to be judged."""
    step = {"number": "1", "title": "Guess", "formula": formula, "explanation": "Guess."}
    return {
        "id": question.family,
        "title": "Guess",
        "prompt": "Guess.",
        "givens": [{"tex": given.tex} for given in question.givens],
        "steps": [step | {"load_bearing": True}],
    }


def unzipped(file: bytes) -> str:
    """All parts of a zip, with their names."""
    with ZipFile(BytesIO(file)) as archive:
        return "\n".join(f"{name} {archive.read(name).decode()}" for name in archive.namelist())


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
