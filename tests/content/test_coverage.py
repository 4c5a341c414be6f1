"""Every key step and every slip has a numeric check, and those of a derivation a case as well. What
a formula of the prose states is judged by the checker, or a numeric check quotes it.

Each check quotes the content as it is.
"""

from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from string import ascii_lowercase

import pytest

from app.library.checking import checker_in, checker_of
from app.library.loader import PLANNED
from app.library.models import Derivation, DerivationFile, GotchaFile, Setting, Slip, Step
from app.library.reading import read_file
from app.library.verifying.prose import stated
from tests.content.cases import CONTENT, LIBRARY, of_derivation
from tests.content.registry import CLAIMS, SLIPS, STEPS

FOLDER = Path(__file__).parent

# Each module registers its checks as it is imported.
for path in sorted(FOLDER.rglob("test_*.py")):
    if path.stem not in ("test_cases", "test_coverage"):
        module = ".".join(path.relative_to(FOLDER).with_suffix("").parts)
        import_module(f"tests.content.{module}")


@pytest.mark.parametrize("derivation_id", PLANNED)
def test_every_key_step_and_every_slip_has_a_case(derivation_id: str) -> None:
    derivation = LIBRARY[derivation_id]
    cases = of_derivation(derivation_id)
    named = {case.step for case in cases} | {case.slip for case in cases}

    # A case may name a step in parts by its number alone.
    steps = [step.number for step in derivation.steps]
    assert [part for part in steps if not {part, part.rstrip(ascii_lowercase)} & named] == []
    assert [slip.id for slip in derivation.slips if slip.id not in named] == []


@pytest.mark.parametrize("derivation_id", PLANNED)
def test_a_case_names_steps_and_slips_that_exist(derivation_id: str) -> None:
    derivation = LIBRARY[derivation_id]
    parts = {step.number for step in derivation.steps}
    steps = {None, *parts, *(part.rstrip(ascii_lowercase) for part in parts)}
    slips = {None, *(slip.id for slip in derivation.slips)}
    cases = of_derivation(derivation_id)

    assert [case.id for case in cases if case.step not in steps or case.slip not in slips] == []


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


@pytest.mark.parametrize("derivation_id", LIBRARY.derivations)
def test_every_checked_claim_is_made(derivation_id: str) -> None:
    prose = _flat(_prose(LIBRARY[derivation_id]))

    assert [one for one in _quotes(derivation_id) if one not in prose] == []


@pytest.mark.parametrize("name", PLANNED)
def test_every_formula_of_the_prose_is_checked(name: str) -> None:
    file = read_file(CONTENT / "derivations" / f"{name}.toml", DerivationFile)

    unchecked = list(_unchecked(name, stated(file), file.settings))
    for place, variant in enumerate(file.variants, start=1):
        unchecked += _unchecked(variant.id, stated(file, f"variants[{place}]."), variant.settings)

    assert not unchecked, "\n".join(unchecked)


def test_every_formula_of_the_gotcha_table_is_checked() -> None:
    table = read_file(CONTENT / "gotchas.toml", GotchaFile)

    unchecked: list[str] = []
    for place, row in enumerate(table.rows, start=1):
        unchecked += _unchecked(row.derivation, stated(row, f"rows[{place}]."))

    assert not unchecked, "\n".join(unchecked)


def _unchecked(
    derivation_id: str, formulas: Iterator[tuple[str, str]], settings: Sequence[Setting] = ()
) -> Iterator[str]:
    """Those that the checker does not confirm, among the givens or in their setting, and that no
    claim quotes. What is only supposed is quoted together with what follows from it."""
    derivation = LIBRARY[derivation_id]
    quotes = _quotes(derivation_id)
    for field, tex in formulas:
        quoted = any(f"${_flat(tex)}$" in quote for quote in quotes)
        if not (quoted or _follows(derivation, tex, settings) or _holds(derivation, tex)):
            yield f"{field} states {tex}"


def _follows(derivation: Derivation, tex: str, settings: Sequence[Setting]) -> bool:
    """Whether a setting shows it: one that says the same itself, or has no meaning for a name in
    it, shows nothing."""
    for setting in settings:
        if _flat(tex) in map(_flat, setting.states) and _flat(tex) not in map(_flat, setting.adds):
            return checker_in(derivation, setting).check([tex])[0].verdict == "holds"
    return False


def _quotes(derivation_id: str) -> list[str]:
    return [_flat(quote) for claimed, quote in CLAIMS if claimed == derivation_id]


def _holds(derivation: Derivation, tex: str) -> bool:
    return checker_of(derivation).check([tex])[0].verdict in ("holds", "defines")


def _checked(registry: dict[tuple[str, str], str], derivation_id: str) -> dict[object, str]:
    return {key: _flat(formula) for key, formula in registry.items() if key[0] == derivation_id}


def _flat(formula: str) -> str:
    return " ".join(formula.split())


def _prose(derivation: Derivation) -> str:
    texts = [*derivation.hints, *derivation.insights]
    texts += [step.explanation for step in derivation.steps]
    texts += [text for picture in derivation.pictures for text in (picture.alt, picture.caption)]
    texts += [slip.explanation for slip in derivation.slips]
    rows = [row for row in LIBRARY.gotchas if row.derivation == derivation.question.id]
    for gotcha in (*derivation.gotchas, *rows):
        texts += [gotcha.question, gotcha.right, gotcha.why]
    for followup in derivation.followups:
        texts += [followup.question, followup.answer, followup.intuition or ""]
    return "\n".join(texts)
