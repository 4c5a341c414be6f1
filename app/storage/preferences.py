"""Preferences in the database: a row each, and none for what is as it always was."""

import json
import logging
from typing import Any

from sqlalchemy import Engine, delete
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, select

from app.practice.preferences import Preferences, accepted
from app.storage.tables import PreferenceRow

logger = logging.getLogger(__name__)


def read_preferences(session: Session) -> Preferences:
    """What is stored and does not fit, of another version perhaps, is left out and logged."""
    values: dict[str, Any] = {}
    for row in session.exec(select(PreferenceRow)):
        try:
            values[row.key] = json.loads(row.value)
        except ValueError:
            logger.warning("the preference %s is stored as no JSON", row.key)
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


def save_preferences(session: Session, preferences: Preferences) -> None:
    """Keeps what differs from the defaults, so that these can become better ones."""
    values = preferences.model_dump(mode="json", exclude_defaults=True)
    session.execute(delete(PreferenceRow).where(col(PreferenceRow.key).not_in(values)))
    for key, value in values.items():
        session.merge(PreferenceRow(key=key, value=json.dumps(value)))
