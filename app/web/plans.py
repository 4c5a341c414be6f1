"""The plan of this library and these preferences, as the attempts so far have moved it, and the
days on which derivations are due again."""

from collections.abc import Sequence

from sqlmodel import Session

from app.library.models import Library
from app.practice.due import Due, Outcome, schedule
from app.practice.plan import Done, Plan, plan_of
from app.practice.preferences import Preferences
from app.practice.splits import Run
from app.practice.target import targets_of
from app.storage.standings import cold_days
from app.web.summaries import Summary


def current_plan(session: Session, library: Library, preferences: Preferences, now: int) -> Plan:
    order = planned(library, preferences)
    done = (Done(derivation, day) for derivation, day in cold_days(session, order))
    return plan_of(order, done, preferences.day_of(now))


def planned(library: Library, preferences: Preferences) -> list[str]:
    questions = [one.question for one in library.originals]
    drilled = [question.id for question in questions if question.drill]
    return preferences.planned([question.id for question in questions], drilled)


def days_due(library: Library, ended: Sequence[Summary], preferences: Preferences) -> list[Due]:
    """When the derivations of this library are due again, the earliest first. `ended`: attempts,
    newest first."""
    chosen = preferences.targets
    outcomes: dict[str, list[Outcome]] = {}
    for summary in reversed(ended):
        if summary.run is not None and summary.row.derivation in library.derivations:
            outcomes.setdefault(summary.row.derivation, []).append(outcome_of(summary, summary.run))
    due = [
        one
        for name, told in outcomes.items()
        for one in schedule(told, targets_of(library[name].question.minutes, chosen)[1])
    ]
    return sorted(due, key=lambda one: (one.day, one.last.at))


def outcome_of(summary: Summary, run: Run) -> Outcome:
    return Outcome(
        derivation=summary.row.derivation,
        at=summary.row.created_at,
        day=summary.row.day,
        mode=summary.row.mode,
        lasted_ms=summary.duration_ms,
        reviewed=summary.reviewed,
        abandoned=not summary.counted,
        run=run,
    )
