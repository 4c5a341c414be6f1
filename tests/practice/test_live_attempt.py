"""A live attempt: its clock waits for a host, stands and is extended; who may write what."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import EventRefused
from app.practice.attempt import Attempt, Mode
from app.practice.clock import LONGEST_UNTIMED_MS, Clock, Phase, waiting_clock
from app.practice.events import DATA, Event
from app.practice.roles import MAY_SEND, Role
from tests.helpers import MINUTE, NOON, SECOND, ink, line, start
from tests.practice.test_events import GOOD

LIMIT = 5 * MINUTE


def waiting() -> Attempt:
    return Attempt("abcd", Mode.LIVE, 3, waiting_clock(NOON, LIMIT))


def after(attempt: Attempt, now: int, *events: Event, role: Role = Role.HOST) -> Attempt:
    for event in events:
        attempt = attempt.after(attempt.take(event, now, role), now)
    return attempt


def pause() -> Event:
    return Event(0, "pause", {})


def resume() -> Event:
    return Event(0, "resume", {})


def extend(ms: int) -> Event:
    return Event(0, "extend", {"ms": ms})


def refusal(attempt: Attempt, event: Event, now: int, role: Role) -> str:
    with pytest.raises(EventRefused) as caught:
        attempt.take(event, now, role)
    return caught.value.reason


def test_the_clock_waits_at_zero_until_a_host_starts_it() -> None:
    attempt = waiting()

    assert attempt.due(NOON + 10 * MINUTE) == []
    assert attempt.phase(NOON + 10 * MINUTE) is Phase.READING
    assert attempt.clock.elapsed(NOON + 10 * MINUTE) == 0
    assert refusal(attempt, ink(0), NOON + MINUTE, Role.CANDIDATE) == "not-now"

    begun = after(attempt, NOON + 10 * MINUTE, start())

    assert begun.phase(NOON + 11 * MINUTE) is Phase.RUNNING
    assert begun.clock.elapsed(NOON + 11 * MINUTE) == MINUTE
    assert begun.due(NOON + 11 * MINUTE) == []


def test_a_clock_that_stands_shows_the_same_time_and_then_goes_on() -> None:
    begun = after(waiting(), NOON, start())
    stood = after(begun, NOON + MINUTE, pause())

    assert stood.clock.elapsed(NOON + 40 * MINUTE) == MINUTE
    assert stood.phase(NOON + 40 * MINUTE) is Phase.PAUSED
    assert stood.due(NOON + 40 * MINUTE) == []

    going = after(stood, NOON + 40 * MINUTE, resume())

    assert going.clock.elapsed(NOON + 41 * MINUTE) == 2 * MINUTE
    assert going.next_due is not None
    assert going.next_due > NOON + 43 * MINUTE


def test_what_was_on_its_way_when_the_clock_was_stopped_is_taken_at_that_moment() -> None:
    stood = after(after(waiting(), NOON, start()), NOON + MINUTE, pause())

    taken = stood.take(ink(MINUTE + SECOND), NOON + 2 * MINUTE, Role.CANDIDATE)

    assert taken.t == MINUTE
    late = ink(MINUTE + 10 * SECOND)
    assert refusal(stood, late, NOON + 2 * MINUTE, Role.CANDIDATE) == "not-now"


def test_a_minute_more_moves_the_end() -> None:
    begun = after(waiting(), NOON, start(), extend(MINUTE))

    assert begun.clock.limit_ms == LIMIT + MINUTE
    assert begun.phase(NOON + LIMIT + SECOND) is Phase.RUNNING
    assert [event.code for event in begun.due(NOON + LIMIT + 2 * MINUTE)] == ["end"]


@pytest.mark.parametrize(
    ("event", "why"),
    [(extend(60 * MINUTE), "60 minutes"), (resume(), "runs already"), (start(), "already")],
)
def test_what_makes_no_sense_to_the_clock_is_refused(event: Event, why: str) -> None:
    begun = after(waiting(), NOON, start())
    with pytest.raises(EventRefused, match=why):
        begun.take(event, NOON + MINUTE, Role.HOST)


def test_a_clock_that_nobody_starts_ends_after_a_day_and_does_not_count() -> None:
    attempt = waiting()
    [begin, end] = attempt.due(NOON + LONGEST_UNTIMED_MS)
    assert begin == start()
    assert (end.code, end.t, end.data) == ("end", 0, {"why": "abandoned"})
    assert attempt.next_due == NOON + LONGEST_UNTIMED_MS


def test_what_a_host_draws_is_marked_as_the_hosts() -> None:
    begun = after(waiting(), NOON, start())

    assert begun.take(ink(1), NOON + SECOND, Role.HOST).data["by"] == "host"
    assert "by" not in begun.take(ink(1), NOON + SECOND, Role.CANDIDATE).data
    forged = Event(1, "ink", ink(1).data | {"by": "host"})
    assert refusal(begun, forged, NOON + SECOND, Role.CANDIDATE) == "malformed"


@pytest.mark.parametrize("role", [Role.HOST, Role.CANDIDATE, Role.WATCHER])
@pytest.mark.parametrize(("code", "data"), GOOD)
def test_a_role_sends_what_is_its_own_and_nothing_else(
    code: str, data: dict[str, Any], role: Role
) -> None:
    begun = after(waiting(), NOON, start())
    forbidden = False
    try:
        begun.take(Event(0, code, data), NOON + SECOND, role)
    except EventRefused as refused:
        forbidden = refused.reason == "forbidden"
    assert forbidden == (code not in MAY_SEND[role])


def test_every_code_belongs_to_somebody() -> None:
    assert frozenset().union(*MAY_SEND.values()) == set(DATA)


@given(
    st.lists(
        st.tuples(st.sampled_from(["pause", "resume", "extend", "wait"]), st.integers(0, 90_000)),
        max_size=30,
    )
)
def test_the_clock_never_goes_back_and_counts_only_the_time_that_it_runs(
    steps: list[tuple[str, int]],
) -> None:
    attempt, now, ran = after(waiting(), NOON, start()), NOON, 0
    for code, wait in steps:
        before = attempt.clock.elapsed(now)
        ran += 0 if attempt.clock.stands else wait
        now += wait
        assert attempt.clock.elapsed(now) >= before
        if attempt.phase(now) is Phase.ENDED:
            return
        event = Event(0, code, {"ms": SECOND} if code == "extend" else {})
        if code != "wait":
            try:
                attempt = after(attempt, now, event)
            except EventRefused:
                continue
        slack = sum(1 for other, _ in steps if other == "pause")
        assert abs(attempt.clock.elapsed(now) - min(ran, attempt.clock.runs_ms)) <= slack


def test_a_line_of_a_candidate_is_written() -> None:
    begun = after(waiting(), NOON, start())
    assert after(begun, NOON + SECOND, line(1), role=Role.CANDIDATE).written
    assert isinstance(begun.clock, Clock)
