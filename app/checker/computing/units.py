r"""How large I and 1 are in `(I - \frac1n 1 1^\top) y`: as large as fits beside the others.

A sum with I in it is a square matrix, so in a product it is as high as what follows is, or as wide
as what stands before it; in a sum it has the size of the other terms. Where none has one, the n of
`\frac1n 1 1^\top` says over how many is averaged.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.checker.computing.frame import Frame
from app.checker.failures import Misfit, Unclear
from app.checker.reading.tree import Add, Divide, Name, Node, Power, Transpose, walk
from app.checker.world.entries import letter_of
from app.checker.world.values import UNSIZED, Value


def size_in_product(frame: Frame, factors: Sequence[Node], place: int) -> int:
    """The size of a factor with I and vectors of ones; 0 where nothing beside it says it."""
    if not (_is_square(factors[place]) and _has_ones(factors[place])):
        return 0
    after, before = factors[place + 1 : place + 2], factors[max(place - 1, 0) : place]
    sizes = {
        *(value.shape[0] for value in _sized(frame, after)),
        *(value.shape[1] for value in _sized(frame, before)),
    }
    return sizes.pop() if len(sizes) == 1 else 0


def size_beside(frame: Frame, terms: Sequence[Node], unclear: Unclear) -> int:
    """The size of the terms of a sum that have one, if they are square matrices."""
    if str(unclear) != UNSIZED or not any(_has_identity(term) for term in terms):
        return 0
    shapes = {value.shape for value in _sized(frame, terms)}
    if not shapes:
        return _size_of_mean(frame, terms)
    rows, columns = shapes.pop() if len(shapes) == 1 else (0, 1)
    return rows if rows == columns else 0


def _size_of_mean(frame: Frame, terms: Sequence[Node]) -> int:
    """The dimension by which vectors of ones are divided, if there is one."""
    letters = {
        letter_of(one.bottom)
        for term in terms
        if _has_ones(term)
        for one in walk(term)
        if isinstance(one, Divide)
    }
    letter = letters.pop() if len(letters) == 1 else None
    return frame.instance.sizes.get(letter or "", 0)


def _is_square(node: Node) -> bool:
    while isinstance(node, Power | Transpose):
        node = node.base
    return isinstance(node, Add) and any(_has_identity(term) for term in node.terms)


def _has_identity(node: Node) -> bool:
    return any(isinstance(one, Name) and one.base == "I" and not one.subs for one in walk(node))


def _has_ones(node: Node) -> bool:
    return any(isinstance(one, Name) and one.base in ("ones", "bb 1") for one in walk(node))


def _sized(frame: Frame, nodes: Sequence[Node]) -> list[Value]:
    """The values that are neither numbers nor of an unknown size."""
    found = []
    for node in nodes:
        try:
            value = frame.value(node)
        except (Misfit, Unclear):
            continue
        if not (value.is_number or value.identity or value.ones):
            found.append(value)
    return found
