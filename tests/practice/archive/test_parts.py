"""Parts that do not belong there, or do not hold what they should."""

import io
import json
import zipfile
from typing import Any

import pytest

from app.practice.archive import reader
from app.practice.archive.parts import Choice
from tests.practice.archive.helpers import (
    CHECKED,
    assert_refused,
    changed,
    parts_of,
    read_all,
    written,
    zipped,
)


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
