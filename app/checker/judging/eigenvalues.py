r"""Eigenvalues that nobody has fixed.

Where the content has λ for an eigenvalue of Σ, a writer may still say `X^\top X v = \lambda v`, and
some λ makes this true wherever v is an eigenvector: it is no mistake.
"""

from __future__ import annotations

import numpy as np

from app.checker.computing.evaluate import Evaluator
from app.checker.failures import Misfit, Unclear
from app.checker.judging.desk import GENERAL, Desk, fresh_scope
from app.checker.reading.tree import Name, Node, Product
from app.checker.world.values import DRAW, aligned

_CLOSE = 1e-8


def is_another_eigenvalue(desk: Desk, left: Node, right: Node) -> bool:
    """Whether one side is such a number times a vector, and the other a positive multiple of it."""
    for side, other in ((right, left), (left, right)):
        match side:
            case Product(factors=(Name() as number, Name() as vector), op="") if (
                not number.subs or number.subs == vector.subs
            ):
                if _is_free(desk, number) and _is_eigenvector(desk, other, number, vector):
                    return True
    return False


def _is_free(desk: Desk, number: Name) -> bool:
    """A name that the givens do not have, and that the writer has not said anything about."""
    match = fresh_scope(desk.evaluators(GENERAL)[0], (number,)).find(number)
    return match is not None and match.entry.weak and not match.components


def _is_eigenvector(desk: Desk, image: Node, number: Name, vector: Name) -> bool:
    """In general or in a context, as that in which v is one."""
    return any(
        all(
            _is_stretched(fresh_scope(evaluator, (image, vector)), image, number, vector)
            for evaluator in desk.evaluators(context)
        )
        for context in (GENERAL, *desk.world.contexts)
    )


def _is_stretched(evaluator: Evaluator, image: Node, number: Name, vector: Name) -> bool:
    try:
        axes, (one, other) = aligned([evaluator.value(image), evaluator.value(vector)])
    except (Misfit, Unclear, np.linalg.LinAlgError):
        return False
    if one.shape[-2:] != other.shape[-2:] or one.shape[-1] != 1 or one.shape[-2] == 1:
        return False
    if {*axes} - {DRAW} and not number.subs:
        # One number is not the eigenvalue of all of them.
        return False
    factor = np.sum(one * other, axis=-2) / np.sum(other * other, axis=-2)
    return bool(np.all(factor > 0) and np.allclose(one, factor[..., None] * other, atol=_CLOSE))
