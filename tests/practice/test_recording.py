import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import RecordingError
from app.practice.attempt import Mode
from app.practice.events import LONGEST_T, MAX_LINE_CHARACTERS, Event
from app.practice.recording import (
    MAX_NOTE_CHARACTERS,
    Header,
    read_recording,
    write_recording,
)
from tests.helpers import NOON, end, ink, line, start

HEADER = Header(
    attempt="abcd234567",
    derivation="ols",
    mode=Mode.COLD,
    limit_ms=300_000,
    reading_ms=0,
    created_at=NOON,
    started_at=NOON,
    ended_at=NOON + 240_000,
    end_why="done",
    steps={"1": 60_000, "2a": None},
    not_reached=["3"],
    note="Say the shapes.\nThen the inverse.",
)
EVENTS = [start(), ink(1_000), line(2_000), end(240_000)]


def assert_fails_at(line_number: int, lines: list[str], *words: str) -> None:
    with pytest.raises(RecordingError) as failure:
        read_recording(lines)

    assert str(failure.value).startswith(f"line {line_number}: ")
    for word in words:
        assert word in str(failure.value)


def lines_of(*events: str) -> list[str]:
    return [*write_recording(HEADER, [start()]), *events, '[9,"end",{"why":"done"}]\n']


def test_it_is_one_json_value_a_line() -> None:
    lines = list(write_recording(HEADER, EVENTS))

    assert all(line.endswith("\n") and line.count("\n") == 1 for line in lines)
    header, *events = map(json.loads, lines)
    assert header["coldboard"] == 1
    assert header["attempt"] == "abcd234567"
    assert events == [[event.t, event.code, event.data] for event in EVENTS]


def test_what_is_written_is_read_again() -> None:
    assert read_recording(write_recording(HEADER, EVENTS)) == (HEADER, EVENTS)


def test_a_recording_of_before_there_was_a_checker_is_read() -> None:
    header, *events = write_recording(HEADER, EVENTS)
    old = header.replace(',"not_reached":["3"]', "")

    assert old != header
    assert read_recording([old, *events])[0] == HEADER.model_copy(update={"not_reached": []})


def test_blank_lines_are_passed_over() -> None:
    header, *events = write_recording(HEADER, EVENTS)

    assert read_recording([header, "\n", *events, " \n"]) == (HEADER, EVENTS)


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
headers = st.builds(
    Header,
    attempt=st.from_regex(r"[a-z0-9]{4,32}", fullmatch=True),
    derivation=st.from_regex(r"[a-z0-9-]{1,64}", fullmatch=True),
    mode=st.sampled_from(Mode),
    limit_ms=st.none() | st.integers(60_000, 3_600_000),
    reading_ms=st.integers(0, 300_000),
    created_at=st.just(NOON),
    started_at=st.integers(NOON, NOON + 300_000),
    ended_at=st.integers(NOON + 300_000, NOON + 4_000_000),
    end_why=st.sampled_from(["done", "time", "abandoned"]),
    steps=st.dictionaries(
        st.from_regex(r"[1-9][0-9]?[a-z]?", fullmatch=True), st.none() | st.integers(0, 300_000)
    ),
    note=texts,
)
written = st.builds(
    lambda t, text, at: Event(t, "line", {"row": "r-1", "at": at, "text": text}),
    st.integers(0, LONGEST_T),
    texts.filter(lambda text: not {"\r", "\n"} & set(text)),
    st.integers(-5, 5) | st.floats(allow_nan=False, allow_infinity=False),
)


@pytest.mark.parametrize("change", [{"ended_at": NOON + 1}, {"end_why": "time"}])
def test_a_header_that_tells_another_end_than_the_log_is_refused(change: dict[str, Any]) -> None:
    lying = HEADER.model_copy(update=change)

    with pytest.raises(RecordingError, match="ended_at and end_why"):
        read_recording(write_recording(lying, EVENTS))


@given(headers, st.lists(written, max_size=5))
def test_every_recording_is_read_as_it_was_written(header: Header, events: list[Event]) -> None:
    whole = [start(), *events, end(header.ended_at - header.started_at, header.end_why)]

    assert read_recording(write_recording(header, whole)) == (header, whole)


@pytest.mark.parametrize(
    ("header", "word"),
    [
        ("", "header"),
        ("\n", "header"),
        (HEADER.model_dump_json().replace('["3"]', '["third"]'), "not_reached"),
        (HEADER.model_dump_json().replace('["3"]', '["1"]'), "named twice"),
        (HEADER.model_dump_json().replace('["3"]', '["3","3"]'), "named twice"),
        ("[0,1]\n", "header"),
        ("not JSON\n", "header"),
        ("{}\n", "attempt"),
        (HEADER.model_dump_json().replace('"coldboard":1', '"coldboard":2'), "coldboard"),
        (HEADER.model_dump_json().replace("abcd234567", "../passwd"), "attempt"),
        (HEADER.model_dump_json().replace("ols", "OLS"), "derivation"),
        (HEADER.model_dump_json().replace('cold"', 'warm"'), "mode"),
        (HEADER.model_dump_json().replace("300000", "-1"), "limit_ms"),
        (HEADER.model_dump_json().replace("300000", "1e400"), "limit_ms"),
        (HEADER.model_dump_json().replace("300000", "true"), "limit_ms"),
        (HEADER.model_dump_json().replace('"2a"', '"second"'), "steps"),
        (HEADER.model_dump_json().replace("done", "bored"), "end_why"),
        (HEADER.model_dump_json().replace(str(NOON), str(10**15)), "created_at"),
        (HEADER.model_dump_json().replace(str(NOON + 240_000), str(NOON - 1)), "before started_at"),
        (HEADER.model_dump_json().replace("Say", "x" * MAX_NOTE_CHARACTERS), "note"),
        (HEADER.model_dump_json().replace('"note"', '"host"'), "host"),
    ],
)
def test_a_wrong_header_is_line_1(header: str, word: str) -> None:
    assert_fails_at(1, [header, '[0,"start",{}]\n', '[9,"end",{"why":"done"}]\n'], word)


def test_an_empty_file_has_no_header() -> None:
    assert_fails_at(1, [])


@pytest.mark.parametrize(
    ("event", "word"),
    [
        ("scribble\n", "not JSON"),
        ('[0,"mark",{}\n', "not JSON"),
        ("[" * 100_000 + "\n", ""),
        ("[" * 60_000 + "\n", ""),
        ("9" * 5_000 + "\n", "not JSON"),
        ('[0,"mark",{"a":1}]\n', "mark.a"),
        ('[0,"scribble",{}]\n', "scribble"),
        ('{"t":0}\n', "an event is"),
        (f'[0,"line",{{"row":"r","at":1,"text":"{"x" * (MAX_LINE_CHARACTERS + 1)}"}}]\n', "text"),
        ('[0,"line",{"row":"r","at":1,"text":"\\ud800"}]\n', "JSON"),
    ],
)
def test_a_wrong_event_is_named_by_its_line(event: str, word: str) -> None:
    assert_fails_at(3, lines_of(event), word)


def test_lines_are_counted_as_they_stand_in_the_file() -> None:
    assert_fails_at(5, lines_of("\n", '[0,"mark",{}]\n', "scribble\n"))


@pytest.mark.parametrize(
    "events", [[], [start()], [end(1)], [ink(1), end(2)], [start(), ink(1)], [end(1), start()]]
)
def test_a_recording_that_was_cut_off_is_refused(events: list[Event]) -> None:
    with pytest.raises(RecordingError, match="whole recording"):
        read_recording(write_recording(HEADER, events))


def test_a_recording_that_is_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.practice.recording.MAX_EVENTS", 3)

    assert_fails_at(5, list(write_recording(HEADER, EVENTS)), "at most 3")
