import pytest

from app.web.templating import clock_time, iso_time, plain_date, signed_time


@pytest.mark.parametrize(
    ("ms", "shown"),
    [
        (0, "0:00"),
        (999, "0:00"),
        (61_999, "1:01"),
        (300_000, "5:00"),
        (3_599_999, "59:59"),
        (3_600_000, "1:00:00"),
        (36_061_000, "10:01:01"),
        (None, "–"),
    ],
)
def test_a_time_as_a_clock_shows_it(ms: int | None, shown: str) -> None:
    assert clock_time(ms) == shown


def test_a_moment_for_machines_and_for_people() -> None:
    assert iso_time(1_760_000_461_000) == "2025-10-09T09:01:01Z"
    assert plain_date(1_760_000_461_000) == "09 Oct 2025, 09:01 UTC"


@pytest.mark.parametrize(
    ("ms", "shown"),
    [(61_000, "+1:01"), (-5_000, "−0:05"), (0, "0:00"), (None, "–"), (-3_600_000, "−1:00:00")],
)
def test_a_difference_has_its_sign(ms: int | None, shown: str) -> None:
    assert signed_time(ms) == shown
