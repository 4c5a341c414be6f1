r"""Vectors of ones that are written with the plain digit: `1^\top X`, `11^\top`, `\bar{y} 1`.

Nobody transposes a number, or writes the number 1 behind a factor without a dot.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.checker.reading.tree import Name, Node, Number, Product, Transpose, walk

_ONES = "ones"


def with_vectors_of_ones(factors: Sequence[Node]) -> list[Node]:
    """The factors of a product, with each such digit as a vector of ones."""
    return [one for place in range(len(factors)) for one in _read(factors, place)]


def with_sides_of_ones(sides: Sequence[Node]) -> list[Node]:
    """Sides that are 1 as such vectors, where another side has one."""
    if not any(one == Name(_ONES) for side in sides for one in walk(side)):
        return [*sides]
    return [_ones(side) if _is_digit(side) else side for side in sides]


def _read(factors: Sequence[Node], place: int) -> Iterator[Node]:
    factor = factors[place]
    if _is_transposed(factor, 11):
        yield _ones(factor)
    if _is_transposed(factor, 1) or _is_transposed(factor, 11):
        yield Transpose(_ones(factor), span=factor.span)
    elif _is_digit(factor) and (_is_followed(factors, place) or _ends(factors, place)):
        yield _ones(factor)
    else:
        yield factor


def _is_transposed(node: Node, value: float) -> bool:
    return (
        isinstance(node, Transpose) and isinstance(node.base, Number) and node.base.value == value
    )


def _is_digit(node: Node) -> bool:
    return isinstance(node, Number) and node.value == 1


def _is_followed(factors: Sequence[Node], place: int) -> bool:
    r"""The first one of `1 1^\top`, of `1 u^\top` and of `1 (1^\top W)`."""
    if place + 1 == len(factors):
        return False
    after = factors[place + 1]
    return isinstance(after, Transpose) or (
        isinstance(after, Product) and after.factors[0] == Transpose(Name(_ONES))
    )


def _ends(factors: Sequence[Node], place: int) -> bool:
    r"""The one of `\alpha^\top 1` and of `\bar{y} 1`."""
    return 0 < place == len(factors) - 1 and not isinstance(factors[place - 1], Number)


def _ones(node: Node) -> Name:
    return Name(_ONES, span=node.span)
