"""The checker of a derivation, made once and kept."""

from functools import lru_cache

from app.checker import Checker, ContextSpec, NameSpec, SlipSpec, StepSpec
from app.library.models import Derivation, Setting


@lru_cache(maxsize=128)
def checker_of(derivation: Derivation) -> Checker:
    """Raises DeclarationError for givens that the checker cannot read."""
    return make_checker(derivation)


def make_checker(derivation: Derivation) -> Checker:
    """A new one, for a derivation that is still being written. Raises DeclarationError."""
    return Checker(
        givens=[given.tex for given in derivation.question.givens],
        names=names_of(derivation),
        contexts=contexts_of(derivation),
        steps=[
            StepSpec(
                step.number,
                step.formula,
                step.forms,
                step.excludes,
                step.may_use,
                step.contains,
                step.every_row,
            )
            for step in derivation.steps
        ],
        slips=[SlipSpec(slip.id, slip.step, slip.wrong) for slip in derivation.slips],
    )


def checker_in(derivation: Derivation, setting: Setting) -> Checker:
    """One that judges what the prose says of a setting of its own. Raises DeclarationError."""
    if setting.alone:
        return Checker(givens=setting.adds)
    return Checker(
        givens=[given.tex for given in derivation.question.givens],
        names=[*names_of(derivation), *(NameSpec(tex) for tex in setting.adds)],
        contexts=contexts_of(derivation),
    )


def names_of(derivation: Derivation) -> list[NameSpec]:
    return [NameSpec(name.tex, name.weak, name.held) for name in derivation.names]


def contexts_of(derivation: Derivation) -> list[ContextSpec]:
    return [ContextSpec(one.name, one.sets, one.judges, one.without) for one in derivation.contexts]
