"""Attempts and clean runs of every derivation, counted by the database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, Subquery, exists, func, select, tuple_, union_all
from sqlmodel import Session, col

from app.practice.attempt import Mode
from app.storage.progress import is_counted
from app.storage.tables import AttemptRow, CheckedLineRow, CheckedStepRow, TickRow


@dataclass(frozen=True, slots=True)
class CleanRun:
    """A run that reached every step that must be reached inside its limit; `time_ms`: when the last
    of them was reached, on its clock."""

    derivation: str
    mode: str
    time_ms: int


def clean_runs(session: Session, must_steps: Mapping[str, Sequence[str]]) -> list[CleanRun]:
    """Of these derivations, oldest first. It is what `app.practice.splits.run_of` calls clean."""
    wanted = [(name, step) for name, steps in must_steps.items() for step in steps]
    splits = _splits()
    # A step without a moment of its own was there by the end.
    lasted = col(AttemptRow.ended_at) - col(AttemptRow.started_at)
    time_ms = func.max(func.coalesce(splits.c.split_ms, lasted))
    query = (
        select(col(AttemptRow.derivation), col(AttemptRow.mode), time_ms, func.count())
        .join(splits, splits.c.attempt_id == AttemptRow.id)
        .where(
            is_counted(),
            col(AttemptRow.limit_ms).is_not(None),
            # As rows to be looked up: joined as a table they would be gone through for each split.
            tuple_(col(AttemptRow.derivation), splits.c.step).in_(wanted),
        )
        .group_by(col(AttemptRow.id))
        .having(time_ms <= col(AttemptRow.limit_ms))
        .order_by(col(AttemptRow.created_at), col(AttemptRow.id))
    )
    return [
        CleanRun(derivation, mode, time_ms)
        for derivation, mode, time_ms, steps in session.connection().execute(query)
        if steps == len(must_steps[derivation])
    ]


def _splits() -> Subquery:
    """Each step that an attempt reached, once: as its writer ticked it, else as it was found in the
    first line that reaches it."""
    ticked: Select[*tuple[Any, ...]] = select(
        col(TickRow.attempt_id), col(TickRow.step), col(TickRow.split_ms).label("split_ms")
    ).where(col(TickRow.reached).is_(True))
    word_given = exists().where(
        col(TickRow.attempt_id) == CheckedStepRow.attempt_id,
        col(TickRow.step) == CheckedStepRow.step,
        col(TickRow.reached).is_not(None),
    )
    same = (col(CheckedStepRow.attempt_id), col(CheckedStepRow.step))
    found: Select[*tuple[Any, ...]] = (
        select(*same, func.min(CheckedLineRow.edited_ms))
        .join(
            CheckedLineRow,
            (col(CheckedLineRow.attempt_id) == CheckedStepRow.attempt_id)
            & (col(CheckedLineRow.line) == CheckedStepRow.line),
        )
        .where(~word_given)
        .group_by(*same)
    )
    return union_all(ticked, found).subquery("split")


def count_attempts(session: Session) -> dict[str, int]:
    """Counted attempts by derivation, the one that was begun last first."""
    query = (
        select(col(AttemptRow.derivation), func.count())
        .where(is_counted())
        .group_by(col(AttemptRow.derivation))
        .order_by(func.max(AttemptRow.created_at).desc(), col(AttemptRow.derivation))
    )
    return dict(iter(session.connection().execute(query)))


def count_ended(session: Session) -> dict[str, int]:
    """Ended attempts by derivation, those that were abandoned too."""
    query = (
        select(col(AttemptRow.derivation), func.count())
        .where(col(AttemptRow.ended_at).is_not(None), col(AttemptRow.deleted_at).is_(None))
        .group_by(col(AttemptRow.derivation))
        .order_by(func.max(AttemptRow.created_at).desc(), col(AttemptRow.derivation))
    )
    return dict(iter(session.connection().execute(query)))


def cold_days(session: Session) -> list[tuple[str, date]]:
    """Derivation and day of every counted cold attempt, oldest first."""
    query = (
        select(col(AttemptRow.derivation), col(AttemptRow.day))
        .where(is_counted(), col(AttemptRow.mode) == Mode.COLD.value)
        .order_by(col(AttemptRow.created_at), col(AttemptRow.id))
    )
    return [(derivation, day) for derivation, day in session.connection().execute(query)]
