"""Which line of one sheet stands where in the other."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.practice.alignment import MOST_LINES, LinePair, align_lines, difference_of, tokens_of

SIGNS = {"same": "=", "changed": "~", "removed": "-", "added": "+"}


def drawn(a: list[str], b: list[str]) -> list[str]:
    """The pairs as `= 0 0`, `- 1`, `+ 1`."""
    return [
        " ".join(str(part) for part in (SIGNS[one.change], one.a, one.b) if part is not None)
        for one in align_lines(a, b)
    ]


def test_nothing_and_something() -> None:
    assert drawn([], []) == []
    assert drawn(["x = 1"], []) == ["- 0"]
    assert drawn([], ["x = 1"]) == ["+ 0"]


def test_what_is_the_same_stays_together() -> None:
    assert drawn(["a = b", "c = d"], ["q + r", "a = b", "c = d"]) == ["+ 0", "= 0 1", "= 1 2"]


def test_a_line_that_resembles_one_is_a_change_of_it() -> None:
    a = [r"\nabla L = -X^\top (y - Xw)", r"X^\top X w = X^\top y"]
    b = [r"\nabla L = X^\top (Xw - y)", r"X^\top X w = X^\top y"]

    assert drawn(a, b) == ["~ 0 0", "= 1 1"]


def test_lines_that_have_little_in_common_are_no_pair() -> None:
    assert drawn(["a = b + c"], [r"\frac{x}{y}"]) == ["- 0", "+ 0"]


def test_of_several_that_resemble_it_the_nearest_is_taken() -> None:
    assert drawn(["a + b + c + d"], ["a + b + x + y", "a + b + c + e"]) == ["+ 0", "~ 0 1"]


def test_a_pair_that_is_the_same_counts_more_than_any_that_resemble() -> None:
    # Crossing pairs: keeping `p = q` costs the two changes around it.
    a = ["p = q", "a + b + c", "d + e + f"]
    b = ["a + b + x", "d + e + y", "p = q"]

    assert drawn(a, b) == ["+ 0", "+ 1", "= 0 2", "- 1", "- 2"]


def test_spaces_say_nothing_but_the_end_of_a_command_does() -> None:
    assert drawn([r"\hat w=2 x"], [r"\hat  w = 2x"]) == ["= 0 0"]
    assert tokens_of(r"\alpha b") != tokens_of(r"\alphab")


def test_what_lies_beyond_the_last_line_looked_at_stands_alone() -> None:
    long = [f"x = {number}" for number in range(MOST_LINES + 2)]
    pairs = align_lines(long, long[:1])

    assert pairs[0] == LinePair("same", 0, 0)
    assert len(pairs) == MOST_LINES + 2
    assert pairs[-1] == LinePair("removed", MOST_LINES + 1, None)


lines = st.lists(
    st.sampled_from(["x", "y", "x + y", "x + z", "y + z", "a = b", "a = c", ""]), max_size=6
)


@given(lines, lines)
def test_every_line_is_there_once_and_in_order(a: list[str], b: list[str]) -> None:
    pairs = align_lines(a, b)

    assert [one.a for one in pairs if one.a is not None] == list(range(len(a)))
    assert [one.b for one in pairs if one.b is not None] == list(range(len(b)))
    for one in pairs:
        match one.change:
            case "removed":
                assert one.b is None
            case "added":
                assert one.a is None
            case _:
                assert one.a is not None
                assert one.b is not None
                assert (one.change == "same") == (tokens_of(a[one.a]) == tokens_of(b[one.b]))


@given(lines)
def test_a_sheet_is_the_same_as_itself(a: list[str]) -> None:
    assert {one.change for one in align_lines(a, a)} <= {"same"}


@given(lines, lines)
def test_as_many_lines_as_possible_are_the_same_either_way(a: list[str], b: list[str]) -> None:
    expected = longest_common(a, b)

    for pairs in (align_lines(a, b), align_lines(b, a)):
        assert sum(one.change == "same" for one in pairs) == expected


def longest_common(a: list[str], b: list[str]) -> int:
    """By trying: the longest choice of lines of A that is also one of B."""

    def is_choice_of_b(choice: tuple[str, ...]) -> bool:
        rest = iter(b)
        return all(one in rest for one in choice)

    sizes = range(len(a), -1, -1)
    return next(n for n in sizes if any(is_choice_of_b(c) for c in combinations(a, n)))


@pytest.mark.parametrize(
    ("one", "other", "middle"),
    [
        (r"2X^\top r", r"X^\top r", "2"),
        (r"X^\top r", r"2X^\top r", ""),
        ("a - b", "a + b", "-"),
        # Whole commands: `\beta` and `\bet` have four letters in common.
        (r"\beta x", r"\bet x", r"\beta"),
        ("a  =  b", "a=b", ""),
        ("", "x", ""),
        ("x", "", "x"),
        ("x x", "x", "x"),
    ],
)
def test_the_part_that_differs_by_hand(one: str, other: str, middle: str) -> None:
    assert difference_of(one, other).middle == middle


texts = st.lists(st.sampled_from(["x", " ", r"\hat", "12", "+", "é", "\\"]), max_size=8).map(
    "".join
)


@given(texts, texts)
def test_the_pieces_make_the_line_and_the_rest_agrees(one: str, other: str) -> None:
    mine, others = difference_of(one, other), difference_of(other, one)

    assert mine.before + mine.middle + mine.after == one
    assert tokens_of(mine.before) == tokens_of(others.before)
    assert tokens_of(mine.after) == tokens_of(others.after)
    assert (mine.middle or others.middle) or tokens_of(one) == tokens_of(other)
