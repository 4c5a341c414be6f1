"""Everything out of one database and into another."""

import io
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlmodel import Session, SQLModel

from app.errors import ArchiveError
from app.library.models import DerivationFile
from app.library.reading import read_source
from app.practice.archive.parts import CardRating, Choice, OwnDerivation
from app.practice.archive.reader import open_archive
from app.practice.archive.writer import ArchiveWriter
from app.practice.ladder import Rung
from app.practice.preferences import Preferences
from app.practice.recording import write_recording
from app.practice.spacing import Grade, Rating, due_after
from app.practice.splits import Tick
from app.storage.archives import Merged
from app.storage.attempts import delete_attempt, find_attempt, write_note
from app.storage.own import Arrival, delete_own, find_own, list_own, save_own
from app.storage.preferences import read_preferences, save_preferences
from app.storage.ratings import all_ratings, due_times, merge_ratings, rate
from app.storage.recordings import export_recording
from app.storage.rungs import keep_rung
from app.storage.steps import CheckedLine, checked_lines, keep_checked, reached_of, set_tick
from tests.helpers import MINUTE, NOON
from tests.library.helpers import VARIANT
from tests.storage.accounts import MINE, NEWER, brought_in, contents, exported
from tests.storage.helpers import keep_attempt, keep_log, keep_running

# Everything that the server keeps of a person. A new table has to be thought of: what of it goes
# into a file, in which part, and how two devices merge it.
CARRIED = {
    "attempt",
    "event",
    "tick",
    "checked_line",
    "checked_step",
    "rating",
    "rung",
    "own_derivation",
    "preference",
}
# A live session is kept by whoever holds it; what somebody wrote in it they keep as an attempt.
SESSIONS = {"live_session", "session_link", "seat", "remark"}
FOUND = [
    CheckedLine(1, "r-1", 2_000, "holds", "Holds.", ("3a", "4")),
    CheckedLine(2, "r-2", 2_500, "fails", "Left is −2.", (), "factor-two", (3, 9)),
]


def keep_whole(session: Session, attempt_id: str = "abcd", **more: Any) -> None:
    """An attempt with everything that can belong to one."""
    keep_attempt(session, attempt_id, note="Shapes first.\nŷ.", **more)
    keep_log(session, attempt_id)
    set_tick(session, attempt_id, "1", Tick(True, 9_000), NOON)
    set_tick(session, attempt_id, "3a", Tick(False), NOON)
    keep_checked(session, attempt_id, FOUND, NOON + MINUTE)


@pytest.fixture
def full(session: Session) -> Session:
    """A database with something in every table."""
    keep_whole(session)
    rate(session, "cafe", Grade.KNEW, NOON)
    rate(session, "beef", Grade.MISSED, NOON + MINUTE)
    rate(session, "cafe", Grade.EASY, NOON + 20 * MINUTE)
    save_own(session, "half-square", MINE, NOON)
    keep_rung(session, "ols", Rung.MISSING, NOON, passed=True, step="3a")
    save_preferences(session, Preferences(theme="dark", zone="Europe/Berlin"), NOON)
    session.commit()
    return session


def test_every_table_is_carried_or_follows_from_the_others(full: Session) -> None:
    tables = SQLModel.metadata.tables
    assert set(tables) == CARRIED | SESSIONS

    for name in CARRIED:
        count = select(func.count()).select_from(tables[name])
        assert full.execute(count).scalar_one(), f"nothing in {name}: the next test proves nothing"


def test_an_account_arrives_as_it_was(full: Session, elsewhere: Session) -> None:
    merged = brought_in(elsewhere, exported(full))

    assert merged == Merged(
        NOON,
        left_out=0,
        attempts=1,
        ratings=3,
        rungs=1,
        settings=("theme", "zone"),
        derivations=(Arrival("half-square", "added"),),
    )
    assert contents(elsewhere) == contents(full)
    assert find_attempt(elsewhere, "abcd").model_dump() == find_attempt(full, "abcd").model_dump()
    assert checked_lines(elsewhere, "abcd") == FOUND
    assert reached_of(elsewhere, ["abcd"]) == reached_of(full, ["abcd"])
    assert due_times(elsewhere) == due_times(full)
    assert [row.model_dump(exclude={"saves"}) for row in list_own(elsewhere)] == [
        row.model_dump(exclude={"saves"}) for row in list_own(full)
    ]
    assert exported(elsewhere) == exported(full)


def test_a_recording_stands_in_it_as_a_single_export_writes_it(full: Session) -> None:
    with open_archive(io.BytesIO(exported(full))) as archive:
        ((attempt_id, lines),) = [(one, list(lines)) for one, lines in archive.recordings()]

    assert attempt_id == "abcd"
    assert lines == list(write_recording(*export_recording(full, "abcd")))


def test_what_runs_what_is_deleted_and_what_is_sealed_stays_out(full: Session) -> None:
    keep_running(full, "runs", derivation="rope")
    keep_whole(full, "gone", derivation="rope")
    keep_whole(full, "shut", derivation="ols")
    keep_whole(full, "free", derivation="rope")
    delete_attempt(full, "gone", NOON)
    save_own(full, "other", MINE.replace("'half-square'", "'other'"), NOON)
    save_own(full, "deleted", MINE, NOON)
    delete_own(full, "deleted", NOON)

    with open_archive(io.BytesIO(exported(full, sealed=["ols", "other"]))) as archive:
        attempts = [attempt_id for attempt_id, _ in archive.recordings()]
        own = [one.id for one in archive.derivations()]

    assert attempts == ["free"]
    assert own == ["half-square"]
    # abcd and shut, and the one that runs; what is deleted was not to be in it anyway.
    assert archive.manifest.left_out == 3


def test_an_empty_account_is_a_file_too(session: Session, elsewhere: Session) -> None:
    merged = brought_in(elsewhere, exported(session))

    assert merged == Merged(NOON, left_out=0)
    assert not merged.changed


def test_bringing_it_in_twice_changes_nothing(full: Session, elsewhere: Session) -> None:
    file = exported(full)
    brought_in(elsewhere, file)

    again = brought_in(elsewhere, file)

    assert again == Merged(NOON, left_out=0, known=1, derivations=(Arrival("half-square", "same"),))
    assert not again.changed
    assert exported(elsewhere) == file


def test_two_devices_become_one_and_nothing_is_doubled(full: Session, elsewhere: Session) -> None:
    brought_in(elsewhere, exported(full))
    keep_whole(full, "here", created_at=NOON + 5)
    rate(full, "cafe", Grade.HARD, NOON + 60 * MINUTE)
    keep_whole(elsewhere, "there", created_at=NOON + 6)
    rate(elsewhere, "cafe", Grade.MISSED, NOON + 40 * MINUTE)
    full.commit()

    there = brought_in(elsewhere, exported(full))
    here = brought_in(full, exported(elsewhere))

    assert (there.attempts, there.known, there.ratings) == (1, 1, 1)
    assert (here.attempts, here.known, here.ratings) == (1, 2, 1)
    assert exported(full) == exported(elsewhere)
    ratings = [
        Rating(NOON, Grade.KNEW),
        Rating(NOON + 20 * MINUTE, Grade.EASY),
        Rating(NOON + 40 * MINUTE, Grade.MISSED),
        Rating(NOON + 60 * MINUTE, Grade.HARD),
    ]
    assert due_times(full)["cafe"] == due_times(elsewhere)["cafe"] == due_after(ratings)


def test_the_same_rating_given_twice_stays_two(session: Session, elsewhere: Session) -> None:
    """Older versions gave two of them one moment when a clock had been set back."""
    twice = [CardRating("cafe", Rating(NOON, Grade.KNEW))] * 2
    merge_ratings(session, twice)

    for _ in range(2):
        brought_in(elsewhere, exported(session))

    assert all_ratings(elsewhere) == twice


def test_ratings_of_one_moment_count_in_the_same_order_on_both(
    session: Session, elsewhere: Session
) -> None:
    rate(session, "cafe", Grade.MISSED, NOON)
    rate(elsewhere, "cafe", Grade.EASY, NOON)
    ours, theirs = exported(session), exported(elsewhere)

    brought_in(session, theirs)
    brought_in(elsewhere, ours)

    ordered = [Rating(NOON, Grade.MISSED), Rating(NOON, Grade.EASY)]
    assert due_times(session) == due_times(elsewhere) == {"cafe": due_after(ordered)}


def test_what_was_said_last_of_an_attempt_counts(full: Session, elsewhere: Session) -> None:
    brought_in(elsewhere, exported(full))
    write_note(full, find_attempt(full, "abcd"), "Changed there.", NOON + 1)
    set_tick(elsewhere, "abcd", "4", Tick(True), NOON + 1)

    merged = brought_in(elsewhere, exported(full))

    assert (merged.known, merged.updated, merged.strange) == (1, 1, 0)
    assert merged.changed
    assert find_attempt(elsewhere, "abcd").note == "Changed there."
    assert reached_of(elsewhere, ["abcd"])["abcd"].ticks["4"] == Tick(True)


def test_another_attempt_of_the_same_id_stays_as_it_is(full: Session, elsewhere: Session) -> None:
    keep_attempt(elsewhere, derivation="rope")
    keep_log(elsewhere)

    merged = brought_in(elsewhere, exported(full))

    assert (merged.known, merged.strange) == (1, 1)
    assert find_attempt(elsewhere, "abcd").derivation == "rope"
    assert checked_lines(elsewhere, "abcd") == []


def test_an_old_file_does_not_undo_newer_settings(full: Session) -> None:
    old = exported(full)
    save_preferences(full, Preferences(theme="light", sounds=True), NOON + 1)
    full.commit()

    merged = brought_in(full, old)

    # The zone was set back to that of the machine, which is a choice too.
    assert merged.settings == ()
    assert read_preferences(full) == Preferences(theme="light", sounds=True)


def test_a_setting_that_was_changed_later_there_counts_here(
    full: Session, elsewhere: Session
) -> None:
    save_preferences(elsewhere, Preferences(theme="light", sounds=True), NOON + 1)
    save_preferences(full, Preferences(limit_ms=60_000), NOON + 2)

    merged = brought_in(elsewhere, exported(full))

    # The theme was dark there, and then set back.
    assert merged.settings == ("limit_ms", "theme")
    assert read_preferences(elsewhere) == Preferences(limit_ms=60_000, sounds=True)


def test_a_derivation_that_nobody_knows_is_kept(session: Session, elsewhere: Session) -> None:
    keep_whole(session, derivation="not-in-any-library")
    keep_rung(session, "not-in-any-library", Rung.ORDER, NOON, passed=True)
    rate(session, "no-such-card", Grade.KNEW, NOON)

    brought_in(elsewhere, exported(session))

    assert contents(elsewhere) == contents(session)


def test_what_was_found_there_is_known_here_afterwards(full: Session, elsewhere: Session) -> None:
    keep_attempt(elsewhere, note="Shapes first.\nŷ.")
    keep_log(elsewhere)

    brought_in(elsewhere, exported(full))

    assert checked_lines(elsewhere, "abcd") == FOUND


def test_what_was_deleted_here_comes_back(full: Session) -> None:
    file = exported(full)
    delete_attempt(full, "abcd", NOON)
    delete_own(full, "half-square", NOON)
    full.commit()

    merged = brought_in(full, file)

    assert (merged.returned, merged.derivations) == (1, (Arrival("half-square", "added"),))
    assert merged.changed
    assert exported(full) == file


@pytest.mark.parametrize(("later", "what"), [("there", "replaced"), ("here", "older")])
def test_of_two_versions_the_one_saved_last_counts_and_the_other_is_kept(
    session: Session, elsewhere: Session, later: str, what: str
) -> None:
    save_own(session, "half-square", MINE + VARIANT, NOON + (later == "here"))
    save_own(elsewhere, "half-square", NEWER, NOON + (later == "there"))
    winner = NEWER if later == "there" else MINE + VARIANT
    loser_title = "Derivative of a square" if later == "there" else "A square"

    merged = brought_in(session, exported(elsewhere))

    (arrival,) = merged.derivations
    assert (arrival.id, arrival.what) == ("half-square", what)
    rows = {row.id: row for row in list_own(session)}
    assert arrival.kept_as is not None
    assert rows["half-square"].source == winner
    kept = read_source(rows[arrival.kept_as].source, DerivationFile)
    assert (kept.id, kept.title) == (arrival.kept_as, f"{loser_title} (older version)")
    assert len(rows) == 2


def test_merging_in_both_directions_keeps_the_same_two_versions(
    session: Session, elsewhere: Session
) -> None:
    save_own(session, "half-square", MINE, NOON)
    save_own(elsewhere, "half-square", NEWER, NOON + 1)
    ours, theirs = exported(session), exported(elsewhere)

    for _ in range(2):
        brought_in(session, theirs)
        brought_in(elsewhere, ours)

    versions = {row.id: row.source for row in list_own(session)}
    assert versions == {row.id: row.source for row in list_own(elsewhere)}
    assert len(versions) == 2


def test_an_older_version_that_was_deleted_comes_back_like_anything_else(
    session: Session, elsewhere: Session
) -> None:
    save_own(session, "half-square", MINE, NOON + 1)
    save_own(elsewhere, "half-square", NEWER, NOON)
    (first,) = brought_in(session, exported(elsewhere)).derivations
    assert first.kept_as is not None
    delete_own(session, first.kept_as, NOON)

    (second,) = brought_in(session, exported(elsewhere)).derivations

    assert second == Arrival("half-square", "older", first.kept_as)
    assert find_own(session, first.kept_as) is not None


def test_a_text_that_cannot_be_read_any_more_is_kept_as_it_is(
    session: Session, elsewhere: Session
) -> None:
    save_own(session, "half-square", "id = 'half-square'\nolder = 'form'", NOON)
    file = exported(session)
    save_own(elsewhere, "half-square", MINE, NOON + 1)

    (arrival,) = brought_in(elsewhere, file).derivations

    assert arrival.kept_as is not None
    kept = find_own(elsewhere, arrival.kept_as)
    assert kept is not None
    assert kept.source == "id = 'half-square'\nolder = 'form'"


def archive_of(**parts: Any) -> bytes:
    """A file with these recordings and derivations, and the ratings."""
    file = io.BytesIO()
    writer = ArchiveWriter(file, NOON)
    for attempt_id, lines in parts.get("recordings", {}).items():
        writer.add_recording(attempt_id, lines)
    writer.add_ratings([CardRating("new", Rating(NOON, Grade.KNEW))])
    writer.add_rungs([])
    writer.add_settings({"sounds": Choice(value=True, changed_at=NOON)})
    for name, source in parts.get("derivations", {}).items():
        writer.add_derivation(OwnDerivation(name, source, NOON, NOON))
    writer.finish(0)
    return file.getvalue()


def good_and(full: Session, attempt_id: str, lines: list[str]) -> dict[str, list[str]]:
    """A recording that is new here and right, and then another."""
    good = list(write_recording(*export_recording(full, "abcd")))
    good[0] = good[0].replace("abcd", "aaaa")
    return {"aaaa": good, attempt_id: lines}


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([], "zzzz.ndjson: line 1"),
        (["nonsense\n"], "zzzz.ndjson: line 1"),
        (None, "another attempt, abcd"),
        (["{}\n", '[0,"start",{}]\n'], "zzzz.ndjson: line 1"),
    ],
)
def test_a_recording_that_is_wrong_changes_nothing(
    full: Session, lines: list[str] | None, words: str
) -> None:
    before = exported(full)
    own = list(write_recording(*export_recording(full, "abcd"))) if lines is None else lines
    file = archive_of(recordings=good_and(full, "zzzz", own))

    with pytest.raises(ArchiveError, match=words):
        brought_in(full, file)
    full.rollback()

    assert exported(full) == before


@pytest.mark.parametrize(
    ("name", "source", "words"),
    [
        ("mine", "id = ", "mine.toml: line 1"),
        ("import", MINE, "name of a page"),
        ("mine", "a = " + "[" * 5_000, "mine.toml: not readable"),
    ],
)
def test_a_derivation_that_is_no_content_file_changes_nothing(
    full: Session, name: str, source: str, words: str
) -> None:
    before = exported(full)
    file = archive_of(derivations={"good": MINE, name: source})

    with pytest.raises(ArchiveError, match=words):
        brought_in(full, file)
    full.rollback()

    assert exported(full) == before


def test_a_cut_log_inside_a_whole_zip_is_noticed(full: Session) -> None:
    lines = list(write_recording(*export_recording(full, "abcd")))[:-1]

    with pytest.raises(ArchiveError, match="whole recording"):
        brought_in(full, archive_of(recordings={"abcd": lines}))
