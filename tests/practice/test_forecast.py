"""When a target will be reached, and when nobody can say."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.practice.forecast import (
    HORIZON,
    LEAST_RUNS,
    Forecast,
    Observed,
    Silence,
    forecast,
)

# A little above 3:00, so that rounding to milliseconds decides nothing.
THREE = 181_000


def rng() -> np.random.Generator:
    return np.random.default_rng(1)


def falling(count: int, noise: float = 0.0, exponent: float = 0.5) -> list[Observed]:
    """2:00 + 3:00 · n^(−c), which is at 3:00 when n is 9 for c = 1/2."""
    spread = np.random.default_rng(2).normal(0, noise, count)
    return [
        Observed(n, round(120_000 + 180_000 * n**-exponent + more))
        for n, more in enumerate(spread, start=1)
    ]


def test_an_exact_law_is_continued() -> None:
    found = forecast(falling(6), 6, THREE, rng())

    assert isinstance(found, Forecast)
    assert (found.runs, found.low) == (3, 3)
    assert found.band[0].number == 6
    assert found.high <= 4
    at_nine = found.band[3]
    assert at_nine.number == 9
    assert at_nine.middle_ms == pytest.approx(180_000, abs=1)


def test_noise_widens_the_range() -> None:
    exact, noisy = (forecast(falling(12, noise), 12, 165_000, rng()) for noise in (0, 3_000))

    assert isinstance(exact, Forecast)
    assert isinstance(noisy, Forecast)
    assert noisy.low <= noisy.runs <= noisy.high
    assert exact.high - exact.low < noisy.high - noisy.low


def test_the_same_generator_says_the_same() -> None:
    assert forecast(falling(8, 4_000), 8, 165_000, rng()) == forecast(
        falling(8, 4_000), 8, 165_000, rng()
    )


@pytest.mark.parametrize(
    ("observed", "why"),
    [
        ([], Silence.FEW),
        (falling(LEAST_RUNS - 1), Silence.FEW),
        # Nine are there already; so is somebody who was never slower.
        (falling(9), Silence.THERE),
        ([Observed(n, 100_000) for n in range(1, 8)], Silence.THERE),
        # No better from run to run, and worse.
        ([Observed(n, 250_000) for n in range(1, 8)], Silence.UNCLEAR),
        ([Observed(n, 200_000 + 9_000 * n) for n in range(1, 8)], Silence.UNCLEAR),
    ],
)
def test_where_it_is_silent(observed: list[Observed], why: Silence) -> None:
    assert forecast(observed, len(observed), THREE, rng()) is why


def test_runs_that_were_not_clean_count_as_practice() -> None:
    """The same times, with a miss before each: the law is stretched, and so is the way to go."""
    plain = forecast(falling(6), 6, THREE, rng())
    stretched = [Observed(2 * one.number, one.ms) for one in falling(6)]

    found = forecast(stretched, 12, THREE, rng())

    assert isinstance(plain, Forecast)
    assert isinstance(found, Forecast)
    assert found.runs > plain.runs


def test_the_order_of_the_runs_of_one_draw_does_not_matter_much() -> None:
    """Told backwards the same runs give the same law, up to what the draws make of it."""
    forwards = forecast(falling(8, 500), 8, 165_000, rng())
    backwards = forecast(falling(8, 500)[::-1], 8, 165_000, rng())

    assert isinstance(forwards, Forecast)
    assert isinstance(backwards, Forecast)
    assert abs(forwards.runs - backwards.runs) <= 2


observed = st.lists(st.integers(1_000, 600_000), max_size=12).map(
    lambda runs: [Observed(n, ms) for n, ms in enumerate(runs, start=1)]
)


@settings(max_examples=50, deadline=None)
@given(observed)
def test_it_is_silent_for_few_clean_runs_and_bounded_otherwise(runs: list[Observed]) -> None:
    found = forecast(runs, len(runs), THREE, rng())

    assert (found is Silence.FEW) == (len(runs) < LEAST_RUNS)
    if isinstance(found, Forecast):
        assert 1 <= found.low <= found.runs <= found.high <= HORIZON
        for band in found.band:
            assert 0 <= band.low_ms <= band.middle_ms <= band.high_ms
        assert [b.number for b in found.band] == list(range(len(runs), len(runs) + len(found.band)))
