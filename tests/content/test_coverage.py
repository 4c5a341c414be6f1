"""Every key step and every slip has a numeric check, and those of a derivation a case as well.

Each check quotes the content as it is.
"""

from importlib import import_module
from pathlib import Path
from string import ascii_lowercase

import pytest

from app.library.loader import PLANNED
from app.library.models import Derivation, Slip, Step
from tests.content.cases import CASES, LIBRARY, Case
from tests.content.registry import CLAIMS, SLIPS, STEPS

FOLDER = Path(__file__).parent

# Each module registers its checks as it is imported.
for name in PLANNED:
    module = f"test_{name.replace('-', '_')}"
    if (FOLDER / f"{module}.py").exists():
        import_module(f"tests.content.{module}")


@pytest.mark.parametrize("derivation_id", PLANNED)
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


@pytest.mark.parametrize("derivation_id", LIBRARY.derivations)
def test_every_key_step_is_checked_as_it_is_written(derivation_id: str) -> None:
    steps = own_steps(LIBRARY[derivation_id])
    written = {(derivation_id, step.number): _flat(step.formula) for step in steps}

    assert written == _checked(STEPS, derivation_id)


@pytest.mark.parametrize("derivation_id", LIBRARY.derivations)
def test_every_slip_is_checked_as_it_is_written(derivation_id: str) -> None:
    slips = own_slips(LIBRARY[derivation_id])
    written = {(derivation_id, slip.id): _flat(slip.wrong) for slip in slips}

    assert written == _checked(SLIPS, derivation_id)


def own_steps(derivation: Derivation) -> list[Step]:
    """Those that a variant does not keep from its derivation."""
    kept = {(s.number, s.formula) for s in _original(derivation).steps}
    return [s for s in derivation.steps if (s.number, s.formula) not in kept or _whole(derivation)]


def own_slips(derivation: Derivation) -> list[Slip]:
    kept = _original(derivation).slips
    return [slip for slip in derivation.slips if slip not in kept or _whole(derivation)]


def _whole(derivation: Derivation) -> bool:
    return derivation.question.variant_of is None


def _original(derivation: Derivation) -> Derivation:
    return LIBRARY[derivation.question.family]


@pytest.mark.parametrize(("derivation_id", "quote"), CLAIMS)
def test_every_checked_claim_is_made(derivation_id: str, quote: str) -> None:
    assert quote in _prose(LIBRARY[derivation_id])


def _checked(registry: dict[tuple[str, str], str], derivation_id: str) -> dict[object, str]:
    return {key: _flat(formula) for key, formula in registry.items() if key[0] == derivation_id}


def _flat(formula: str) -> str:
    return " ".join(formula.split())


def _prose(derivation: Derivation) -> str:
    texts = [*derivation.insights]
    texts += [step.explanation for step in derivation.steps]
    texts += [picture.caption for picture in derivation.pictures]
    texts += [slip.explanation for slip in derivation.slips]
    for gotcha in derivation.gotchas:
        texts += [gotcha.question, gotcha.right, gotcha.why]
    for followup in derivation.followups:
        texts += [followup.question, followup.answer, followup.intuition or ""]
    return "\n".join(texts)
