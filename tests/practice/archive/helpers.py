"""A file with one of everything, and files that differ from it."""

import io
import json
import zipfile
from typing import Any

import pytest

from app.errors import ArchiveError
from app.practice.archive.parts import (
    CardRating,
    Checked,
    Choice,
    FoundLine,
    OwnDerivation,
    RungAnswer,
)
from app.practice.archive.reader import Archive, open_archive
from app.practice.archive.writer import ArchiveWriter
from app.practice.ladder import Rung
from app.practice.spacing import Grade, Rating
from tests.helpers import NOON

RECORDING = ['{"coldboard":1}\n', '[0,"start",{}]\n']
CHECKED = Checked(
    checked_at=NOON,
    lines=(FoundLine(line=1, row="r-1", edited_ms=5, verdict="holds", message="So: ŷ."),),
)
RATINGS = [
    CardRating("cafe", Rating(NOON, Grade.MISSED)),
    CardRating("cafe", Rating(NOON + 1, Grade.EASY)),
]
RUNGS = [
    RungAnswer(NOON, "ols", Rung.ORDER, None, False),
    RungAnswer(NOON + 1, "not-here-any-more", Rung.REDO, "3a", True),
]
SETTINGS = {
    "limit_ms": Choice(value=240_000, changed_at=NOON),
    "targets": Choice(value={"from_ms": 400_000, "to_ms": 200_000}, changed_at=0),
    "theme": Choice(value=None, changed_at=NOON + 5),
}
OWN = OwnDerivation("half-square", "id = 'half-square'\r\ntitle = 'ŷ'", NOON, NOON + 5)
Parts = dict[str, bytes]


def written(left_out: int = 0) -> bytes:
    file = io.BytesIO()
    writer = ArchiveWriter(file, NOON)
    writer.add_recording("abcd", RECORDING)
    writer.add_checked("abcd", CHECKED)
    writer.add_recording("efgh", [])
    writer.add_ratings(RATINGS)
    writer.add_rungs(RUNGS)
    writer.add_settings(SETTINGS)
    writer.add_derivation(OWN)
    writer.finish(left_out)
    return file.getvalue()


FILE = written()


def add_nothing(writer: ArchiveWriter) -> None:
    writer.add_ratings([])
    writer.add_rungs([])
    writer.add_settings({})


def parts_of(file: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(file)) as zipped:
        return {name: zipped.read(name) for name in zipped.namelist()}


def zipped(parts: Parts, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as target:
        for name, data in parts.items():
            target.writestr(name, data)
    return file.getvalue()


def changed(**manifest: Any) -> Parts:
    parts = parts_of(written())
    parts["manifest.json"] = json.dumps(json.loads(parts["manifest.json"]) | manifest).encode()
    return parts


def read_all(file: bytes) -> list[Any]:
    """Everything in the file."""
    with open_archive(io.BytesIO(file)) as archive:
        return everything(archive)


def everything(archive: Archive) -> list[Any]:
    recordings = [(one, list(lines), archive.checked(one)) for one, lines in archive.recordings()]
    happened = [archive.ratings(), archive.rungs()]
    return [archive.manifest, recordings, *happened, archive.settings(), [*archive.derivations()]]


def assert_refused(file: bytes, *words: str) -> None:
    with pytest.raises(ArchiveError) as refusal:
        read_all(file)

    for word in words:
        assert word in str(refusal.value)
