"""Lines and key steps in the database: what the checker found, and what the writer ticked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from app.library.models import step_order
from app.practice.merging import changed_now, standing
from app.practice.splits import Found, Reached, Tick, Word, first_found
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
        .values(checked_at=now, judged_by=None)
    )
    if not claimed.rowcount:
        return False
    _add_checked(session, attempt_id, lines)
    return True


def replace_checked(
    session: Session, attempt_id: str, lines: Sequence[CheckedLine], checked_at: int
) -> None:
    """Stores what was found in the place of what was found before."""
    for table in (CheckedStepRow, CheckedLineRow):
        session.execute(delete(table).where(col(table.attempt_id) == attempt_id))
    session.execute(
        update(AttemptRow)
        .where(col(AttemptRow.id) == attempt_id)
        .values(checked_at=checked_at, judged_by=None)
    )
    _add_checked(session, attempt_id, lines)


def _add_checked(session: Session, attempt_id: str, lines: Sequence[CheckedLine]) -> None:
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
    words = words_of(session, attempt_ids)
    return {
        attempt_id: Reached(
            first_found(found[attempt_id]),
            {step: word.tick for step, word in words[attempt_id].items() if word.tick},
        )
        for attempt_id in attempt_ids
    }


def words_of(session: Session, attempt_ids: Sequence[str]) -> dict[str, dict[str, Word]]:
    """For each of these attempts, by step: what its writer says, words taken back included."""
    words: dict[str, dict[str, Word]] = {attempt_id: {} for attempt_id in attempt_ids}
    query = select(TickRow).where(col(TickRow.attempt_id).in_(attempt_ids))
    for row in session.exec(query.order_by(col(TickRow.step))):
        words[row.attempt_id][row.step] = _word(row)
    return words


def _word(row: TickRow) -> Word:
    tick = None if row.reached is None else Tick(row.reached, row.split_ms)
    return Word(tick, row.said_at)


def set_tick(session: Session, attempt_id: str, step: str, tick: Tick | None, now: int) -> None:
    """Keeps the writer's word about a step; None takes it back."""
    row = session.get(TickRow, (attempt_id, step))
    if row is not None and _word(row).tick != tick:
        now = changed_now(now, row.said_at)
    elif row is not None or tick is None:
        return
    _put_word(session, attempt_id, step, Word(tick, now))


def merge_words(session: Session, attempt_id: str, arriving: Mapping[str, Word]) -> int:
    """Keeps of each step the word that was said last, and says how many changed."""
    here = words_of(session, [attempt_id])[attempt_id]
    newer = {
        step: word
        for step, word in arriving.items()
        if step not in here or _standing(word) > _standing(here[step])
    }
    for step, word in newer.items():
        _put_word(session, attempt_id, step, word)
    return len(newer)


def _standing(word: Word) -> tuple[int, int, str]:
    return standing(word.said_at, word.text)


def _put_word(session: Session, attempt_id: str, step: str, word: Word) -> None:
    reached, split_ms = (word.tick.reached, word.tick.split_ms) if word.tick else (None, None)
    session.merge(
        TickRow(
            attempt_id=attempt_id,
            step=step,
            reached=reached,
            split_ms=split_ms,
            said_at=word.said_at,
        )
    )
    session.execute(
        update(AttemptRow).where(col(AttemptRow.id) == attempt_id).values(judged_by=None)
    )


def marks_of(session: Session, attempt_id: str) -> list[int]:
    """The moments, in milliseconds on the clock, that the writer marked."""
    query = select(EventRow.t).where(EventRow.attempt_id == attempt_id, EventRow.code == "mark")
    return list(session.exec(query.order_by(col(EventRow.t))).all())
