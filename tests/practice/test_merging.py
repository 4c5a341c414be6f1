"""The laws of merging, of what it is made of."""

from collections import Counter
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from app.practice.merging import LAST_MOMENT, changed_now, missing, standing

things = st.lists(st.sampled_from("abc"), max_size=6)
words = st.tuples(st.integers(0, 3), st.text("ab", max_size=2))


def merged(here: list[str], arriving: list[str]) -> Counter[str]:
    return Counter([*here, *missing(here, arriving)])


@given(things, things, things)
def test_what_happened_is_brought_together_in_any_order(
    one: list[str], two: list[str], three: list[str]
) -> None:
    results = {
        tuple(sorted(merged([*merged(a, b).elements()], c).items()))
        for a, b, c in permutations([one, two, three])
    }

    assert len(results) == 1
    assert missing(one, one) == []


@given(things, things)
def test_nothing_is_doubled_and_nothing_is_lost(here: list[str], arriving: list[str]) -> None:
    result = merged(here, arriving)

    for one in "abc":
        assert result[one] == max(here.count(one), arriving.count(one))


@given(words, words)
def test_of_two_words_that_differ_one_counts_on_both_sides(
    one: tuple[int, str], other: tuple[int, str]
) -> None:
    assert (standing(*one) == standing(*other)) == (one == other)


def test_the_later_word_counts_then_the_longer_one() -> None:
    assert standing(2, "") > standing(1, "long")
    assert standing(1, "aa") > standing(1, "z")
    assert standing(0, "x") > standing(0, "")


@given(st.integers(0, LAST_MOMENT), st.integers(0, LAST_MOMENT))
def test_a_change_is_later_than_the_one_before_whatever_the_clock_says(
    now: int, before: int
) -> None:
    at = changed_now(now, before)

    assert now <= at <= LAST_MOMENT
    assert at > before or before == LAST_MOMENT
