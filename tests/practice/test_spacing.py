"""When a card is due, and which one comes next."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.practice.spacing import Grade, Queue, Rating, due_after, queue_of
from tests.helpers import MINUTE, NOON

HOUR = 60 * MINUTE
DAY = 24 * HOUR
MISSED, HARD, KNEW, EASY = Grade


@pytest.mark.parametrize(
    ("grade", "wait"),
    [(MISSED, MINUTE), (HARD, 330_000), (KNEW, 10 * MINUTE), (EASY, 8 * DAY)],
)
def test_the_first_rating_by_hand(grade: Grade, wait: int) -> None:
    assert due_after([Rating(NOON, grade)]) == NOON + wait


def test_a_card_that_is_known_comes_back_later_and_later() -> None:
    ratings: list[Rating] = []
    now = NOON
    waits = []
    for _ in range(6):
        ratings.append(Rating(now, KNEW))
        waits.append(due_after(ratings) - now)
        now += waits[-1]

    assert waits[0] == 10 * MINUTE
    assert waits[1] >= DAY
    assert waits == sorted(waits)
    assert len(set(waits)) == len(waits)


def test_a_card_that_was_missed_after_weeks_comes_back_today() -> None:
    learnt = [Rating(NOON, EASY), Rating(NOON + 8 * DAY, KNEW)]
    missed_at = due_after(learnt)

    assert due_after([*learnt, Rating(missed_at, MISSED)]) == missed_at + 10 * MINUTE


few = settings(max_examples=60)
pasts = st.lists(
    st.tuples(st.integers(0, 40 * DAY), st.sampled_from(Grade)), min_size=1, max_size=8
)


def played(waits: list[tuple[int, Grade]]) -> list[Rating]:
    now, ratings = NOON, []
    for wait, grade in waits:
        now += wait
        ratings.append(Rating(now, grade))
    return ratings


@few
@given(pasts)
def test_the_same_ratings_give_the_same_date(waits: list[tuple[int, Grade]]) -> None:
    ratings = played(waits)

    assert due_after(ratings) == due_after(iter(ratings))


@few
@given(pasts)
def test_a_card_is_due_after_its_last_rating(waits: list[tuple[int, Grade]]) -> None:
    ratings = played(waits)

    assert due_after(ratings) >= ratings[-1].at + MINUTE


@few
@given(pasts, st.integers(0, 40 * DAY))
def test_a_better_grade_is_never_due_earlier(waits: list[tuple[int, Grade]], wait: int) -> None:
    past = played(waits)
    now = past[-1].at + wait

    due = [due_after([*past, Rating(now, grade)]) for grade in Grade]

    assert due == sorted(due)


@pytest.mark.parametrize(
    ("due_at", "due", "new", "later"),
    [
        ({}, "", "abcd", None),
        ({"b": NOON}, "b", "acd", None),
        ({"b": NOON + 1}, "", "acd", NOON + 1),
        ({"a": NOON - 1, "b": NOON - 5, "c": NOON + 9, "d": NOON + 4}, "ba", "", NOON + 4),
        # The order in which they are learnt decides between those due at the same moment.
        ({"d": NOON, "a": NOON, "b": NOON - 1}, "bad", "c", None),
        # Cards that are not in the library any more.
        ({"x": NOON - 1, "y": NOON + 1}, "", "abcd", None),
    ],
)
def test_the_queue_by_hand(due_at: dict[str, int], due: str, new: str, later: int | None) -> None:
    queue = queue_of("abcd", due_at, NOON)

    assert queue == Queue(tuple(due), tuple(new), later)
    assert (queue.next or "") == (due + new)[:1]


def test_nothing_is_next_where_nothing_is_due_and_nothing_new() -> None:
    assert queue_of("a", {"a": NOON + 1}, NOON).next is None
    assert queue_of("", {"a": NOON}, NOON).next is None


cards = st.lists(st.sampled_from("abcdefgh"), unique=True)
moments = st.dictionaries(st.sampled_from("abcdefghxyz"), st.integers(NOON - 9, NOON + 9))


@given(cards, moments)
def test_every_card_is_in_one_place(ids: list[str], due_at: dict[str, int]) -> None:
    queue = queue_of(ids, due_at, NOON)

    waiting = [card for card in ids if due_at.get(card, 0) > NOON]
    assert sorted([*queue.due, *queue.new, *waiting]) == sorted(ids)
    assert queue.later == min((due_at[card] for card in waiting), default=None)
    assert queue.next in (*queue.due, *queue.new, None)


@given(cards, moments, st.integers(0, 20))
def test_what_is_due_stays_due(ids: list[str], due_at: dict[str, int], wait: int) -> None:
    now, then = queue_of(ids, due_at, NOON), queue_of(ids, due_at, NOON + wait)

    assert then.due[: len(now.due)] == now.due
    assert then.new == now.new
