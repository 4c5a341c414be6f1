"""The plan of this library and these preferences, as the attempts so far have moved it."""

from collections.abc import Sequence

from app.library.models import Library
from app.practice.attempt import Mode
from app.practice.plan import Done, Plan, plan_of
from app.practice.preferences import Preferences
from app.web.summaries import Summary


def current_plan(
    library: Library, ended: Sequence[Summary], preferences: Preferences, now: int
) -> Plan:
    """`ended`: attempts, newest first."""
    done = [
        Done(summary.row.derivation, summary.row.day)
        for summary in reversed(ended)
        if summary.counted and summary.row.mode == Mode.COLD
    ]
    return plan_of(planned(library, preferences), done, preferences.day_of(now))


def planned(library: Library, preferences: Preferences) -> list[str]:
    questions = [one.question for one in library.originals]
    drilled = [question.id for question in questions if question.drill]
    return preferences.planned([question.id for question in questions], drilled)
