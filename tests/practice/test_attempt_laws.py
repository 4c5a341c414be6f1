"""What holds for every attempt, whatever is sent to it and whenever."""

from hypothesis import given
from hypothesis import strategies as st

from app.errors import EventRefused
from app.practice.attempt import Mode
from app.practice.clock import Phase
from app.practice.events import Event
from tests.helpers import MINUTE, NOON, end, hint, ink, line, mark, start
from tests.practice.helpers import LIMIT, attempt

times = st.integers(0, 7 * MINUTE)
sent = st.one_of(
    st.builds(ink, times),
    st.builds(line, times),
    st.builds(mark, times),
    st.builds(hint, times, st.integers(1, 4)),
    st.builds(end, times, st.sampled_from(["done", "time", "abandoned"])),
    st.builds(start),
)
scripts = st.lists(st.tuples(st.integers(0, 2 * MINUTE), sent), max_size=25)


def played(mode: Mode, limit_ms: int | None, script: list[tuple[int, Event]]) -> list[Event]:
    """The log after events came in, each so many milliseconds after the one before."""
    now = NOON - MINUTE
    current = attempt(mode, limit_ms)
    log: list[Event] = []
    for wait, event in script:
        now += wait
        for due in current.due(now):
            current = current.after(due, now)
            log.append(due)
        elapsed = current.clock.elapsed(now)
        try:
            accepted = current.take(event, now)
        except EventRefused:
            continue
        assert accepted.t <= max(elapsed, 0)
        current = current.after(accepted, now)
        log.append(accepted)
        assert attempt(mode, limit_ms).replayed(log).hints_taken == current.hints_taken
    assert (current.phase(now) is Phase.ENDED) >= any(event.code == "end" for event in log)
    return log


@given(st.sampled_from(Mode), st.sampled_from([LIMIT, None]), scripts)
def test_every_log_is_well_formed(
    mode: Mode, limit_ms: int | None, script: list[tuple[int, Event]]
) -> None:
    log = played(mode, limit_ms, script)

    codes = [event.code for event in log]
    assert codes[:1] in ([], ["start"])
    assert codes.count("start") <= 1
    assert "end" not in codes[:-1]
    hints = [event.data["number"] for event in log if event.code == "hint"]
    assert hints == list(range(1, len(hints) + 1))
    assert mode is Mode.GUIDED or not hints
    assert all(event.t >= 0 and (limit_ms is None or event.t <= limit_ms) for event in log)
    whys = [event.data["why"] for event in log if event.code == "end"]
    assert "time" not in whys or "ink" in codes or "line" in codes
