"""What was passed on the step ladder, and which missed steps were redone."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import ColumnElement, and_, func, insert, not_, or_
from sqlmodel import Session, SQLModel, col, select

from app.practice.archive.parts import RungAnswer
from app.practice.ladder import Rung, Standing, StepKey
from app.practice.merging import missing
from app.storage.tables import RungRow


def keep_rung(
    session: Session,
    derivation: str,
    rung: Rung,
    now: int,
    *,
    passed: bool,
    step: str | None = None,
) -> None:
    session.add(RungRow(derivation=derivation, rung=rung, step=step, passed=passed, at=now))


def standings_of(session: Session, derivation: str) -> dict[Rung, Standing]:
    """By rung, of all that were ever tried on a derivation."""
    newest = func.max(RungRow.at)
    query = (
        select(RungRow.rung, RungRow.passed, newest)
        .where(RungRow.derivation == derivation)
        .group_by(col(RungRow.rung), col(RungRow.passed))
    )
    found: dict[str, dict[bool, int]] = {}
    for rung, passed, at in session.exec(query):
        found.setdefault(rung, {})[passed] = at
    return {
        Rung(rung): Standing(passed_at=at.get(True), tried_at=max(at.values()))
        for rung, at in found.items()
    }


def redone_at(session: Session) -> dict[StepKey, int]:
    """When a step was last passed, alone or on the ladder, or looked at alone."""
    filled_in = and_(col(RungRow.rung) == Rung.MISSING, col(RungRow.passed))
    return _latest(session, or_(col(RungRow.rung) == Rung.REDO, filled_in))


def failed_at(session: Session) -> dict[StepKey, int]:
    """When a step was last failed on the ladder: not filled in, or its slip not found."""
    rungs = (Rung.MISSING, Rung.CORRUPTED)
    return _latest(session, and_(col(RungRow.rung).in_(rungs), not_(col(RungRow.passed))))


def _latest(session: Session, which: ColumnElement[bool]) -> dict[StepKey, int]:
    query = (
        select(RungRow.derivation, RungRow.step, func.max(RungRow.at))
        .where(which, col(RungRow.step).is_not(None))
        .group_by(col(RungRow.derivation), col(RungRow.step))
    )
    return {(derivation, step or ""): at for derivation, step, at in session.exec(query)}


def all_rungs(session: Session) -> list[RungAnswer]:
    """Oldest first; within a moment in an order that is the same on every device."""
    rows = session.exec(select(RungRow))
    answers = (
        RungAnswer(row.at, row.derivation, Rung(row.rung), row.step, row.passed) for row in rows
    )
    return sorted(
        answers, key=lambda one: (one.at, one.derivation, one.rung, one.step or "", one.passed)
    )


def merge_rungs(session: Session, answers: Sequence[RungAnswer]) -> int:
    """Adds those of these answers that are not here, and says how many they were."""
    added = missing(all_rungs(session), answers)
    if added:
        session.execute(insert(SQLModel.metadata.tables["rung"]), [asdict(one) for one in added])
    return len(added)
