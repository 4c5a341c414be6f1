"""Attempts of earlier, put into the database: to look back on one, nobody has to write it first."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import create_engine
from sqlmodel import Session

from app.practice.events import Event
from tests.helpers import NOON
from tests.storage.helpers import keep_attempt, keep_log


def stroke(number: int, second: float) -> Event:
    """Four tenths of a second long; each number lies lower on the page."""
    points = [2_000, 2_000 + 1_500 * number, 128, 0, 3_000, 0, 0, 400]
    data = {"stroke": f"s-{number}", "points": points, "end": True}
    return Event(round(second * 1_000), "ink", data)


def written(number: int, second: float, text: str) -> Event:
    data = {"row": f"r-{number}", "at": number, "text": text}
    return Event(round(second * 1_000), "line", data)


def keep_recorded(
    database: Path, name: str, lasted: int, events: Sequence[Event], at: int = NOON
) -> None:
    """An attempt on ols that has ended after `lasted` seconds, with a recording."""
    ended = Event(lasted * 1_000, "end", {"why": "done"})
    log = [Event(0, "start", {}), *sorted(events, key=lambda event: event.t), ended]
    engine = create_engine(f"sqlite:///{database}")
    with Session(engine) as session:
        keep_attempt(session, name, created_at=at, started_at=at, ended_at=at + ended.t)
        keep_log(session, name, log)
        session.commit()
    engine.dispose()
