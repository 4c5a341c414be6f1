"""Which local day a moment falls on, in any zone and on the days that clocks change."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.practice.days import day_of

BERLIN, HONOLULU = ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Honolulu")


def ms(text: str) -> int:
    """Milliseconds since 1970 of a moment with its offset."""
    return round(datetime.fromisoformat(text).timestamp() * 1000)


@pytest.mark.parametrize(
    ("moment", "berlin", "honolulu"),
    [
        # Half past eleven in the evening in Honolulu is the next morning in Berlin.
        ("2025-01-15T23:30-10:00", "2025-01-16", "2025-01-15"),
        ("2025-07-15T23:30-10:00", "2025-07-16", "2025-07-15"),
        # Midnight belongs to the day that begins.
        ("2025-01-15T23:59:59.999+01:00", "2025-01-15", "2025-01-15"),
        ("2025-01-16T00:00+01:00", "2025-01-16", "2025-01-15"),
        # Berlin, 30 March 2025: 02:00 becomes 03:00; the day has 23 hours.
        ("2025-03-29T23:00+00:00", "2025-03-30", "2025-03-29"),
        ("2025-03-30T21:59:59+00:00", "2025-03-30", "2025-03-30"),
        ("2025-03-30T22:00+00:00", "2025-03-31", "2025-03-30"),
        # Berlin, 26 October 2025: 03:00 becomes 02:00; the day has 25 hours.
        ("2025-10-25T22:00+00:00", "2025-10-26", "2025-10-25"),
        ("2025-10-26T22:59:59+00:00", "2025-10-26", "2025-10-26"),
        ("2025-10-26T23:00+00:00", "2025-10-27", "2025-10-26"),
    ],
)
def test_days_by_hand(moment: str, berlin: str, honolulu: str) -> None:
    assert day_of(ms(moment), BERLIN) == date.fromisoformat(berlin)
    assert day_of(ms(moment), HONOLULU) == date.fromisoformat(honolulu)


def test_without_a_zone_it_is_the_day_of_the_machine() -> None:
    noon = datetime(2025, 6, 1, 12).astimezone()

    assert day_of(round(noon.timestamp() * 1000), None) == date(2025, 6, 1)


@given(st.integers(0, 4_000_000_000_000), st.sampled_from([BERLIN, HONOLULU, UTC]))
def test_no_day_is_skipped_and_none_goes_on_for_ever(now: int, zone: ZoneInfo) -> None:
    """26 hours later it is a later day, and 22 hours later at most the next."""
    hour = 3_600_000

    assert day_of(now + 26 * hour, zone) > day_of(now, zone)
    assert (day_of(now + 22 * hour, zone) - day_of(now, zone)).days in (0, 1)
