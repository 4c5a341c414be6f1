from app.live.allowance import CAPACITY, PER_SECOND, Allowance
from tests.helpers import NOON


def test_a_burst_passes_up_to_the_capacity() -> None:
    allowance = Allowance()

    assert allowance.spend("a", 1, CAPACITY, NOON) == 0
    assert allowance.spend("a", CAPACITY + 1, 1, NOON) > 0


def test_what_was_refused_passes_after_the_time_that_was_said() -> None:
    allowance = Allowance()
    allowance.spend("a", 1, CAPACITY, NOON)

    wait = allowance.spend("a", CAPACITY + 1, 100, NOON)

    assert 0 < wait <= 100 / PER_SECOND * 1000 + 2
    assert allowance.spend("a", CAPACITY + 1, 100, NOON + wait) == 0


def test_it_fills_with_time_but_not_beyond_its_capacity() -> None:
    allowance = Allowance()
    allowance.spend("a", 1, CAPACITY, NOON)

    later = NOON + 3_600_000
    assert allowance.spend("a", CAPACITY + 1, CAPACITY, later) == 0
    assert allowance.spend("a", 2 * CAPACITY + 1, 1, later) > 0


def test_what_was_sent_behind_a_refused_batch_waits_for_it() -> None:
    allowance = Allowance()
    allowance.spend("a", 1, CAPACITY, NOON)
    wait = allowance.spend("a", 2_001, 100, NOON)

    later = NOON + 10 * wait
    assert allowance.spend("a", 2_101, 1, later) > 0
    assert allowance.spend("a", 2_001, 100, later) == 0
    assert allowance.spend("a", 2_101, 1, later) == 0


def test_other_sources_do_not_wait_for_the_refused_one() -> None:
    allowance = Allowance()
    allowance.spend("a", 1, CAPACITY - 10, NOON)
    assert allowance.spend("a", CAPACITY, 100, NOON) > 0

    assert allowance.spend("b", 1, 10, NOON) == 0


def test_a_clock_that_is_set_back_takes_nothing_away() -> None:
    allowance = Allowance()
    allowance.spend("a", 1, CAPACITY - 10, NOON)

    assert allowance.spend("a", CAPACITY, 10, NOON - 3_600_000) == 0
