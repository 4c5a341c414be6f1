"""The rows of the tables that are taken into a spreadsheet. The name of a column says in what it is
counted: `_ms` milliseconds, `_hms` hours, minutes and seconds, `_utc` a moment in UTC."""

from collections.abc import Iterable, Iterator, Sequence

from sqlmodel import Session

from app.library.models import Library, step_order
from app.practice.sheets import Cell, sheet_duration, sheet_moment
from app.storage.steps import reached_of
from app.storage.tables import AttemptRow
from app.web.summaries import Summary

ATTEMPT_COLUMNS = (
    "attempt",
    "derivation",
    "title",
    "mode",
    "begun_utc",
    "limit_hms",
    "limit_ms",
    "ended_after_hms",
    "ended_after_ms",
    "end",
    "steps_reached",
    "steps",
    "clean",
    "time_hms",
    "time_ms",
    "note",
)
SPLIT_COLUMNS = (
    "attempt",
    "derivation",
    "begun_utc",
    "mode",
    "step",
    "step_title",
    "must",
    "reached",
    "split_hms",
    "split_ms",
    "said_by",
)


def attempt_rows(ended: Iterable[Summary]) -> Iterator[list[Cell]]:
    """Steps are left empty where nobody has looked for them: before the first review."""
    for one in ended:
        row, run = one.row, one.run
        if run is None:
            continue
        looked = one.reviewed
        yield [
            row.id,
            row.derivation,
            one.title,
            row.mode,
            sheet_moment(row.created_at),
            sheet_duration(row.limit_ms),
            row.limit_ms,
            sheet_duration(one.duration_ms),
            one.duration_ms,
            row.end_why,
            run.reached if looked else None,
            run.steps if looked else None,
            run.clean if looked else None,
            sheet_duration(run.time_ms),
            run.time_ms,
            row.note,
        ]


def split_rows(
    session: Session, library: Library, rows: Sequence[AttemptRow]
) -> Iterator[list[Cell]]:
    """A row for each key step of each attempt in which somebody has looked for steps. Of a
    derivation that is no longer in the library there are those that something is known about."""
    reached = reached_of(session, [row.id for row in rows])
    for row in rows:
        found, ticks, splits = reached[row.id].found, reached[row.id].ticks, reached[row.id].splits
        if row.checked_at is None and not ticks:
            continue
        derivation = library.derivations.get(row.derivation)
        steps = {step.number: step for step in derivation.steps} if derivation else {}
        for number in sorted({*steps, *found, *ticks}, key=step_order):
            step, split_ms = steps.get(number), splits.get(number)
            yield [
                row.id,
                row.derivation,
                sheet_moment(row.created_at),
                row.mode,
                number,
                step.title if step else None,
                step.must if step else None,
                number in splits,
                sheet_duration(split_ms),
                split_ms,
                "writer" if number in ticks else "checker",
            ]
