"""How an attempt ends: done, abandoned, or by time."""

import pytest

from app.practice.clock import ALLOWANCE_MS, LONGEST_UNTIMED_MS, RETURN_ALLOWANCE_MS, Phase
from app.practice.events import Event
from tests.helpers import MINUTE, NOON, end, ink, line, mark
from tests.practice.helpers import (
    DEADLINE,
    LIMIT,
    assert_refuses,
    attempt,
    settled,
    started,
    taken,
)


@pytest.mark.parametrize("why", ["done", "abandoned"])
def test_its_writer_ends_it_early(why: str) -> None:
    ended = taken(started(), end(MINUTE, why), NOON + MINUTE + 300)

    assert ended.phase(NOON + MINUTE + 300) is Phase.ENDED
    assert ended.clock.ended_at == NOON + MINUTE
    assert ended.next_due is None


def test_what_was_done_at_the_deadline_may_arrive_within_the_allowance() -> None:
    ended = taken(started(), end(LIMIT), DEADLINE + 1_000)

    assert ended.clock.ended_at == DEADLINE


def test_an_untimed_attempt_is_ended_by_its_writer() -> None:
    ended = taken(started(limit_ms=None), end(90 * MINUTE), NOON + 90 * MINUTE)

    assert ended.clock.ended_at == NOON + 90 * MINUTE


def test_only_the_server_says_that_the_time_is_out() -> None:
    assert_refuses(started(), end(LIMIT, "time"), DEADLINE, "not-now")


def test_time_ends_it_once_the_allowance_is_over() -> None:
    written = taken(started(), ink(1_000), NOON + 1_000)

    assert written.due(DEADLINE + ALLOWANCE_MS - 1) == []
    assert written.due(DEADLINE + ALLOWANCE_MS) == [end(LIMIT, "time")]
    assert written.next_due == DEADLINE + ALLOWANCE_MS


def test_time_ends_it_at_the_deadline_however_late_that_is_noticed() -> None:
    ended = settled(taken(started(), ink(1_000), NOON + 1_000), DEADLINE + 60 * MINUTE)

    assert ended.clock.ended_at == DEADLINE
    assert ended.due(DEADLINE + 60 * MINUTE) == []


@pytest.mark.parametrize("event", [ink(1_000), line(1_000)])
def test_whatever_was_written_makes_it_an_attempt(event: Event) -> None:
    written = taken(started(), event, NOON + 1_000)

    assert written.due(DEADLINE + ALLOWANCE_MS) == [end(LIMIT, "time")]


def test_an_attempt_without_writing_is_abandoned_when_its_time_is_out() -> None:
    marked = taken(started(), mark(1_000), NOON + 1_000)

    assert marked.due(DEADLINE + ALLOWANCE_MS) == [end(LIMIT, "abandoned")]


def test_an_empty_attempt_that_was_called_done_is_done() -> None:
    assert started().take(end(MINUTE), NOON + MINUTE) == end(MINUTE)


def test_the_end_waits_for_a_server_that_was_away() -> None:
    back = DEADLINE + 10 * MINUTE
    returned = started()._replace(listening_since=back, written=True)

    assert returned.due(back) == []
    assert returned.next_due == back + RETURN_ALLOWANCE_MS
    assert returned.due(back + RETURN_ALLOWANCE_MS) == [end(LIMIT, "time")]


def test_an_end_is_never_before_what_was_written() -> None:
    running = taken(started(), ink(60_000), NOON + 61_000)

    assert running.take(end(0, "done"), NOON + 62_000) == end(60_000, "done")


def test_an_untimed_attempt_left_open_ends_after_a_day_and_does_not_count() -> None:
    running = taken(settled(attempt(limit_ms=None), NOON), ink(1_000), NOON + 1_000)
    over = running.next_due

    assert over == NOON + LONGEST_UNTIMED_MS + ALLOWANCE_MS
    assert running.due(over - 1) == []
    assert running.due(over) == [end(LONGEST_UNTIMED_MS, "abandoned")]
