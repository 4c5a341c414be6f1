"""How many more runs until the target: a power law of practice, with its uncertainty.

The time T in which run number n, counted from 1 over all counted cold runs of a derivation, reaches
every key step is taken to be, up to scatter,

    T(n) = A · n^b,  b ≤ 0:   log T(n) = a + b · log n + ε,  ε normal with mean 0 and variance σ²

with a = log A. It falls quickly at first, ever more slowly later; practice does not lengthen it.

What a run says of T:

    all steps reached                T is known: when the last of them was reached
    a step missing, time ran out     T is more than the limit
    a step missing, ended earlier    T is more than the time at which it was ended. Not more than
                                     the limit: the step might have come a second later. So a run
                                     that was given up at once says next to nothing
    untimed                          nothing: without a clock nobody hurries
    guided                           nothing, and it has no number: verdicts cost time and hints
                                     save some, so its T bounds that of a cold run on neither side
    abandoned                        nothing, as everywhere

To leave the misses out would make the past look faster than it was, above all the early past,
where most of them are: the curve would look flatter. So would taking their bounds for times.

The law is that of greatest likelihood (the Tobit model): with r = (log t − a − b · log n) / σ for
the time t of a run, or its bound,

    log L = Σ over times of (−log σ − r² / 2)  +  Σ over bounds of log(1 − Φ(r))

in which Φ is the normal distribution function. Without bounds that is ordinary least squares. In
α = a/σ, β = b/σ, θ = 1/σ it is concave, so that Newton's method finds the one maximum. Where that
has β > 0, the maximum for β ≤ 0 has β = 0. One more term, −(LEAST_SCATTER · θ)² / 2, keeps θ finite
where the times lie on a law exactly; it is small beside the others where they do not.

The uncertainty is that of a bootstrap over the runs: in each draw every run counts with a random
weight, exponential with mean 1 (Rubin's Bayesian bootstrap; to draw the runs again with replacement
would be whole weights with mean 1, and some draws would hold no time). Each draw has its law, and
each law says when it is at the target. Told are the median of these, and between which numbers the
middle 80 % of them lie. A run keeps its weights when others come, so that the forecast moves by
what happened and by nothing else: a miss after clean runs brings the target no nearer.

There is no forecast (a `Silence` says why) for fewer than LEAST_RUNS known times among the last
RUNS_FITTED runs; when the law is there already; and where the draws do not agree: fewer than 90 %
of them reach the target within HORIZON more runs.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from app.practice.splits import Run

LEAST_RUNS = 5
HORIZON = 100
DRAWS = 200
# The latest runs say what comes; more of them would only take longer.
RUNS_FITTED = 100
# Nobody's times lie closer to a law than this, as a share of them.
LEAST_SCATTER = 0.02
LOW, MIDDLE, HIGH = 0.1, 0.5, 0.9
RUNS_DRAWN = 12
# Newton's method is done when a step would add no more than about half of its square to log L.
STEP_DONE = 1e-3
MOST_STEPS = 60

Numbers = NDArray[np.float64]


class Silence(StrEnum):
    """Why there is no forecast."""

    FEW = "few"
    THERE = "there"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Observed:
    """A run: its number, from 1, and in milliseconds its time; not `whole`, the time it would have
    taken is only known to be more."""

    number: int
    ms: int
    whole: bool = True


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


def observed_in(number: int, run: Run, limit_ms: int | None) -> Observed | None:
    """What a counted cold run says; None where it says nothing."""
    if limit_ms is None:
        return None
    return Observed(number, run.time_ms, run.reached == run.steps)


def forecast(
    observed: Sequence[Observed], last: int, target_ms: int, rng: np.random.Generator
) -> Forecast | Silence:
    """`observed`, of different numbers; `last`: the number of the latest run, whatever became of
    it. The same generator gives the same runs the same weights, others beside them or not."""
    recent = [one for one in observed if one.number > last - RUNS_FITTED]
    if sum(one.whole for one in recent) < LEAST_RUNS:
        return Silence.FEW
    weights = rng.exponential(size=(RUNS_FITTED, DRAWS))
    laws = fit(recent, weights[[one.number % RUNS_FITTED for one in recent]].T)
    more = _runs_until(laws, last, target_ms)
    low, middle, high = np.quantile(more, [LOW, MIDDLE, HIGH], method="higher")
    if middle <= 0:
        return Silence.THERE
    if high > HORIZON:
        return Silence.UNCLEAR
    return Forecast(int(middle), max(int(low), 1), int(high), _band(laws, last, int(high)))


def fit(observed: Sequence[Observed], weights: Numbers) -> Numbers:
    """The law (a, b) for each row of weights, which has one for each run."""
    whole = np.array([one.whole for one in observed])
    x = np.log([one.number for one in observed])
    y = np.log([max(one.ms, 1) for one in observed])
    # In columns that belong to α, β, θ: r = −runs @ (α, β, θ).
    runs = np.stack([np.ones_like(x), x, -y], axis=1)
    found = _likeliest(runs, whole, weights)
    longer = found[:, 1] > 0
    if longer.any():
        found[longer, 1] = 0
        found[longer, 0::2] = _likeliest(runs[:, 0::2], whole, weights[longer])
    return found[:, :2] / found[:, 2:]


def _likeliest(runs: Numbers, whole: NDArray[np.bool_], weights: Numbers) -> Numbers:
    """Where log L is greatest, for each row of weights: α, β if `runs` has a column for it, θ."""
    found = _nearest(runs, whole, weights)
    products = (runs[:, :, None] * runs[:, None, :]).reshape(len(runs), -1)
    times = weights[:, whole].sum(axis=1)
    for _ in range(MOST_STEPS):
        theta = found[:, -1]
        r = -found @ runs.T
        slope, bend = r.copy(), np.ones_like(r)
        slope[:, ~whole] = hazard(r[:, ~whole])
        bend[:, ~whole] = slope[:, ~whole] * (slope[:, ~whole] - r[:, ~whole])
        uphill = (weights * slope) @ runs
        uphill[:, -1] += times / theta - LEAST_SCATTER**2 * theta
        curvature = ((weights * bend) @ products).reshape(len(found), *2 * runs.shape[1:])
        curvature[:, -1, -1] += times / theta**2 + LEAST_SCATTER**2
        step = np.linalg.solve(curvature, uphill[:, :, None])[:, :, 0]
        gain = np.sqrt((step * uphill).sum(axis=1).clip(0))
        # Shorter while far away: a whole one could leave θ > 0.
        found += step / (1 + gain[:, None])
        if gain.max() < STEP_DONE:
            break
    return found


def _nearest(runs: Numbers, whole: NDArray[np.bool_], weights: Numbers) -> Numbers:
    """The same by least squares, with the bounds for times: where to begin."""
    x, y = runs[:, :-1], -runs[:, -1]
    across = np.einsum("dr,ri,rj->dij", weights, x, x)
    line = np.linalg.solve(across, ((weights * y) @ x)[:, :, None])[:, :, 0]
    squares = (weights * (y - line @ x.T) ** 2).sum(axis=1) + LEAST_SCATTER**2
    theta = np.sqrt(weights[:, whole].sum(axis=1) / squares)[:, None]
    return np.hstack([line * theta, theta])


# The hazard has no closed form that numpy knows: a table of it, almost straight between its places.
_PLACES = np.arange(-12, 36, 1 / 64)
_HAZARDS = np.array(
    [
        math.sqrt(2 / math.pi) * math.exp(-r * r / 2) / math.erfc(r / math.sqrt(2))
        for r in _PLACES.tolist()
    ]
)


def hazard(r: Numbers) -> Numbers:
    """φ(r) / (1 − Φ(r)): how fast log(1 − Φ) falls.

    >>> [round(float(one), 4) for one in hazard(np.array([-40.0, 0.0, 1.0, 100.0]))]
    [0.0, 0.7979, 1.5251, 100.01]
    """
    far = np.maximum(r, _PLACES[-1])
    inside: Numbers = np.interp(r, _PLACES, _HAZARDS)
    return np.where(r > _PLACES[-1], far + 1 / far, inside)


def _runs_until(laws: Numbers, last: int, target_ms: int) -> Numbers:
    """For each law the smallest number of more runs, from 0, after which it is at the target or
    below; more than HORIZON stands for never."""
    more = np.arange(HORIZON + 1)
    there = _times(laws, last + more) <= target_ms
    return np.where(there.any(axis=1), there.argmax(axis=1), HORIZON + 1)


def _times(laws: Numbers, numbers: NDArray[np.int_]) -> Numbers:
    a, b = laws.T[:, :, None]
    times: Numbers = np.exp(a + b * np.log(numbers))
    return times


def _band(laws: Numbers, last: int, high: int) -> tuple[Band, ...]:
    numbers = last + np.arange(max(high, RUNS_DRAWN) + 1)
    quantiles = np.quantile(_times(laws, numbers), [LOW, MIDDLE, HIGH], axis=0)
    return tuple(
        Band(int(number), *map(float, three))
        for number, three in zip(numbers, quantiles.T, strict=True)
    )
