"""How well cards were known, kept one rating after the other."""

import pytest
from sqlmodel import Session

from app.practice.spacing import Grade, Rating, due_after
from app.storage.ratings import (
    count_ratings,
    due_times,
    latest_ratings,
    rate,
    ratings_of,
    take_back,
)
from tests.helpers import MINUTE, NOON


def kept(session: Session, card: str, grade: Grade, now: int) -> int:
    """The number of a rating that is in the database."""
    row = rate(session, card, grade, now)
    session.flush()
    assert row.id is not None
    return row.id


def test_a_rating_is_kept_with_the_moment_at_which_the_card_is_due(session: Session) -> None:
    kept(session, "a", Grade.KNEW, NOON)

    (row,) = ratings_of(session, "a")
    assert (row.card, row.grade, row.rated_at) == ("a", Grade.KNEW, NOON)
    assert row.due_at == NOON + 10 * MINUTE


def test_every_rating_counts_for_the_next_date(session: Session) -> None:
    ratings = [
        Rating(NOON, Grade.EASY),
        Rating(NOON + MINUTE, Grade.MISSED),
        Rating(NOON + 2 * MINUTE, Grade.KNEW),
    ]

    for one in ratings:
        kept(session, "a", one.grade, one.at)

    assert [row.rated_at for row in ratings_of(session, "a")] == [one.at for one in ratings]
    assert due_times(session) == {"a": due_after(ratings)}


def test_cards_have_nothing_to_do_with_each_other(session: Session) -> None:
    kept(session, "a", Grade.MISSED, NOON)
    kept(session, "b", Grade.KNEW, NOON)
    kept(session, "a", Grade.MISSED, NOON + MINUTE)

    assert due_times(session) == {"a": NOON + 2 * MINUTE, "b": NOON + 10 * MINUTE}
    assert ratings_of(session, "c") == []


def test_nothing_is_due_where_nothing_was_rated(session: Session) -> None:
    assert due_times(session) == {}


def test_the_newest_rating_can_be_taken_back(session: Session) -> None:
    kept(session, "a", Grade.MISSED, NOON)
    newest = kept(session, "a", Grade.EASY, NOON + MINUTE)

    assert take_back(session, newest) == "a"

    assert due_times(session) == {"a": NOON + MINUTE}


def test_a_card_whose_only_rating_was_taken_back_is_new_again(session: Session) -> None:
    only = kept(session, "a", Grade.EASY, NOON)

    assert take_back(session, only) == "a"

    assert due_times(session) == {}


def test_an_older_rating_cannot_be_taken_back(session: Session) -> None:
    """The dates after it were reckoned with it."""
    older = kept(session, "a", Grade.MISSED, NOON)
    kept(session, "a", Grade.KNEW, NOON + MINUTE)
    before = due_times(session)

    assert take_back(session, older) is None

    assert due_times(session) == before


def test_a_newer_rating_of_another_card_is_not_in_the_way(session: Session) -> None:
    one = kept(session, "a", Grade.KNEW, NOON)
    kept(session, "b", Grade.KNEW, NOON)

    assert take_back(session, one) == "a"


@pytest.mark.parametrize("number", [0, -1, 99, 2**31 - 1])
def test_a_rating_that_is_not_there_cannot_be_taken_back(session: Session, number: int) -> None:
    kept(session, "a", Grade.KNEW, NOON)

    assert take_back(session, number) is None

    assert len(ratings_of(session, "a")) == 1


def test_a_clock_that_was_set_back_makes_no_rating_older(session: Session) -> None:
    kept(session, "a", Grade.KNEW, NOON)
    kept(session, "a", Grade.KNEW, NOON - 60 * MINUTE)

    first, second = ratings_of(session, "a")
    assert (first.rated_at, second.rated_at) == (NOON, NOON + 1)
    assert second.due_at == due_after([Rating(NOON + n, Grade.KNEW) for n in (0, 1)])


def test_the_last_ratings_are_listed_newest_first(session: Session) -> None:
    for card, grade in (("a", Grade.MISSED), ("b", Grade.EASY), ("a", Grade.EASY)):
        kept(session, card, grade, NOON)

    assert [row.card for row in latest_ratings(session, 2)] == ["a", "b"]
    assert count_ratings(session) == {Grade.MISSED: 1, Grade.EASY: 2}
