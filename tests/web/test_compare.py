"""Two attempts beside each other: what is shown, and what is not."""

import re
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.testclient import TestClient

from app.practice.events import Event
from app.storage.tables import AttemptRow, TickRow
from tests.helpers import MINUTE, NOON, Now, end
from tests.storage.helpers import keep_attempt
from tests.web.helpers import abandon, start_attempt, tab, text_of

GRADIENT = r"\nabla_w \mathcal{L} = -X^\top (y - Xw)"
DOUBLED = r"\nabla_w \mathcal{L} = -2 X^\top (y - Xw)"
NORMAL = r"X^\top X w = X^\top y"


def written(t: int, text: str, row: str) -> Event:
    return Event(t, "line", {"row": row, "at": int(row[2:]), "text": text})


def attempt_with(client: TestClient, now: Now, *lines: tuple[int, str], minutes: float = 2) -> str:
    """An ended attempt on ols with these lines, each written at a moment in milliseconds."""
    attempt = start_attempt(client)
    now.advance(round(minutes * MINUTE))
    events = [written(t, text, f"r-{place}") for place, (t, text) in enumerate(lines, start=1)]
    with tab(client, attempt) as page:
        page.send(*events, end(round(minutes * MINUTE)))
        assert page.hear("ack")["refused"] == []
    return attempt


@pytest.fixture
def pair(client: TestClient, now: Now) -> tuple[str, str]:
    """A says its gradient with a two too many; B says it right, and another line beside."""
    a = attempt_with(client, now, (30_000, DOUBLED), (60_000, NORMAL))
    b = attempt_with(
        client, now, (20_000, GRADIENT), (75_000, NORMAL), (90_000, "q = 1"), minutes=3
    )
    return a, b


def rows_of(page: str, element: str, kind: str) -> list[str]:
    """What a reader sees of these elements, one after the other."""
    return [text_of(one) for one in re.findall(rf"<{element} {kind}.*?</{element}>", page, re.S)]


def test_splits_stand_against_each_other(client: TestClient, pair: tuple[str, str]) -> None:
    page = client.get("/compare/{}/{}".format(*pair)).text

    steps = rows_of(page, "tr", 'id="step-')
    assert steps[0] == "1 Gradient not reached 0:20 – only B"
    assert steps[1] == "2 Normal equations 1:00 1:15 +0:15 A"
    assert steps[3] == "4 Hessian not reached not reached – –"
    assert "Time of the run 2:00 3:00 +1:00 A" in text_of(page)


def test_swapped_it_says_the_same_from_the_other_side(
    client: TestClient, pair: tuple[str, str]
) -> None:
    a, b = pair
    page = client.get(f"/compare/{a}/{b}").text
    assert f'href="/compare/{b}/{a}" data-swap' in page

    steps = rows_of(client.get(f"/compare/{b}/{a}").text, "tr", 'id="step-')

    assert steps[0] == "1 Gradient 0:20 not reached – only A"
    assert steps[1] == "2 Normal equations 1:15 1:00 −0:15 B"


def test_lines_are_aligned_with_their_verdicts(client: TestClient, pair: tuple[str, str]) -> None:
    page = client.get("/compare/{}/{}".format(*pair)).text

    rows = re.findall(r'<li class="sheets__row" data-change="(\w+)">', page)
    assert rows == ["changed", "same", "added"]
    changed, same, added = rows_of(page, "li", 'class="sheets__row')
    assert changed.startswith("≠ changed Line A 1 , fails")
    assert "Line B 1 , holds" in changed
    assert same.startswith("= same Line A 2 , holds")
    assert added.startswith("+ only B Line B 3")
    # Of the changed lines the part that differs is marked, and nothing of the others.
    assert re.findall(r"<mark>(.*?)</mark>", page) == ["2"]


def test_a_line_that_says_nothing_has_no_row_and_the_numbers_stay(
    client: TestClient, now: Now
) -> None:
    a = attempt_with(client, now, (1_000, " "), (2_000, NORMAL))
    b = attempt_with(client, now, (1_000, NORMAL))

    page = client.get(f"/compare/{a}/{b}").text

    (row,) = rows_of(page, "li", 'class="sheets__row')
    assert row.startswith("= same Line A 2")
    assert "Line B 1" in row


def test_what_is_written_is_text_and_never_markup(client: TestClient, now: Now) -> None:
    a = attempt_with(client, now, (1_000, "x = <b>1</b> + 'a'"))
    b = attempt_with(client, now, (1_000, 'x = <b>2</b> + "a"'))

    page = client.get(f"/compare/{a}/{b}").text

    assert "<b>1" not in page
    assert "<b>2" not in page


def test_both_are_checked_before_they_are_compared(
    client: TestClient, pair: tuple[str, str], engine: Engine
) -> None:
    client.get("/compare/{}/{}".format(*pair))

    with Session(engine) as session:
        for attempt in pair:
            row = session.get(AttemptRow, attempt)
            assert row is not None
            assert row.checked_at is not None


def test_ticks_of_the_writer_count(client: TestClient, pair: tuple[str, str]) -> None:
    a, b = pair
    client.get(f"/compare/{a}/{b}")
    client.put(f"/a/{a}/steps/4", data={"split": ""})
    client.delete(f"/a/{a}/steps/2")

    steps = rows_of(client.get(f"/compare/{a}/{b}").text, "tr", 'id="step-')

    assert steps[1] == "2 Normal equations not reached 1:15 – only B"
    assert steps[3] == "4 Hessian by the end not reached – only A"


# --- what cannot be compared ---------------------------------------------------------------------


def refused(client: TestClient, address: str) -> tuple[int, str, str]:
    """Status, text, and where the page leads on."""
    response = client.get(address)
    way_on = re.search(r'href="([^"]*)">Go there', response.text)
    return response.status_code, text_of(response.text), way_on[1] if way_on else ""


def test_an_attempt_is_not_compared_with_itself(client: TestClient, pair: tuple[str, str]) -> None:
    status, text, way_on = refused(client, f"/compare/{pair[0]}/{pair[0]}")

    assert (status, way_on) == (422, f"/compare/{pair[0]}")
    assert "This is one attempt, twice." in text


def test_attempts_on_two_derivations_are_not_compared(
    client: TestClient, pair: tuple[str, str]
) -> None:
    other = start_attempt(client, "mlp-backprop")
    abandon(client, other)

    status, text, way_on = refused(client, f"/compare/{pair[0]}/{other}")

    assert (status, way_on) == (422, f"/compare/{pair[0]}")
    assert "A is an attempt on 'ols', B one on 'mlp-backprop'." in text


@pytest.mark.parametrize("place", [0, 1])
def test_a_deleted_one_is_named_and_the_other_leads_on(
    client: TestClient, pair: tuple[str, str], place: int
) -> None:
    client.delete(f"/a/{pair[place]}")

    status, text, way_on = refused(client, "/compare/{}/{}".format(*pair))

    assert (status, way_on) == (404, f"/compare/{pair[1 - place]}")
    assert f"There is no attempt '{pair[place]}', which was to be {'AB'[place]}." in text


def test_one_that_never_was_leads_nowhere(client: TestClient) -> None:
    assert refused(client, "/compare/nope/nope")[::2] == (404, "")
    assert refused(client, "/compare/nope")[0] == 404


@pytest.mark.parametrize("address", ["/compare/{a}/{running}", "/compare/{running}/{a}"])
def test_a_running_one_is_not_compared(
    client: TestClient, pair: tuple[str, str], address: str
) -> None:
    running = start_attempt(client)

    status, _, way_on = refused(client, address.format(a=pair[0], running=running))

    assert (status, way_on) == (403, f"/a/{running}")


@pytest.mark.parametrize("name", ["ols", "ols-ridge"])
def test_while_the_family_is_attempted_nothing_is_compared(
    client: TestClient, pair: tuple[str, str], name: str
) -> None:
    running = start_attempt(client, name)

    for address in (f"/compare/{pair[0]}/{pair[1]}", f"/compare/{pair[0]}"):
        status, text, way_on = refused(client, address)
        assert (status, way_on) == (403, f"/a/{running}")
        assert "X^" not in text

    abandon(client, running)
    assert client.get(f"/compare/{pair[0]}/{pair[1]}").status_code == 200


def test_one_whose_time_is_out_has_ended(client: TestClient, now: Now) -> None:
    a = attempt_with(client, now, (1_000, NORMAL))
    b = start_attempt(client)
    now.advance(6 * MINUTE)

    assert client.get(f"/compare/{a}/{b}").status_code == 200


def test_without_the_content_they_are_compared_all_the_same(
    client: TestClient, engine: Engine
) -> None:
    keep(engine, "aaaa", 1, derivation="alchemy", steps=("1", "2"))
    keep(engine, "bbbb", 2, derivation="alchemy", steps=("2", "10"))

    page = client.get("/compare/aaaa/bbbb").text

    assert [row.split(" no longer")[0] for row in rows_of(page, "tr", 'id="step-')] == [
        "1",
        "2",
        "10",
    ]
    assert "No line was typed in either of them." in text_of(page)


# --- with which ----------------------------------------------------------------------------------


def keep(
    engine: Engine,
    name: str,
    minutes: float,
    steps: tuple[str, ...] = ("1", "2", "3", "4"),
    **more: Any,
) -> None:
    """An ended attempt on ols, these steps ticked at its end."""
    ended_ms = round(minutes * MINUTE)
    with Session(engine) as session:
        keep_attempt(session, name, **{"ended_at": NOON + ended_ms, **more})
        for step in steps:
            session.add(TickRow(attempt_id=name, step=step, reached=True, split_ms=ended_ms))
        session.commit()


def links_to_compare(page: str) -> list[str]:
    return re.findall(r'href="(/compare/[^"]*)"', page)


def test_a_review_leads_to_the_best_the_last_and_others(client: TestClient, engine: Engine) -> None:
    keep(engine, "best", 2, created_at=NOON)
    keep(engine, "slow", 4, created_at=NOON + 1)
    keep(engine, "last", 3, created_at=NOON + 2)
    keep(engine, "gone", 1, created_at=NOON + 3, end_why="abandoned")

    page = client.get("/a/slow").text

    assert links_to_compare(page) == ["/compare/best/slow", "/compare/last/slow", "/compare/slow"]
    assert "Compare with the best (2:00) · the last (3:00) · another" in text_of(page)
    # Of itself it is neither.
    assert links_to_compare(client.get("/a/best").text)[0] == "/compare/last/best"


def test_where_the_best_is_the_last_it_is_named_once(client: TestClient, engine: Engine) -> None:
    keep(engine, "best", 2)
    keep(engine, "this", 4)

    assert links_to_compare(client.get("/a/this").text) == ["/compare/best/this"]


def test_where_neither_is_there_another_can_be_chosen(client: TestClient, engine: Engine) -> None:
    keep(engine, "this", 4)
    keep(engine, "gone", 1, end_why="abandoned")

    assert links_to_compare(client.get("/a/this").text) == ["/compare/this"]
    assert links_to_compare(client.get("/compare/this").text) == ["/compare/gone/this"]


def test_a_single_attempt_has_nothing_to_compare_with(client: TestClient, engine: Engine) -> None:
    keep(engine, "this", 4)
    keep(engine, "else", 4, derivation="mlp-backprop")

    for path in ("/a/this", "/history", "/"):
        assert links_to_compare(client.get(path).text) == []
    assert "the only attempt on this derivation" in text_of(client.get("/compare/this").text)


def test_either_of_a_pair_can_be_exchanged(client: TestClient, engine: Engine) -> None:
    for place, name in enumerate(["this", "that", "else"]):
        keep(engine, name, 4, created_at=NOON + place)

    links = links_to_compare(client.get("/compare/this/that").text)
    assert links == ["/compare/that/this", "/compare/that", "/compare/this?keep=a"]
    chosen = client.get("/compare/that").text
    assert "will be B. Which one is A?" in text_of(chosen)
    assert links_to_compare(chosen) == ["/compare/else/that", "/compare/this/that"]
    chosen = client.get("/compare/this?keep=a").text
    assert "will be A. Which one is B?" in text_of(chosen)
    assert links_to_compare(chosen) == ["/compare/this/else", "/compare/this/that"]
    assert client.get("/compare/this?keep=c").status_code == 422


def test_history_and_start_page_lead_to_the_choice(client: TestClient, engine: Engine) -> None:
    keep(engine, "this", 4)
    keep(engine, "that", 3, created_at=NOON + 1)
    keep(engine, "else", 4, derivation="mlp-backprop")

    for path in ("/history", "/history?derivation=ols", "/"):
        assert links_to_compare(client.get(path).text) == ["/compare/that", "/compare/this"]
    choice = client.get("/compare/that").text
    assert links_to_compare(choice) == ["/compare/this/that"]
    assert "the best" in text_of(choice)
