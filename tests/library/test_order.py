"""Which steps have to stand before which, as the content says."""

from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.library.loader import family_of
from app.library.models import DerivationFile, Library, Step
from app.library.order import circle_in, nearest, needs_of
from app.library.reading import read_source
from app.library.writing import source_of_derivation
from tests.library.helpers import HALF_SQUARE, VARIANT, changed, messages, write_derivation

THIRD = r"""
[[steps]]
number = '3'
title = 'Minimum'
formula = 'w = y'
explanation = 'The derivative is zero there.'
after = ['1']
"""
FILE = "content/derivations/half-square.toml"


def step(number: str, after: tuple[str, ...] | None = None) -> Step:
    return Step(number=number, title="-", formula="x", explanation="-", after=after)


def test_a_step_that_says_nothing_comes_after_the_one_before_it() -> None:
    assert needs_of([step("1"), step("2a"), step("2b")]) == {"1": (), "2a": ("1",), "2b": ("2a",)}


def test_a_step_may_say_what_it_needs_or_that_it_needs_nothing() -> None:
    steps = [step("1"), step("2", ()), step("3", ("1", "2")), step("4")]

    assert needs_of(steps) == {"1": (), "2": (), "3": ("1", "2"), "4": ("3",)}


@pytest.mark.parametrize(
    ("there", "needed"),
    [
        ({"1", "2", "3"}, ("2", "3")),
        ({"1", "3"}, ("3", "1")),
        ({"1"}, ("1",)),
        (set(), ()),
    ],
)
def test_what_is_not_there_stands_for_what_it_needs(
    there: set[str], needed: tuple[str, ...]
) -> None:
    needs = {"1": (), "2": ("1",), "3": (), "4": ("2", "3")}

    assert nearest("4", needs, there) == needed


@given(st.permutations([*"12345678"]), st.integers(0, 2**28 - 1))
def test_what_can_be_drawn_up_in_a_row_has_no_circle(row: list[str], chosen: int) -> None:
    """Each bit of `chosen` says of one pair whether the later of the two needs the earlier."""
    pairs = [pair for bit, pair in enumerate(combinations(row, 2)) if chosen >> bit & 1]
    needs = {one: tuple(earlier for earlier, later in pairs if later == one) for one in row}

    assert circle_in(needs) == ()
    # One need against the row, of a step by one that needs it.
    for later, needed in needs.items():
        for earlier in needed:
            turned = {**needs, earlier: (*needs[earlier], later)}
            circle = circle_in(turned)
            assert circle
            following = (*circle[1:], circle[0])
            assert all(b in turned[a] for a, b in zip(circle, following, strict=True))


def test_a_step_that_needs_itself_is_a_circle() -> None:
    assert circle_in({"1": (), "2": ("2",)}) == ("2",)


def test_a_thousand_steps_in_a_row_are_no_trouble() -> None:
    needs = {str(n): (str(n + 1),) for n in range(1500)} | {"1500": ()}

    assert circle_in(needs) == ()


@pytest.mark.parametrize(
    ("after", "problem"),
    [
        ("['9']", "steps[3].after[1] '9' is not a step of this derivation: use one of 1, 2, 3"),
        ("['1', '3']", "steps[3].after closes a circle (3 after 3): take one of them out"),
        ("'1'", "steps[3].after has the wrong form: write after = ['1', '2a']"),
        (
            "['x']",
            "steps[3].after[1] 'x' is not a step number: write '2', or '2a' for a part of step 2",
        ),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(content: Path, after: str, problem: str) -> None:
    text = HALF_SQUARE + THIRD.replace("['1']", after)
    write_derivation(content, "half-square.toml", text)

    assert messages(content) == [f"{FILE}: {problem}"]


def test_a_circle_through_a_step_that_says_nothing_is_found(content: Path) -> None:
    text = changed("title = 'Chain rule'\n", "title = 'Chain rule'\nafter = ['2']\n")
    write_derivation(content, "half-square.toml", text)

    problem = "steps[1].after closes a circle (1 after 2 after 1): take one of them out"
    assert messages(content) == [f"{FILE}: {problem}"]


@pytest.mark.parametrize(
    ("after", "problem"),
    [
        ("['3']", "steps[1].after[1] '3' is not a step of this variant: use one of 1, 2"),
        ("['2']", "steps[1].after closes a circle (2 after 2): take one of them out"),
    ],
)
def test_a_variant_is_looked_at_as_a_whole(content: Path, after: str, problem: str) -> None:
    variant = VARIANT + f"after = {after}\n"
    write_derivation(content, "half-square.toml", HALF_SQUARE + THIRD + variant)

    assert messages(content) == [f"{FILE}: variants[1].{problem}"]


def test_a_kept_step_needs_what_is_in_the_variant() -> None:
    """Step 2 is not in it, so that the third step needs what that one needed."""
    kept = VARIANT.replace("keeps = ['1']", "keeps = ['3']").replace("number = '2'", "number = '1'")
    third = THIRD.replace("['1']", "['2']")
    derivation, variant = family_of(HALF_SQUARE + third + kept, "half-square")

    assert derivation.needs == {"1": (), "2": ("1",), "3": ("2",)}
    assert variant.needs == {"1": (), "3": ("1",)}


def test_what_is_written_out_reads_back() -> None:
    for after in ("[]", "['1']", "['1', '2']"):
        file = read_source(HALF_SQUARE + THIRD.replace("['1']", after), DerivationFile)
        assert read_source(source_of_derivation(file), DerivationFile) == file


def test_in_all_that_is_shipped_the_order_of_the_numbers_is_valid(library: Library) -> None:
    for derivation in library.derivations.values():
        seen: set[str] = set()
        for number, needed in derivation.needs.items():
            assert set(needed) <= seen, (derivation.question.id, number)
            seen.add(number)


def test_independent_steps_of_the_thirteen_are_said_to_be(library: Library) -> None:
    assert library["mlp-backprop"].needs["3"] == library["mlp-backprop"].needs["4"] == ("1c",)
    assert library["kl-divergence"].needs["4"] == ()
    assert library["em-gmm-updates"].needs["2c"] == ("1",)
