"""What the database counts of clean runs is what the rules say of the same attempts, now and after
what was found, ticked or brought in has changed them."""

from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete
from sqlmodel import Session

from app.practice.pace import RECENT_RUNS
from app.practice.splits import Tick, Word, run_of
from app.storage.attempts import list_ended
from app.storage.standings import (
    JUDGED_AT_ONCE,
    Tally,
    best_before,
    cold_days,
    count_ended,
    first_clean_on,
    judge_some,
    tallies,
)
from app.storage.steps import (
    CheckedLine,
    keep_checked,
    merge_words,
    reached_of,
    replace_checked,
    set_tick,
)
from app.storage.tables import AttemptRow
from tests.helpers import MINUTE, NOON, SECOND, TODAY
from tests.storage.helpers import keep_attempt, keep_running, plans_of

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


DONE: dict[str, Any] = {
    "lines": [("1", SECOND), ("2", SECOND)],
    "ticks": {},
    "ended_ms": MINUTE,
    "limit_ms": MINUTE,
    "mode": "cold",
}


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


def judged(session: Session, must_steps: dict[str, tuple[str, ...]]) -> dict[str, Tally]:
    session.flush()
    while judge_some(session, tallies(session), must_steps):
        pass
    return tallies(session)


def clean_ms(session: Session, derivation: str = "ols") -> list[int]:
    """The latest times of clean cold runs, oldest first."""
    return list(judged(session, {"ols": STEPS, "rope": ("1",)})[derivation].latest_ms)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(ATTEMPTS, max_size=8), st.none() | st.tuples(st.integers(0), NUMBERS, st.booleans())
)
def test_what_is_counted_of_clean_runs_is_what_the_rules_say(
    session: Session, attempts: list[dict[str, Any]], later: tuple[int, str, bool] | None
) -> None:
    session.execute(delete(AttemptRow))
    for place, attempt in enumerate(attempts):
        keep(session, f"run{place}", place, attempt)
    if attempts and later:
        # Judged once, and then something is said of one of them.
        judged(session, {"ols": STEPS})
        place, step, reached = later
        set_tick(session, f"run{place % len(attempts)}", step, Tick(reached), NOON + 1)
    clean = []
    for place, attempt in enumerate(attempts):
        run = run_of(
            reached_of(session, [f"run{place}"])[f"run{place}"].splits,
            STEPS,
            ended_ms=attempt["ended_ms"],
            limit_ms=attempt["limit_ms"],
            abandoned=False,
        )
        if run.clean:
            clean.append((attempt["mode"], run.time_ms))
    cold = [ms for mode, ms in clean if mode == "cold"]

    counted = judged(session, {"ols": STEPS, "rope": ("1",)})

    if attempts:
        tally = counted["ols"]
        assert (tally.attempts, tally.clean, tally.cold) == (len(attempts), len(clean), len(cold))
        assert tally.best_ms == min(cold, default=0)
        assert list(tally.latest_ms) == cold[-RECENT_RUNS:]
    else:
        assert counted == {}
    session.rollback()


def test_each_derivation_has_steps_of_its_own(session: Session) -> None:
    keep(session, "aaaa", 0, {**DONE, "lines": [("1", SECOND)]})
    keep_attempt(session, "bbbb", derivation="rope")
    keep_checked(session, "bbbb", [CheckedLine(1, "r", SECOND, "holds", "Holds.", ("1",))], NOON)

    assert clean_ms(session, "ols") == []
    assert clean_ms(session, "rope") == [SECOND]


def test_whatever_changes_the_steps_of_a_run_has_it_judged_anew(session: Session) -> None:
    line = CheckedLine(1, "r", SECOND, "holds", "Holds.", STEPS)
    keep_attempt(session, "aaaa")
    assert clean_ms(session) == []
    keep_checked(session, "aaaa", [line], NOON)
    assert clean_ms(session) == [SECOND]
    set_tick(session, "aaaa", "2", Tick(True, 2 * SECOND), NOON)
    assert clean_ms(session) == [2 * SECOND]
    merge_words(session, "aaaa", {"2": Word(Tick(False), NOON + 1)})
    assert clean_ms(session) == []
    merge_words(session, "aaaa", {"2": Word(None, NOON + 2)})
    assert clean_ms(session) == [SECOND]
    replace_checked(session, "aaaa", [], NOON)
    assert clean_ms(session) == []


def test_other_steps_that_must_be_reached_have_all_runs_judged_anew(session: Session) -> None:
    keep_attempt(session, "aaaa")
    line = CheckedLine(1, "r", SECOND, "holds", "Holds.", ("1",))
    keep_checked(session, "aaaa", [line], NOON)

    assert judged(session, {"ols": STEPS})["ols"].clean == 0
    assert judged(session, {"ols": ("1",)})["ols"].clean == 1
    assert judged(session, {})["ols"].judged_by == ("1", "1")


def test_the_first_clean_run_that_took_no_longer(session: Session) -> None:
    """Not a guided one, not a slower one, not one that missed a step."""
    times = [("aaaa", "guided", 2), ("bbbb", "cold", 4), ("cccc", "cold", 3), ("dddd", "cold", 1)]
    for place, (name, mode, minutes) in enumerate(times):
        found = [("1", SECOND), ("2", minutes * MINUTE)]
        run = {**DONE, "lines": found, "mode": mode, "limit_ms": 9 * MINUTE}
        keep(session, name, place, run)
        session.get_one(AttemptRow, name).day = TODAY + timedelta(days=place)
    keep(session, "miss", 9, {**DONE, "lines": [("1", SECOND)]})
    judged(session, {"ols": STEPS})

    days = [first_clean_on(session, "ols", minutes * MINUTE) for minutes in (4, 3, 2)]
    assert days == [TODAY + timedelta(days=place) for place in (1, 2, 3)]
    assert first_clean_on(session, "ols", MINUTE - 1) is None
    assert first_clean_on(session, "rope", MINUTE) is None


def test_what_was_judged_is_not_judged_again_and_much_of_it_in_parts(session: Session) -> None:
    for place in range(JUDGED_AT_ONCE + 3):
        keep_attempt(session, f"run{place}", derivation=("ols", "rope")[place % 2])
    steps = {"ols": STEPS, "rope": ("1",)}

    parts = [judge_some(session, tallies(session), steps) for _ in range(3)]

    assert parts == [JUDGED_AT_ONCE, 3, 0]


def test_what_is_counted(session: Session) -> None:
    keep_attempt(session, "aaaa", created_at=NOON + 3)
    keep_attempt(session, "bbbb", mode="guided", created_at=NOON + 4)
    keep_attempt(session, "cccc", end_why="abandoned", derivation="dpo")
    keep_attempt(session, "dddd", derivation="rope", created_at=NOON + 5)
    keep_attempt(session, "eeee", deleted_at=NOON, derivation="elbo")
    keep_attempt(session, "ffff", created_at=NOON + 1, day=TODAY + timedelta(days=1))
    keep_running(session, "gggg")

    attempts = {name: tally.attempts for name, tally in tallies(session).items()}
    assert list(attempts.items()) == [("rope", 1), ("ols", 3)]
    assert list(count_ended(session).items()) == [("rope", 1), ("ols", 3), ("dpo", 1)]
    assert cold_days(session, ["ols", "rope"]) == [
        ("ols", TODAY),
        ("rope", TODAY),
        ("ols", TODAY + timedelta(days=1)),
    ]
    assert cold_days(session, ["rope"]) == [("rope", TODAY)]


def test_sqlite_answers_from_indexes_alone_and_sorts_no_attempts(session: Session) -> None:
    """What is asked whenever a page opens neither reads the rows of all attempts nor sorts them."""
    if session.get_bind().dialect.name != "sqlite":
        return  # a table of three rows has no other plan there than to read it
    for place in range(3):
        keep(session, f"run{place}", place, dict(DONE))
    judged(session, {"ols": STEPS})

    def ask() -> None:
        tallies(session)
        first_clean_on(session, "ols", MINUTE)
        best_before(session, "ols", NOON)
        count_ended(session)
        cold_days(session, ["ols", "rope"])
        list_ended(session, count=400)

    tally, latest, first, best, ended, days, listed = plans_of(session, ask)
    by_derivation = "SEARCH attempt USING COVERING INDEX attempt_judged (deleted_at=?"
    assert tally[0] == f"{by_derivation})"
    assert latest == [f"{by_derivation} AND derivation=?)"]
    assert ended[0] == f"{by_derivation})"
    assert best == [f"{by_derivation} AND derivation=? AND created_at<?)"]
    # The row of the one that is found, for its day.
    assert first == ["SEARCH attempt USING INDEX attempt_judged (deleted_at=? AND derivation=?)"]
    assert days == ["SEARCH attempt USING COVERING INDEX attempt_counted (deleted_at=?)"]
    assert listed == ["SEARCH attempt USING INDEX attempt_listed (deleted_at=?)"]
