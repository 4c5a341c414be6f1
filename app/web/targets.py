"""What to aim for with a derivation, as the attempts so far say, once they have been judged."""

from datetime import date

from sqlmodel import Session

from app.library.models import Question
from app.practice.preferences import Preferences, Targets
from app.practice.target import Target, target_of, targets_of
from app.storage.progress import first_days
from app.storage.standings import first_clean_on


def first_met(session: Session, question: Question, chosen: Targets) -> date | None:
    """The day on which the first target was met."""
    first_ms, _ = targets_of(question.minutes, chosen)
    return first_clean_on(session, question.id, first_ms)


def target_now(
    session: Session, question: Question, preferences: Preferences, today: date
) -> Target:
    chosen = preferences.targets
    met_on = first_met(session, question, chosen)
    # Its own day, and those that count.
    practised = first_days(session, met_on, 1 + chosen.days) if met_on else []
    return target_of(question.minutes, met_on, practised, today, chosen)
