"""The ghost of an earlier run: step numbers with times, and nothing else of it."""

import re
from typing import Any

import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient

from app.library.models import Library
from app.practice.events import Event
from tests.helpers import MINUTE, NOON, Now, end, ink, mark
from tests.web.helpers import UNCHANGED, abandon, start_attempt, tab, text_of
from tests.web.test_compare import keep

GHOST = re.compile(r'<svg class="ghost".*?</svg>', re.DOTALL)
OLS_LINES = {
    20_000: r"\nabla_w \mathcal{L} = -X^\top (y - Xw)",
    60_000: r"X^\top X w = X^\top y",
}


def choose(client: TestClient, **form: Any) -> None:
    assert client.post("/settings", data=UNCHANGED | form).status_code == 303


def ghost_on(client: TestClient, address: str) -> str | None:
    """What the ghost says to who cannot see it; None where there is none."""
    found = GHOST.search(client.get(address).text)
    if found is None:
        return None
    label = re.search(r'aria-label="([^"]*)"', found[0])
    assert label is not None
    return label[1]


def ghost_of_new(client: TestClient, **form: Any) -> str | None:
    """The ghost on the page of a new attempt, which is given up then."""
    attempt = start_attempt(client, **form)
    ghost = ghost_on(client, f"/a/{attempt}")
    abandon(client, attempt)
    client.delete(f"/a/{attempt}")
    return ghost


@pytest.fixture
def runs(engine: Engine) -> None:
    """The best, a slower clean one, then one that was not clean."""
    keep(engine, "best", 2, created_at=NOON - 3)
    keep(engine, "slow", 4, created_at=NOON - 2)
    keep(engine, "last", 1.5, steps=("2", "1"), created_at=NOON - 1)


BEST = "Your best run: step 1 at 2:00, step 2 at 2:00, step 3 at 2:00, step 4 at 2:00"
LAST = "Your last run: step 1 at 1:30, step 2 at 1:30"


@pytest.mark.usefixtures("runs")
@pytest.mark.parametrize(("choice", "said"), [("off", None), ("best", BEST), ("last", LAST)])
def test_the_ghost_is_that_of_the_settings(
    client: TestClient, choice: str, said: str | None
) -> None:
    choose(client, ghost=choice)

    assert ghost_of_new(client) == said
    assert ghost_of_new(client, mode="guided") == said


@pytest.mark.usefixtures("runs")
def test_by_itself_there_is_none(client: TestClient) -> None:
    assert ghost_of_new(client) is None


@pytest.mark.usefixtures("runs")
def test_it_can_be_chosen_for_one_attempt(client: TestClient) -> None:
    choose(client, ghost="last")
    page = client.get("/d/ols/try").text
    assert re.findall(r'name="ghost" value="(\w+)"( checked)?', page) == [
        ("off", ""),
        ("best", ""),
        ("last", " checked"),
    ]
    assert "None Best 2:00 Last 1:30" in text_of(page)

    for choice, address, said in (
        ("best", "?ghost=best", BEST),
        ("last", "", LAST),
        ("off", "?ghost=off", None),
    ):
        response = client.post("/attempts", data={"derivation": "ols", "ghost": choice})
        there = response.headers["location"]
        assert there.endswith(address or there)
        assert ("?" in there) == bool(address)
        assert ghost_on(client, there) == said
        abandon(client, there.removeprefix("/a/").partition("?")[0])


@pytest.mark.usefixtures("runs")
def test_a_choice_that_there_is_not_is_refused(client: TestClient) -> None:
    form = {"derivation": "ols", "ghost": "first"}

    assert client.post("/attempts", data=form).status_code == 422
    assert client.get("/a/best?ghost=first").status_code == 422


@pytest.mark.usefixtures("runs")
def test_who_hides_the_clock_has_no_ghost(client: TestClient) -> None:
    assert client.post("/settings", data={"ghost": "best"}).status_code == 303

    attempt = start_attempt(client)

    assert ghost_on(client, f"/a/{attempt}?ghost=best") is None
    abandon(client, attempt)
    assert 'name="ghost"' not in client.get("/d/ols/try").text


@pytest.mark.usefixtures("runs")
def test_an_untimed_attempt_has_none(client: TestClient) -> None:
    choose(client, ghost="best")

    assert ghost_of_new(client, minutes="none") is None


@pytest.mark.usefixtures("runs")
def test_a_deleted_run_and_one_on_a_variant_haunt_nobody(
    client: TestClient, engine: Engine
) -> None:
    choose(client, ghost="last")
    client.delete("/a/last")
    keep(engine, "ridge", 1, derivation="ols-ridge", created_at=NOON + 1)

    assert ghost_of_new(client) == BEST.replace("best", "last").replace("2:00", "4:00")


def test_without_such_a_run_nothing_is_shown_and_the_settings_say_so(
    client: TestClient, engine: Engine
) -> None:
    choose(client, ghost="best")
    keep(engine, "missed", 2, steps=("1",))

    assert ghost_of_new(client) is None
    assert [*re.findall(r'name="ghost" value="(\w+)"', client.get("/d/ols/try").text)] == [
        "off",
        "last",
    ]
    assert 'name="ghost"' not in client.get("/d/rope/try").text
    said = text_of(client.get("/settings").text)
    assert "with the least time: no derivation has one." in said
    assert "most recent run with splits: 1 derivation has one." in said

    keep(engine, "clean", 2)
    keep(engine, "other", 2, derivation="mlp-backprop", steps=("1",))
    said = text_of(client.get("/settings").text)
    assert "with the least time: 1 derivation has one." in said
    assert "most recent run with splits: 2 derivations have one." in said


def test_notches_stand_where_the_bar_then_ends(client: TestClient, engine: Engine) -> None:
    choose(client, ghost="last")
    keep(engine, "quick", 1, steps=("1", "2"))

    page = client.get(f"/a/{start_attempt(client)}").text

    svg = GHOST.search(page)
    assert svg is not None
    assert re.findall(r'<text x="([\d.]+%)".*?>([^<]*)<', svg[0]) == [
        ("0.6%", "last"),
        ("80.00%", "1 2"),
    ]
    assert "<title>steps 1, 2 at 1:00</title>" in svg[0]


def earlier_run(client: TestClient, now: Now) -> str:
    """A run with ink, lines, a mark, a note and a step that is ticked."""
    attempt = start_attempt(client)
    now.advance(2 * MINUTE)
    lines = [
        Event(t, "line", {"row": f"r-{t}", "at": t, "text": text}) for t, text in OLS_LINES.items()
    ]
    with tab(client, attempt) as page:
        page.send(ink(7_000, "s-of-then"), *lines, mark(61_000), end(2 * MINUTE))
        assert page.hear("ack")["refused"] == []
    client.get(f"/a/{attempt}")
    client.put(f"/a/{attempt}/steps/4", data={"split": "90000"})
    client.put(f"/a/{attempt}/note", data={"note": "mind the sign"})
    return attempt


def test_nothing_else_of_that_run_reaches_the_page_or_the_socket(
    client: TestClient, library: Library, now: Now
) -> None:
    """The page with the ghost is the page without it, and the ghost; the ghost is numbers, times
    and places; the socket says the same with and without."""
    earlier = earlier_run(client, now)
    attempt = start_attempt(client)

    bare = client.get(f"/a/{attempt}?ghost=off").text
    with tab(client, attempt, "a") as socket:
        heard_bare = [message | {"elapsed": None} for message in socket.heard]
    choose(client, ghost="last")
    page = client.get(f"/a/{attempt}").text
    with tab(client, attempt, "a") as socket:
        heard = [message | {"elapsed": None} for message in socket.heard]

    found = GHOST.search(page)
    assert found is not None
    assert squeezed(page.replace(found[0], "")) == squeezed(bare)
    assert heard == heard_bare
    label = "Your last run: step 1 at 0:20, step 2 at 1:00, step 4 at 1:30"
    assert f'aria-label="{label}"' in found[0]
    words = set(re.findall(r"[a-z]{2,}", re.sub(r"<(\w+)|[\w-]+=|/\w+>", " ", found[0]).lower()))
    assert words == {"ghost", "img", "your", "last", "run", "step", "at", "middle"}
    secrets = [*OLS_LINES.values(), earlier, "s-of-then", "mind the sign"]
    secrets += [step.title for step in library["ols"].steps]
    assert [secret for secret in secrets if secret in page] == []


def squeezed(html: str) -> str:
    return " ".join(html.split())
