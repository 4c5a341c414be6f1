"""Everything out of the database into one file, and back in from one or several.

A file that was made here and is brought in elsewhere makes the same account there. Where there is
something already, nothing is doubled: an attempt is known by its id, a rating by card, moment and
grade, a derivation of one's own by its id and text.
"""

from collections.abc import Container, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import BinaryIO

from sqlmodel import Session

from app.errors import ArchiveError, RecordingError
from app.library.own import RESERVED_IDS
from app.library.reading import Broken, parse
from app.practice.archive import (
    Archive,
    ArchiveWriter,
    Checked,
    FoundLine,
    Manifest,
    OwnDerivation,
)
from app.practice.events import Event
from app.practice.recording import Header, read_recording, write_encoded
from app.practice.splits import Reached
from app.storage.attempts import list_ended, list_open
from app.storage.own import Arrival, list_own, merge_own
from app.storage.ratings import all_ratings, merge_ratings
from app.storage.recordings import encoded_log, header_of, import_recording
from app.storage.steps import CheckedLine, checked_lines, keep_checked, reached_of
from app.storage.tables import AttemptRow

# No database takes any number of values in one query.
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Merged:
    """What an import changed. Of attempts that are here already, those that say something else
    here, another note or other ticks, are `differing`; what is here stays."""

    exported_at: int
    left_out: int
    attempts: int = 0
    returned: int = 0
    known: int = 0
    differing: int = 0
    ratings: int = 0
    derivations: tuple[Arrival, ...] = ()

    @property
    def changed(self) -> bool:
        news = any(one.what in ("added", "replaced") for one in self.derivations)
        return bool(self.attempts or self.returned or self.ratings or news)


def export_all(session: Session, target: BinaryIO, sealed: Container[str], now: int) -> Manifest:
    """Writes everything but what is running, what is deleted, and what would answer a derivation
    that is `sealed` because an attempt on it is running."""
    ended = sorted(list_ended(session), key=lambda row: (row.created_at, row.id))
    open_to_all = [row for row in ended if row.derivation not in sealed]
    writer = ArchiveWriter(target, now)
    for row, reached in _with_reached(session, open_to_all):
        recording = write_encoded(header_of(row, reached.ticks), encoded_log(session, row.id))
        writer.add_recording(row.id, recording)
        if row.checked_at is not None:
            writer.add_checked(row.id, _checked(session, row.id, row.checked_at))
    writer.add_ratings(all_ratings(session))
    for own in list_own(session):
        if own.id not in sealed:
            writer.add_derivation(OwnDerivation(own.id, own.source, own.created_at, own.changed_at))
    return writer.finish(len(ended) - len(open_to_all) + len(list_open(session)))


def _with_reached(
    session: Session, rows: Sequence[AttemptRow]
) -> Iterator[tuple[AttemptRow, Reached]]:
    for first in range(0, len(rows), _AT_ONCE):
        some = rows[first : first + _AT_ONCE]
        reached = reached_of(session, [row.id for row in some])
        yield from ((row, reached[row.id]) for row in some)


def _checked(session: Session, attempt_id: str, checked_at: int) -> Checked:
    lines = (FoundLine(**asdict(line)) for line in checked_lines(session, attempt_id))
    return Checked(checked_at=checked_at, lines=tuple(lines))


def import_all(session: Session, archive: Archive, now: int) -> Merged:
    """Takes everything in. Raises ArchiveError; the caller's commit or rollback keeps all of it or
    nothing."""
    counts = dict.fromkeys(("attempts", "returned", "known", "differing"), 0)
    for attempt_id, lines in archive.recordings():
        for word in _import_attempt(session, attempt_id, lines, now):
            counts[word] += 1
        checked = archive.checked(attempt_id)
        if checked is not None:
            found = [CheckedLine(**line.model_dump()) for line in checked.lines]
            keep_checked(session, attempt_id, found, checked.checked_at)
    ratings = merge_ratings(session, archive.ratings())
    derivations = tuple(merge_own(session, _readable(own)) for own in archive.derivations())
    session.flush()
    manifest = archive.manifest
    return Merged(
        manifest.exported_at,
        manifest.left_out,
        ratings=ratings,
        derivations=derivations,
        **counts,
    )


def _import_attempt(
    session: Session, attempt_id: str, lines: Iterator[str], now: int
) -> tuple[str, ...]:
    """What is to be counted of an attempt, as words of `Merged`."""
    name = f"attempts/{attempt_id}.ndjson"
    header, events = _read(name, lines)
    if header.attempt != attempt_id:
        raise ArchiveError(f"{name}: it is the recording of another attempt, {header.attempt}")
    row = session.get(AttemptRow, attempt_id)
    was_deleted = row is not None and row.deleted_at is not None
    if import_recording(session, header, events, now):
        return ("returned",) if was_deleted else ("attempts",)
    assert row is not None
    return ("known", "differing") if _says_something_else(session, row, header) else ("known",)


def _read(name: str, lines: Iterator[str]) -> tuple[Header, list[Event]]:
    try:
        return read_recording(lines)
    except RecordingError as error:
        raise ArchiveError(f"{name}: {error}") from error


def _says_something_else(session: Session, row: AttemptRow, header: Header) -> bool:
    ticks = reached_of(session, [row.id])[row.id].ticks
    return row.ended_at is not None and header_of(row, ticks) != header


def _readable(own: OwnDerivation) -> OwnDerivation:
    """One that is TOML at least; whether it can be practised shows where it is practised."""
    name = f"derivations/{own.id}.toml"
    if own.id in RESERVED_IDS:
        raise ArchiveError(f"{name}: no derivation is called that, it is the name of a page here")
    try:
        parse(own.source)
    except Broken as broken:
        raise ArchiveError(f"{name}: {broken.problems[0]}") from broken
    return own
