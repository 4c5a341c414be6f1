"""Every case gets its verdicts from the checker, and numpy, which has no checker in it, agrees."""

import importlib
from collections import Counter
from collections.abc import Sequence
from functools import cache

import numpy as np
import pytest

from app.checker import Finding
from app.library.checking import checker_of
from tests.content.cases import CASES, LIBRARY, VERDICTS, Case

SEEDS = range(4)
LINES_AT_LEAST = 60
OF_EACH_AT_LEAST = 30


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_checker_says_what_a_case_expects(case: Case) -> None:
    findings = checker_of(LIBRARY[case.derivation]).check(case.lines)

    assert [finding.verdict for finding in findings] == list(case.expect), _said(findings)
    assert findings[-1].slip == case.slip or case.slip is None
    assert case.step is None or case.step in _reached(findings[-1])


@pytest.mark.parametrize("case", CASES, ids=str)
def test_numpy_agrees_with_a_case(case: Case) -> None:
    for line, verdict, expression in zip(case.lines, case.expect, case.numpy, strict=True):
        assert (expression is not None) == (verdict in ("holds", "fails")), line
        if expression is not None:
            assert all(_is_true(case.derivation, expression, seed) for seed in SEEDS) == (
                verdict == "holds"
            ), f"{line}\n{expression}"


def test_no_two_cases_have_the_same_id() -> None:
    assert [name for name, count in Counter(case.id for case in CASES).items() if count > 1] == []


@pytest.mark.parametrize("derivation", [one.question.id for one in LIBRARY.originals])
def test_a_derivation_has_enough_lines_of_each_kind(derivation: str) -> None:
    verdicts = Counter(
        verdict for case in CASES if case.derivation == derivation for verdict in case.expect
    )

    assert verdicts.keys() <= VERDICTS
    assert verdicts.total() >= LINES_AT_LEAST
    assert min(verdicts["holds"], verdicts["fails"]) >= OF_EACH_AT_LEAST


def _is_true(derivation: str, expression: str, seed: int) -> bool:
    """A ValueError says that the shapes do not fit, so the line is wrong."""
    with np.errstate(all="ignore"):
        try:
            return bool(eval(expression, _namespace(derivation, seed)))
        except ValueError:
            return False


@cache
def _namespace(derivation: str, seed: int) -> dict[str, object]:
    world = importlib.import_module(f"tests.content.worlds.{derivation.replace('-', '_')}")
    namespace: dict[str, object] = world.namespace(np.random.default_rng([2026, seed]))
    return namespace


def _reached(finding: Finding) -> set[str]:
    """Steps by number and by part, as a case may name either."""
    return {*finding.parts, *map(str, finding.steps)}


def _said(findings: Sequence[Finding]) -> str:
    return "\n".join(f"{one.verdict}: {one.text}\n    {one.message}" for one in findings)
