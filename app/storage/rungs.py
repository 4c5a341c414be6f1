"""What was passed on the step ladder, and which missed steps were redone."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import func, insert
from sqlmodel import Session, SQLModel, col, select

from app.practice.archive.parts import RungAnswer
from app.practice.ladder import Rung, Standing
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


def redone_at(session: Session) -> dict[tuple[str, str], int]:
    """By derivation and step, when a missed step was last passed alone or looked at."""
    query = (
        select(RungRow.derivation, RungRow.step, func.max(RungRow.at))
        .where(RungRow.rung == Rung.REDO, col(RungRow.step).is_not(None))
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
