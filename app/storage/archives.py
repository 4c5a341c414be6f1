"""Everything out of the database into one file, and back in from one or several.

A file that was made here and is brought in elsewhere makes the same account there. Where there is
something already, nothing is doubled; what becomes of what two devices both have, `merging` says.
"""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO

from sqlmodel import Session

from app.errors import ArchiveError, RecordingError
from app.library.own import RESERVED_IDS
from app.library.reading import Broken, parse
from app.practice.archive.parts import Checked, FoundLine, Manifest, OwnDerivation
from app.practice.archive.reader import Archive
from app.practice.archive.writer import ArchiveWriter
from app.practice.events import Event
from app.practice.merging import standing
from app.practice.recording import Header, read_recording, write_encoded
from app.practice.splits import Word
from app.storage.attempts import list_ended, list_open
from app.storage.own import Arrival, list_own, merge_own
from app.storage.preferences import all_choices, merge_choices
from app.storage.ratings import all_ratings, merge_ratings
from app.storage.recordings import Outcome, encoded_log, header_of, import_recording, own_id
from app.storage.rungs import all_rungs, merge_rungs
from app.storage.steps import CheckedLine, checked_lines, replace_checked, words_of
from app.storage.tables import AttemptRow

# No database takes any number of values in one query.
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Merged:
    """What an import changed: how many of each kind are `new`, and `settings` by name that are
    others now. Of the attempts in the file some were deleted here and are back (`returned`), some
    were here already (`known`); of those again some got a newer note, ticks or findings
    (`updated`), and some are others of the same id, which stay as they are here (`strange`)."""

    exported_at: int
    left_out: int
    attempts: int = 0
    returned: int = 0
    known: int = 0
    updated: int = 0
    strange: int = 0
    ratings: int = 0
    rungs: int = 0
    settings: tuple[str, ...] = ()
    derivations: tuple[Arrival, ...] = ()

    @property
    def changed(self) -> bool:
        news = any(one.what in ("added", "replaced") or one.kept_as for one in self.derivations)
        counts = (self.attempts, self.returned, self.updated, self.ratings, self.rungs)
        return any(counts) or bool(self.settings) or news


def export_all(session: Session, target: BinaryIO, sealed: Container[str], now: int) -> Manifest:
    """Writes everything but what is running, what is deleted, and what would answer a derivation
    that is `sealed` because an attempt on it is running."""
    ended = sorted(list_ended(session), key=lambda row: (row.created_at, row.id))
    open_to_all = [row for row in ended if row.derivation not in sealed]
    writer = ArchiveWriter(target, now)
    for row, words in _with_words(session, open_to_all):
        writer.add_recording(
            row.id, write_encoded(header_of(row, words), encoded_log(session, row.id))
        )
        checked = _checked(session, row)
        if checked is not None:
            writer.add_checked(row.id, checked)
    writer.add_ratings(all_ratings(session))
    writer.add_rungs(one for one in all_rungs(session) if one.derivation not in sealed)
    writer.add_settings(all_choices(session))
    for own in list_own(session):
        if own.id not in sealed:
            writer.add_derivation(OwnDerivation(own.id, own.source, own.created_at, own.changed_at))
    return writer.finish(len(ended) - len(open_to_all) + len(list_open(session)))


def _with_words(
    session: Session, rows: Sequence[AttemptRow]
) -> Iterator[tuple[AttemptRow, dict[str, Word]]]:
    for first in range(0, len(rows), _AT_ONCE):
        some = rows[first : first + _AT_ONCE]
        words = words_of(session, [row.id for row in some])
        yield from ((row, words[row.id]) for row in some)


def _checked(session: Session, row: AttemptRow) -> Checked | None:
    """What was found in an attempt; None where nobody has looked."""
    if row.checked_at is None:
        return None
    lines = (FoundLine(**asdict(line)) for line in checked_lines(session, row.id))
    return Checked(checked_at=row.checked_at, lines=tuple(lines))


def import_all(session: Session, archive: Archive, now: int) -> Merged:
    """Takes everything in. Raises ArchiveError; the caller's commit or rollback keeps all of it or
    nothing."""
    counts = dict.fromkeys(("attempts", "returned", "known", "updated", "strange"), 0)
    for attempt_id, lines in archive.recordings():
        outcome = _import_attempt(session, archive, attempt_id, lines, now)
        for word in _COUNTED_AS[outcome]:
            counts[word] += 1
    ratings = merge_ratings(session, archive.ratings())
    rungs = merge_rungs(session, archive.rungs())
    settings = tuple(merge_choices(session, archive.settings()))
    derivations = tuple(merge_own(session, [_readable(own) for own in archive.derivations()]))
    session.flush()
    manifest = archive.manifest
    return Merged(
        manifest.exported_at,
        manifest.left_out,
        ratings=ratings,
        rungs=rungs,
        settings=settings,
        derivations=derivations,
        **counts,
    )


def import_one(session: Session, lines: Iterable[str], now: int) -> Merged:
    """Takes in the recording of a single attempt, such as a candidate takes along from a live
    session. Raises RecordingError."""
    header, events = read_recording(lines)
    words = _COUNTED_AS[import_recording(session, header, events, now)]
    counts: dict[str, Any] = dict.fromkeys(words, 1)
    return Merged(header.ended_at, left_out=0, **counts)


_COUNTED_AS: dict[Outcome, tuple[str, ...]] = {
    "new": ("attempts",),
    "returned": ("returned",),
    "changed": ("known", "updated"),
    "same": ("known",),
    "another": ("known", "strange"),
}


def _import_attempt(
    session: Session, archive: Archive, attempt_id: str, lines: Iterator[str], now: int
) -> Outcome:
    name = f"attempts/{attempt_id}.ndjson"
    header, events = _read(name, lines)
    if header.attempt != attempt_id:
        raise ArchiveError(f"{name}: it is the recording of another attempt, {header.attempt}")
    outcome = import_recording(session, header, events, now)
    checked = archive.checked(attempt_id)
    if checked is None or outcome == "another":
        return outcome
    found = _merge_checked(session, own_id(session, attempt_id), checked)
    return "changed" if found and outcome == "same" else outcome


def _merge_checked(session: Session, attempt_id: str, arriving: Checked) -> bool:
    """Keeps what was found last, perhaps by a better checker. False where that is here already."""
    session.flush()
    row = session.get_one(AttemptRow, attempt_id)
    here = _checked(session, row)
    if here is not None and _standing(arriving) <= _standing(here):
        return False
    lines = [CheckedLine(**line.model_dump()) for line in arriving.lines]
    replace_checked(session, attempt_id, lines, arriving.checked_at)
    session.refresh(row)
    return True


def _standing(checked: Checked) -> tuple[int, int, str]:
    return standing(checked.checked_at, checked.model_dump_json())


def _read(name: str, lines: Iterator[str]) -> tuple[Header, list[Event]]:
    try:
        return read_recording(lines)
    except RecordingError as error:
        raise ArchiveError(f"{name}: {error}") from error


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
