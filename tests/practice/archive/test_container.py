"""Files that are no zip, or one that does harm."""

import contextlib
import io
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import ArchiveError
from app.practice.archive import container
from tests.practice.archive.helpers import (
    FILE,
    Parts,
    assert_refused,
    parts_of,
    read_all,
    written,
    zipped,
)


@pytest.mark.parametrize(
    "file",
    [b"", b"PK", b"nonsense" * 100, b"PK\x05\x06" + b"\x00" * 17, b"\x1f\x8b" + b"\x00" * 500],
)
def test_what_is_no_zip_is_refused(file: bytes) -> None:
    assert_refused(file, "not a zip file")


@pytest.mark.parametrize(
    ("limit", "name"),
    [
        ("MAX_RECORDING_BYTES", "attempts/abcd.ndjson"),
        ("MAX_DERIVATION_BYTES", "derivations/half-square.toml"),
        ("MAX_PART_BYTES", "ratings.ndjson"),
        ("MAX_PART_BYTES", "rungs.ndjson"),
        ("MAX_SETTINGS_BYTES", "settings.json"),
        ("MAX_UNPACKED_BYTES", "manifest.json"),
    ],
)
def test_a_bomb_is_refused_before_it_is_unpacked(
    limit: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(container, limit, 20_000)
    parts = {**parts_of(written()), name: b"\n" * 30_000}
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: pytest.fail("it was unpacked"))

    assert_refused(zipped_raw(parts), name, "too large")


def zipped_raw(parts: Parts) -> bytes:
    """`zipped`, by hand: `ZipFile.open` is out of use."""
    file = io.BytesIO()
    central = b""
    for name, data in parts.items():
        offset = file.tell()
        head = (
            b"\x14\x00\x00\x00\x00\x00\x00\x00\x21\x00"
            + zlib.crc32(data).to_bytes(4, "little")
            + len(data).to_bytes(4, "little") * 2
            + len(name).to_bytes(2, "little")
            + b"\x00\x00"
        )
        file.write(b"PK\x03\x04" + head + name.encode() + data)
        central += b"PK\x01\x02\x14\x00" + head + b"\x00" * 10 + offset.to_bytes(4, "little")
        central += name.encode()
    place = file.tell()
    count = len(parts).to_bytes(2, "little")
    end = b"\x00" * 4 + count * 2 + len(central).to_bytes(4, "little") + place.to_bytes(4, "little")
    return file.getvalue() + central + b"PK\x05\x06" + end + b"\x00\x00"


def test_the_zip_by_hand_is_a_zip() -> None:
    assert read_all(zipped_raw(parts_of(written()))) == read_all(written())


def test_a_part_is_never_read_beyond_the_size_that_it_states() -> None:
    """A bomb that says it is small is cut off there, and its checksum no longer fits."""
    file = bytearray(zipped({**parts_of(written()), "attempts/efgh.ndjson": b"\n" * 10**6}))
    entry = file.rindex(b"attempts/efgh.ndjson")
    file[entry - 46 + 24 : entry - 46 + 28] = (10).to_bytes(4, "little")

    assert_refused(bytes(file), "attempts/efgh.ndjson", "damaged")


def test_a_list_of_parts_without_end_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container, "_MAX_LIST_BYTES", 300)
    monkeypatch.setattr(zipfile, "ZipFile", lambda *_: pytest.fail("the list was read"))

    assert_refused(FILE, "too many parts")


def test_the_large_form_of_a_list_is_not_read() -> None:
    file = FILE[:-22] + b"PK\x06\x07" + b"\x00" * 16 + FILE[-22:]

    assert_refused(file, "too many parts")


def test_an_encrypted_part_is_refused() -> None:
    file = bytearray(FILE)
    file[file.index(b"PK\x01\x02") + 8] |= 0x1

    assert_refused(bytes(file), "encrypted")


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_ways_of_compressing_are_refused(compression: int) -> None:
    assert_refused(zipped(parts_of(FILE), compression), "compressed in a way")


@pytest.mark.parametrize("length", range(0, len(FILE), 7))
def test_a_file_that_was_cut_off_is_refused(length: int) -> None:
    assert_refused(FILE[:length])


@settings(max_examples=300)
@given(st.data())
def test_a_damaged_file_is_refused_or_read_as_it_was(data: st.DataObject) -> None:
    """Nothing else than ArchiveError comes out, whatever bytes are changed."""
    place = data.draw(st.integers(0, len(FILE) - 1))
    damage = data.draw(st.binary(min_size=1, max_size=8))
    file = FILE[:place] + damage + FILE[place + len(damage) :]
    with contextlib.suppress(ArchiveError):
        assert read_all(file) == read_all(FILE)


@given(st.binary(max_size=400))
def test_noise_is_refused(noise: bytes) -> None:
    assert_refused(noise)
    assert_refused(noise + FILE[-22:])
