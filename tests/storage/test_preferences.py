"""Preferences are kept, and what cannot be read does no harm."""

import pytest
from sqlalchemy import Engine, create_engine
from sqlmodel import Session, select

from app.practice.preferences import Preferences, Targets
from app.storage.preferences import find_preferences, read_preferences, save_preferences
from app.storage.tables import PreferenceRow
from tests.helpers import NOON

CHOSEN = Preferences(
    zone="Europe/Berlin",
    theme="dark",
    limit_ms=240_000,
    targets=Targets(from_ms=400_000, to_ms=200_000),
    plan_order=("b", "a"),
    plan_on=(),
    clock_shown=False,
    pen_width=90,
)


def test_an_empty_database_has_the_defaults(engine: Engine) -> None:
    assert find_preferences(engine) == Preferences()


def test_what_was_chosen_is_found_again(engine: Engine) -> None:
    with Session(engine) as session:
        save_preferences(session, CHOSEN, NOON)
        session.commit()

    assert find_preferences(engine) == CHOSEN


def test_what_is_as_it_always_was_is_not_kept(engine: Engine) -> None:
    with Session(engine) as session:
        save_preferences(session, CHOSEN, NOON)
        save_preferences(session, Preferences(theme="light"), NOON)
        session.commit()

        rows = session.exec(select(PreferenceRow)).all()
        assert {row.key: row.value for row in rows if row.value} == {"theme": '"light"'}
        save_preferences(session, Preferences(), NOON)
        assert not any(row.value for row in session.exec(select(PreferenceRow)))


@pytest.mark.parametrize(
    ("key", "value"), [("theme", '"sepia"'), ("theme", "{"), ("shoes", "1"), ("targets", "[]")]
)
def test_what_does_not_fit_is_left_out(engine: Engine, key: str, value: str) -> None:
    with Session(engine) as session:
        session.add(PreferenceRow(key=key, value=value))
        session.add(PreferenceRow(key="sounds", value="true"))

        assert read_preferences(session) == Preferences(sounds=True)


def test_without_a_database_there_are_the_defaults() -> None:
    assert find_preferences(create_engine("sqlite://")) == Preferences()
