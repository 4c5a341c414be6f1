r"""A tree into a `Value`, in one instance of the world.

Letters are looked up from the inside out: variables bound by a sum or an expectation, names put in
place (a derivative's perturbed variable, a context), the writer's definitions, the world. A letter
that is bound nowhere and stands in a subscript is free: it means "for every value".

What names mean is in `bindings.py` and the modules beneath it; the rules for each kind of node
are in the modules that are gathered here.
"""

from __future__ import annotations

from typing import ClassVar

from app.checker.computing import (
    arithmetic,
    calls,
    changes,
    derivatives,
    divergences,
    expectations,
    families,
    functions,
    letters,
    matrices,
    optima,
    powers,
    sums,
)
from app.checker.computing.bindings import Environment
from app.checker.computing.frame import Rules


class Evaluator(Environment):
    """An environment with all the rules."""

    rules: ClassVar[Rules] = {
        **letters.RULES,
        **calls.RULES,
        **arithmetic.RULES,
        **powers.RULES,
        **matrices.RULES,
        **functions.RULES,
        **sums.RULES,
        **expectations.RULES,
        **divergences.RULES,
        **derivatives.RULES,
        **changes.RULES,
        **optima.RULES,
        **families.RULES,
    }
