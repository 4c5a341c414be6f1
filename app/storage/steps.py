"""Lines and key steps in the database: what the checker found, and what the writer ticked."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from app.library.models import step_order
from app.practice.splits import Found, Reached, Tick, first_found
from app.storage.tables import AttemptRow, CheckedLineRow, CheckedStepRow, EventRow, TickRow


@dataclass(frozen=True, slots=True)
class CheckedLine:
    """A line as it was checked; see `CheckedLineRow`. `steps`: the numbers of those it reaches."""

    line: int
    row: str
    edited_ms: int
    verdict: str
    message: str
    steps: tuple[str, ...] = ()
    slip: str | None = None
    span: tuple[int, int] | None = None


def keep_checked(session: Session, attempt_id: str, lines: Sequence[CheckedLine], now: int) -> bool:
    """Stores what was found in an attempt's lines, once: False where it is stored already."""
    claimed = session.connection().execute(
        update(AttemptRow)
        .where(col(AttemptRow.id) == attempt_id, col(AttemptRow.checked_at).is_(None))
        .values(checked_at=now)
    )
    if not claimed.rowcount:
        return False
    for line in lines:
        start, end = line.span or (None, None)
        session.add(
            CheckedLineRow(
                attempt_id=attempt_id,
                line=line.line,
                row=line.row,
                edited_ms=line.edited_ms,
                verdict=line.verdict,
                message=line.message,
                slip=line.slip,
                span_start=start,
                span_end=end,
            )
        )
        for step in line.steps:
            session.add(CheckedStepRow(attempt_id=attempt_id, line=line.line, step=step))
    return True


def checked_lines(session: Session, attempt_id: str) -> list[CheckedLine]:
    """What was found in the lines of an attempt, from the first to the last."""
    steps: dict[int, list[str]] = {}
    for reached in session.exec(
        select(CheckedStepRow).where(CheckedStepRow.attempt_id == attempt_id)
    ):
        steps.setdefault(reached.line, []).append(reached.step)
    query = select(CheckedLineRow).where(CheckedLineRow.attempt_id == attempt_id)
    return [
        CheckedLine(
            row.line,
            row.row,
            row.edited_ms,
            row.verdict,
            row.message,
            tuple(sorted(steps.get(row.line, ()), key=step_order)),
            row.slip,
            None
            if row.span_start is None or row.span_end is None
            else (row.span_start, row.span_end),
        )
        for row in session.exec(query.order_by(col(CheckedLineRow.line)))
    ]


def reached_of(session: Session, attempt_ids: Sequence[str]) -> dict[str, Reached]:
    """For each of these attempts: the steps that were found in its lines, and those ticked."""
    found: dict[str, list[tuple[str, Found]]] = {attempt_id: [] for attempt_id in attempt_ids}
    in_lines = (
        select(
            CheckedStepRow.attempt_id,
            CheckedStepRow.step,
            CheckedStepRow.line,
            CheckedLineRow.edited_ms,
        )
        .join(
            CheckedLineRow,
            (col(CheckedLineRow.attempt_id) == CheckedStepRow.attempt_id)
            & (col(CheckedLineRow.line) == CheckedStepRow.line),
        )
        .where(col(CheckedStepRow.attempt_id).in_(attempt_ids))
    )
    for attempt_id, step, line, edited_ms in session.exec(in_lines):
        found[attempt_id].append((step, Found(line, edited_ms)))
    ticks: dict[str, dict[str, Tick]] = {attempt_id: {} for attempt_id in attempt_ids}
    ticked = select(TickRow).where(col(TickRow.attempt_id).in_(attempt_ids))
    for tick in session.exec(ticked):
        ticks[tick.attempt_id][tick.step] = Tick(tick.reached, tick.split_ms)
    return {
        attempt_id: Reached(first_found(found[attempt_id]), ticks[attempt_id])
        for attempt_id in attempt_ids
    }


def set_tick(session: Session, attempt_id: str, step: str, tick: Tick | None) -> None:
    """Keeps the writer's word about a step; None takes it back."""
    if tick is not None:
        session.merge(
            TickRow(attempt_id=attempt_id, step=step, reached=tick.reached, split_ms=tick.split_ms)
        )
        return
    session.execute(
        delete(TickRow).where(col(TickRow.attempt_id) == attempt_id, col(TickRow.step) == step)
    )


def marks_of(session: Session, attempt_id: str) -> list[int]:
    """The moments, in milliseconds on the clock, that the writer marked."""
    query = select(EventRow.t).where(EventRow.attempt_id == attempt_id, EventRow.code == "mark")
    return list(session.exec(query.order_by(col(EventRow.t))).all())
