from hypothesis import given
from hypothesis import strategies as st

from app.practice.clock import (
    ALLOWANCE_MS,
    LONGEST_UNTIMED_MS,
    RETURN_ALLOWANCE_MS,
    Clock,
    Phase,
)
from tests.helpers import MINUTE, NOON

CLOCK = Clock(started_at=NOON, limit_ms=5 * MINUTE)
UNTIMED = Clock(started_at=NOON, limit_ms=None)
DEADLINE = NOON + 5 * MINUTE


def test_it_reads_until_the_clock_starts() -> None:
    assert CLOCK.phase(NOON - 1) is Phase.READING
    assert CLOCK.phase(NOON) is Phase.RUNNING


def test_it_closes_at_the_deadline_and_ends_after_the_allowance() -> None:
    assert CLOCK.phase(DEADLINE - 1) is Phase.RUNNING
    assert CLOCK.phase(DEADLINE) is Phase.CLOSING
    assert CLOCK.phase(DEADLINE + ALLOWANCE_MS - 1) is Phase.CLOSING
    assert CLOCK.phase(DEADLINE + ALLOWANCE_MS) is Phase.ENDED


def test_it_is_over_as_soon_as_it_was_ended() -> None:
    ended = Clock(NOON, 5 * MINUTE, ended_at=NOON + MINUTE)

    assert ended.phase(NOON + MINUTE) is Phase.ENDED


def test_an_untimed_clock_runs_for_a_day() -> None:
    assert UNTIMED.phase(NOON + LONGEST_UNTIMED_MS - 1) is Phase.RUNNING
    assert UNTIMED.phase(NOON + LONGEST_UNTIMED_MS + ALLOWANCE_MS) is Phase.ENDED


def test_elapsed_is_negative_while_reading() -> None:
    assert CLOCK.elapsed(NOON - 30_000) == -30_000


def test_elapsed_stops_at_the_limit() -> None:
    assert CLOCK.elapsed(DEADLINE + MINUTE) == 5 * MINUTE
    assert UNTIMED.elapsed(DEADLINE + MINUTE) == 6 * MINUTE


def test_elapsed_stops_at_the_end() -> None:
    ended = Clock(NOON, 5 * MINUTE, ended_at=NOON + MINUTE)

    assert ended.elapsed(NOON + 3 * MINUTE) == MINUTE


def test_a_server_that_was_away_at_the_deadline_still_gives_the_allowance() -> None:
    back = DEADLINE + 10 * MINUTE

    assert CLOCK.phase(back, listening_since=back) is Phase.CLOSING
    assert CLOCK.phase(back + RETURN_ALLOWANCE_MS, listening_since=back) is Phase.ENDED


def test_a_server_that_was_back_before_the_deadline_changes_nothing() -> None:
    assert CLOCK.closes_at(listening_since=NOON + MINUTE) == CLOCK.closes_at()


moments = st.integers(NOON - 10 * MINUTE, NOON + 100 * MINUTE)
clocks = st.builds(
    Clock,
    started_at=moments,
    limit_ms=st.none() | st.integers(MINUTE, 60 * MINUTE),
    ended_at=st.none() | moments,
)


@given(clocks, moments, moments, moments)
def test_phases_only_move_forward(clock: Clock, one: int, other: int, since: int) -> None:
    order = list(Phase)
    earlier, later = sorted([one, other])

    before, after = clock.phase(earlier, since), clock.phase(later, since)

    assert order.index(before) <= order.index(after)


@given(clocks, moments, moments)
def test_elapsed_never_goes_back(clock: Clock, one: int, other: int) -> None:
    earlier, later = sorted([one, other])

    assert clock.elapsed(earlier) <= clock.elapsed(later)


@given(clocks, moments)
def test_elapsed_never_passes_the_limit(clock: Clock, now: int) -> None:
    assert clock.limit_ms is None or clock.elapsed(now) <= clock.limit_ms


@given(clocks, moments, moments)
def test_an_open_clock_has_a_negative_time_exactly_while_reading(
    clock: Clock, now: int, since: int
) -> None:
    phase = clock.phase(now, since)

    assert phase is Phase.ENDED or (clock.elapsed(now) < 0) == (phase is Phase.READING)
