"""Laws of the verdicts, on lines of the cases: what holds goes on to hold however it is turned, and
does not when a side is put in its place that is another.

Another side is one that the checker itself tells from the side that was there, so that a change
that changes nothing proves nothing.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.checker import Checker, Finding
from app.checker.reading.lines import read_line
from app.checker.reading.tree import Chain, Dots, Node, Range, SetOf, walk
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


@dataclass(frozen=True, slots=True)
class Claim:
    """The one thing that a right line says."""

    case: Case
    chain: Chain

    @property
    def known(self) -> frozenset[str]:
        """Letters that another must not be called: names, and indices with a range of their own."""
        world = self._checker.world
        return world.vocabulary.bases | world.letters.keys()

    def finding(self, chain: Chain) -> Finding:
        return self._checker.check([render(chain)])[0]

    def is_wrong(self, left: Node, right: Node) -> bool:
        return self.finding(Chain((left, right), ("=",))).verdict == "fails"

    def stays(self, chain: Chain, verdicts: set[str]) -> None:
        finding = self.finding(chain)
        assert finding.verdict in verdicts, f"{self.case.lines[0]}\n{finding}"

    @property
    def _checker(self) -> Checker:
        return checker_of(LIBRARY[self.case.derivation])


def claim_of(case: Case) -> Claim | None:
    vocabulary = checker_of(LIBRARY[case.derivation]).world.vocabulary
    line = read_line(case.lines[0], vocabulary)
    if "a function of a matrix" in line.ambiguities:
        # Read as a product at first, `P(X)` is not what holds.
        return None
    clauses = line.clauses
    if len(clauses) != 1 or clauses[0].role != "claim" or clauses[0].continues:
        return None
    chain = clauses[0].chain
    unusual = any(isinstance(node, SetOf | Range | Dots) for node in walk(chain))
    return None if unusual or not chain.relations else Claim(case, chain)


# Found when a law first asks for them: it takes the checkers of all derivations.
@cache
def claims() -> list[Claim]:
    right = [case for case in CASES if case.expect == ("holds",)]
    return [claim for case in right if (claim := claim_of(case)) is not None]


@cache
def equations() -> list[Claim]:
    return [claim for claim in claims() if set(claim.chain.relations) == {"="}]


some = settings(max_examples=60, derandomize=True)


def test_there_are_claims_to_turn() -> None:
    assert len(equations()) > 400


# Where a letter alone tells two distributions from each other, another letter may be unclear.
@pytest.mark.parametrize(
    ("turned", "verdicts"),
    [
        (lambda claim: claim.chain, {"holds"}),
        (lambda claim: swapped(claim.chain), {"holds"}),
        (lambda claim: with_sums_reversed(claim.chain), {"holds"}),
        (lambda claim: expanded(claim.chain), {"holds"}),
        (lambda claim: with_bound_letter(claim.chain, claim.known), {"holds", "unclear"}),
        (lambda claim: with_free_letter(claim.chain, claim.known), {"holds", "unclear"}),
    ],
    ids=["bracketed", "swapped", "sums reversed", "expanded", "bound letter", "free letter"],
)
def test_what_holds_holds_however_it_is_turned(
    turned: Callable[[Claim], Chain | None], verdicts: set[str]
) -> None:
    pairs = [(claim, chain) for claim in claims() if (chain := turned(claim)) is not None]

    @some
    @given(st.sampled_from(pairs))
    def law(pair: tuple[Claim, Chain]) -> None:
        claim, chain = pair
        claim.stays(chain, verdicts)

    law()


@some
@given(st.deferred(lambda: st.sampled_from(equations())))
def test_an_equation_that_holds_everywhere_holds_transposed(claim: Claim) -> None:
    assume(claim.finding(claim.chain).where is None)

    claim.stays(transposed(claim.chain), {"holds"})


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
    changeable = [claim for claim in equations() if any(others(claim.chain.sides[-1]))]

    @some
    @given(st.data())
    def law(data: st.DataObject) -> None:
        claim = data.draw(st.sampled_from(changeable))
        first, *_, last = claim.chain.sides
        other = data.draw(st.sampled_from(list(others(last))))
        assume(claim.is_wrong(last, other))

        claim.stays(Chain((first, other), ("=",)), {"fails", "unclear", "defines"})

    law()
