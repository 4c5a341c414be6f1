"""What a running attempt takes, and until when."""

import pytest

from app.practice.attempt import MAX_CHARACTERS, MAX_EVENTS
from app.practice.clock import ALLOWANCE_MS, RETURN_ALLOWANCE_MS
from app.practice.events import Event
from tests.helpers import MINUTE, NOON, end, hint, ink, line, mark, start
from tests.practice.helpers import DEADLINE, LIMIT, assert_refuses, attempt, started, taken


@pytest.mark.parametrize(
    "event",
    [
        ink(1_000),
        line(1_000),
        mark(1_000),
        Event(1_000, "drop", {"stroke": "s-1"}),
        Event(1_000, "erase", {"op": "e-1", "strokes": ["s-1"]}),
        Event(1_000, "undo", {"op": "s-1"}),
        Event(1_000, "redo", {"op": "s-1"}),
    ],
)
def test_it_takes_what_is_written_while_it_runs(event: Event) -> None:
    assert started().take(event, NOON + 2_000) == event


def test_an_event_may_be_older_than_others() -> None:
    running = taken(started(), ink(9_000), NOON + 10_000)

    assert running.take(line(1_000), NOON + 10_000) == line(1_000)


def test_a_browser_that_is_ahead_of_the_server_is_set_right() -> None:
    event = started().take(ink(90_000), NOON + MINUTE)

    assert event == ink(MINUTE)


def test_what_was_on_its_way_at_the_deadline_is_taken() -> None:
    running = started()

    assert running.take(ink(LIMIT), DEADLINE) == ink(LIMIT)
    assert running.take(ink(LIMIT - 1), DEADLINE + ALLOWANCE_MS - 1) == ink(LIMIT - 1)


def test_what_was_made_after_the_deadline_is_refused_within_the_allowance() -> None:
    assert_refuses(started(), ink(LIMIT + 1), DEADLINE + 500, "deadline")


def test_a_time_beyond_the_limit_is_refused_even_before_the_deadline() -> None:
    assert_refuses(started(), ink(LIMIT + 1), NOON + MINUTE, "deadline")


@pytest.mark.parametrize("event", [ink(1), line(1), mark(1), hint(1, 1), end(1), start()])
def test_nothing_is_taken_after_the_allowance(event: Event) -> None:
    assert_refuses(started(), event, DEADLINE + ALLOWANCE_MS, "ended")


@pytest.mark.parametrize("event", [ink(1), line(1), mark(1), hint(1, 1), end(1), start()])
def test_nothing_is_taken_after_the_end(event: Event) -> None:
    ended = taken(started(), end(MINUTE), NOON + MINUTE)

    assert_refuses(ended, event, NOON + MINUTE, "ended")


def test_a_server_that_comes_back_after_the_deadline_takes_what_was_on_its_way() -> None:
    back = DEADLINE + 10 * MINUTE
    returned = started()._replace(listening_since=back)

    assert returned.take(ink(LIMIT), back + RETURN_ALLOWANCE_MS - 1) == ink(LIMIT)
    assert_refuses(returned, ink(LIMIT), back + RETURN_ALLOWANCE_MS, "ended")


def test_an_untimed_attempt_takes_late_events() -> None:
    late = 3 * 60 * MINUTE

    assert started(limit_ms=None).take(ink(late), NOON + late) == ink(late)


@pytest.mark.parametrize(("events", "size"), [(MAX_EVENTS, 0), (0, MAX_CHARACTERS)])
def test_a_full_recording_takes_nothing_but_its_end(events: int, size: int) -> None:
    running = started()._replace(events=events, characters=size)

    assert_refuses(running, ink(1), NOON + MINUTE, "full")
    assert_refuses(running, mark(1), NOON + MINUTE, "full")
    assert running.take(end(1), NOON + MINUTE) == end(1)


def test_a_recording_is_not_full_before_that() -> None:
    running = started()._replace(events=MAX_EVENTS - 1, characters=MAX_CHARACTERS - 1)

    assert running.take(ink(1), NOON + MINUTE) == ink(1)


def test_a_refused_event_changes_nothing() -> None:
    running = started()
    before = running._replace()

    assert_refuses(running, ink(LIMIT + 1), NOON, "deadline")

    assert running == before


def test_it_counts_what_its_log_holds() -> None:
    running = taken(taken(started(), ink(1), NOON + 1), mark(2), NOON + 2)

    assert running.events == 3
    assert running.characters == len("{}") + len(ink(1).encoded_data) + len("{}")


def test_a_log_read_back_gives_the_same_attempt() -> None:
    running = started()
    log = [start()]
    for event in (ink(1_000), line(2_000), mark(3_000)):
        running = taken(running, event, NOON + MINUTE)
        log.append(event)

    assert attempt().replayed(log) == running
