"""Preferences in the database: a row each, and none for what was never changed."""

import json
import logging
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, select

from app.practice.archive.parts import Choice
from app.practice.merging import changed_now, standing
from app.practice.preferences import Preferences, accepted, problem_with
from app.storage.tables import PreferenceRow

logger = logging.getLogger(__name__)


def read_preferences(session: Session) -> Preferences:
    """What is stored and does not fit, of another version perhaps, is left out and logged."""
    rows = session.exec(select(PreferenceRow).where(col(PreferenceRow.value).is_not(None)))
    values = {row.key: _value_of(row) for row in rows}
    values = {key: value for key, value in values.items() if value is not None}
    preferences, problems = accepted(values)
    for key, problem in problems.items():
        logger.warning("the preference %s is not used: %s", key, problem)
    return preferences


def find_preferences(engine: Engine) -> Preferences:
    """For pages that are shown whatever happens: defaults where the database does not answer."""
    try:
        with Session(engine) as session:
            return read_preferences(session)
    except SQLAlchemyError:
        logger.exception("the preferences could not be read")
        return Preferences()


def save_preferences(session: Session, preferences: Preferences, now: int) -> None:
    """Keeps what changes, and when. What is as the defaults are has no value of its own, so that
    these can become better ones."""
    values = preferences.model_dump(mode="json", exclude_defaults=True)
    rows = {row.key: row for row in session.exec(select(PreferenceRow))}
    for key in Preferences.model_fields:
        value, row = text_of(values.get(key)), rows.get(key)
        if row is None and value is not None:
            session.add(PreferenceRow(key=key, value=value, changed_at=changed_now(now, 0)))
        elif row is not None and row.value != value:
            row.value, row.changed_at = value, changed_now(now, row.changed_at)
            session.add(row)


def all_choices(session: Session) -> dict[str, Choice]:
    """By key, what was ever changed; what does not fit, of another version perhaps, is left out."""
    choices: dict[str, Choice] = {}
    for row in session.exec(select(PreferenceRow)):
        value = _value_of(row)
        if problem_with(row.key, value) is None:
            choices[row.key] = Choice(value=value, changed_at=row.changed_at)
    return choices


def merge_choices(session: Session, arriving: Mapping[str, Choice]) -> list[str]:
    """Keeps of each preference what was chosen last, and names those that are others now."""
    here = all_choices(session)
    changed = []
    for key, choice in arriving.items():
        value = text_of(choice.value)
        before = here.get(key)
        if before is not None and _standing(choice) <= _standing(before):
            continue
        session.merge(PreferenceRow(key=key, value=value, changed_at=choice.changed_at))
        if value != text_of(before.value if before else None):
            changed.append(key)
    return changed


def text_of(value: Any) -> str | None:
    """A value as it is kept: the same text for the same value. None for the default."""
    return None if value is None else json.dumps(value, sort_keys=True)


def _standing(choice: Choice) -> tuple[int, int, str]:
    return standing(choice.changed_at, text_of(choice.value) or "")


def _value_of(row: PreferenceRow) -> Any:
    """None for the default, and for what is no JSON."""
    try:
        return None if row.value is None else json.loads(row.value)
    except ValueError:
        logger.warning("the preference %s is stored as no JSON", row.key)
        return None
