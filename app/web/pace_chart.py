"""Runs as marks in a plane, for the chart of a derivation: numbers in, positions out.

Positions are per cent of the plot, x from the left and y from the top, so that the chart is as
wide as its place while its marks and letters keep their size.

A chart library such as uPlot would draw the same on a canvas: nothing to see without scripts, and
the colours of the theme said a second time. A hundred marks are no work for SVG.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from app.practice.forecast import Band, Forecast, Silence
from app.practice.pace import RECENT_RUNS, pace_of
from app.practice.records import records_of
from app.practice.splits import Run
from app.practice.target import Target

MOST_RUNS = 100
MOST_GRID_LINES = 6
# In per cent of the height: labels that are closer lie on each other.
CLOSE = 7
# Room on both sides, so that no mark is cut off.
MARGIN = 0.5
ROUND_MS = (10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000)

Heights = tuple[tuple[float, int], ...]
"""Positions from the top, each with the time in milliseconds that belongs there."""


@dataclass(frozen=True, slots=True)
class ColdRun:
    """A counted cold run as the chart needs it; `number` from 1."""

    number: int
    attempt: str
    day: date
    run: Run
    limit_ms: int | None


@dataclass(frozen=True, slots=True)
class Mark:
    """A run in the chart. `pace_ms`: after this run, None before the first clean one; `outcome`:
    "record", "clean" or "miss"; `above`: it lies above the plot and is drawn at its edge."""

    x: float
    y: float
    of: ColdRun
    outcome: str
    pace_ms: int | None
    above: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """`pace`, `target` and `middle` are lines, `band` an area, each as points for SVG; `targets`:
    the heights of first and later target, with their times, and `grid`: those of round times that
    are not close to them."""

    marks: tuple[Mark, ...]
    pace: str
    target: str
    middle: str
    band: str
    grid: Heights
    targets: Heights
    last_number: int


def chart_of(
    runs: Sequence[ColdRun], best_before: int | None, target: Target, expected: Forecast | Silence
) -> Chart:
    """`runs`, oldest first, at least one; `best_before`: the best time of the clean ones before."""
    records = {runs[place].number for place in records_of([one.run for one in runs], best_before)}
    paces = _paces(runs)
    shown, paces = runs[-MOST_RUNS:], paces[-MOST_RUNS:]
    band = expected.band if isinstance(expected, Forecast) else ()
    plane = _plane(shown, target, band)
    targets = plane.heights((target.first_ms, target.later_ms))
    marks = tuple(
        Mark(
            plane.x(one.number),
            plane.y(one.run.time_ms),
            one,
            _outcome(one, records),
            pace_ms,
            one.run.time_ms > plane.most_ms,
        )
        for one, pace_ms in zip(shown, paces, strict=True)
    )
    return Chart(
        marks,
        _line(plane, [(mark.of.number, mark.pace_ms) for mark in marks]),
        _steps(plane, [(one.number, target.on(one.day)) for one in shown], target.ms),
        _line(plane, [(one.number, one.middle_ms) for one in band]),
        _line(plane, [(one.number, one.low_ms) for one in band])
        + " "
        + _line(plane, [(one.number, one.high_ms) for one in reversed(band)]),
        tuple(one for one in plane.heights(plane.grid()) if not _is_close(one, targets)),
        targets,
        round(plane.last),
    )


@dataclass(frozen=True, slots=True)
class _Plane:
    first: int
    last: int
    least_ms: int
    most_ms: int

    def x(self, number: float) -> float:
        width = self.last - self.first + 2 * MARGIN
        return round(100 * (number - self.first + MARGIN) / width, 2)

    def y(self, ms: float) -> float:
        inside = min(max(ms, self.least_ms), self.most_ms)
        return round(100 * (self.most_ms - inside) / (self.most_ms - self.least_ms), 2)

    def heights(self, times: Iterable[int]) -> Heights:
        return tuple((self.y(ms), ms) for ms in times)

    def grid(self) -> list[int]:
        """Round times in the plot, not too many."""
        span = self.most_ms - self.least_ms
        step = next((ms for ms in ROUND_MS if span <= MOST_GRID_LINES * ms), ROUND_MS[-1])
        return list(range(-(-self.least_ms // step) * step, self.most_ms + 1, step))


def _is_close(one: tuple[float, int], others: Heights) -> bool:
    return any(abs(one[0] - y) < CLOSE for y, _ in others)


def _plane(shown: Sequence[ColdRun], target: Target, band: Sequence[Band]) -> _Plane:
    """Both targets and all runs are in it; one that took twice the first target is at its edge."""
    times = [one.run.time_ms for one in shown]
    most = min(max(*times, target.first_ms) * 1.08, 2 * target.first_ms)
    least = min(*times, target.later_ms, *(one.low_ms for one in band)) * 0.9
    last = band[-1].number if band else shown[-1].number
    return _Plane(shown[0].number, last, int(least), int(most))


def _paces(runs: Sequence[ColdRun]) -> list[int | None]:
    clean: list[int] = []
    paces: list[int | None] = []
    for one in runs:
        if one.run.clean:
            clean.append(one.run.time_ms)
        pace = pace_of(clean[-RECENT_RUNS:])
        paces.append(pace.mean_ms if pace else None)
    return paces


def _outcome(one: ColdRun, records: set[int]) -> str:
    if one.number in records:
        return "record"
    return "clean" if one.run.clean else "miss"


def _line(plane: _Plane, points: Sequence[tuple[int, float | None]]) -> str:
    return " ".join(f"{plane.x(number)},{plane.y(ms)}" for number, ms in points if ms is not None)


def _steps(plane: _Plane, targets: Sequence[tuple[int, int]], now_ms: int) -> str:
    """The target of each run's day as a staircase, and that of today on to the right edge."""
    corners = [(0.0, plane.y(targets[0][1]))]
    for number, ms in targets:
        edge = plane.x(number - MARGIN)
        corners += [(edge, corners[-1][1]), (edge, plane.y(ms))]
    edge = plane.x(targets[-1][0] + MARGIN)
    corners += [(edge, corners[-1][1]), (edge, plane.y(now_ms)), (100.0, plane.y(now_ms))]
    return " ".join(f"{x},{y}" for x, y in corners)
