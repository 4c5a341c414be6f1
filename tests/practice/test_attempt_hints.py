from app.practice.attempt import Mode
from tests.helpers import NOON, hint
from tests.practice.helpers import assert_refuses, attempt, started, taken

LATER = NOON + 10_000


def test_hints_come_one_after_the_other() -> None:
    running = started(Mode.GUIDED)

    for number in (1, 2, 3):
        running = taken(running, hint(1_000, number), LATER)

    assert running.hints_taken == 3


def test_a_hint_is_not_skipped() -> None:
    assert_refuses(started(Mode.GUIDED), hint(0, 2), LATER, "not-now")


def test_a_hint_is_not_taken_twice() -> None:
    running = taken(started(Mode.GUIDED), hint(0, 1), LATER)

    assert_refuses(running, hint(0, 1), LATER, "not-now")


def test_there_is_no_hint_after_the_last() -> None:
    running = taken(started(Mode.GUIDED, hint_count=1), hint(0, 1), LATER)

    assert_refuses(running, hint(0, 2), LATER, "not-now")
    assert_refuses(started(Mode.GUIDED, hint_count=0), hint(0, 1), LATER, "not-now")


def test_a_cold_attempt_has_no_hints() -> None:
    assert_refuses(started(Mode.COLD), hint(0, 1), LATER, "not-now")


def test_hints_go_on_where_the_log_stopped() -> None:
    log = [*attempt().due(NOON), hint(1_000, 1)]

    running = attempt(Mode.GUIDED).replayed(log)

    assert_refuses(running, hint(2_000, 1), LATER, "not-now")
    assert running.take(hint(2_000, 2), LATER) == hint(2_000, 2)
