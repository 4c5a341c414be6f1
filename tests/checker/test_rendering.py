"""Reading is the inverse of rendering: for any tree, and for every line of the cases."""

import doctest

import pytest
from hypothesis import given, settings

from app.checker.failures import Unclear, Unreadable
from app.checker.reading.lines import read_line
from app.checker.reading.tree import Node
from app.library.checking import checker_of
from tests.checker import render as rendering
from tests.checker.helpers import read
from tests.checker.outline import outline
from tests.checker.render import render
from tests.checker.trees import trees
from tests.content.cases import LIBRARY, of_derivation


@settings(max_examples=300, derandomize=True)
@given(trees)
def test_a_tree_is_read_as_it_was_rendered(tree: Node) -> None:
    assert read(render(tree)) == tree, render(tree)


@pytest.mark.parametrize("derivation", LIBRARY.derivations)
def test_a_line_is_read_as_it_was_rendered(derivation: str) -> None:
    vocabulary = checker_of(LIBRARY[derivation]).world.vocabulary
    for text in (line for case in of_derivation(derivation) for line in case.lines):
        try:
            clauses = read_line(text, vocabulary).clauses
        except (Unreadable, Unclear):
            continue
        chains = [clause.chain for clause in clauses if not clause.continues]
        again = [read_line(render(chain), vocabulary).clauses for chain in chains]
        assert [[outline(clause.chain) for clause in some] for some in again] == [
            [outline(chain)] for chain in chains
        ], text


def test_the_example_of_rendering() -> None:
    assert doctest.testmod(rendering).failed == 0
