"""Everything that one user has, as one file: a zip.

    manifest.json              which format it is in, and what there is in it
    attempts/<id>.ndjson       a recording each, see `app.practice.recording`
    checked/<id>.json          what the checker found in the lines of that attempt, if it was asked
    ratings.ndjson             `[moment, card, grade]` a line, oldest first
    derivations/<id>.toml      a derivation of one's own each, as a content file

A file may come from anywhere. Nothing of it is ever unpacked onto a disc: its parts are looked up
by names that are known beforehand and read line by line, and how many there are and how large is
checked before the first is read. A part that is missing, cut off or one too many is an error, so
that half of a file is never taken for the whole.
"""

import json
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, BinaryIO, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from app.errors import ArchiveError
from app.practice.attempt import MAX_CHARACTERS
from app.practice.events import MAX_EVENT_BYTES, Name
from app.practice.recording import Duration, Moment, StepNumber
from app.practice.spacing import Grade, Rating

FORMAT = 1
MAX_ATTEMPTS = 50_000
MAX_RATINGS = 500_000
MAX_DERIVATIONS = 1_000
MAX_UNPACKED_BYTES = 4 * 1024**3
MAX_RECORDING_BYTES = MAX_CHARACTERS + 16 * 1024**2
MAX_PART_BYTES = 64 * 1024**2
MAX_DERIVATION_BYTES = 1024**2
MAX_FOUND_LINES = 10_000
MAX_LINE_BYTES = 8 * MAX_EVENT_BYTES

# The list of parts stands at the end of a zip and is read as a whole, so it is measured first.
_MAX_LIST_BYTES = 8 * 1024**2
_LIST_END, _LIST_END_BYTES = b"PK\x05\x06", 22
_LARGE_LIST_END, _LARGE_LIST_END_BYTES = b"PK\x06\x07", 20

_MANIFEST, _RATINGS = "manifest.json", "ratings.ndjson"
_ATTEMPT = re.compile(r"attempts/([a-z0-9]{4,32})\.ndjson")
_CHECKED = re.compile(r"checked/([a-z0-9]{4,32})\.json")
_DERIVATION = re.compile(r"derivations/([a-z0-9]+(?:-[a-z0-9]+)*)\.toml")
_FOLDERS = {"attempts/", "checked/", "derivations/"}

# The year 2200: the dates that follow from a rating must fit into a calendar too.
_LAST_RATING = 7_258_118_400_000


@dataclass(frozen=True, slots=True)
class CardRating:
    """`card`: the id of the card that was rated."""

    card: str
    rating: Rating


@dataclass(frozen=True, slots=True)
class OwnDerivation:
    """A derivation that a user wrote: the text of its content file, and the moments at which it was
    first and last saved."""

    id: str
    source: str
    created_at: int
    changed_at: int


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class FoundLine(_Part):
    """What the checker said of a line: its place in the sheet, from 1, its row in the log, and when
    it was last edited, in milliseconds on the clock."""

    line: Annotated[int, Field(ge=1, le=MAX_FOUND_LINES)]
    row: Name
    edited_ms: Duration
    verdict: Literal["holds", "fails", "defines", "unclear", "unreadable", "remark"]
    message: Annotated[str, Field(max_length=20_000)]
    steps: tuple[StepNumber, ...] = ()
    slip: Annotated[str, Field(max_length=100)] | None = None
    span: tuple[Duration, Duration] | None = None


class Checked(_Part):
    """What the checker found in an attempt, and when that was."""

    checked_at: Moment
    lines: Annotated[tuple[FoundLine, ...], Field(max_length=MAX_FOUND_LINES)]

    @model_validator(mode="after")
    def _says_one_thing_of_a_line(self) -> Self:
        if len({one.line for one in self.lines}) < len(self.lines):
            raise ValueError("a line is named twice")
        if any(len({*one.steps}) < len(one.steps) for one in self.lines):
            raise ValueError("a line reaches a step twice")
        return self


class Saved(_Part):
    created_at: Moment
    changed_at: Moment


class Manifest(_Part):
    """`left_out`: how many attempts are not in the file, because they, or others on the same
    derivation, were running."""

    coldboard_archive: Literal[1] = 1
    exported_at: Moment
    attempts: Annotated[int, Field(ge=0, le=MAX_ATTEMPTS)]
    checked: Annotated[int, Field(ge=0, le=MAX_ATTEMPTS)] = 0
    ratings: Annotated[int, Field(ge=0, le=MAX_RATINGS)]
    derivations: Annotated[dict[str, Saved], Field(max_length=MAX_DERIVATIONS)]
    left_out: Annotated[int, Field(ge=0)] = 0


_RATED = TypeAdapter[tuple[int, str, int]](
    tuple[
        Annotated[int, Field(ge=0, le=_LAST_RATING)],
        Annotated[str, Field(pattern=r"^[\w./:-]{1,64}$")],
        Annotated[int, Field(ge=min(Grade), le=max(Grade))],
    ],
    config=ConfigDict(strict=True),
)


# --- writing -------------------------------------------------------------------------------------


class ArchiveWriter:
    """Writes the parts one after the other; the manifest comes last, when they are counted."""

    def __init__(self, target: BinaryIO, exported_at: int) -> None:
        self._zip = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED)
        self._exported_at = exported_at
        self._attempts = self._checked = self._ratings = 0
        self._derivations: dict[str, Saved] = {}

    def add_recording(self, attempt_id: str, lines: Iterable[str]) -> None:
        """`lines` of the recording, each with its line end."""
        self._add(f"attempts/{attempt_id}.ndjson", lines)
        self._attempts += 1

    def add_checked(self, attempt_id: str, checked: Checked) -> None:
        self._add(f"checked/{attempt_id}.json", [checked.model_dump_json(indent=1) + "\n"])
        self._checked += 1

    def add_ratings(self, ratings: Iterable[CardRating]) -> None:
        """All of them, oldest first."""
        rows = [[one.rating.at, one.card, int(one.rating.grade)] for one in ratings]
        self._add(_RATINGS, (f"{json.dumps(row)}\n" for row in rows))
        self._ratings = len(rows)

    def add_derivation(self, own: OwnDerivation) -> None:
        self._add(f"derivations/{own.id}.toml", [own.source])
        self._derivations[own.id] = Saved(created_at=own.created_at, changed_at=own.changed_at)

    def finish(self, left_out: int) -> Manifest:
        manifest = Manifest(
            exported_at=self._exported_at,
            attempts=self._attempts,
            checked=self._checked,
            ratings=self._ratings,
            derivations=self._derivations,
            left_out=left_out,
        )
        self._add(_MANIFEST, [manifest.model_dump_json(indent=1) + "\n"])
        self._zip.close()
        return manifest

    def _add(self, name: str, texts: Iterable[str]) -> None:
        part = zipfile.ZipInfo(name, _zip_date(self._exported_at))
        part.compress_type = zipfile.ZIP_DEFLATED
        part.external_attr = 0o644 << 16  # unpacked by hand, it can be read
        with self._zip.open(part, "w") as place:
            for text in texts:
                place.write(text.encode())


def _zip_date(ms: int) -> tuple[int, int, int, int, int, int]:
    """A zip knows the years from 1980 to 2107."""
    at = datetime.fromtimestamp(ms / 1000, UTC)
    year = min(max(at.year, 1980), 2107)
    return (year, at.month, at.day, at.hour, at.minute, at.second)


# --- reading -------------------------------------------------------------------------------------


class Archive:
    """A file that is being read. What its parts hold is checked when they are asked for; every
    method raises ArchiveError, which names the part."""

    def __init__(self, parts: zipfile.ZipFile) -> None:
        self._zip = parts
        self._parts = {part.filename: part for part in _checked(parts.infolist())}
        self.manifest = self._read_manifest()
        self._check_whole()

    def recordings(self) -> Iterator[tuple[str, Iterator[str]]]:
        """The id of each attempt, and the lines of its recording."""
        for name in self._parts:
            attempt = _ATTEMPT.fullmatch(name)
            if attempt:
                yield attempt[1], self._lines(name)

    def checked(self, attempt_id: str) -> Checked | None:
        """What was found in an attempt; None where nobody has looked."""
        name = f"checked/{attempt_id}.json"
        if name not in self._parts:
            return None
        try:
            return Checked.model_validate_json("".join(self._lines(name)))
        except ValidationError as error:
            raise ArchiveError(f"{name}: {_first_problem(error)}") from error

    def ratings(self) -> list[CardRating]:
        found = []
        for number, line in enumerate(self._lines(_RATINGS), start=1):
            try:
                at, card, grade = _RATED.validate_json(line)
            except ValidationError as error:
                reason = error.errors(include_url=False, include_input=False)[0]["msg"]
                raise ArchiveError(
                    f"{_RATINGS}: line {number}: not [moment, card, grade] ({reason})"
                ) from error
            found.append(CardRating(card, Rating(at, Grade(grade))))
        if len(found) != self.manifest.ratings:
            raise ArchiveError(
                f"{_RATINGS}: there are {len(found)} ratings in it, and should be "
                f"{self.manifest.ratings}"
            )
        return found

    def derivations(self) -> Iterator[OwnDerivation]:
        """In the order in which they were written into the file."""
        for derivation_id, saved in self.manifest.derivations.items():
            source = "".join(self._lines(f"derivations/{derivation_id}.toml"))
            yield OwnDerivation(derivation_id, source, saved.created_at, saved.changed_at)

    def _read_manifest(self) -> Manifest:
        if _MANIFEST not in self._parts:
            raise ArchiveError(f"not an export of Coldboard: there is no {_MANIFEST} in it")
        try:
            said: Any = json.loads("".join(self._lines(_MANIFEST)))
            stated = said.get("coldboard_archive") if isinstance(said, dict) else None
            if isinstance(stated, int) and stated > FORMAT:
                raise ArchiveError(
                    f"written by a newer Coldboard, in format {stated}: this one reads format "
                    f"{FORMAT}. Bring Coldboard up to date first"
                )
            return Manifest.model_validate(said)
        except ValidationError as error:
            raise ArchiveError(f"{_MANIFEST}: {_first_problem(error)}") from error
        except (ValueError, RecursionError) as error:
            raise ArchiveError(f"{_MANIFEST}: not JSON ({error})") from error

    def _check_whole(self) -> None:
        """Every part that the manifest speaks of is there, and no other."""
        attempts, checked = self._ids(_ATTEMPT), self._ids(_CHECKED)
        if len(attempts) != self.manifest.attempts:
            raise ArchiveError(
                f"there are {len(attempts)} attempts in it, and should be {self.manifest.attempts}"
            )
        if len(checked) != self.manifest.checked or checked - attempts:
            raise ArchiveError("what was found in the attempts is not there, or not of them")
        named = {f"derivations/{one}.toml" for one in self.manifest.derivations}
        there = {name for name in self._parts if _DERIVATION.fullmatch(name)}
        for name in sorted({*named, _RATINGS} - {*self._parts}):
            raise ArchiveError(f"{name} is missing")
        for name in sorted(there - named):
            raise ArchiveError(f"{name} is not named in {_MANIFEST}")

    def _ids(self, pattern: re.Pattern[str]) -> set[str]:
        return {found[1] for found in map(pattern.fullmatch, self._parts) if found}

    def _lines(self, name: str) -> Iterator[str]:
        """The lines of a part with their line ends, none of them longer than is sensible."""
        try:
            with self._zip.open(self._parts[name]) as part:
                while line := part.readline(MAX_LINE_BYTES + 1):
                    if len(line) > MAX_LINE_BYTES:
                        raise ArchiveError(f"{name}: a line is too long")
                    yield line.decode()
        except UnicodeDecodeError as error:
            raise ArchiveError(f"{name}: not UTF-8 ({error.reason})") from error
        except _DAMAGE as error:
            raise ArchiveError(f"{name}: damaged ({error})") from error


def _first_problem(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{place}: {first['msg']}" if place else first["msg"]


# What reading a zip that is not what it says can raise.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
)


@contextmanager
def open_archive(file: BinaryIO) -> Iterator[Archive]:
    """The archive in a file that can be read from anywhere in it. Raises ArchiveError."""
    _check_list(file)
    try:
        parts = zipfile.ZipFile(file)
    except _DAMAGE as error:
        raise ArchiveError(f"not a zip file, or damaged ({error})") from error
    with parts:
        yield Archive(parts)


def _check_list(file: BinaryIO) -> None:
    """That a list of parts is at the end, and of a size that can be read."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _LIST_END_BYTES - _LARGE_LIST_END_BYTES))
    tail = file.read()
    end = tail[-_LIST_END_BYTES:]
    if len(end) < _LIST_END_BYTES or not end.startswith(_LIST_END):
        raise ArchiveError("not a zip file, or cut off before its end")
    is_large = tail[:-_LIST_END_BYTES].startswith(_LARGE_LIST_END)
    if is_large or int.from_bytes(end[12:16], "little") > _MAX_LIST_BYTES:
        raise ArchiveError("there are too many parts in it")
    file.seek(0)


def _checked(parts: Iterable[zipfile.ZipInfo]) -> Iterator[zipfile.ZipInfo]:
    """The parts, if none of them is strange or too large."""
    seen: set[str] = set()
    unpacked = 0
    for part in parts:
        name = part.filename
        if name in _FOLDERS:
            continue
        known = any(pattern.fullmatch(name) for pattern in (_ATTEMPT, _CHECKED, _DERIVATION))
        if not known and name not in (_MANIFEST, _RATINGS):
            raise ArchiveError(f"{name[:80]!r} does not belong into an export of Coldboard")
        if name in seen:
            raise ArchiveError(f"{name} is in it twice")
        if part.flag_bits & 0x1:
            raise ArchiveError(f"{name} is encrypted")
        if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ArchiveError(f"{name} is compressed in a way that is not read here")
        seen.add(name)
        unpacked += part.file_size
        if part.file_size > _most_bytes(name) or unpacked > MAX_UNPACKED_BYTES:
            raise ArchiveError(f"{name} is too large once it is unpacked")
        yield part


def _most_bytes(name: str) -> int:
    if _ATTEMPT.fullmatch(name):
        return MAX_RECORDING_BYTES
    return MAX_DERIVATION_BYTES if _DERIVATION.fullmatch(name) else MAX_PART_BYTES
