"""When a target will be reached, and when nobody can say."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.practice.forecast import (
    HORIZON,
    LEAST_RUNS,
    RUNS_FITTED,
    Forecast,
    Observed,
    Silence,
    fit,
    forecast,
    hazard,
    observed_in,
)
from app.practice.splits import Run
from tests.helpers import MINUTE, SECOND

# A little above 3:00, so that rounding to milliseconds decides nothing.
THREE = 181_000


def rng() -> np.random.Generator:
    return np.random.default_rng(1)


def falling(count: int, noise: float = 0.0, exponent: float = 0.5) -> list[Observed]:
    """9:00 · n^(−1/2), which is at 3:00 when n is 9."""
    spread = np.random.default_rng(2).normal(0, noise, count)
    return [
        Observed(n, round(540_000 * n**-exponent * math.exp(more)))
        for n, more in enumerate(spread, start=1)
    ]


def law_of(observed: list[Observed]) -> tuple[float, float]:
    """A in milliseconds and b, every run with the same weight."""
    a, b = fit(observed, np.ones((1, len(observed))))[0]
    return math.exp(a), b


@pytest.mark.parametrize(
    ("reached", "time_ms", "limit_ms", "says"),
    [
        (4, 4 * MINUTE, 5 * MINUTE, Observed(7, 4 * MINUTE)),
        # The time ran out; it was ended earlier; it was given up at once.
        (3, 5 * MINUTE, 5 * MINUTE, Observed(7, 5 * MINUTE, whole=False)),
        (3, 2 * MINUTE, 5 * MINUTE, Observed(7, 2 * MINUTE, whole=False)),
        (0, 3 * SECOND, 5 * MINUTE, Observed(7, 3 * SECOND, whole=False)),
        # Whole, with a step that was ticked after the limit: late, but known.
        (4, 6 * MINUTE, 5 * MINUTE, Observed(7, 6 * MINUTE)),
        (4, 4 * MINUTE, None, None),
        (3, 4 * MINUTE, None, None),
    ],
)
def test_what_a_run_says(
    reached: int, time_ms: int, limit_ms: int | None, says: Observed | None
) -> None:
    run = Run(reached, 4, reached == 4 and time_ms <= 5 * MINUTE, time_ms)

    assert observed_in(7, run, limit_ms) == says


def test_the_law_of_three_times_by_hand() -> None:
    """8:00, 4:00 and 4:00 at runs 1, 2 and 4. In powers of two log T is 3, 2, 2 and log n 0, 1, 2:
    b is −1/2, and a, at the mean of both, 7/3 + 1/2."""
    most, b = law_of([Observed(1, 480_000), Observed(2, 240_000), Observed(4, 240_000)])

    assert b == pytest.approx(-1 / 2, abs=1e-9)
    assert most == pytest.approx(60_000 * 2 ** (7 / 3 + 1 / 2), rel=1e-9)


def test_a_bound_far_below_the_law_says_nothing_and_one_above_it_lifts_it() -> None:
    times = falling(8, 0.05)
    most, b = law_of(times)

    assert law_of([*times, Observed(9, 1_000, whole=False)]) == pytest.approx((most, b), rel=1e-4)
    lifted_most, lifted_b = law_of([*times, Observed(9, 300_000, whole=False)])
    assert lifted_most * 9**lifted_b > 1.05 * most * 9**b


def test_a_miss_stands_for_the_mean_of_what_it_may_have_been() -> None:
    """At the maximum the law is that of least squares over the times and, for each bound c, over
    μ + σ · φ(r) / (1 − Φ(r)) with r = (c − μ) / σ: the mean of a normal variable beyond c."""
    observed = [
        Observed(one.number, 250_000, whole=False) if one.number in (1, 2, 6) else one
        for one in falling(12, 0.1)
    ]
    most, b = law_of(observed)
    x = np.log([one.number for one in observed])
    y = np.log([one.ms for one in observed])
    whole = np.array([one.whole for one in observed])
    law = math.log(most) + b * x

    def stands_for(sigma: float) -> np.ndarray:
        means = law + sigma * hazard((y - law) / sigma)
        return np.where(whole, y, means)

    # σ is what the squares add up to when what is not known scatters as it must.
    sigma = 0.1
    for _ in range(200):
        r = (y - law) / sigma
        scatter = np.where(whole, 0, sigma**2 * (1 + r * hazard(r) - hazard(r) ** 2))
        sigma = math.sqrt(np.mean((stands_for(sigma) - law) ** 2 + scatter))
    slope, height = np.polyfit(x, stands_for(sigma), 1)
    assert (height, slope) == pytest.approx((math.log(most), b), abs=3e-3)


def test_times_alone_are_fitted_by_least_squares() -> None:
    times = falling(20, 0.2)
    slope, height = np.polyfit(
        np.log([one.number for one in times]), np.log([one.ms for one in times]), 1
    )

    most, b = law_of(times)

    assert (math.log(most), b) == pytest.approx((height, slope), abs=1e-9)


def test_practice_does_not_lengthen() -> None:
    """Where times grow, the law is their geometric mean, the bounds among them or not."""
    times = [Observed(n, 200_000 + 9_000 * n) for n in range(1, 8)]
    mean = math.exp(np.mean(np.log([one.ms for one in times])))

    assert law_of(times) == pytest.approx((mean, 0))
    most, b = law_of([*times, Observed(8, 300_000, whole=False)])
    assert most > mean
    assert b == 0


def test_misses_tell_more_of_a_law_than_their_absence() -> None:
    """Of 10:00 · n^(−0.3), with a scatter of 20 %, every run over 5:00 is cut off there."""
    off: dict[str, list[float]] = {"with misses": [], "without": [], "taken for times": []}
    for seed in range(20):
        spread = np.random.default_rng(seed).normal(0, 0.2, 40)
        times = [600_000 * n**-0.3 * math.exp(more) for n, more in enumerate(spread, start=1)]
        observed = [
            Observed(n, round(min(ms, 300_000)), ms <= 300_000)
            for n, ms in enumerate(times, start=1)
        ]
        clean = [one for one in observed if one.whole]
        cut = [Observed(one.number, one.ms) for one in observed]
        for name, runs in zip(off, (observed, clean, cut), strict=True):
            off[name].append((law_of(runs)[1] + 0.3) ** 2)

    with_misses, without, taken_for_times = (np.mean(errors) for errors in off.values())
    assert with_misses < without / 2
    assert with_misses < taken_for_times / 2


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
    exact, noisy = (forecast(falling(12, noise), 12, 140_000, rng()) for noise in (0, 0.03))

    assert isinstance(exact, Forecast)
    assert isinstance(noisy, Forecast)
    assert noisy.low <= noisy.runs <= noisy.high
    assert exact.high - exact.low < noisy.high - noisy.low


def test_the_same_generator_says_the_same() -> None:
    assert forecast(falling(8, 0.03), 8, 165_000, rng()) == forecast(
        falling(8, 0.03), 8, 165_000, rng()
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


def test_misses_say_that_the_target_is_farther() -> None:
    """Beside five clean runs: ten that ran out of their five minutes are no other than none by
    their times, which are not known, and yet they say much."""
    clean = [Observed(3 * n, 290_000 - 20_000 * n) for n in range(1, 6)]
    misses = [Observed(n, 300_000, whole=False) for n in range(6, 16) if n % 3]

    alone = forecast(clean, 15, THREE, rng())
    found = forecast([*clean, *misses], 15, THREE, rng())

    assert isinstance(alone, Forecast)
    assert found is Silence.UNCLEAR or (isinstance(found, Forecast) and found.runs > alone.runs)


def test_only_known_times_of_the_last_runs_are_enough() -> None:
    misses = [Observed(n, 300_000, whole=False) for n in range(6, 30)]

    assert forecast([*falling(LEAST_RUNS - 1), *misses], 30, THREE, rng()) is Silence.FEW
    assert forecast(falling(9), 9 + 2 * RUNS_FITTED, THREE, rng()) is Silence.FEW


def test_the_order_of_the_runs_does_not_matter() -> None:
    runs = falling(8, 0.02)

    forwards = forecast(runs, 8, 165_000, rng())
    backwards = forecast(runs[::-1], 8, 165_000, rng())

    assert isinstance(forwards, Forecast)
    assert isinstance(backwards, Forecast)
    assert (forwards.runs, forwards.low, forwards.high) == (
        backwards.runs,
        backwards.low,
        backwards.high,
    )


times = st.integers(0, 600_000)
observed = st.lists(st.tuples(times, st.booleans()), max_size=12).map(
    lambda runs: [Observed(n, ms, whole) for n, (ms, whole) in enumerate(runs, start=1)]
)


def arrival(found: Forecast | Silence, last: int) -> float:
    """The number of the run that is expected at the target, by now at the earliest."""
    if isinstance(found, Forecast):
        return last + found.runs
    return last if found is Silence.THERE else math.inf


@settings(max_examples=50)
@given(
    st.lists(st.floats(-0.3, 0.3), min_size=LEAST_RUNS, max_size=20),
    st.floats(0, 0.6),
    st.integers(1_000, 600_000),
    st.floats(0.6, 1.2),
)
def test_a_miss_never_makes_the_forecast_earlier(
    spread: list[float], exponent: float, bound_ms: int, goal: float
) -> None:
    runs = [
        Observed(n, round(400_000 * n**-exponent * math.exp(more)))
        for n, more in enumerate(spread, start=1)
    ]
    last = len(runs)
    target_ms = round(goal * 400_000 * last**-exponent)

    before = forecast(runs, last, target_ms, rng())
    missed = [*runs, Observed(last + 1, bound_ms, whole=False)]
    after = forecast(missed, last + 1, target_ms, rng())

    if before is not Silence.UNCLEAR:  # nothing was said that could be compared
        assert arrival(after, last + 1) >= arrival(before, last)


@settings(max_examples=100)
@given(observed.filter(lambda runs: sum(one.whole for one in runs) >= LEAST_RUNS))
def test_a_law_is_finite_and_falls_whatever_the_runs(runs: list[Observed]) -> None:
    laws = fit(runs, rng().exponential(size=(20, len(runs))))

    assert np.isfinite(laws).all()
    assert (laws[:, 1] <= 0).all()


@settings(max_examples=50)
@given(observed)
def test_it_is_silent_for_few_clean_runs_and_bounded_otherwise(runs: list[Observed]) -> None:
    found = forecast(runs, len(runs), THREE, rng())

    assert found == forecast(runs, len(runs), THREE, rng())
    assert (found is Silence.FEW) == (sum(one.whole for one in runs) < LEAST_RUNS)
    if isinstance(found, Forecast):
        assert 1 <= found.low <= found.runs <= found.high <= HORIZON
        for band in found.band:
            assert 0 <= band.low_ms <= band.middle_ms <= band.high_ms
        assert [b.number for b in found.band] == list(range(len(runs), len(runs) + len(found.band)))
