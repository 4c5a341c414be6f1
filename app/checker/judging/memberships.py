"""Claims about shapes and values: `\\nabla_w L \\in \\mathbb{R}^d`, `y \\in \\{0, 1\\}`."""

from __future__ import annotations

import numpy as np

from app.checker.computing.evaluate import Evaluator
from app.checker.computing.functions import length_of
from app.checker.computing.scope import UnknownName
from app.checker.failures import Misfit, Unclear
from app.checker.judging.desk import GENERAL, Desk, fresh_scope, in_letters
from app.checker.judging.links import Link
from app.checker.reading.tree import SetOf

_CLOSE = 1e-9


def member(desk: Desk, link: Link) -> Link:
    """Raises UnknownName."""
    space = link.right
    if not isinstance(space, SetOf) or link.relation == "notin" or not _is_known(space):
        return link.unclear("this membership is outside of what is checked")
    for evaluator in desk.evaluators(GENERAL):
        inner = fresh_scope(evaluator, (link.left,))
        try:
            wrong = _values(inner, link, space) if space.items else _shape(inner, link, space)
        except UnknownName:
            raise
        except (Misfit, Unclear) as error:
            return link.unclear(str(error))
        if wrong:
            return link.false(in_letters(wrong, evaluator), misfit=not space.items)
    return link


def _is_known(space: SetOf) -> bool:
    return space.kind == "real" or (space.kind == "values" and not space.name and not space.power)


def _shape(inner: Evaluator, link: Link, space: SetOf) -> str:
    """What is wrong with the shape, if something is."""
    shape = inner.value(link.left).shape
    dims = [length_of(inner, node) for node in space.power]
    wanted = (dims[0] if dims else 1, dims[1] if len(dims) > 1 else 1)
    return "" if shape == wanted else f"it is ⟨{shape[0]}⟩×⟨{shape[1]}⟩"


def _values(inner: Evaluator, link: Link, space: SetOf) -> str:
    """What is wrong with the values, if something is."""
    data = np.real(inner.value(link.left).data)
    allowed = [np.real(inner.value(item).data) for item in space.items]
    known = np.any([np.abs(data - one.reshape(-1)[0]) < _CLOSE for one in allowed], axis=0)
    return "" if known.all() else f"it takes the value {data[~known].flat[0]:.4g}"
