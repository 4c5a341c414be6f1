"""Attempts as lists show them, and what they add up to for each derivation."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from app.library.models import Derivation, Library, step_order
from app.practice.attempt import Mode
from app.practice.comparison import PastRun
from app.practice.pace import Pace, pace_from
from app.practice.splits import Run, Splits, run_of
from app.practice.target import USUAL_MINUTES
from app.storage.attempts import list_ended
from app.storage.standings import Tally, judge_some, tallies
from app.storage.steps import reached_of
from app.storage.tables import AttemptRow

RECENT_ATTEMPTS = 400


@dataclass(frozen=True, slots=True)
class Summary:
    """One attempt in a list; `run` is None while it runs. The title is the id where the
    derivation is no longer in the library."""

    row: AttemptRow
    title: str
    run: Run | None
    splits: Splits

    @property
    def counted(self) -> bool:
        return self.row.end_why != "abandoned"

    @property
    def reviewed(self) -> bool:
        """Whether its steps mean something: nobody has looked for any before the first review."""
        return self.row.checked_at is not None or self.run is None or self.run.reached > 0

    @property
    def duration_ms(self) -> int:
        return (self.row.ended_at or self.row.started_at) - self.row.started_at


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one stands with a derivation: `pace` is None before the first clean cold run."""

    title: str
    attempts: int
    clean: int
    pace: Pace | None
    minutes: int = USUAL_MINUTES


def recent_summaries(session: Session, library: Library) -> list[Summary]:
    """The latest ended attempts, newest first: what is due, what was missed and which step costs
    most are read from these, so that they take no longer with the years."""
    return summaries(session, library, list_ended(session, count=RECENT_ATTEMPTS))


def summaries(session: Session, library: Library, rows: Sequence[AttemptRow]) -> list[Summary]:
    reached = reached_of(session, [row.id for row in rows])
    return [summary_of(row, reached[row.id].splits, library) for row in rows]


def summary_of(row: AttemptRow, splits: Splits, library: Library) -> Summary:
    derivation = library.derivations.get(row.derivation)
    title = title_of(row.derivation, library)
    # Without its derivation an attempt keeps the steps that were reached, and is not clean.
    must_steps = list(splits) if derivation is None else derivation.must_steps
    if row.ended_at is None:
        return Summary(row, title, None, splits)
    run = run_of(
        splits,
        must_steps,
        ended_ms=row.ended_at - row.started_at,
        limit_ms=row.limit_ms,
        abandoned=row.end_why == "abandoned" or derivation is None,
    )
    return Summary(row, title, run, splits)


def past_runs(attempts: Sequence[Summary]) -> list[PastRun]:
    """Those that have ended, to measure others by; splits in the order of the steps."""
    return [_past_run(one, one.run) for one in attempts if one.run is not None]


def _past_run(summary: Summary, run: Run) -> PastRun:
    row, splits = summary.row, summary.splits
    in_order = {step: splits[step] for step in sorted(splits, key=step_order)}
    return PastRun(row.id, row.mode == Mode.COLD, summary.counted, run, in_order)


def standings(session: Session, library: Library) -> dict[str, Standing]:
    """By derivation, the one that was attempted last first. Abandoned attempts do not count. To be
    asked for before rows are read: what has to be judged is committed."""
    must_steps = {name: one.must_steps for name, one in library.derivations.items()}
    tallied = tallies(session)
    while judge_some(session, tallied, must_steps):
        session.commit()
        tallied = tallies(session)
    return {
        name: _standing(title_of(name, library), tally, library.derivations.get(name))
        for name, tally in tallied.items()
    }


def _standing(title: str, tally: Tally, derivation: Derivation | None) -> Standing:
    if derivation is None:
        return Standing(title, tally.attempts, 0, None)
    pace = None
    if tally.cold:
        pace = pace_from(tally.latest_ms, best_ms=tally.best_ms, runs=tally.cold)
    return Standing(title, tally.attempts, tally.clean, pace, derivation.question.minutes)


def title_of(derivation: str, library: Library) -> str:
    """The id where the derivation is no longer in the library."""
    found = library.derivations.get(derivation)
    return derivation if found is None else found.question.title
