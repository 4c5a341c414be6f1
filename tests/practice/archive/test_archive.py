"""What is written into a file of everything is read from it."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.practice.archive.parts import CardRating, Manifest, OwnDerivation, RungAnswer, Saved
from app.practice.archive.writer import ArchiveWriter
from app.practice.ladder import Rung
from app.practice.spacing import Grade, Rating
from tests.helpers import NOON
from tests.practice.archive.helpers import (
    CHECKED,
    OWN,
    RATINGS,
    RECORDING,
    RUNGS,
    SETTINGS,
    add_nothing,
    parts_of,
    read_all,
    written,
    zipped,
)


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
