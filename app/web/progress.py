"""Progress: how close one is, where the time goes, and what comes back.

Times and counts are shown of every derivation. Names of steps and slips answer something, and are
left out, or the page stays closed, while an attempt on the derivation or its family runs."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from app.library.cards import Deck, cards_of
from app.library.models import Derivation, Library, Question, Slip, Step
from app.practice.closeness import closeness_of, overall
from app.practice.forecast import LEAST_RUNS, Forecast, Silence, forecast, observed_in
from app.practice.pace import Pace
from app.practice.preferences import Preferences
from app.practice.segments import RECENT_RUNS as STEP_RUNS
from app.practice.segments import segments_of
from app.practice.spacing import Grade
from app.practice.splits import Run, Splits
from app.practice.streaks import streak_of, weeks_of
from app.practice.target import Target, target_of
from app.storage.progress import (
    SlipCount,
    count_cold,
    count_days,
    count_slips,
    latest_cold,
)
from app.storage.ratings import latest_grades
from app.storage.standings import best_before
from app.storage.steps import reached_of
from app.storage.tables import AttemptRow
from app.web.dependencies import LibraryDep, NowDep, OpenDerivation, Sealed, SessionDep
from app.web.drill import DECKS, NAMES
from app.web.pace_chart import ColdRun, chart_of
from app.web.plans import planned
from app.web.preferences import PreferencesDep
from app.web.summaries import Standing, standings, summary_of
from app.web.targets import first_met, target_now
from app.web.templating import render

# Further back than this a page does not look: it opens as quickly after years as after weeks.
MOST_RUNS = 200
SLIPS_SHOWN = 12

router = APIRouter()


@dataclass(frozen=True)
class Closeness:
    """Where one stands with a derivation; `percent` from 0 to 100."""

    question: Question
    attempts: int
    pace: Pace | None
    percent: float
    target: Target


@dataclass(frozen=True)
class ComingBack:
    """A slip with how often it came, and the step that it spoils; None where they are no longer in
    the library."""

    count: SlipCount
    title: str
    slip: Slip | None = None
    step: Step | None = None


@dataclass(frozen=True)
class Ratings:
    """A deck: how many cards it has, and how many of them were known how well the last time."""

    name: str
    deck: Deck
    cards: int
    grades: Counter[Grade]

    @property
    def unrated(self) -> int:
        return self.cards - self.grades.total()


@router.get("/progress")
def progress(
    request: Request,
    session: SessionDep,
    library: LibraryDep,
    sealed: Sealed,
    now: NowDep,
    preferences: PreferencesDep,
) -> HTMLResponse:
    today = preferences.day_of(now)
    standing = standings(session, library)
    counts = count_days(session)
    bars = closeness_bars(session, library, preferences, standing, list(counts), today)
    plan = planned(library, preferences)
    originals = [bar for bar in bars if bar.question.variant_of is None]
    in_plan = [bar for name in plan for bar in originals if bar.question.id == name]
    slips = [one for one in count_slips(session) if one.derivation not in sealed]
    returned = [one for one in slips if one.attempts > 1]
    return render(
        request,
        "progress/page.html",
        tried=bool(counts),
        today=today,
        in_plan=in_plan,
        others=[bar for bar in originals if bar.question.id not in plan],
        variants=[bar for bar in bars if bar.question.variant_of is not None],
        overall=overall([bar.percent for bar in in_plan]),
        streak=streak_of(counts, today),
        weeks=weeks_of(counts, today),
        slips=named_slips(returned[:SLIPS_SHOWN], library),
        made_once=len(slips) - len(returned),
        decks=deck_ratings(session, library),
    )


@router.get("/progress/{derivation_id}")
def derivation_progress(
    request: Request,
    derivation: OpenDerivation,
    session: SessionDep,
    library: LibraryDep,
    now: NowDep,
    preferences: PreferencesDep,
) -> HTMLResponse:
    question = derivation.question
    standing = standings(session, library).get(question.id)
    pace = standing.pace if standing else None
    rows = latest_cold(session, question.id, MOST_RUNS)
    reached = reached_of(session, [row.id for row in rows])
    splits = [reached[row.id].splits for row in rows]
    total = count_cold(session, question.id)
    runs = cold_runs(rows, splits, library, total)
    today = preferences.day_of(now)
    target = target_now(session, question, preferences, today)
    expected = expect(runs, total, target)
    earlier = best_before(session, question.id, rows[0].created_at) if rows else None
    return render(
        request,
        "progress/derivation.html",
        question=question,
        today=today,
        total=total,
        runs=runs,
        pace=pace,
        percent=closeness_of(pace, question.minutes, preferences.targets),
        target=target,
        expected=expected,
        Silence=Silence,
        least_runs=LEAST_RUNS,
        chart=chart_of(runs, earlier, target, expected) if runs else None,
        **step_parts(derivation, splits, rows),
        slips=named_slips(count_slips(session, question.id), library),
    )


def closeness_bars(
    session: Session,
    library: Library,
    preferences: Preferences,
    standing: Mapping[str, Standing],
    practised: Sequence[date],
    today: date,
) -> list[Closeness]:
    """Of every derivation, and of the variants that were tried."""
    chosen = preferences.targets
    bars = []
    for question in (one.question for one in library.derivations.values()):
        stand = standing.get(question.id)
        if stand is None and question.variant_of is not None:
            continue
        pace = stand.pace if stand else None
        met_on = first_met(session, question, chosen) if pace else None
        bars.append(
            Closeness(
                question,
                stand.attempts if stand else 0,
                pace,
                closeness_of(pace, question.minutes, chosen),
                target_of(question.minutes, met_on, practised, today, chosen),
            )
        )
    return bars


def cold_runs(
    rows: Sequence[AttemptRow],
    splits: Sequence[Splits],
    library: Library,
    total: int,
) -> list[ColdRun]:
    """The latest runs, oldest first; of `total`, so that the last one has that number."""
    runs: list[tuple[AttemptRow, Run]] = []
    for row, reached in zip(rows, splits, strict=True):
        run = summary_of(row, reached, library).run
        if run is not None:
            runs.append((row, run))
    return [
        ColdRun(number, row.id, row.day, run, row.limit_ms)
        for number, (row, run) in enumerate(runs, start=total - len(runs) + 1)
    ]


def expect(runs: Sequence[ColdRun], total: int, target: Target) -> Forecast | Silence:
    said = [observed_in(one.number, one.run, one.limit_ms) for one in runs]
    observed = [one for one in said if one is not None]
    # The same runs are to say the same whenever the page is opened.
    return forecast(observed, total, target.later_ms, np.random.default_rng(0))


def step_parts(
    derivation: Derivation, splits: Sequence[Splits], rows: Sequence[AttemptRow]
) -> dict[str, Any]:
    """What the bars of the steps need: segments, how often each step was reached lately."""
    must_steps = derivation.must_steps
    segments = segments_of(splits, must_steps)
    recent = splits[-STEP_RUNS:]
    return {
        "segments": segments,
        "longest_ms": max((step.median_ms for step in segments.steps), default=1) or 1
        if segments
        else 1,
        "steps": {step.number: step for step in derivation.steps},
        "reached": {number: sum(number in one for one in recent) for number in must_steps},
        "recent": len(recent),
        "gold_attempts": {
            step.step: rows[step.gold_run].id for step in (segments.steps if segments else ())
        },
    }


def named_slips(counts: Sequence[SlipCount], library: Library) -> list[ComingBack]:
    return [_named_slip(count, library.derivations.get(count.derivation)) for count in counts]


def _named_slip(count: SlipCount, derivation: Derivation | None) -> ComingBack:
    if derivation is None:
        return ComingBack(count, count.derivation)
    slip = next((slip for slip in derivation.slips if slip.id == count.slip), None)
    step = derivation.step(slip.step) if slip else None
    return ComingBack(count, derivation.question.title, slip, step)


def deck_ratings(session: Session, library: Library) -> list[Ratings]:
    grades = latest_grades(session)
    decks = []
    for deck in DECKS:
        cards = cards_of(library, deck)
        known = Counter(grades[card.id] for card in cards if card.id in grades)
        decks.append(Ratings(NAMES[deck], deck, len(cards), known))
    return decks
