"""What the database counts is what the rules say of the same attempts."""

from datetime import timedelta
from typing import Any

from sqlmodel import Session

from app.practice.spacing import Grade
from app.practice.splits import Tick
from app.storage.progress import (
    SlipCount,
    count_cold,
    count_days,
    count_slips,
    first_days,
    latest_cold,
)
from app.storage.ratings import latest_grades, rate
from app.storage.steps import CheckedLine, keep_checked, set_tick
from app.storage.tables import AttemptRow
from tests.helpers import MINUTE, NOON, TODAY
from tests.storage.helpers import keep_attempt, keep_running, plans_of

STEPS = ("1", "2")
LIMIT = 5 * MINUTE
DAY = timedelta(days=1)


def found(session: Session, attempt_id: str, *steps: str, slips: tuple[str, ...] = ()) -> None:
    lines = [
        CheckedLine(1, "r-1", 9_000, "holds", "Holds.", steps),
        *(
            CheckedLine(place, f"r-{place}", 9_000, "fails", "No.", (), slip)
            for place, slip in enumerate(slips, start=2)
        ),
    ]
    keep_checked(session, attempt_id, lines, NOON)


def ids(rows: list[AttemptRow]) -> list[str]:
    return [row.id for row in rows]


def test_what_does_not_count(session: Session) -> None:
    rows: dict[str, dict[str, Any]] = {
        "gone": {"deleted_at": NOON},
        "left": {"end_why": "abandoned"},
        "help": {"mode": "guided"},
        "free": {"limit_ms": None},
        "else": {"derivation": "rope"},
        "slow": {"limit_ms": 10 * MINUTE},
    }
    for name, more in rows.items():
        keep_attempt(session, name, **more)
        found(session, name, "1", "2")
    keep_running(session, "runs")

    assert count_cold(session, "ols") == 2
    assert ids(latest_cold(session, "ols", 9)) == ["free", "slow"]
    assert count_days(session) == {TODAY: 4}


def test_an_attempt_that_nobody_looked_at_is_not_known_yet(session: Session) -> None:
    keep_attempt(session, "open")
    keep_attempt(session, "tick", created_at=NOON + 1)
    set_tick(session, "tick", "1", Tick(True), NOON)

    assert ids(latest_cold(session, "ols", 9)) == ["tick"]
    assert count_cold(session, "ols") == 2


def test_the_latest_come_oldest_first(session: Session) -> None:
    for place in range(4):
        keep_attempt(session, f"run{place}", created_at=NOON + place)
        found(session, f"run{place}", "1", "2")

    assert ids(latest_cold(session, "ols", 2)) == ["run2", "run3"]


def test_days_are_those_that_the_attempts_were_made_on(session: Session) -> None:
    """Whatever their order in time: who flies east and back has two of them at one moment."""
    for place, days_later in enumerate((3, 1, 0, 1, 2)):
        keep_attempt(session, f"run{place}", created_at=NOON, day=TODAY + days_later * DAY)

    days = [TODAY + place * DAY for place in range(4)]
    assert list(count_days(session).items()) == list(zip(days, (1, 2, 1, 1), strict=True))
    assert first_days(session, since=days[1], count=2) == days[1:3]
    assert first_days(session, since=days[3], count=2) == days[3:]


def test_slips_are_counted_by_attempt_with_the_last_of_them(session: Session) -> None:
    for place, slips in enumerate([("a", "a"), ("a", "b"), ("b",), ("a",)]):
        on = TODAY + place * DAY
        keep_attempt(session, f"run{place}", created_at=NOON + place, day=on)
        found(session, f"run{place}", slips=slips)
    keep_attempt(session, "rope", derivation="rope", created_at=NOON + 9)
    found(session, "rope", slips=("a",))
    keep_attempt(session, "gone", deleted_at=NOON, created_at=NOON + 10)
    found(session, "gone", slips=("a",))

    of_ols = [
        SlipCount("ols", "a", 3, TODAY + 3 * DAY, "run3"),
        SlipCount("ols", "b", 2, TODAY + 2 * DAY, "run2"),
    ]
    assert count_slips(session, "ols") == of_ols
    assert count_slips(session) == [*of_ols, SlipCount("rope", "a", 1, TODAY, "rope")]
    assert count_slips(session, "dpo") == []


def test_a_card_is_known_as_it_was_the_last_time(session: Session) -> None:
    rate(session, "x", Grade.EASY, NOON)
    rate(session, "y", Grade.HARD, NOON)
    rate(session, "x", Grade.MISSED, NOON + 1)

    assert latest_grades(session) == {"x": Grade.MISSED, "y": Grade.HARD}


def test_sqlite_finds_what_is_counted_by_indexes(session: Session) -> None:
    if session.get_bind().dialect.name != "sqlite":
        return  # a table of one row has no other plan there than to read it
    keep_attempt(session, "aaaa")
    found(session, "aaaa", "1", slips=("a",))
    session.flush()

    def ask() -> None:
        count_days(session)
        first_days(session, TODAY, 8)
        count_cold(session, "ols")
        latest_cold(session, "ols", 9)
        count_slips(session)

    days, first, cold, latest, slips = plans_of(session, ask)

    counted = "SEARCH attempt USING COVERING INDEX attempt_counted (deleted_at=?"
    assert (days, first) == ([f"{counted})"], [f"{counted} AND day>?)"])
    judged = "INDEX attempt_judged (deleted_at=? AND derivation=?)"
    assert cold == [f"SEARCH attempt USING COVERING {judged}"]
    assert latest[0] == f"SEARCH attempt USING {judged}"
    assert "SEARCH checked_line USING COVERING INDEX checked_line_by_slip (slip>?)" in slips
    assert not [step for step in slips if step in ("SCAN attempt", "SCAN checked_line")]
