"""Every key step and every slip has a numeric check, and each check quotes the content as it is."""

from pathlib import Path

import pytest

from app.library.loader import load_library
from app.library.models import Derivation
from tests.content import test_logistic_regression, test_mlp_backprop, test_ols
from tests.content.registry import CLAIMS, SLIPS, STEPS

CHECKED = {
    "ols": test_ols,
    "logistic-regression": test_logistic_regression,
    "mlp-backprop": test_mlp_backprop,
}
LIBRARY = load_library(Path(__file__).parents[2] / "content")


def test_every_derivation_has_a_module_of_checks() -> None:
    assert set(LIBRARY.derivations) == set(CHECKED)


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
