"""Laws of the verdicts, on lines of the cases: what holds goes on to hold however it is turned, and
does not when a side is put in its place that is another.

Another side is one that the checker itself tells from the side that was there, so that a change
that changes nothing proves nothing.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.checker import Checker
from app.checker.lines import read_line
from app.checker.tree import Chain, Dots, Index, Node, Range, SetOf, walk
from app.library.checking import checker_of
from tests.checker.render import render
from tests.checker.rewriting import (
    expanded,
    swapped,
    transposed,
    twice,
    with_another_factor,
    with_another_index,
    with_another_sign,
    with_another_transpose,
    with_bound_letter,
    with_free_letter,
    with_sums_reversed,
)
from tests.content.cases import CASES, LIBRARY, Case


@dataclass(frozen=True, slots=True, repr=False)
class Claim:
    """The one thing that a right line says."""

    case: Case
    chain: Chain

    def __repr__(self) -> str:
        return f"{self.case.id}: {self.case.lines[0]}"

    @property
    def checker(self) -> Checker:
        return checker_of(LIBRARY[self.case.derivation])

    def verdict(self, chain: Chain) -> str:
        return self.checker.check([render(chain)])[0].verdict

    def where(self) -> str | None:
        return self.checker.check([render(self.chain)])[0].where


def claim_of(case: Case) -> Claim | None:
    vocabulary = checker_of(LIBRARY[case.derivation]).world.vocabulary
    clauses = read_line(case.lines[0], vocabulary).clauses
    if len(clauses) != 1 or clauses[0].role != "claim" or clauses[0].continues:
        return None
    chain = clauses[0].chain
    unusual = any(isinstance(node, SetOf | Range | Dots) for node in walk(chain))
    return None if unusual or not chain.relations else Claim(case, chain)


RIGHT = [case for case in CASES if case.expect == ("holds",)]
CLAIMS = [claim for case in RIGHT if (claim := claim_of(case)) is not None]
EQUATIONS = [claim for claim in CLAIMS if set(claim.chain.relations) == {"="}]
claims = st.sampled_from(CLAIMS)
equations = st.sampled_from(EQUATIONS)
some = settings(deadline=None, max_examples=60, derandomize=True)


def test_there_are_claims_to_turn() -> None:
    assert len(EQUATIONS) > 400


@some
@given(claims)
def test_what_holds_holds_with_more_brackets(claim: Claim) -> None:
    assert claim.verdict(claim.chain) == "holds"


@some
@given(claims)
def test_what_holds_holds_from_right_to_left(claim: Claim) -> None:
    assert claim.verdict(swapped(claim.chain)) == "holds"


@some
@given(claims)
def test_what_holds_holds_with_its_sums_in_another_order(claim: Claim) -> None:
    assert claim.verdict(with_sums_reversed(claim.chain)) == "holds"


@some
@given(equations)
def test_an_equation_that_holds_everywhere_holds_transposed(claim: Claim) -> None:
    assume(claim.where() is None)

    assert claim.verdict(transposed(claim.chain)) == "holds"


@some
@given(st.sampled_from([claim for claim in CLAIMS if expanded(claim.chain)]))
def test_what_holds_holds_multiplied_out(claim: Claim) -> None:
    turned = expanded(claim.chain)

    assert turned is not None
    assert claim.verdict(turned) == "holds"


def taken(claim: Claim) -> set[str]:
    """Letters with a meaning or a range of their own, and those that are part of a name."""
    world = claim.checker.world
    in_names = {key.partition("_")[2] for key in world.entries}
    return {*world.vocabulary.bases, *world.letters, *in_names}


@some
@given(
    st.sampled_from([one for one in CLAIMS if any(isinstance(x, Index) for x in walk(one.chain))])
)
def test_the_letter_of_a_sum_says_nothing(claim: Claim) -> None:
    """But where a letter alone tells two distributions from each other, another is unclear."""
    turned = with_bound_letter(claim.chain, taken(claim))

    assert turned is None or claim.verdict(turned) in ("holds", "unclear")


@some
@given(claims)
def test_the_letter_of_a_free_index_says_nothing(claim: Claim) -> None:
    turned = with_free_letter(claim.chain, taken(claim))

    assert turned is None or claim.verdict(turned) in ("holds", "unclear")


@pytest.mark.parametrize(
    "others",
    [
        twice,
        with_another_sign,
        with_another_factor,
        with_another_index,
        with_another_transpose,
    ],
)
def test_another_side_is_not_the_other_side(others: Callable[[Node], Iterator[Node]]) -> None:
    changeable = [claim for claim in EQUATIONS if any(others(claim.chain.sides[-1]))]

    @some
    @given(st.data())
    def law(data: st.DataObject) -> None:
        claim = data.draw(st.sampled_from(changeable))
        first, *_, last = claim.chain.sides
        other = data.draw(st.sampled_from(list(others(last))))
        assume(claim.verdict(Chain((last, other), ("=",))) == "fails")

        assert claim.verdict(Chain((first, other), ("=",))) != "holds"

    law()
