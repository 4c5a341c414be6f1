"""Attempts and clean runs of every derivation, counted by the database.

Whether a run is clean, `app.practice.splits.run_of` says. Of ten thousand runs it would take half a
second to find that out anew for each page, from all their steps. So what it said is kept with the
attempt, until something is found, ticked or brought in that changes its steps, or the derivation
gets other steps that must be reached: then `judged_by` no longer names those of today.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, bindparam, func, select, update
from sqlmodel import Session, SQLModel, col

from app.practice.attempt import Mode
from app.practice.pace import RECENT_RUNS
from app.practice.splits import run_of
from app.storage.attempts import OWN
from app.storage.progress import is_counted
from app.storage.steps import reached_of
from app.storage.tables import AttemptRow

# A commit of so many runs keeps nobody waiting who writes meanwhile.
JUDGED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Tally:
    """The counted attempts on a derivation, and those of them that were clean; of the clean ones
    that were cold how many, the best time and the latest times, as many as make a pace, oldest
    first. `judged_by`: the least and the greatest word of what they were judged by."""

    attempts: int
    judged_by: tuple[str, str]
    clean: int
    cold: int
    best_ms: int
    latest_ms: tuple[int, ...]


def judge_some(
    session: Session, tallied: Mapping[str, Tally], must_steps: Mapping[str, Sequence[str]]
) -> int:
    """Has the rules judge attempts on these derivations that nobody has judged since their steps
    changed, and says how many. There may be more: commit, tally, and call again until it is 0."""
    judged = 0
    for derivation, tally in tallied.items():
        steps = must_steps.get(derivation)
        if steps is not None and tally.judged_by != 2 * (_name(steps),):
            judged += _judge(session, derivation, steps, JUDGED_AT_ONCE - judged)
        if judged >= JUDGED_AT_ONCE:
            break
    return judged


def _judge(session: Session, derivation: str, steps: Sequence[str], most: int) -> int:
    """The attempts are claimed before their steps are read: whoever ticks one meanwhile waits, and
    takes the word back that was kept too early."""
    stale = (
        select(_ATTEMPT.id)
        .where(
            is_counted(),
            _ATTEMPT.derivation == derivation,
            _ATTEMPT.judged_by.is_distinct_from(_name(steps)),
        )
        .limit(most)
    )
    session.flush()
    claimed = session.connection().execute(
        update(_TABLE)
        .where(_ATTEMPT.id.in_(stale))
        .values(judged_by=_name(steps), clean_ms=None)
        .returning(_ATTEMPT.id, _ATTEMPT.started_at, _ATTEMPT.ended_at, _ATTEMPT.limit_ms)
    )
    rows = claimed.all()
    reached = reached_of(session, [row.id for row in rows])
    clean = []
    for attempt_id, started_at, ended_at, limit_ms in rows:
        run = run_of(
            reached[attempt_id].splits,
            steps,
            ended_ms=ended_at - started_at,
            limit_ms=limit_ms,
            abandoned=False,
        )
        if run.clean:
            clean.append({"of": attempt_id, "ms": run.time_ms})
    if clean:
        keep = update(_TABLE).where(_ATTEMPT.id == bindparam("of"))
        session.connection().execute(keep.values(clean_ms=bindparam("ms")), clean)
    return len(rows)


def _name(steps: Sequence[str]) -> str:
    return " ".join(steps)


def tallies(session: Session) -> dict[str, Tally]:
    """By derivation, the one that was attempted last first; clean as far as they were judged."""
    ask = session.connection().execute
    return {
        derivation: Tally(
            attempts,
            (least, greatest),
            clean,
            cold,
            best_ms,
            tuple(ask(_LATEST, {"derivation": derivation}).scalars())[::-1] if cold else (),
        )
        for derivation, attempts, least, greatest, clean, cold, best_ms in ask(_TALLY).all()
    }


def first_clean_on(session: Session, derivation: str, most_ms: int) -> date | None:
    """The day of the first clean cold run that took no longer, as far as they were judged."""
    named = {"derivation": derivation, "most_ms": most_ms}
    return session.connection().execute(_FIRST_CLEAN, named).scalar()


def best_before(session: Session, derivation: str, moment: int) -> int | None:
    """The best time of the clean cold runs that were begun before, as far as they were judged."""
    named = {"derivation": derivation, "moment": moment}
    return session.connection().execute(_BEST_BEFORE, named).scalar()


def count_ended(session: Session) -> dict[str, int]:
    """Ended attempts by derivation, those that were abandoned too."""
    query = (
        select(col(AttemptRow.derivation), func.count())
        .where(col(AttemptRow.ended_at).is_not(None), col(AttemptRow.deleted_at).is_(None), OWN)
        .group_by(col(AttemptRow.derivation))
        .order_by(func.max(AttemptRow.created_at).desc(), col(AttemptRow.derivation))
    )
    return dict(iter(session.connection().execute(query)))


def cold_days(session: Session, derivations: Sequence[str]) -> list[tuple[str, date]]:
    """Derivation and day of each counted cold attempt on these derivations, by day."""
    query = (
        select(_ATTEMPT.derivation, _ATTEMPT.day)
        .where(is_counted(), _IS_COLD, _ATTEMPT.derivation.in_(derivations))
        .order_by(_ATTEMPT.day)
    )
    return [(derivation, day) for derivation, day in session.connection().execute(query).all()]


_TABLE = SQLModel.metadata.tables["attempt"]
_ATTEMPT = _TABLE.c
_IS_COLD = _ATTEMPT.mode == Mode.COLD.value
_JUDGED_BY = func.coalesce(_ATTEMPT.judged_by, "")
_TALLY = (
    select(
        _ATTEMPT.derivation,
        func.count(),
        func.min(_JUDGED_BY),
        func.max(_JUDGED_BY),
        func.count(_ATTEMPT.clean_ms),
        func.count(_ATTEMPT.clean_ms).filter(_IS_COLD),
        func.coalesce(func.min(_ATTEMPT.clean_ms).filter(_IS_COLD), 0),
    )
    .where(is_counted())
    .group_by(_ATTEMPT.derivation)
    .order_by(func.max(_ATTEMPT.created_at).desc(), _ATTEMPT.derivation)
)
# Asked once a derivation, and so built once.
_IS_CLEAN = and_(
    is_counted(),
    _IS_COLD,
    _ATTEMPT.derivation == bindparam("derivation"),
    _ATTEMPT.clean_ms.is_not(None),
)
_LATEST = (
    select(_ATTEMPT.clean_ms)
    .where(_IS_CLEAN)
    .order_by(_ATTEMPT.created_at.desc(), _ATTEMPT.id.desc())
    .limit(RECENT_RUNS)
)
_BEST_BEFORE = select(func.min(_ATTEMPT.clean_ms)).where(
    _IS_CLEAN, _ATTEMPT.created_at < bindparam("moment")
)
_FIRST_CLEAN = (
    select(_ATTEMPT.day)
    .where(_IS_CLEAN, _ATTEMPT.clean_ms <= bindparam("most_ms"))
    .order_by(_ATTEMPT.created_at)
    .limit(1)
)
