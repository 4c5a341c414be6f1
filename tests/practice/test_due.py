"""When a derivation is due again."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.practice.days import day_of
from app.practice.due import COUNTED, Outcome, due_on, grade_of, schedule
from app.practice.spacing import Grade
from app.practice.splits import Run
from tests.helpers import MINUTE

BERLIN, HONOLULU = ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Honolulu")
TARGET = 3 * MINUTE
DAY = 24 * 60 * MINUTE
ENDED = {
    "easy": Run(4, 4, True, 3 * MINUTE),
    "clean": Run(4, 4, True, 4 * MINUTE),
    "just over": Run(4, 4, True, TARGET + 1),
    "late": Run(4, 4, False, 6 * MINUTE),
    "half": Run(2, 4, False, 5 * MINUTE),
    "little": Run(1, 4, False, 5 * MINUTE),
    "nothing": Run(0, 4, False, 5 * MINUTE),
}


def ms(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1000)


def ended(run: str = "clean", at: int = 0, derivation: str = "a", **more: Any) -> Outcome:
    facts = {
        "day": day_of(at, BERLIN),
        "mode": "cold",
        "lasted_ms": 5 * MINUTE,
        "reviewed": True,
        "abandoned": False,
        "run": ENDED[run],
        **more,
    }
    return Outcome(derivation=derivation, at=at, **facts)


@pytest.mark.parametrize(
    ("outcome", "grade"),
    [
        (ended("easy"), Grade.EASY),
        (ended("just over"), Grade.KNEW),
        (ended("clean"), Grade.KNEW),
        (ended("late"), Grade.HARD),
        (ended("half"), Grade.HARD),
        (ended("little"), Grade.MISSED),
        (ended("nothing"), Grade.MISSED),
        (ended("half", abandoned=True), Grade.MISSED),
        (ended("half", abandoned=True, lasted_ms=MINUTE), Grade.MISSED),
        # What says nothing.
        (ended("half", abandoned=True, lasted_ms=MINUTE - 1), None),
        (ended("clean", mode="guided"), None),
        (ended("nothing", reviewed=False), None),
    ],
)
def test_grades_by_hand(outcome: Outcome, grade: Grade | None) -> None:
    assert grade_of(outcome, TARGET) == grade


def days_until_due(*runs: str) -> int:
    """Days from the last of these runs, each made on the day that the one before asked for."""
    at, history, pause = ms("2025-06-01T12:00+02:00"), list[Outcome](), 0
    for run in runs:
        at += pause * DAY
        history.append(ended(run, at))
        (due,) = schedule(history, TARGET)
        pause = (due.day - datetime.fromtimestamp(at / 1000, BERLIN).date()).days
    return pause


@pytest.mark.parametrize(
    ("runs", "days"),
    [
        # The published weights of the scheduler (FSRS 6, retention 0.9): first stabilities
        # 0.212, 1.2931, 2.3065, 8.2956 days, in whole days and at least one.
        (["nothing"], 1),
        (["half"], 1),
        (["clean"], 2),
        (["easy"], 8),
        (["clean", "nothing"], 1),
        (["clean", "half"], 8),
        (["clean", "clean"], 11),
        (["clean", "easy"], 19),
        (["easy", "nothing"], 1),
    ],
)
def test_pauses_by_table(runs: list[str], days: int) -> None:
    assert days_until_due(*runs) == days


def test_an_empty_history_has_nothing_due() -> None:
    assert schedule([], TARGET) == []


def test_what_says_nothing_makes_nothing_due() -> None:
    assert schedule([ended("clean", mode="guided")], TARGET) == []


def test_each_derivation_has_a_memory_of_its_own_and_the_earliest_comes_first() -> None:
    at = ms("2025-06-01T12:00+02:00")
    history = [ended("easy", at, "a"), ended("clean", at + 1, "b"), ended("nothing", at + 2, "c")]

    found = schedule(history, TARGET)

    assert [(one.derivation, one.day) for one in found] == [
        ("c", date(2025, 6, 2)),
        ("b", date(2025, 6, 3)),
        ("a", date(2025, 6, 9)),
    ]
    assert [one.derivation for one in due_on(found, date(2025, 6, 3))] == ["c", "b"]
    assert due_on(found, date(2025, 6, 1)) == []


@pytest.mark.parametrize(
    ("made", "zone", "day"),
    [
        # At 23:30 in Honolulu, due after a day: there on the next day, in Berlin, where the attempt
        # was made on the 16th, on the 17th.
        ("2025-01-15T23:30-10:00", HONOLULU, "2025-01-16"),
        ("2025-01-15T23:30-10:00", BERLIN, "2025-01-17"),
        # A day of 23 hours: 24 hours after 23:30 it is 00:30 of the day after the next.
        ("2025-03-29T23:30+01:00", BERLIN, "2025-03-30"),
        ("2025-03-30T00:30+01:00", BERLIN, "2025-03-31"),
        # A day of 25 hours: 24 hours after 00:30 it is 23:30 of the same day.
        ("2025-10-26T00:30+02:00", BERLIN, "2025-10-27"),
        ("2025-10-25T23:30+02:00", BERLIN, "2025-10-26"),
    ],
)
def test_it_is_due_by_the_local_day(made: str, zone: ZoneInfo, day: str) -> None:
    (due,) = schedule([ended("nothing", ms(made), day=day_of(ms(made), zone))], TARGET)

    assert due.day == date.fromisoformat(day)


NEW_YEAR = ms("2025-01-01T00:00+00:00")
moments = st.lists(st.integers(0, 40 * DAY), min_size=1, max_size=30).map(sorted)
pasts = moments.flatmap(
    lambda found: st.tuples(*(st.sampled_from(list(ENDED)) for _ in found)).map(
        lambda runs: [ended(run, NEW_YEAR + at) for run, at in zip(runs, found, strict=True)]
    )
)


@given(pasts)
def test_it_is_due_after_the_day_of_the_last_attempt(past: list[Outcome]) -> None:
    (due,) = schedule(past, TARGET)

    assert due.last == past[-1]
    assert due.day >= datetime.fromtimestamp(past[-1].at / 1000, BERLIN).date() + timedelta(days=1)


@given(pasts)
def test_the_same_history_gives_the_same_day(past: list[Outcome]) -> None:
    assert schedule(past, TARGET) == schedule(past, TARGET)


@given(pasts)
def test_a_better_end_never_comes_back_sooner(past: list[Outcome]) -> None:
    *before, last = past
    days = [
        schedule([*before, ended(run, last.at)], TARGET)[0].day
        for run in ("nothing", "half", "clean", "easy")
    ]

    assert days == sorted(days)


def test_only_the_last_attempts_are_counted() -> None:
    old = [ended("easy", at * DAY) for at in range(50)]
    recent = [ended("half", (100 + at) * DAY) for at in range(COUNTED)]

    assert schedule([*old, *recent], TARGET) == schedule(recent, TARGET)
