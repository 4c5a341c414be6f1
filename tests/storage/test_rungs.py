"""What was passed on the ladder, and what was redone, is kept by derivation."""

from sqlmodel import Session

from app.practice.ladder import Rung, Standing
from app.storage.rungs import failed_at, keep_rung, redone_at, standings_of
from tests.helpers import MINUTE, NOON


def test_nothing_was_tried_where_nothing_is_kept(session: Session) -> None:
    assert standings_of(session, "ols") == {}
    assert redone_at(session) == {}


def test_a_rung_knows_when_it_was_passed_last_and_tried_last(session: Session) -> None:
    for minute, passed in enumerate([False, True, True, False]):
        keep_rung(session, "ols", Rung.ORDER, NOON + minute * MINUTE, passed=passed)
    keep_rung(session, "ols", Rung.MISSING, NOON, passed=False, step="3")
    keep_rung(session, "rope", Rung.CORRUPTED, NOON, passed=True, step="3")

    assert standings_of(session, "ols") == {
        Rung.ORDER: Standing(NOON + 2 * MINUTE, NOON + 3 * MINUTE),
        Rung.MISSING: Standing(None, NOON),
    }
    assert standings_of(session, "rope") == {Rung.CORRUPTED: Standing(NOON, NOON)}


def test_a_step_is_redone_when_it_was_passed_or_looked_at(session: Session) -> None:
    keep_rung(session, "ols", Rung.REDO, NOON, passed=False, step="3")
    keep_rung(session, "ols", Rung.REDO, NOON + MINUTE, passed=True, step="3")
    keep_rung(session, "rope", Rung.REDO, NOON, passed=True, step="3")
    keep_rung(session, "dpo", Rung.MISSING, NOON, passed=True, step="3")
    keep_rung(session, "dpo", Rung.CORRUPTED, NOON, passed=True, step="4")

    assert redone_at(session) == {
        ("ols", "3"): NOON + MINUTE,
        ("rope", "3"): NOON,
        ("dpo", "3"): NOON,
    }


def test_a_step_is_failed_on_the_ladder_when_it_was_last(session: Session) -> None:
    for minute, passed in enumerate([False, False, True]):
        keep_rung(session, "ols", Rung.MISSING, NOON + minute * MINUTE, passed=passed, step="3")
    keep_rung(session, "rope", Rung.CORRUPTED, NOON, passed=False, step="2")
    keep_rung(session, "rope", Rung.REDO, NOON, passed=False, step="4")
    keep_rung(session, "rope", Rung.ORDER, NOON, passed=False)

    assert failed_at(session) == {("ols", "3"): NOON + MINUTE, ("rope", "2"): NOON}
