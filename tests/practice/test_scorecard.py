"""The scorecard, who may read it, and what of a report is shared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.practice.report import OWN, WHOLE, Shared
from app.practice.roles import Role
from app.practice.scorecard import ANCHORS, TITLES, Scorecard, may_read
from app.practice.session import could_write, link_works, may_judge, role_on_board


def test_each_criterion_says_what_each_level_means() -> None:
    assert set(ANCHORS) == set(TITLES)
    texts = [text for levels in ANCHORS.values() for text in levels]
    assert len(set(texts)) == len(texts) == 5 * len(TITLES)


@pytest.mark.parametrize(
    "card",
    [
        {"levels": {"flow": 6}},
        {"levels": {"flow": 0}},
        {"levels": {"charm": 3}},
        {"recommendation": "perhaps"},
        {"text": "x" * 4_001},
        {"secret": 1},
    ],
)
def test_a_card_takes_nothing_that_it_has_no_place_for(card: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Scorecard.model_validate(card)


def test_what_is_missing_is_named() -> None:
    card = Scorecard(levels={"flow": 3, "composure": 4})
    assert card.missing == ("correctness", "notation", "explanation", "follow-ups")


@pytest.mark.parametrize(
    ("own", "submitted", "reader_submitted", "may"),
    [
        (True, False, False, True),
        (False, False, False, False),
        (False, True, False, False),
        (False, False, True, False),
        (False, True, True, True),
    ],
)
def test_cards_are_hidden_until_both_are_submitted(
    own: bool, submitted: bool, reader_submitted: bool, may: bool
) -> None:
    assert may_read(own=own, submitted=submitted, reader_submitted=reader_submitted) is may


@pytest.mark.parametrize(
    ("role", "since", "candidate", "may"),
    [
        (Role.HOST, 0, None, True),
        (Role.HOST, 99, "b", True),
        (Role.HOST, 101, "b", False),
        (Role.HOST, 0, "a", False),
        (Role.CANDIDATE, 0, "b", False),
        (Role.WATCHER, 0, None, False),
    ],
)
def test_who_was_no_host_when_it_was_begun_does_not_judge(
    role: Role, since: int, candidate: str | None, may: bool
) -> None:
    assert may_judge("a", role, since, candidate, 100) is may


@pytest.mark.parametrize(
    ("role", "hosted", "candidate", "over", "may"),
    [
        (Role.CANDIDATE, (0, 101), "b", True, True),
        (Role.CANDIDATE, (0, 101), "b", False, False),
        (Role.CANDIDATE, (0, 101), "a", True, False),
        (Role.CANDIDATE, (0, 100), "b", True, False),
        (Role.CANDIDATE, (101, 200), "b", True, False),
        (Role.HOST, (100, 150), "b", False, True),
        (Role.HOST, (101, 150), "b", True, False),
    ],
)
def test_who_was_a_host_then_judges_as_a_host_again_or_when_all_is_over(
    role: Role, hosted: tuple[int, int], candidate: str, over: bool, may: bool
) -> None:
    judges = may_judge("a", role, 200, candidate, 100, hosted=[hosted], session_over=over)

    assert judges is may


@pytest.mark.parametrize(
    ("role", "since", "admitted", "ended", "could"),
    [
        (Role.CANDIDATE, 0, 150, 200, True),
        (Role.CANDIDATE, 0, 200, 200, False),
        (Role.CANDIDATE, 0, None, 200, False),
        (Role.CANDIDATE, 0, 150, None, False),
        # A host of it who changed places before its end was stored.
        (Role.CANDIDATE, 190, 50, 200, False),
        (Role.HOST, 0, 50, 200, False),
        (Role.WATCHER, 0, 50, 200, False),
    ],
)
def test_what_a_second_device_wrote_is_its_own_too(
    role: Role, since: int, admitted: int | None, ended: int | None, could: bool
) -> None:
    assert could_write(role, since, admitted, 100, ended) is could


def test_a_link_works_until_it_expires_or_is_taken_back() -> None:
    assert link_works(9, 10, None)
    assert not link_works(10, 10, None)
    assert not link_works(9, 10, 5)


def test_on_a_board_that_was_put_aside_nobody_writes() -> None:
    assert role_on_board(Role.CANDIDATE, current=True, session_over=False) is Role.CANDIDATE
    assert role_on_board(Role.CANDIDATE, current=False, session_over=False) is Role.WATCHER
    assert role_on_board(Role.HOST, current=True, session_over=True) is Role.WATCHER


PARTS = st.lists(st.sampled_from([*WHOLE, *OWN, "card:b", "everything"]))


@given(PARTS, PARTS)
def test_what_is_shared_is_of_one_attempt_or_of_one_host(by_a: list[str], by_b: list[str]) -> None:
    for among in (WHOLE, OWN):
        shared = Shared().chosen(by_a, "a", among).chosen(by_b, "b", among)

        assert Shared.read(shared.text) == shared
        for part in (*WHOLE, *OWN, "everything"):
            assert shared.has(part, "a") == (part in among and part in by_a)
            assert shared.has(part, "b") == (part in among and part in by_b)


def test_what_was_shared_of_a_whole_session_stays_so_for_the_other_attempts() -> None:
    before = Shared.read('["card:h", "steps"]')
    assert before.has("steps", "a")

    after = before.apart(["a", "b"]).chosen([], "a", WHOLE)

    assert after.parts == {"card:h", "steps:b"}
