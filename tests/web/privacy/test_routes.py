"""Nothing that answers a derivation reaches the browser before the end.

The test walks every route of the application while an attempt runs, with an earlier attempt on the
same derivation beside it, and looks for the derivation's key steps, slips, gotchas, follow-up
answers, insights and hints in everything that comes back. A new route fails until it is listed.
"""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.library.cards import cards_of
from app.library.loader import PLANNED
from app.library.models import Derivation, Library
from app.library.own import older_version, with_own
from app.practice.attempt import Mode
from app.web.drill import DECKS
from tests.helpers import MINUTE, Now, end, hint, ink, line, mark
from tests.library.helpers import VARIANT
from tests.web.helpers import MINE, abandon, routes_of, start_attempt, tab
from tests.web.privacy.secrets import (
    Received,
    asked_of,
    forms_of,
    fragments_of,
    known_to_the_checker,
    ordinary_words_of,
    said_elsewhere,
    secrets_of,
)
from tests.web.privacy.walk import WALK, addresses_of, ask

LIVE = ("/s/", "/r/", "/join/")
ALONE = (Mode.COLD, Mode.GUIDED)
# A derivation that somebody wrote, in words that are in no other one.
OWN = MINE + (
    VARIANT.replace("2 (w - y)", "w - y")
    .replace("The two stays.", "So the two is gone.")
    .replace("keeps = ", "hints = ['Where does the two go?']\nkeeps = ")
)


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
