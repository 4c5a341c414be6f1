"""What to aim for with a derivation, as the attempts so far say."""

from datetime import date

from sqlmodel import Session

from app.library.models import Derivation
from app.practice.preferences import Preferences, Targets
from app.practice.target import DAYS_OF_PRACTICE, Target, target_of, targets_of
from app.storage.progress import first_days, first_whole_on


def first_met(session: Session, derivation: Derivation, chosen: Targets) -> date | None:
    """The day on which the first target was met."""
    question = derivation.question
    limit_ms, _ = targets_of(question.minutes, chosen)
    return first_whole_on(session, question.id, derivation.must_steps, limit_ms)


def target_now(
    session: Session, derivation: Derivation, preferences: Preferences, today: date
) -> Target:
    minutes, chosen = derivation.question.minutes, preferences.targets
    met_on = first_met(session, derivation, chosen)
    # Its own day, and those that count.
    practised = first_days(session, met_on, 1 + DAYS_OF_PRACTICE) if met_on else []
    return target_of(minutes, met_on, practised, today, chosen)
