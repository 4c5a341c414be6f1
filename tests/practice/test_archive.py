"""A zip of everything: it is read back as it was written, and nothing else is taken for one."""

import contextlib
import io
import json
import zipfile
import zlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import ArchiveError
from app.practice.archive import container, reader
from app.practice.archive.parts import (
    CardRating,
    Checked,
    Choice,
    FoundLine,
    Manifest,
    OwnDerivation,
    RungAnswer,
    Saved,
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


def test_it_is_read_as_it_was_written() -> None:
    manifest, recordings, ratings, rungs, settings, derivations = read_all(written(left_out=3))

    assert manifest == Manifest(
        exported_at=NOON,
        attempts=2,
        checked=1,
        ratings=2,
        rungs=2,
        derivations={"half-square": Saved(created_at=NOON, changed_at=NOON + 5)},
        left_out=3,
    )
    assert recordings == [("abcd", RECORDING, CHECKED), ("efgh", [], None)]
    assert ratings == RATINGS
    assert rungs == RUNGS
    assert settings == SETTINGS
    assert derivations == [OWN]


def test_the_same_content_gives_the_same_file() -> None:
    assert written() == written()


@pytest.mark.parametrize("moment", [0, 4_400_000_000_000])
def test_a_clock_that_is_far_off_spoils_no_file(moment: int) -> None:
    file = io.BytesIO()
    writer = ArchiveWriter(file, moment)
    add_nothing(writer)
    writer.finish(0)

    assert read_all(file.getvalue())[0].exported_at == moment


def test_a_file_that_was_unpacked_and_packed_again_is_read() -> None:
    parts = {"attempts/": b"", "derivations/": b"", **parts_of(written())}

    assert read_all(zipped(parts, zipfile.ZIP_STORED)) == read_all(written())


@pytest.mark.parametrize(
    "file",
    [b"", b"PK", b"nonsense" * 100, b"PK\x05\x06" + b"\x00" * 17, b"\x1f\x8b" + b"\x00" * 500],
)
def test_what_is_no_zip_is_refused(file: bytes) -> None:
    assert_refused(file, "not a zip file")


def test_an_empty_zip_is_no_export() -> None:
    assert_refused(zipped({}), "not an export of Coldboard")


@pytest.mark.parametrize(
    "name",
    [
        "../attempts/abcd.ndjson",
        "/etc/passwd",
        "attempts/../../evil.ndjson",
        "attempts\\abcd.ndjson",
        "C:\\evil.ndjson",
        "attempts/abcd.ndjson/x",
        "attempts/ABCD.ndjson",
        "attempts/abcd.ndjson\n",
        "derivations/a/b.toml",
        "derivations/-.toml",
        "attempts/a b c d.ndjson",
        "evil.exe",
        "sub/",
    ],
)
def test_a_part_that_does_not_belong_there_is_refused(name: str) -> None:
    assert_refused(zipped({**parts_of(written()), name: b"x"}), "does not belong")


def test_a_part_that_is_there_twice_is_refused() -> None:
    file = io.BytesIO(written())
    with zipfile.ZipFile(file, "a") as target, pytest.warns(UserWarning, match="Duplicate"):
        target.writestr("attempts/abcd.ndjson", b"x")

    assert_refused(file.getvalue(), "attempts/abcd.ndjson", "twice")


@pytest.mark.parametrize("name", list(parts_of(written())))
def test_a_part_that_is_missing_is_noticed(name: str) -> None:
    parts = parts_of(written())
    del parts[name]

    assert_refused(zipped(parts))


@pytest.mark.parametrize(
    ("manifest", "words"),
    [
        ({"coldboard_archive": 2}, ["newer Coldboard", "format 2"]),
        ({"coldboard_archive": 0}, ["coldboard_archive"]),
        ({"coldboard_archive": "1"}, ["coldboard_archive"]),
        ({"attempts": 3}, ["2 attempts", "should be 3"]),
        ({"attempts": -1}, ["attempts"]),
        ({"attempts": 10**9}, ["attempts"]),
        ({"checked": 2}, ["what was found"]),
        ({"ratings": 3}, ["ratings.ndjson", "2 lines", "should be 3"]),
        ({"rungs": 1}, ["rungs.ndjson", "2 lines", "should be 1"]),
        ({"rungs": 10**9}, ["rungs"]),
        ({"derivations": {}}, ["half-square.toml", "not named"]),
        ({"derivations": {"../x": {"created_at": 0, "changed_at": 0}}}, ["../x.toml is missing"]),
        ({"exported_at": 10**20}, ["exported_at"]),
        ({"more": 1}, ["more"]),
    ],
)
def test_a_manifest_that_says_something_else_is_refused(
    manifest: dict[str, Any], words: list[str]
) -> None:
    assert_refused(zipped(changed(**manifest)), *words)


@pytest.mark.parametrize(
    "manifest", [b"", b"{", b"[1]", b"null", b"\xff", b"[" * 100_000, b"9" * 5_000]
)
def test_a_manifest_that_is_none_is_refused(manifest: bytes) -> None:
    assert_refused(zipped({**parts_of(written()), "manifest.json": manifest}), "manifest.json")


@pytest.mark.parametrize(
    "rating",
    [
        "",
        "null",
        "[]",
        '[1,"cafe"]',
        '["1","cafe",1]',
        '[1,"cafe",0]',
        '[1,"cafe",5]',
        '[1,"",1]',
        '[1,"=cmd()",1]',
        '[-1,"cafe",1]',
        '[99999999999999,"cafe",1]',
        '[1,"cafe",1.5]',
        '[1,"cafe",true]',
    ],
)
def test_a_rating_that_is_none_is_named_by_its_line(rating: str) -> None:
    ratings = f'[1,"cafe",1]\n{rating}\n'.encode()

    assert_refused(zipped({**parts_of(written()), "ratings.ndjson": ratings}), "line 2")


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "null",
        '["1","ols","order",null,true]',
        '[1,"OLS","order",null,true]',
        '[1,"ols","blank",null,true]',
        '[1,"ols","order","<b>",true]',
        '[1,"ols","order",null,1]',
        '[99999999999999,"ols","order",null,true]',
        '[1,"ols","order",null]',
    ],
)
def test_an_answer_that_is_none_is_named_by_its_line(answer: str) -> None:
    rungs = f'[1,"ols","order",null,true]\n{answer}\n'.encode()

    assert_refused(zipped({**parts_of(written()), "rungs.ndjson": rungs}), "rungs.ndjson: line 2")


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ("", []),
        ("[]", []),
        ('{"theme": "dark"}', ["theme"]),
        ('{"theme": {"value": "dark"}}', ["theme.changed_at"]),
        ('{"theme": {"value": "dark", "changed_at": -1}}', ["theme.changed_at"]),
        ('{"theme": {"value": "dark", "changed_at": 1e20}}', ["theme.changed_at"]),
        ('{"theme": {"value": "sepia", "changed_at": 1}}', ["theme"]),
        ('{"shoes": {"value": "brown", "changed_at": 1}}', ["shoes", "no such setting"]),
        ('{"limit_ms": {"value": 1, "changed_at": 1}}', ["limit_ms", "from 1 to 60"]),
        ('{"targets": {"value": [], "changed_at": 1}}', ["targets"]),
        ('{"zone": {"value": 1, "changed_at": 1}}', ["zone"]),
        ('{"theme": {"value": ' + "[" * 5_000, []),
    ],
)
def test_a_setting_that_does_not_fit_is_named(settings: str, words: list[str]) -> None:
    file = zipped({**parts_of(written()), "settings.json": settings.encode()})

    assert_refused(file, "settings.json", *words)


def test_a_zone_that_only_another_machine_knows_is_read() -> None:
    zone = b'{"zone": {"value": "Mars/Olympus", "changed_at": 1}}'

    settings = read_all(zipped({**parts_of(written()), "settings.json": zone}))[4]

    assert settings == {"zone": Choice(value="Mars/Olympus", changed_at=1)}


@pytest.mark.parametrize(
    "line",
    [
        {"line": 0},
        {"verdict": "right"},
        {"row": "R 1"},
        {"steps": ["<b>"]},
        {"steps": ["1", "1"]},
        {"span": [1]},
        {"edited_ms": -1},
        {"more": 1},
    ],
)
def test_what_the_checker_cannot_have_found_is_refused(line: dict[str, Any]) -> None:
    checked = CHECKED.model_dump(mode="json")
    checked["lines"][0] |= line
    parts = {**parts_of(written()), "checked/abcd.json": json.dumps(checked).encode()}

    assert_refused(zipped(parts), "checked/abcd.json")


def test_a_line_that_was_judged_twice_is_refused() -> None:
    checked = CHECKED.model_dump(mode="json")
    checked["lines"] *= 2
    parts = {**parts_of(written()), "checked/abcd.json": json.dumps(checked).encode()}

    assert_refused(zipped(parts), "twice")


def test_findings_of_no_attempt_are_refused() -> None:
    parts = parts_of(written())
    parts["checked/zzzz.json"] = parts.pop("checked/abcd.json")

    assert_refused(zipped(parts), "what was found")


def test_a_part_that_is_not_utf_8_is_named() -> None:
    parts = {**parts_of(written()), "derivations/half-square.toml": b"id = '\xff'"}

    assert_refused(zipped(parts), "half-square.toml", "UTF-8")


def test_a_line_without_an_end_is_not_read_to_its_end() -> None:
    parts = {**parts_of(written()), "attempts/abcd.ndjson": b"x" * (reader.MAX_LINE_BYTES + 1)}

    assert_refused(zipped(parts), "abcd.ndjson", "too long")


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


lines = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
ratings = st.builds(
    CardRating,
    st.from_regex(r"[0-9a-f]{16}", fullmatch=True),
    st.builds(Rating, st.integers(0, 7_258_118_400_000), st.sampled_from(Grade)),
)
rungs = st.builds(
    RungAnswer,
    st.integers(0, 7_258_118_400_000),
    st.from_regex(r"[a-z0-9-]{1,9}", fullmatch=True),
    st.sampled_from(Rung),
    st.none() | st.sampled_from(["1", "3a"]),
    st.booleans(),
)
names = st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,6}){0,2}", fullmatch=True)
moments = st.integers(0, 7_258_118_400_000)


@given(
    st.dictionaries(st.from_regex(r"[a-z0-9]{4,10}", fullmatch=True), lines, max_size=4),
    st.lists(ratings, max_size=6),
    st.lists(rungs, max_size=6),
    st.dictionaries(names, st.tuples(lines, moments, moments), max_size=3),
)
def test_whatever_is_written_is_read(
    recordings: dict[str, str],
    rated: list[CardRating],
    answers: list[RungAnswer],
    own: dict[str, tuple[str, int, int]],
) -> None:
    file = io.BytesIO()
    writer = ArchiveWriter(file, NOON)
    for attempt_id, text in recordings.items():
        writer.add_recording(attempt_id, [text])
    writer.add_ratings(rated)
    writer.add_rungs(answers)
    writer.add_settings({})
    derivations = [OwnDerivation(one, *rest) for one, rest in own.items()]
    for one in derivations:
        writer.add_derivation(one)
    writer.finish(0)

    _, found, found_ratings, found_rungs, _, found_derivations = read_all(file.getvalue())

    assert {one: "".join(text) for one, text, _ in found} == recordings
    assert found_ratings == rated
    assert found_rungs == answers
    assert found_derivations == derivations
