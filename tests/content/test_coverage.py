"""Every key step and every slip has a case, and those of a complete derivation a numeric check.

Each check quotes the content as it is.
"""

from string import ascii_lowercase

import pytest

from app.library.models import Derivation
from tests.content import test_logistic_regression, test_mlp_backprop, test_ols
from tests.content.cases import CASES, LIBRARY, Case
from tests.content.registry import CLAIMS, SLIPS, STEPS

CHECKED = {
    "ols": test_ols,
    "logistic-regression": test_logistic_regression,
    "mlp-backprop": test_mlp_backprop,
}


@pytest.mark.parametrize("derivation_id", LIBRARY.derivations)
def test_every_key_step_and_every_slip_has_a_case(derivation_id: str) -> None:
    derivation = LIBRARY[derivation_id]
    cases = [case for case in CASES if case.derivation == derivation_id]
    named = {case.step for case in cases} | {case.slip for case in cases}

    # A case may name a step in parts by its number alone.
    steps = [step.number for step in derivation.steps]
    assert [part for part in steps if not {part, part.rstrip(ascii_lowercase)} & named] == []
    assert [slip.id for slip in derivation.slips if slip.id not in named] == []


@pytest.mark.parametrize("case", [case for case in CASES if case.step or case.slip], ids=str)
def test_a_case_names_steps_and_slips_that_exist(case: Case) -> None:
    derivation = LIBRARY[case.derivation]
    parts = [step.number for step in derivation.steps]

    assert case.step in {None, *parts, *(part.rstrip(ascii_lowercase) for part in parts)}
    assert case.slip in {None, *(slip.id for slip in derivation.slips)}


def test_every_complete_derivation_has_a_module_of_checks() -> None:
    complete = {key for key, derivation in LIBRARY.derivations.items() if derivation.gotchas}

    assert complete == set(CHECKED)


@pytest.mark.parametrize("derivation_id", CHECKED)
def test_every_key_step_is_checked_as_it_is_written(derivation_id: str) -> None:
    written = {
        (derivation_id, step.number): _flat(step.formula) for step in LIBRARY[derivation_id].steps
    }

    assert written == _checked(STEPS, derivation_id)


@pytest.mark.parametrize("derivation_id", CHECKED)
def test_every_slip_is_checked_as_it_is_written(derivation_id: str) -> None:
    written = {(derivation_id, slip.id): _flat(slip.wrong) for slip in LIBRARY[derivation_id].slips}

    assert written == _checked(SLIPS, derivation_id)


@pytest.mark.parametrize(("derivation_id", "quote"), CLAIMS)
def test_every_checked_claim_is_made(derivation_id: str, quote: str) -> None:
    assert quote in _prose(LIBRARY[derivation_id])


def _checked(registry: dict[tuple[str, str], str], derivation_id: str) -> dict[object, str]:
    return {key: _flat(formula) for key, formula in registry.items() if key[0] == derivation_id}


def _flat(formula: str) -> str:
    return " ".join(formula.split())


def _prose(derivation: Derivation) -> str:
    texts = [*derivation.insights]
    texts += [slip.explanation for slip in derivation.slips]
    for gotcha in derivation.gotchas:
        texts += [gotcha.question, gotcha.right, gotcha.why]
    for followup in derivation.followups:
        texts += [followup.question, followup.answer]
    return "\n".join(texts)
