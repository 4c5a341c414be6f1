"""Every case gets its verdicts from the checker, and numpy, which has no checker in it, agrees."""

import importlib
from collections import Counter
from collections.abc import Iterator, Sequence
from types import CodeType

import numpy as np
import pytest

from app.checker import Finding
from app.library.checking import checker_of
from tests.content.cases import CASES, LIBRARY, VERDICTS, Case, of_derivation

Namespace = dict[str, object]

SEEDS = range(4)
LINES_AT_LEAST = 60
OF_EACH_AT_LEAST = 30
DERIVATIONS = [one.question.id for one in LIBRARY.originals]


@pytest.mark.parametrize("derivation", DERIVATIONS)
def test_the_checker_says_what_a_case_expects(derivation: str) -> None:
    wrong = [message for case in of_derivation(derivation) for message in _misjudged(case)]

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("derivation", DERIVATIONS)
def test_numpy_agrees_with_a_case(derivation: str) -> None:
    module = importlib.import_module(f"tests.content.worlds.{derivation.replace('-', '_')}")
    worlds = [module.namespace(np.random.default_rng([2026, seed])) for seed in SEEDS]

    wrong = [
        message for case in of_derivation(derivation) for message in _miscomputed(case, worlds)
    ]

    assert not wrong, "\n".join(wrong)


def test_no_two_cases_have_the_same_id() -> None:
    assert [name for name, count in Counter(case.id for case in CASES).items() if count > 1] == []


@pytest.mark.parametrize("derivation", DERIVATIONS)
def test_a_derivation_has_enough_lines_of_each_kind(derivation: str) -> None:
    verdicts = Counter(verdict for case in of_derivation(derivation) for verdict in case.expect)

    assert verdicts.keys() <= VERDICTS
    assert verdicts.total() >= LINES_AT_LEAST
    assert min(verdicts["holds"], verdicts["fails"]) >= OF_EACH_AT_LEAST


def _misjudged(case: Case) -> Iterator[str]:
    findings = checker_of(LIBRARY[case.derivation]).check(case.lines)
    last = findings[-1]
    if [finding.verdict for finding in findings] != list(case.expect):
        yield f"{case}: expected {', '.join(case.expect)}\n{_said(findings)}"
    if case.slip not in (None, last.slip):
        yield f"{case}: taken for the slip {last.slip}"
    if case.step not in (None, *_reached(last)):
        yield f"{case}: states the steps {sorted(_reached(last))}"


def _miscomputed(case: Case, worlds: Sequence[Namespace]) -> Iterator[str]:
    for line, verdict, expression in zip(case.lines, case.expect, case.numpy, strict=True):
        if (expression is not None) != (verdict in ("holds", "fails")):
            yield f"{case}: {verdict} {line}\n    has the Python {expression}"
        elif expression is not None:
            compiled = compile(expression, case.id, "eval")
            if all(_is_true(compiled, world) for world in worlds) != (verdict == "holds"):
                yield f"{case}: {verdict} {line}\n    {expression}"


def _is_true(expression: CodeType, world: Namespace) -> bool:
    """A ValueError says that the shapes do not fit, so the line is wrong."""
    with np.errstate(all="ignore"):
        try:
            return bool(eval(expression, world))
        except ValueError:
            return False


def _reached(finding: Finding) -> set[str]:
    """Steps by number and by part, as a case may name either."""
    return {*finding.parts, *map(str, finding.steps)}


def _said(findings: Sequence[Finding]) -> str:
    return "\n".join(f"    {one.verdict}: {one.text} {one.message}" for one in findings)
