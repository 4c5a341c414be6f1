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
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocketDisconnect

from app.library.cards import cards_of
from app.library.loader import PLANNED
from app.library.models import Derivation, DerivationFile, Library, Question
from app.library.own import older_version, with_own
from app.library.prose import segments
from app.library.writing import source_of_derivation
from app.practice.attempt import Mode
from app.settings import ROOT
from app.web.anki import MEDIA_TYPE
from app.web.drill import DECKS
from app.web.static import FOLDER, MOUNT, static_url
from tests.helpers import MINUTE, Now, end, flashcards_of, hint, ink, line, mark
from tests.library.helpers import VARIANT
from tests.web.helpers import HTMX, MINE, abandon, routes_of, start_attempt, tab, text_of

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
LIVE = ("/s/", "/r/", "/join/")
ALONE = (Mode.COLD, Mode.GUIDED)
SHORTEST_SECRET = 12
# What somebody might type to find out more: a step, a slip, and lines that say nothing, in words
# that are not the content's.
OWN_LINES = {
    "ols": [r"X'Xw-X'y=0", r"\partial L/\partial w = 2X'(Xw-y)", r"\hat w=", "q_9", r"\text{so}"],
    "mlp-backprop": [r"\hat y-y=\delta_2", r"\partial L/\partial z_2=y-\hat y", "h_1=", "q_9"],
    "ols-ridge": [r"X'Xw+\lambda w-X'y=0", r"\partial L/\partial w = 2\lambda w", "q_9"],
    "half-square": [r"\partial L/\partial w = w-y", r"\partial L/\partial w = 2", "q_9"],
    "square": [r"\partial L/\partial w = w-y", r"\partial L/\partial w = 2", "q_9"],
}
# A derivation that somebody wrote, in words that are in no other one.
OWN = MINE + (
    VARIANT.replace("2 (w - y)", "w - y")
    .replace("The two stays.", "So the two is gone.")
    .replace("keeps = ", "hints = ['Where does the two go?']\nkeeps = ")
)


@dataclass
class Received:
    """All that a browser was sent, as it came and as a reader sees it."""

    pieces: list[tuple[str, str]] = field(default_factory=list)
    words: set[str] = field(default_factory=set)

    def add(self, place: str, body: str) -> None:
        plain = unescape(body)
        forms = (plain, text_of(body), plain.replace("\\\\", "\\"))
        text = unmarked(" ".join(forms))
        self.pieces.append((place, text))
        self.words.update(text.split())

    def places_of(self, secret: str) -> list[str]:
        # Looking through everything takes long: all words of a secret but the first and the last
        # stand whole wherever it stands.
        if not self.words.issuperset(secret.split()[1:-1]):
            return []
        return [place for place, body in self.pieces if secret in body]


def test_every_route_is_listed_here(app: FastAPI) -> None:
    # What is asked for with a seat or a link of a live session has a walk of its own.
    assert {route for route in routes_of(app) if not route[1].startswith(LIVE)} == set(WALK)


@pytest.mark.parametrize(
    ("name", "mode"),
    [
        ("ols", Mode.COLD),
        ("ols", Mode.GUIDED),
        ("mlp-backprop", Mode.COLD),
        ("ols-ridge", Mode.GUIDED),
    ],
)
def test_nothing_that_answers_is_received_before_the_end(
    client: TestClient, library: Library, now: Now, name: str, mode: Mode
) -> None:
    """An attempt on a variant closes its derivation and the other way round: whichever of a family
    is attempted, the answers to all of it are looked for."""
    assert_nothing_answers(client, library, now, name, mode)


@pytest.mark.parametrize(("name", "mode"), [("half-square", Mode.GUIDED), ("square", Mode.COLD)])
def test_what_one_has_written_oneself_is_closed_too(
    client: TestClient, library: Library, now: Now, name: str, mode: Mode
) -> None:
    kept_id, older = older_version("half-square", OWN)
    for source in (OWN, older):
        assert client.post("/write/import", data={"text": source}).status_code == 303
    own = with_own(library, {"half-square": OWN, kept_id: older})
    assert kept_id in own.closed_with(name)

    assert_nothing_answers(client, own, now, name, mode)


def assert_nothing_answers(
    client: TestClient, library: Library, now: Now, name: str, mode: Mode
) -> None:
    derivation = library[name]
    family = sorted(library.closed_with(name))
    taken = derivation.hints[:1] if mode is Mode.GUIDED else ()
    rate_cards(client, library, derivation.question.family)
    earlier = earlier_attempt(client, derivation, now)
    # The ghost of the earlier attempt is on the page of the running one.
    client.post("/settings", data={"clock": "on", "ghost": "last"})
    running = start_attempt(client, name, mode=mode.value)
    assert 'class="ghost"' in client.get(f"/a/{running}").text
    now.advance(MINUTE)
    received = Received()

    for line_of_log in write(client, running, mode):
        received.add(f"the socket of {running}", line_of_log)
    for method, address in addresses_of(derivation, family, [earlier, running]):
        for body in ask(client, method, address, library, name):
            received.add(f"{method} {address}", body)

    secrets = {secret for one in family for secret in secrets_of(library, library[one])}
    for one in family:
        secrets |= known_to_the_checker(library, library[one])
    secrets -= fragments_of(taken) | asked_of(derivation)
    elsewhere = said_elsewhere(library, name)
    secrets = {secret for secret in secrets if secret not in elsewhere}
    assert len(secrets) > (10 if derivation.question.family in library.own else 50)
    assert len(received.pieces) > 100
    leaks = {secret: received.places_of(secret) for secret in secrets}
    assert {secret: places for secret, places in leaks.items() if places} == {}
    if taken:
        assert all(received.places_of(fragment) for fragment in fragments_of(taken))


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


@pytest.mark.parametrize("mode", ALONE)
@pytest.mark.parametrize("name", [*PLANNED, "attention-backward", "pca-svd-maximum"])
def test_the_page_about_the_checker_answers_nothing_that_is_attempted(
    client: TestClient, library: Library, name: str, mode: Mode
) -> None:
    """Its examples are from all derivations, and some share their formulas."""
    derivation = library[name]
    start_attempt(client, name, mode=mode.value)
    received = Received()

    received.add("the page", client.get("/checker").text)

    secrets = secrets_of(library, derivation) - ordinary_words_of(derivation)
    secrets |= known_to_the_checker(library, derivation)
    secrets -= asked_of(derivation)
    assert {secret for secret in secrets if received.places_of(secret)} == set()


@pytest.mark.parametrize("name", ["ols", "mlp-backprop"])
def test_everything_is_there_after_the_end(client: TestClient, library: Library, name: str) -> None:
    attempt = start_attempt(client, name)
    abandon(client, attempt)
    received = Received()

    received.add("the review", client.get(f"/a/{attempt}").text)
    received.add("the page to study", client.get(f"/d/{name}").text)

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
        for secret in secrets_of(library, derivation) - ordinary_words_of(derivation):
            assert received.places_of(secret) == []


def test_no_template_and_no_module_quotes_the_content(library: Library) -> None:
    received = Received()
    for path in [*Path(ROOT / "templates").rglob("*.html"), *Path(ROOT / "app").rglob("*.py")]:
        received.add(str(path), path.read_text())

    for derivation in library.derivations.values():
        for secret in secrets_of(library, derivation) - ordinary_words_of(derivation):
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


def rate_cards(client: TestClient, library: Library, original: str) -> None:
    """A card of each deck, so that there is something to take back."""
    for deck in DECKS:
        card = next(one.id for one in cards_of(library, deck) if one.derivation == original)
        form = {"card": card, "grade": "1"}
        assert client.post(f"/drill/{deck}/ratings", data=form).status_code == 303


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


def forms_of(message: dict[str, Any]) -> Iterator[str]:
    """A message as it is sent, and the prose in it put together from its pieces."""
    yield json.dumps(message)
    yield json.dumps(message, ensure_ascii=False)
    for _seq, _t, _code, data in message.get("events", []):
        for said in [data, *data.get("steps", [])]:
            yield "".join(text for _kind, text in said.get("prose", []))


def secrets_of(library: Library, derivation: Derivation) -> set[str]:
    """Everything that answers the derivation, in fragments that give something away."""
    table = [row for row in library.gotchas if row.derivation == derivation.question.family]
    prose = [
        *derivation.insights,
        *derivation.hints,
        *(text for step in derivation.steps for text in (step.explanation, step.say)),
        *(slip.explanation for slip in derivation.slips),
        *(
            text
            for followup in derivation.followups
            for text in (followup.answer, followup.intuition, *followup.listen_for)
        ),
        *(
            text
            for row in [*derivation.gotchas, *table]
            for text in (row.wrong, row.right, row.why)
        ),
        *(text for picture in derivation.pictures for text in (picture.alt, picture.caption)),
    ]
    formulas = [
        *(step.formula for step in derivation.steps),
        *(slip.wrong for slip in derivation.slips),
    ]
    sentences = fragments_of([text for text in prose if text])
    secrets = sentences | {row for formula in formulas for row in rows_of(formula)}
    return secrets | titles_of(derivation)


def said_elsewhere(library: Library, name: str) -> str:
    """What derivations outside of the family say, which anybody may read meanwhile."""
    family = library.closed_with(name)
    others = [one for one in library.derivations.values() if one.question.id not in family]
    return "\n".join(secret for one in others for secret in secrets_of(library, one))


def asked_of(derivation: Derivation) -> set[str]:
    """The formulas with which it is asked: a variant may give what its derivation asks for."""
    return {row for given in derivation.question.givens for row in rows_of(given.tex)}


def known_to_the_checker(library: Library, derivation: Derivation) -> set[str]:
    """What only the checker reads of a derivation, as far as no other one is asked with it."""
    formulas = [
        *(name.tex for name in derivation.names),
        *(tex for context in derivation.contexts for tex in context.sets),
        *(form for step in derivation.steps for form in step.forms),
    ]
    asked = "\n".join(
        unmarked(given.tex) for one in library.derivations.values() for given in one.question.givens
    )
    return {row for tex in formulas for row in rows_of(tex) if row not in asked}


def titles_of(derivation: Derivation) -> set[str]:
    return {step.title for step in derivation.steps}


def ordinary_words_of(derivation: Derivation) -> set[str]:
    """Titles, and what an interviewer listens for, are words of which names of files and comments
    are made too."""
    phrases = [phrase for one in derivation.followups for phrase in one.listen_for]
    return titles_of(derivation) | fragments_of(phrases)


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
