"""Trees with something changed in them, which leaves a claim as true as it was or does not."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import fields, replace
from typing import Any

from app.checker.reading.tree import (
    Add,
    Chain,
    Index,
    Name,
    Negate,
    Node,
    Number,
    Product,
    Sub,
    Sum,
    Transpose,
    walk,
)

Change = Callable[[Node], Node]
MaybeChange = Callable[[Node], Node | None]
FLIPPED = {"<=": ">=", "<": ">", "psd": "nsd", "pd": "nd"}
FLIPPED |= {there: here for here, there in FLIPPED.items()}
FRESH = "abcghlrsuv"


def mapped(node: Node, change: Change) -> Node:
    """With `change` done to every node, from below."""
    return change(_with_children(node, lambda child: mapped(child, change)))


def each(node: Node, change: MaybeChange) -> Iterator[Node]:
    """The node with `change` done at one place, for every place where it does something."""
    if (changed := change(node)) is not None:
        yield changed
    for field in fields(node):
        if field.name == "span":
            continue
        value = getattr(node, field.name)
        for other in _one_changed(value, change):
            yield _replaced(node, {field.name: other})


def _one_changed(value: object, change: MaybeChange) -> Iterator[object]:
    if isinstance(value, Node):
        yield from each(value, change)
    elif isinstance(value, tuple):
        for place, item in enumerate(value):
            for other in _one_changed(item, change):
                yield (*value[:place], other, *value[place + 1 :])


def _with_children(node: Node, change: Change) -> Node:
    parts = {
        field.name: getattr(node, field.name) for field in fields(node) if field.name != "span"
    }
    return _replaced(node, {name: _with_nodes(value, change) for name, value in parts.items()})


def _replaced(node: Node, parts: dict[str, Any]) -> Node:
    return replace(node, **parts)


def _with_nodes(value: object, change: Change) -> object:
    if isinstance(value, Node):
        return change(value)
    if isinstance(value, tuple):
        return tuple(_with_nodes(item, change) for item in value)
    return value


# --- what keeps a claim true ---------------------------------------------------------------------


def swapped(chain: Chain) -> Chain:
    """`b = a` for `a = b`, and `c >= b = a` for `a = b <= c`."""
    relations = (FLIPPED.get(relation, relation) for relation in reversed(chain.relations))
    return Chain(chain.sides[::-1], tuple(relations))


def with_sums_reversed(chain: Chain) -> Chain:
    """Each sum from its end, except in subscripts, where `t+1` is a name."""

    def change(node: Node) -> Node:
        if isinstance(node, Add):
            return Add(tuple(map(change, node.terms[::-1])))
        return node if isinstance(node, Sub) else _with_children(node, change)

    return _chain(change(chain))


def transposed(chain: Chain) -> Chain:
    sides = (side if isinstance(side, Number) else Transpose(side) for side in chain.sides)
    return Chain(tuple(sides), chain.relations)


def expanded(chain: Chain) -> Chain | None:
    """With the first product of a sum multiplied out. A bare number in the sum spreads over a
    vector, which it cannot do alone."""
    return next((_chain(node) for node in each(chain, _distributed)), None)


def _distributed(node: Node) -> Node | None:
    if not isinstance(node, Product) or node.op not in ("", "cdot"):
        return None
    for place, factor in enumerate(node.factors):
        if isinstance(factor, Add) and not any(_is_bare(term) for term in factor.terms):
            before, after = node.factors[:place], node.factors[place + 1 :]
            terms = (
                Negate(replace(node, factors=(*before, term.body, *after)))
                if isinstance(term, Negate)
                else replace(node, factors=(*before, term, *after))
                for term in factor.terms
            )
            return Add(tuple(terms))
    return None


def _is_bare(term: Node) -> bool:
    return not any(isinstance(one, Name) and one.base != "I" for one in walk(term))


def with_bound_letter(chain: Chain, known: Collection[str]) -> Chain | None:
    """With the index of the first sum called by another letter."""
    fresh = _fresh(chain, known)

    def change(node: Node) -> Node | None:
        if not isinstance(node, Sum) or node.conditions or not _is_letter(node.indices[0].name):
            return None
        first, *others = node.indices
        body = renamed(node.body, first.name.base, fresh)
        return replace(node, indices=(replace(first, name=Name(fresh)), *others), body=body)

    return next((_chain(node) for node in each(chain, change)), None)


def with_free_letter(chain: Chain, known: Collection[str]) -> Chain | None:
    """With the first index that stands for every value called by another letter. Not every letter
    below a name is an index, but these are."""
    bound = {node.name.base for node in walk(chain) if isinstance(node, Index)}
    free = (
        node.node.base
        for node in walk(chain)
        if isinstance(node, Sub) and isinstance(node.node, Name) and _is_letter(node.node)
    )
    letter = next((one for one in free if one in "ijk" and one not in {*bound, *known}), None)
    return None if letter is None else _chain(renamed(chain, letter, _fresh(chain, known)))


def renamed(node: Node, old: str, new: str) -> Node:
    def change(one: Node) -> Node:
        return replace(one, base=new) if isinstance(one, Name) and one.base == old else one

    return mapped(node, change)


def _fresh(chain: Chain, known: Collection[str]) -> str:
    used = {node.base for node in walk(chain) if isinstance(node, Name)}
    return next(letter for letter in FRESH if letter not in used and letter not in known)


def _is_letter(name: Node) -> bool:
    return isinstance(name, Name) and len(name.base) == 1 and name == Name(name.base)


# --- what makes a side another one, if it changes anything ---------------------------------------


def twice(side: Node) -> Iterator[Node]:
    if not isinstance(side, Number):
        yield Product((Number(2.0), side))


def with_another_sign(side: Node) -> Iterator[Node]:
    yield from each(side, _negated)


def with_another_factor(side: Node) -> Iterator[Node]:
    yield from each(side, _multiplied)


def with_another_index(side: Node) -> Iterator[Node]:
    yield from each(side, _indexed)


def with_another_transpose(side: Node) -> Iterator[Node]:
    yield from each(side, _turned)


def _negated(node: Node) -> Node | None:
    if isinstance(node, Negate):
        return node.body
    if isinstance(node, Add):
        first, *rest = node.terms
        return Add((Negate(first), *rest))
    return None


def _multiplied(node: Node) -> Node | None:
    if isinstance(node, Number):
        return Number(node.value + 1)
    if isinstance(node, Product) and node.op == "":
        return replace(node, factors=(Number(2.0), *node.factors))
    return None


def _indexed(node: Node) -> Node | None:
    """Two indices of a name change places, `X_{ji}` for `X_{ij}`, or one becomes another letter."""
    if not isinstance(node, Name) or not node.subs:
        return None
    first, *rest = node.subs
    if rest and first != rest[0]:
        return replace(node, subs=(rest[0], first, *rest[1:]))
    if not _is_letter(first.node):
        return None
    letter = {"i": "j", "j": "k", "k": "j", "n": "m", "m": "n"}.get(first.text, "i")
    return replace(node, subs=(Sub(Name(letter), letter), *rest))


def _turned(node: Node) -> Node | None:
    if isinstance(node, Transpose):
        return node.base
    return Transpose(node) if isinstance(node, Name) and node.base[-1:].isupper() else None


def _chain(node: Node) -> Chain:
    assert isinstance(node, Chain)
    return node
