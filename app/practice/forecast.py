"""How many more runs until the target: a power law of practice, with its uncertainty.

The time of run number n, counted from 1 over all counted cold runs of a derivation, is taken to be

    t(n) = a + b · n^(−c),   a ≥ 0,  b ≥ 0,  c of EXPONENTS

in milliseconds: it falls quickly at first, ever more slowly later, towards a. For each exponent
a and b are those of least squares; the exponent with the smallest loss is taken.

Only clean runs give a time. The others are left out: one that missed a step would have become whole
a second later or never, nobody knows which, and taken for a slow run a single blank would outweigh
the trend of all others. They count as practice, though: n goes on. What is lost with them are slow
runs, most of them early ones, so that the curve looks flatter than it is: if the forecast errs by
that, it says too many runs rather than too few.

The uncertainty is that of a bootstrap: the runs are drawn again with replacement, the law is fitted
to each draw, and each fit says when it reaches the target. Told are the median of these, and
between which numbers the middle 80 % of them lie.

There is no forecast (a `Silence` says why) for fewer than LEAST_RUNS clean runs; when the fit is
there already; and where the draws do not agree: fewer than 90 % of them reach the target within
HORIZON more runs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

LEAST_RUNS = 5
HORIZON = 100
DRAWS = 200
# The latest runs say what comes; more of them would only take longer.
RUNS_FITTED = 100
EXPONENTS = np.array([0.1, 0.2, 0.35, 0.5, 0.75, 1.0, 1.5])
LOW, MIDDLE, HIGH = 0.1, 0.5, 0.9
RUNS_DRAWN = 12

Numbers = NDArray[np.float64]


class Silence(StrEnum):
    """Why there is no forecast."""

    FEW = "few"
    THERE = "there"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Observed:
    """A clean run: its number, from 1, and its time in milliseconds."""

    number: int
    ms: int


@dataclass(frozen=True, slots=True)
class Band:
    """The law at a run's number, in milliseconds: between `low_ms` and `high_ms` lie the middle
    80 % of the draws."""

    number: int
    low_ms: float
    middle_ms: float
    high_ms: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """`runs` more until the target, probably `low` to `high`; `band` over the runs to come."""

    runs: int
    low: int
    high: int
    band: tuple[Band, ...]


def forecast(
    observed: Sequence[Observed], last: int, target_ms: int, rng: np.random.Generator
) -> Forecast | Silence:
    """`observed`, oldest first; `last`: the number of the latest run, whatever became of it."""
    if len(observed) < LEAST_RUNS:
        return Silence.FEW
    laws = _draw_laws(observed[-RUNS_FITTED:], rng)
    more = _runs_until(laws, last, target_ms)
    low, middle, high = np.quantile(more, [LOW, MIDDLE, HIGH], method="higher")
    if middle <= 0:
        return Silence.THERE
    if high > HORIZON:
        return Silence.UNCLEAR
    return Forecast(int(middle), max(int(low), 1), int(high), _band(laws, last, int(high)))


def _draw_laws(observed: Sequence[Observed], rng: np.random.Generator) -> Numbers:
    """Fitted (a, b, c), a row for each draw."""
    numbers = np.array([one.number for one in observed], dtype=float)
    times = np.array([one.ms for one in observed], dtype=float)
    drawn = rng.integers(len(observed), size=(DRAWS, len(observed)))
    return _fit(numbers[drawn], times[drawn])


def _fit(numbers: Numbers, times: Numbers) -> Numbers:
    """The best law for each row of runs."""
    # Axes: draw, exponent, run.
    x = numbers[:, None, :] ** -EXPONENTS[:, None]
    y = times[:, None, :]
    a, b = _line(x, np.broadcast_to(y, x.shape))
    loss = ((y - a[..., None] - b[..., None] * x) ** 2).sum(axis=2)
    rows, best = np.arange(len(loss)), loss.argmin(axis=1)
    return np.stack([a[rows, best], b[rows, best], EXPONENTS[best]], axis=1)


def _line(x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
    """a and b, neither below 0, for which a + b x is nearest to y, along the last axis."""
    mean_x, mean_y = x.mean(axis=-1), y.mean(axis=-1)
    spread = ((x - mean_x[..., None]) ** 2).sum(axis=-1)
    shared = ((x - mean_x[..., None]) * y).sum(axis=-1)
    b = np.maximum(np.divide(shared, spread, out=np.zeros_like(shared), where=spread > 1e-12), 0)
    a = mean_y - b * mean_x
    through_zero = (x * y).sum(axis=-1) / (x * x).sum(axis=-1)
    return np.where(a < 0, 0, a), np.where(a < 0, through_zero, b)


def _runs_until(laws: Numbers, last: int, target_ms: int) -> Numbers:
    """For each law the smallest number of more runs, from 0, after which it is at the target or
    below; more than HORIZON stands for never."""
    more = np.arange(HORIZON + 1)
    there = _times(laws, last + more) <= target_ms
    return np.where(there.any(axis=1), there.argmax(axis=1), HORIZON + 1)


def _times(laws: Numbers, numbers: NDArray[np.int_]) -> Numbers:
    a, b, c = laws.T[:, :, None]
    times: Numbers = a + b * numbers.astype(float) ** -c
    return times


def _band(laws: Numbers, last: int, high: int) -> tuple[Band, ...]:
    numbers = last + np.arange(max(high, RUNS_DRAWN) + 1)
    quantiles = np.quantile(_times(laws, numbers), [LOW, MIDDLE, HIGH], axis=0)
    return tuple(
        Band(int(number), *map(float, three))
        for number, three in zip(numbers, quantiles.T, strict=True)
    )
