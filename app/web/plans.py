"""The plan of this library and these preferences, as the attempts so far have moved it."""

from sqlmodel import Session

from app.library.models import Library
from app.practice.plan import Done, Plan, plan_of
from app.practice.preferences import Preferences
from app.storage.standings import cold_days


def current_plan(session: Session, library: Library, preferences: Preferences, now: int) -> Plan:
    done = (Done(derivation, day) for derivation, day in cold_days(session))
    return plan_of(planned(library, preferences), done, preferences.day_of(now))


def planned(library: Library, preferences: Preferences) -> list[str]:
    questions = [one.question for one in library.originals]
    drilled = [question.id for question in questions if question.drill]
    return preferences.planned([question.id for question in questions], drilled)
