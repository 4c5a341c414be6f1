"""The database finds the clean runs that the rules call clean, and counts the others with them."""

from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete
from sqlmodel import Session

from app.practice.splits import Tick, run_of
from app.storage.standings import (
    CleanRun,
    clean_runs,
    cold_days,
    count_attempts,
    count_ended,
)
from app.storage.steps import CheckedLine, keep_checked, reached_of, set_tick
from app.storage.tables import AttemptRow
from tests.helpers import MINUTE, NOON, SECOND, TODAY
from tests.storage.helpers import keep_attempt, keep_running

STEPS = ("1", "2")
NUMBERS = st.sampled_from(["1", "2", "3"])
MOMENTS = st.integers(1, 400).map(lambda seconds: seconds * SECOND)
ATTEMPTS = st.fixed_dictionaries(
    {
        "lines": st.lists(st.tuples(NUMBERS, MOMENTS), max_size=5),
        "ticks": st.dictionaries(
            NUMBERS, st.none() | st.builds(Tick, st.booleans(), st.none() | MOMENTS)
        ),
        "ended_ms": MOMENTS,
        "limit_ms": st.sampled_from([None, 3 * MINUTE, 5 * MINUTE]),
        "mode": st.sampled_from(["cold", "guided"]),
    }
)


def keep(session: Session, name: str, place: int, attempt: dict[str, Any]) -> None:
    keep_attempt(
        session,
        name,
        created_at=NOON + place,
        ended_at=NOON + attempt["ended_ms"],
        limit_ms=attempt["limit_ms"],
        mode=attempt["mode"],
    )
    lines = [
        CheckedLine(number, f"r-{number}", split, "holds", "Holds.", (step,))
        for number, (step, split) in enumerate(attempt["lines"], start=1)
    ]
    keep_checked(session, name, lines, NOON)
    for step, tick in attempt["ticks"].items():
        set_tick(session, name, step, tick, NOON)
    session.flush()


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(ATTEMPTS, max_size=5))
def test_the_clean_runs_are_those_of_the_rules(
    session: Session, attempts: list[dict[str, Any]]
) -> None:
    session.execute(delete(AttemptRow))
    expected = []
    for place, attempt in enumerate(attempts):
        name = f"run{place}"
        keep(session, name, place, attempt)
        run = run_of(
            reached_of(session, [name])[name].splits,
            STEPS,
            ended_ms=attempt["ended_ms"],
            limit_ms=attempt["limit_ms"],
            abandoned=False,
        )
        if run.clean:
            expected.append(CleanRun("ols", attempt["mode"], run.time_ms))

    assert clean_runs(session, {"ols": STEPS, "rope": ("1",)}) == expected
    session.rollback()


def test_each_derivation_has_steps_of_its_own(session: Session) -> None:
    done = {"lines": [("1", SECOND)], "ticks": {}, "ended_ms": MINUTE, "limit_ms": MINUTE}
    keep(session, "aaaa", 0, {**done, "mode": "cold"})
    keep_attempt(session, "bbbb", derivation="rope")
    keep_checked(session, "bbbb", [CheckedLine(1, "r", SECOND, "holds", "Holds.", ("1",))], NOON)
    session.flush()

    assert clean_runs(session, {"ols": STEPS, "rope": ("1",)}) == [CleanRun("rope", "cold", SECOND)]
    assert clean_runs(session, {}) == []


def test_what_is_counted(session: Session) -> None:
    keep_attempt(session, "aaaa", created_at=NOON + 3)
    keep_attempt(session, "bbbb", mode="guided", created_at=NOON + 4)
    keep_attempt(session, "cccc", end_why="abandoned", derivation="dpo")
    keep_attempt(session, "dddd", derivation="rope", created_at=NOON + 5)
    keep_attempt(session, "eeee", deleted_at=NOON, derivation="elbo")
    keep_attempt(session, "ffff", created_at=NOON + 1, day=TODAY + timedelta(days=1))
    keep_running(session, "gggg")

    assert list(count_attempts(session).items()) == [("rope", 1), ("ols", 3)]
    assert list(count_ended(session).items()) == [("rope", 1), ("ols", 3), ("dpo", 1)]
    assert cold_days(session) == [
        ("ols", TODAY + timedelta(days=1)),
        ("ols", TODAY),
        ("rope", TODAY),
    ]
