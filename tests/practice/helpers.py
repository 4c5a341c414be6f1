"""An attempt at rest, and what makes it move."""

import pytest

from app.errors import EventRefused
from app.practice.attempt import Attempt, Mode
from app.practice.clock import Clock
from app.practice.events import Event
from tests.helpers import MINUTE, NOON

LIMIT = 5 * MINUTE
READING = 30_000
DEADLINE = NOON + LIMIT


def attempt(
    mode: Mode = Mode.COLD,
    limit_ms: int | None = LIMIT,
    hint_count: int = 3,
    listening_since: int = 0,
) -> Attempt:
    """An attempt whose clock starts at NOON."""
    return Attempt(
        id="abcd",
        mode=mode,
        hint_count=hint_count,
        clock=Clock(NOON, limit_ms),
        listening_since=listening_since,
    )


def started(mode: Mode = Mode.COLD, limit_ms: int | None = LIMIT, hint_count: int = 3) -> Attempt:
    """An attempt whose start is in the log."""
    return settled(attempt(mode, limit_ms, hint_count), NOON)


def settled(attempt: Attempt, now: int) -> Attempt:
    for event in attempt.due(now):
        attempt = attempt.after(event, now)
    return attempt


def taken(attempt: Attempt, event: Event, now: int) -> Attempt:
    return attempt.after(attempt.take(event, now), now)


def assert_refuses(attempt: Attempt, event: Event, now: int, reason: str) -> None:
    with pytest.raises(EventRefused) as refusal:
        attempt.take(event, now)

    assert refusal.value.reason == reason
    assert refusal.value.detail
