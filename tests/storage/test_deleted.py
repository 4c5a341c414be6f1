"""What was deleted, for a while and for good."""

import pytest
from sqlalchemy import func
from sqlmodel import Session, SQLModel, select

from app.errors import Conflict, NotFound
from app.practice.ladder import Rung
from app.practice.preferences import Preferences
from app.practice.remarks import Kind
from app.practice.roles import Role
from app.practice.spacing import Grade
from app.practice.splits import Tick
from app.storage.attempts import delete_attempt, find_attempt
from app.storage.deleted import (
    KEPT_MS,
    clear_attempt,
    clear_old,
    clear_own,
    delete_everything,
    list_deleted_attempts,
    list_deleted_own,
)
from app.storage.own import delete_own, save_own
from app.storage.preferences import save_preferences
from app.storage.ratings import rate
from app.storage.rungs import keep_rung
from app.storage.sessions import add_remark, begin_live, make_link, open_session, take_seat
from app.storage.steps import CheckedLine, keep_checked, set_tick
from tests.helpers import NOON, TODAY
from tests.storage.helpers import keep_attempt, keep_log, keep_running


def keep_whole(session: Session, attempt_id: str) -> None:
    keep_attempt(session, attempt_id)
    keep_log(session, attempt_id)
    set_tick(session, attempt_id, "1", Tick(True), NOON)
    keep_checked(session, attempt_id, [CheckedLine(1, "r-1", 5, "holds", "Holds.", ("2",))], NOON)


def counts(session: Session) -> dict[str, int]:
    """How many rows there are, in the tables that have some."""
    found = {
        name: session.execute(select(func.count()).select_from(table)).scalar_one()
        for name, table in SQLModel.metadata.tables.items()
    }
    return {name: count for name, count in found.items() if count}


def test_what_is_deleted_is_listed_the_last_first(session: Session) -> None:
    for place, attempt_id in enumerate(("aaaa", "bbbb", "cccc")):
        keep_whole(session, attempt_id)
        save_own(session, f"own-{place}", "a = 1", NOON)
        if place:
            delete_attempt(session, attempt_id, NOON + place)
            delete_own(session, f"own-{place}", NOON + place)

    assert [row.id for row in list_deleted_attempts(session)] == ["cccc", "bbbb"]
    assert [row.id for row in list_deleted_own(session)] == ["own-2", "own-1"]


def test_a_cleared_attempt_leaves_nothing_and_others_stay_whole(session: Session) -> None:
    keep_whole(session, "aaaa")
    before = counts(session)
    keep_whole(session, "bbbb")
    delete_attempt(session, "bbbb", NOON)

    clear_attempt(session, "bbbb")

    assert counts(session) == before
    assert find_attempt(session, "aaaa").id == "aaaa"


def test_only_what_was_deleted_is_cleared(session: Session) -> None:
    keep_whole(session, "aaaa")
    save_own(session, "mine", "a = 1", NOON)
    before = counts(session)

    for clear, name in ((clear_attempt, "aaaa"), (clear_own, "mine"), (clear_own, "aaaa")):
        with pytest.raises(NotFound):
            clear(session, name)

    assert counts(session) == before


@pytest.mark.parametrize(("later", "left"), [(KEPT_MS - 1, 1), (KEPT_MS, 0)])
def test_what_was_deleted_is_cleared_after_thirty_days(
    session: Session, later: int, left: int
) -> None:
    keep_whole(session, "aaaa")
    keep_whole(session, "kept")
    save_own(session, "mine", "a = 1", NOON)
    delete_attempt(session, "aaaa", NOON)
    delete_own(session, "mine", NOON)

    assert clear_old(session, NOON + later) == 2 * (1 - left)

    assert len(list_deleted_attempts(session)) == len(list_deleted_own(session)) == left
    assert counts(session)["attempt"] == 1 + left


def test_everything_is_every_table(session: Session) -> None:
    keep_whole(session, "aaaa")
    keep_whole(session, "bbbb")
    delete_attempt(session, "bbbb", NOON)
    rate(session, "cafe", Grade.KNEW, NOON)
    save_own(session, "mine", "a = 1", NOON)
    keep_rung(session, "ols", Rung.ORDER, NOON, passed=True)
    save_preferences(session, Preferences(theme="dark"), NOON)
    keep_session(session)
    session.flush()
    assert set(counts(session)) == set(SQLModel.metadata.tables)

    delete_everything(session)

    assert counts(session) == {}


def keep_session(session: Session) -> None:
    """One that is over, with something in each of its tables."""
    row = open_session(session, NOON)
    make_link(session, row.id, Role.CANDIDATE, NOON)
    host, _ = take_seat(session, row.id, Role.HOST, "Hana", NOON)
    attempt = begin_live(session, row, "ols", None, NOON, TODAY)
    attempt.ended_at, attempt.end_why = NOON, "done"
    add_remark(session, attempt.id, host.id, Kind.ERROR, 5, NOON)


def test_a_live_session_that_goes_on_keeps_everything(session: Session) -> None:
    begin_live(session, open_session(session, NOON), "ols", None, NOON, TODAY)
    session.commit()

    with pytest.raises(Conflict) as refusal:
        delete_everything(session)

    assert refusal.value.way_on == "/sessions"


def test_a_running_attempt_keeps_everything(session: Session) -> None:
    keep_whole(session, "aaaa")
    keep_running(session, "runs")
    session.commit()
    before = counts(session)

    with pytest.raises(Conflict) as refusal:
        delete_everything(session)
    session.rollback()

    assert refusal.value.way_on == "/a/runs"
    assert counts(session) == before
