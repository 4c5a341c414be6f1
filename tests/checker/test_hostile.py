"""Whatever is typed: one finding a line, of one of six verdicts, at a bounded cost."""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.checker.computing.scope import Budget
from app.checker.reading.commands import KNOWN, UNICODE
from app.library.checking import checker_of
from app.library.loader import PLANNED
from tests.checker.hostile import (
    CIRCLES,
    DEEP,
    HUGE,
    LONG,
    ODD,
    huge,
    many_indices,
    nested,
    repeated,
)
from tests.content.cases import LIBRARY, VERDICTS, of_derivation

# The most costly line of all cases takes 2,000.
NODES_A_LINE = 6_000
CAUGHT = "It is outside of what is checked."
TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\d+|[A-Za-z]|\S")
LINES = {name: [line for case in of_derivation(name) for line in case.lines] for name in PLANNED}
SYMBOLS = [*"()[]{}^_&+-*/=<>|,;:.!'?$%~ ", *UNICODE, "1", "20", "0.5", "so", "where", "let"]
SOUP = [*(f"\\{command}" for command in sorted(KNOWN)), *SYMBOLS * 4, *"wxyijkndXLz" * 4]

derivations = st.sampled_from(list(LIBRARY.derivations))
few = settings(max_examples=300, derandomize=True)


@contextmanager
def counted_nodes() -> Iterator[list[int]]:
    """How many nodes were evaluated, as the checker counts them itself."""
    nodes: list[int] = []
    spend = Budget.spend

    def counting(self: Budget, count: int = 1) -> None:
        nodes.append(count)
        spend(self, count)

    with patch.object(Budget, "spend", counting):
        yield nodes


def problems(derivation: str, *lines: str) -> list[str]:
    """What is wrong with what the checker says of these lines."""
    checker = checker_of(LIBRARY[derivation])
    with counted_nodes() as nodes:
        findings = checker.check(lines)

    found = [] if sum(nodes) <= NODES_A_LINE * len(lines) else [f"{sum(nodes)} nodes"]
    if [finding.text for finding in findings] != list(lines):
        found.append("not one finding a line")
    for finding in findings:
        start, end = finding.span or (0, 0)
        if finding.verdict not in VERDICTS:
            found.append(f"{finding.text!r}: {finding.verdict}")
        if finding.message == CAUGHT:
            found.append(f"{finding.text!r}: an error was caught")
        if not 0 <= start <= end <= len(finding.text):
            found.append(f"{finding.text!r}: points at {start}..{end}")
        assert json.dumps(finding.as_json())
    return found


@few
@given(derivations, st.lists(st.text(max_size=80), min_size=1, max_size=3))
def test_any_text(derivation: str, lines: list[str]) -> None:
    assert problems(derivation, *lines) == []


@few
@given(derivations, st.lists(st.sampled_from(SOUP), max_size=40), st.sampled_from(["", " "]))
def test_any_soup_of_latex(derivation: str, tokens: list[str], between: str) -> None:
    assert problems(derivation, between.join(tokens)) == []


@st.composite
def mutants(draw: st.DrawFn) -> tuple[str, list[str]]:
    """Lines of a derivation in which symbols were left out, doubled, swapped or replaced."""
    derivation = draw(st.sampled_from(list(LINES)))
    lines = draw(st.lists(st.sampled_from(LINES[derivation]), min_size=1, max_size=3))
    return derivation, [draw(mutated(line, LINES[derivation])) for line in lines]


@st.composite
def mutated(draw: st.DrawFn, line: str, others: Sequence[str]) -> str:
    tokens = TOKEN.findall(line)
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(tokens)))
        end = draw(st.integers(start, min(start + 4, len(tokens))))
        other = TOKEN.findall(draw(st.sampled_from(others)))
        piece = [draw(st.sampled_from([*other, *SYMBOLS]))]
        tokens[start:end] = draw(st.sampled_from([[], piece, tokens[start:end] * 2, other[:5]]))
    return " ".join(tokens)


@few
@given(mutants())
def test_any_mutant_of_a_case(mutant: tuple[str, list[str]]) -> None:
    derivation, lines = mutant

    assert problems(derivation, *lines) == []


@pytest.mark.parametrize("derivation", ["ols", "em-gmm", "svm-dual"])
@pytest.mark.parametrize(
    "lines",
    [
        *(pytest.param(nested(count), id=f"{count} deep") for count in DEEP),
        *(pytest.param(repeated(count), id=f"{count} long") for count in LONG),
        *(pytest.param(huge(size), id=f"huge {size[:12]}") for size in HUGE),
        *(pytest.param(many_indices(count), id=f"{count} indices") for count in (4, 8, 12)),
        pytest.param(ODD, id="odd"),
    ],
)
def test_monsters(derivation: str, lines: Sequence[str]) -> None:
    assert [problem for line in lines for problem in problems(derivation, line)] == []


@pytest.mark.parametrize("derivation", ["ols", "rope"])
@pytest.mark.parametrize("lines", CIRCLES, ids=lambda lines: lines[0])
def test_circles(derivation: str, lines: list[str]) -> None:
    assert problems(derivation, *lines) == []


def test_a_monster_does_not_harm_the_next_line() -> None:
    checker = checker_of(LIBRARY["ols"])
    line = r"\nabla_w \mathcal{L} = X^\top (Xw - y)"

    for monster in [*nested(500), *repeated(299), *huge("10^{10}"), *ODD]:
        assert checker.check([monster, line])[-1].verdict == "holds", monster
