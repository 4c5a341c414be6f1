"""How an attempt begins: after the reading phase by itself, or early."""

import pytest

from app.errors import Invalid
from app.practice.attempt import Mode, Setup
from app.practice.clock import Phase
from app.practice.events import Event
from tests.helpers import MINUTE, NOON, end, hint, ink, line, mark, start
from tests.practice.helpers import READING, assert_refuses, attempt, settled, started, taken


def test_the_clock_starts_by_itself_after_reading() -> None:
    reading = attempt()

    assert reading.due(NOON - 1) == []
    assert reading.due(NOON) == [start()]
    assert reading.next_due == NOON


def test_the_start_is_recorded_once() -> None:
    running = started()

    assert running.start_recorded
    assert running.due(NOON + 1) == []


def test_starting_early_moves_the_deadline() -> None:
    early = NOON - READING + 5_000

    running = taken(attempt(), start(), early)

    assert running.clock.started_at == early
    assert running.phase(early) is Phase.RUNNING
    assert running.clock.deadline_at == early + 5 * MINUTE


def test_an_early_start_is_at_zero_whatever_the_browser_says() -> None:
    event = attempt().take(Event(12_345, "start", {}), NOON - READING)

    assert event == start()


def test_it_does_not_start_twice() -> None:
    assert_refuses(started(), start(), NOON, "not-now")
    assert_refuses(attempt(), start(), NOON, "not-now")


@pytest.mark.parametrize("event", [ink(), line(), mark(), hint(0, 1), end(0), end(0, "abandoned")])
def test_nothing_else_is_taken_while_reading(event: Event) -> None:
    assert_refuses(attempt(Mode.GUIDED), event, NOON - 1, "not-now")


def test_a_start_that_nobody_saw_comes_before_the_end() -> None:
    events = attempt().due(NOON + 60 * MINUTE)

    assert events == [start(), end(5 * MINUTE, "abandoned")]


def test_an_untimed_attempt_brings_nothing_more_for_hours_after_its_start() -> None:
    running = settled(attempt(limit_ms=None), NOON)

    assert running.due(NOON + 600 * MINUTE) == []


@pytest.mark.parametrize("limit_ms", [MINUTE, 60 * MINUTE, None])
@pytest.mark.parametrize("reading_ms", [0, 5 * MINUTE])
def test_a_setup_takes_limits_and_reading_times_up_to_the_edge(
    limit_ms: int | None, reading_ms: int
) -> None:
    Setup("ols", Mode.COLD, limit_ms, reading_ms)


@pytest.mark.parametrize(
    ("limit_ms", "reading_ms"),
    [
        (MINUTE - 1, 0),
        (60 * MINUTE + 1, 0),
        (0, 0),
        (-MINUTE, 0),
        (None, -1),
        (None, 5 * MINUTE + 1),
    ],
)
def test_a_setup_refuses_what_lies_beyond(limit_ms: int | None, reading_ms: int) -> None:
    with pytest.raises(Invalid):
        Setup("ols", Mode.COLD, limit_ms, reading_ms)
