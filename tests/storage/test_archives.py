"""Everything out of one database and into another."""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, event
from sqlmodel import Session, SQLModel, col, select

from app.errors import ArchiveError
from app.library.models import DerivationFile
from app.library.reading import read_source
from app.practice.archive import ArchiveWriter, CardRating, OwnDerivation, open_archive
from app.practice.recording import write_recording
from app.practice.spacing import Grade, Rating, due_after
from app.practice.splits import Tick
from app.storage.archives import Merged, export_all, import_all
from app.storage.attempts import delete_attempt, find_attempt
from app.storage.own import Arrival, delete_own, find_own, list_own, save_own
from app.storage.ratings import all_ratings, due_times, rate
from app.storage.recordings import export_recording, read_log
from app.storage.steps import CheckedLine, checked_lines, keep_checked, reached_of, set_tick
from app.storage.tables import AttemptRow
from tests.helpers import MINUTE, NOON, end, ink, line, mark, start
from tests.library.helpers import HALF_SQUARE, VARIANT
from tests.storage.helpers import keep_attempt, keep_log, keep_running

MINE = HALF_SQUARE.replace("drill = 8\n", "")
FOUND = [
    CheckedLine(1, "r-1", 2_000, "holds", "Holds.", ("3a", "4")),
    CheckedLine(2, "r-2", 2_500, "fails", "Left is −2.", (), "factor-two", (3, 9)),
]


def exported(session: Session, sealed: Sequence[str] = ()) -> bytes:
    file = io.BytesIO()
    export_all(session, file, sealed, NOON)
    return file.getvalue()


def brought_in(session: Session, file: bytes) -> Merged:
    with open_archive(io.BytesIO(file)) as archive:
        merged = import_all(session, archive, NOON + 1)
    session.commit()
    return merged


@contextmanager
def empty() -> Iterator[Session]:
    """Another database."""
    engine = create_engine("sqlite://")
    event.listen(engine, "connect", lambda one, _: one.execute("PRAGMA foreign_keys=ON"))
    SQLModel.metadata.create_all(engine)
    with Session(engine) as session:
        yield session
    engine.dispose()


def keep_whole(session: Session, attempt_id: str = "abcd", **more: Any) -> None:
    """An attempt with everything that can belong to one."""
    keep_attempt(session, attempt_id, note="Shapes first.\nŷ.", **more)
    keep_log(session, attempt_id)
    set_tick(session, attempt_id, "1", Tick(True, 9_000))
    set_tick(session, attempt_id, "3a", Tick(False))
    keep_checked(session, attempt_id, FOUND, NOON + MINUTE)


@pytest.fixture
def full(session: Session) -> Session:
    """A database with an attempt, ratings, and a derivation of one's own."""
    keep_whole(session)
    rate(session, "cafe", Grade.KNEW, NOON)
    rate(session, "beef", Grade.MISSED, NOON + MINUTE)
    rate(session, "cafe", Grade.EASY, NOON + 20 * MINUTE)
    save_own(session, "half-square", MINE, NOON)
    session.commit()
    return session


def test_an_account_arrives_as_it_was(full: Session, elsewhere: Session) -> None:
    merged = brought_in(elsewhere, exported(full))

    assert merged == Merged(
        NOON,
        left_out=0,
        attempts=1,
        ratings=3,
        derivations=(Arrival("half-square", "added"),),
    )
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
    """A clock that was set back gives two of them one moment."""
    rate(session, "cafe", Grade.KNEW, NOON)
    rate(session, "cafe", Grade.KNEW, NOON - MINUTE)

    for _ in range(2):
        brought_in(elsewhere, exported(session))

    assert all_ratings(elsewhere) == [CardRating("cafe", Rating(NOON, Grade.KNEW))] * 2


def test_a_note_that_differs_is_reported_and_the_one_here_stays(
    full: Session, elsewhere: Session
) -> None:
    brought_in(elsewhere, exported(full))
    find_attempt(full, "abcd").note = "Changed there."
    set_tick(elsewhere, "abcd", "4", Tick(True))

    merged = brought_in(elsewhere, exported(full))

    assert (merged.known, merged.differing) == (1, 1)
    assert find_attempt(elsewhere, "abcd").note == "Shapes first.\nŷ."


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


NEWER = MINE.replace("Derivative of a square", "A square")


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


def test_an_older_version_that_was_deleted_does_not_come_back(
    session: Session, elsewhere: Session
) -> None:
    save_own(session, "half-square", MINE, NOON + 1)
    save_own(elsewhere, "half-square", NEWER, NOON)
    (first,) = brought_in(session, exported(elsewhere)).derivations
    assert first.kept_as is not None
    delete_own(session, first.kept_as, NOON)

    (second,) = brought_in(session, exported(elsewhere)).derivations

    assert second == Arrival("half-square", "older", None)
    assert find_own(session, first.kept_as) is None


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
    writer.add_ratings(parts.get("ratings", [CardRating("new", Rating(NOON, Grade.KNEW))]))
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


# --- laws ---

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
steps = st.sampled_from(["1", "2", "2a", "3"])
ticks = st.dictionaries(
    steps,
    st.one_of(
        st.just(Tick(False)), st.builds(Tick, st.just(True), st.none() | st.integers(0, 60_000))
    ),
)
found = st.lists(
    st.tuples(
        st.sampled_from(["holds", "fails", "unclear"]), texts, st.sets(steps), st.integers(0, 99)
    ),
    max_size=3,
).map(
    lambda lines: [
        CheckedLine(place, "r-1", t, verdict, message, tuple(sorted(reached)), None, (t, t + 1))
        for place, (verdict, message, reached, t) in enumerate(lines, start=1)
    ]
)
attempts = st.fixed_dictionaries(
    {
        "derivation": st.sampled_from(["ols", "rope", "half-square"]),
        "mode": st.sampled_from(["cold", "guided"]),
        "limit_ms": st.none() | st.integers(60_000, 3_600_000),
        "created_at": st.integers(NOON, NOON + 5),
        "note": texts,
        "ticks": ticks,
        "found": st.none() | found,
        "middle": st.lists(
            st.sampled_from([ink(1_000), line(2_000), mark(3_000), line(4_000, "ŷ")]), max_size=4
        ),
        "deleted_at": st.sampled_from([None, None, None, NOON]),
    }
)
cards = st.lists(
    st.tuples(st.sampled_from(["cafe", "beef"]), st.sampled_from(Grade), st.integers(-50, 50)),
    max_size=8,
)
own = st.dictionaries(
    st.sampled_from(["half-square", "mine", "other"]),
    st.tuples(st.sampled_from([MINE, NEWER, "a = 1"]), st.integers(0, 5), st.booleans()),
)
accounts = st.fixed_dictionaries(
    {
        "attempts": st.dictionaries(st.sampled_from(["aaaa", "bbbb", "cccc", "dddd"]), attempts),
        "cards": cards,
        "own": own,
    }
)


def furnish(session: Session, account: dict[str, Any]) -> None:
    for attempt_id, one in account["attempts"].items():
        columns = {key: one[key] for key in one if key not in ("ticks", "found", "middle")}
        keep_attempt(session, attempt_id, **columns)
        keep_log(session, attempt_id, [start(), *one["middle"], end(60_000)])
        for step, tick in one["ticks"].items():
            set_tick(session, attempt_id, step, tick)
        if one["found"] is not None:
            keep_checked(session, attempt_id, one["found"], NOON)
    for card, grade, minutes in account["cards"]:
        rate(session, card, grade, NOON + minutes * MINUTE)
    for derivation_id, (source, seconds, is_deleted) in account["own"].items():
        save_own(session, derivation_id, source, NOON + seconds)
        if is_deleted:
            delete_own(session, derivation_id, NOON)
    session.commit()


@settings(max_examples=40, deadline=None)
@given(accounts)
def test_export_then_import_is_the_identity(account: dict[str, Any]) -> None:
    with empty() as source, empty() as target:
        furnish(source, account)
        file = exported(source)

        brought_in(target, file)

        assert exported(target) == file
        assert contents(target) == contents(source)
        assert due_times(target) == due_times(source)
        brought_in(target, file)
        assert contents(target) == contents(source)


def contents(session: Session) -> list[Any]:
    """All that an account holds, without what is deleted."""
    session.expire_all()
    rows = session.exec(
        select(AttemptRow).where(col(AttemptRow.deleted_at).is_(None)).order_by(col(AttemptRow.id))
    ).all()
    logs = [
        [(event.t, event.code, event.data) for event in read_log(session, row.id)] for row in rows
    ]
    return [
        [row.model_dump() for row in rows],
        logs,
        reached_of(session, [row.id for row in rows]),
        [checked_lines(session, row.id) for row in rows],
        all_ratings(session),
        [(row.id, row.source, row.created_at, row.changed_at) for row in list_own(session)],
    ]


def test_every_table_is_taken_along() -> None:
    """A new table has to be thought of: what of it belongs into a file."""
    taken = {"attempt", "event", "tick", "checked_line", "checked_step", "rating", "own_derivation"}

    # Settings belong to a machine, and rungs are passed again in minutes: the page says so.
    left = {"preference", "rung"}

    assert set(SQLModel.metadata.tables) == taken | left
