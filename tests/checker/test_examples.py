"""The example in the checker's own words is true."""

import doctest

from app.checker import checker
from tests.checker import outline


def test_the_example_of_the_checker() -> None:
    results = doctest.testmod(checker)

    assert (results.attempted, results.failed) == (3, 0)


def test_the_example_of_an_outline() -> None:
    assert doctest.testmod(outline).failed == 0
