"""The calendar to subscribe to: the plan, and what is due when."""

import re

from starlette.testclient import TestClient

from app.library.cards import cards_of
from app.library.models import Library
from tests.helpers import MINUTE, NOON, Now
from tests.web.helpers import end_attempt, start_attempt

DAY = 24 * 60 * MINUTE


def unfolded(client: TestClient) -> str:
    response = client.get("/keep/plan.ics")
    assert response.headers["content-type"] == "text/calendar; charset=utf-8"
    assert all(len(line) <= 75 for line in response.content.split(b"\r\n"))
    assert b"\n" not in response.content.replace(b"\r\n", b"")
    return response.text.replace("\r\n ", "")


def entries_of(client: TestClient, kind: str = "") -> dict[str, str]:
    """The entries whose ids begin like this, with their days."""
    text = unfolded(client)
    uids = re.findall(r"^UID:(.*)\r$", text, re.M)
    assert len(uids) == len(set(uids))
    days = re.findall(r"^DTSTART;VALUE=DATE:(\d+)\r$", text, re.M)
    return {uid: day for uid, day in zip(uids, days, strict=True) if uid.startswith(kind)}


def rate(client: TestClient, library: Library, place: int, grade: int) -> None:
    card = cards_of(library, "gotchas")[place]
    form = {"card": card.id, "grade": grade}
    assert client.post("/drill/gotchas/ratings", data=form).status_code == 303


def write(client: TestClient, now: Now, derivation: str) -> None:
    """A cold attempt that reaches nothing, and is looked back on."""
    attempt = start_attempt(client, derivation)
    now.advance(2 * MINUTE)
    end_attempt(client, attempt, t=90_000)
    client.get(f"/a/{attempt}")


def test_the_calendar_has_the_next_eight_days_of_the_plan(client: TestClient) -> None:
    entries = entries_of(client)

    assert list(entries.values()) == [f"202510{day:02}" for day in range(9, 17)]
    assert next(iter(entries)) == "plan-0-mlp-backprop@coldboard"
    assert "URL:http://127.0.0.1/d/mlp-backprop/try\r\n" in unfolded(client)


def test_a_missed_day_moves_its_entry_and_a_done_one_leaves_it(
    client: TestClient, now: Now
) -> None:
    first, second, *_ = entries_of(client)

    now.advance(DAY)
    assert entries_of(client)[first] == "20251010"

    write(client, now, "mlp-backprop")
    assert first not in entries_of(client)
    assert entries_of(client)[second] == "20251011"


def test_cards_stand_on_the_day_on_which_they_are_due(
    client: TestClient, library: Library, now: Now
) -> None:
    rate(client, library, 0, 1)
    rate(client, library, 1, 3)
    rate(client, library, 2, 4)

    cards = entries_of(client, "cards-")
    assert cards["cards-20251009@coldboard"] == "20251009"
    assert len(cards) == 2
    assert "SUMMARY:2 cards to answer\r\nDESCRIPTION:Rapid fire: 2\r\n" in unfolded(client)

    # What was due yesterday is to be done today.
    now.advance(DAY)
    assert min(entries_of(client, "cards-")) == "cards-20251010@coldboard"


def test_a_day_is_that_of_the_zone_in_the_settings(
    client: TestClient, library: Library, now: Now
) -> None:
    rate(client, library, 0, 1)
    assert now.ms == NOON  # nine in the morning in UTC
    for zone, day in (("Pacific/Kiritimati", "20251009"), ("Pacific/Pago_Pago", "20251008")):
        assert client.post("/settings", data={"zone": zone}).status_code == 303

        entries = entries_of(client)

        assert entries["plan-0-mlp-backprop@coldboard"] == day
        assert entries[f"cards-{day}@coldboard"] == day


def test_a_derivation_that_is_due_again_stands_on_its_day(client: TestClient, now: Now) -> None:
    write(client, now, "dpo")

    assert entries_of(client, "again-") == {"again-dpo@coldboard": "20251010"}
    assert re.search(r"SUMMARY:Again: [^\r]*\\, \d+:\d\d cold\r\n", unfolded(client))

    now.advance(5 * DAY)
    assert entries_of(client, "again-") == {"again-dpo@coldboard": "20251014"}


def test_a_derivation_is_not_named_twice_on_a_day(client: TestClient, now: Now) -> None:
    write(client, now, "mlp-backprop")
    now.advance(7 * DAY)

    entries = entries_of(client)

    assert "again-mlp-backprop@coldboard" in entries  # the plan goes on to others first
    assert len({(re.sub(r"^(plan-\d+|again)-", "", uid), day) for uid, day in entries.items()}) == (
        len(entries)
    )


def test_what_is_being_written_is_not_due(client: TestClient, now: Now) -> None:
    write(client, now, "dpo")
    assert entries_of(client, "again-")

    start_attempt(client, "dpo")

    assert entries_of(client, "again-") == {}
