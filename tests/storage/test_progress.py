"""What the database counts is what the rules say of the same attempts."""

from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete
from sqlmodel import Session

from app.practice.spacing import Grade
from app.practice.splits import Tick, run_of
from app.storage.progress import (
    SlipCount,
    TriedDerivation,
    count_cold,
    count_days,
    count_slips,
    first_days,
    first_whole_on,
    latest_cold,
    latest_whole,
    list_tried,
)
from app.storage.ratings import latest_grades, rate
from app.storage.steps import CheckedLine, keep_checked, reached_of, set_tick
from app.storage.tables import AttemptRow
from tests.helpers import MINUTE, NOON, TODAY
from tests.storage.helpers import keep_attempt, keep_running

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


def whole(session: Session, count: int = 5) -> list[str]:
    return ids(latest_whole(session, {"ols": STEPS}, count)["ols"])


def test_a_whole_attempt_has_every_step_found_or_ticked(session: Session) -> None:
    for place, name in enumerate(("both", "half", "tick", "undo", "more")):
        keep_attempt(session, name, created_at=NOON + place, day=TODAY + place * DAY)
    found(session, "both", "1", "2")
    found(session, "half", "1")
    found(session, "tick", "1", "3")
    set_tick(session, "tick", "2", Tick(True), NOON)
    found(session, "undo", "1", "2")
    set_tick(session, "undo", "2", Tick(False), NOON)
    found(session, "more", "1", "2", "3")
    set_tick(session, "more", "2", Tick(True, 100), NOON)

    assert whole(session) == ["both", "tick", "more"]
    assert whole(session, count=2) == ["tick", "more"]
    assert first_whole_on(session, "ols", STEPS, LIMIT) == TODAY
    assert first_whole_on(session, "ols", ("1", "2", "3"), LIMIT) == TODAY + 2 * DAY
    assert first_whole_on(session, "ols", ("9",), LIMIT) is None


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

    assert whole(session) == ["slow"]
    assert first_whole_on(session, "ols", STEPS, LIMIT) is None
    assert count_cold(session, "ols") == 2
    assert ids(latest_cold(session, "ols", 9)) == ["free", "slow"]
    assert sorted(list_tried(session), key=lambda one: one.id) == [
        TriedDerivation("ols", 3, 2),
        TriedDerivation("rope", 1, 1),
    ]
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
        keep_attempt(session, f"run{place}", created_at=NOON + place)
        found(session, f"run{place}", slips=slips)
    keep_attempt(session, "rope", derivation="rope", created_at=NOON + 9)
    found(session, "rope", slips=("a",))
    keep_attempt(session, "gone", deleted_at=NOON, created_at=NOON + 10)
    found(session, "gone", slips=("a",))

    of_ols = [
        SlipCount("ols", "a", 3, NOON + 3, "run3"),
        SlipCount("ols", "b", 2, NOON + 2, "run2"),
    ]
    assert count_slips(session, "ols") == of_ols
    assert count_slips(session) == [*of_ols, SlipCount("rope", "a", 1, NOON + 9, "rope")]
    assert count_slips(session, "dpo") == []


def test_a_card_is_known_as_it_was_the_last_time(session: Session) -> None:
    rate(session, "x", Grade.EASY, NOON)
    rate(session, "y", Grade.HARD, NOON)
    rate(session, "x", Grade.MISSED, NOON + 1)

    assert latest_grades(session) == {"x": Grade.MISSED, "y": Grade.HARD}


steps = st.lists(st.sampled_from(["1", "2", "3"]), unique=True)
ticks = st.dictionaries(st.sampled_from(["1", "2", "3"]), st.booleans())


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(steps, ticks), max_size=6))
def test_the_database_finds_the_runs_that_the_rules_call_clean(
    session: Session, attempts: list[tuple[list[str], dict[str, bool]]]
) -> None:
    session.execute(delete(AttemptRow))
    names = [f"run{place}" for place in range(len(attempts))]
    for place, (name, (lines, words)) in enumerate(zip(names, attempts, strict=True)):
        keep_attempt(session, name, created_at=NOON + place)
        found(session, name, *lines)
        for step, reached in words.items():
            set_tick(session, name, step, Tick(reached), NOON)
    session.flush()

    clean = [
        name
        for name, reached in reached_of(session, names).items()
        if run_of(reached.splits, STEPS, ended_ms=MINUTE, limit_ms=LIMIT, abandoned=False).clean
    ]
    assert whole(session, count=9) == clean
    session.rollback()
