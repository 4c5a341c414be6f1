"""What a zip may look like that is read here: which parts, how many, how large.

All of it is checked against the list at the end of the file, before any part is unpacked; and no
part is read beyond the size that the list states.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from app.errors import ArchiveError
from app.practice.attempt import MAX_CHARACTERS

MAX_UNPACKED_BYTES = 4 * 1024**3
MAX_RECORDING_BYTES = MAX_CHARACTERS + 16 * 1024**2
MAX_PART_BYTES = 64 * 1024**2
MAX_DERIVATION_BYTES = 1024**2
MAX_SETTINGS_BYTES = 256 * 1024

MANIFEST, RATINGS, RUNGS = "manifest.json", "ratings.ndjson", "rungs.ndjson"
SETTINGS = "settings.json"
ALWAYS_THERE = frozenset({MANIFEST, RATINGS, RUNGS, SETTINGS})
ATTEMPT = re.compile(r"attempts/([a-z0-9]{4,32})\.ndjson")
CHECKED = re.compile(r"checked/([a-z0-9]{4,32})\.json")
DERIVATION = re.compile(r"derivations/([a-z0-9]+(?:-[a-z0-9]+)*)\.toml")
_FOLDERS = {"attempts/", "checked/", "derivations/"}

# The list of parts stands at the end of a zip and is read as a whole, so it is measured first.
_MAX_LIST_BYTES = 8 * 1024**2
_LIST_END, _LIST_END_BYTES = b"PK\x05\x06", 22
_LARGE_LIST_END, _LARGE_LIST_END_BYTES = b"PK\x06\x07", 20

# What reading a zip that is not what it says can raise.
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
)


def check_list(file: BinaryIO) -> None:
    """That a list of parts is at the end, and of a size that can be read. Raises ArchiveError."""
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


def checked_parts(parts: Iterable[zipfile.ZipInfo]) -> Iterator[zipfile.ZipInfo]:
    """The parts, if none of them is strange or too large. Raises ArchiveError."""
    seen: set[str] = set()
    unpacked = 0
    for part in parts:
        name = part.filename
        if name in _FOLDERS:
            continue
        if not _belongs(name):
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


def _belongs(name: str) -> bool:
    by_id = any(pattern.fullmatch(name) for pattern in (ATTEMPT, CHECKED, DERIVATION))
    return by_id or name in ALWAYS_THERE


def _most_bytes(name: str) -> int:
    if ATTEMPT.fullmatch(name):
        return MAX_RECORDING_BYTES
    if DERIVATION.fullmatch(name):
        return MAX_DERIVATION_BYTES
    return MAX_SETTINGS_BYTES if name == SETTINGS else MAX_PART_BYTES
