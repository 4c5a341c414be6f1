"""What a formula asks and what it is made of: names, expectations, terms."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from app.checker.computing.shape import key_of_tree
from app.checker.computing.substitution import with_names, with_parts
from app.checker.judging.desk import Desk
from app.checker.judging.signatures import Signature, same_terms, signature_or_none, vanishes
from app.checker.reading.tree import (
    Add,
    Call,
    Chain,
    Divergence,
    Expectation,
    Function,
    Inner,
    Name,
    Negate,
    Node,
    Number,
    Optimum,
    Power,
    Product,
    Sub,
    Sum,
    Transpose,
    children,
    walk,
)
from app.checker.world.entries import Entry, keys_of

OPTIMUM = "optimum"
# A sum, an expectation or a divergence, deep in the definitions.
AVERAGE = "average"
_MOST_TERMS = 6

SignedTerm = tuple[Node, int]


def features(desk: Desk, node: Node, *, opened: bool = False) -> set[str]:
    """The names in a formula, marks for KL, for expectations and optima. The writer's own names
    count for what they stand for as well if it is `opened`."""
    found: set[str] = set()
    for one in _outside_of_subscripts(node):
        if isinstance(one, Name):
            found.add(_plain(desk, one))
        elif isinstance(one, Divergence):
            found.add("KL")
        elif isinstance(one, Expectation):
            found.add(f"{one.kind}[]")
        elif isinstance(one, Optimum):
            found.add(OPTIMUM)
    if opened:
        for body in _definitions(node, desk.scope):
            found |= features(desk, body)
    return found


def averages(node: Node) -> bool:
    return any(isinstance(one, Sum | Expectation | Divergence) for one in walk(node))


def ingredients(desk: Desk, node: Node) -> set[str]:
    """The sampled names that a formula is made of in the end, and whether something is averaged."""
    known = {**desk.world.entries, **desk.scope}
    found: set[str] = set()
    for one in (node, *_definitions(node, known)):
        if averages(one):
            found.add(AVERAGE)
        for part in _outside_of_subscripts(one):
            if isinstance(part, Name) and _entry(part, known) is None:
                found.add(_plain(desk, part))
    return found


def _outside_of_subscripts(node: Node) -> Iterator[Node]:
    yield node
    for child in children(node):
        if not isinstance(child, Sub):
            yield from _outside_of_subscripts(child)


def _definitions(node: Node, known: dict[str, list[Entry]]) -> list[Node]:
    """What the names in a formula stand for, those in the definitions too."""
    found: dict[int, Node] = {}
    open_ = [node]
    while open_:
        for one in walk(open_.pop()):
            entry = _entry(one, known) if isinstance(one, Name) else None
            if entry is not None and entry.body is not None and entry.number not in found:
                found[entry.number] = entry.body
                open_.append(entry.body)
    return list(found.values())


def _entry(name: Name, known: dict[str, list[Entry]]) -> Entry | None:
    """The definition of a name, if it has one."""
    for key, _ in keys_of(name):
        for entry in known.get(key, ()):
            return entry if entry.body is not None else None
    return None


def _plain(desk: Desk, name: Name) -> str:
    """A name without star and hat: the optimum and the variable ask the same question."""
    for key, _ in keys_of(name):
        if key in desk.world.entries or key in desk.scope:
            return key.replace("^*", "").removeprefix("hat ")
    if len(name.base) == 1 and name.base.upper() in desk.world.entries:
        return name.base.upper()
    if name.base == "P":
        # The probability is p or P.
        return "p"
    return name.base.removeprefix("hat ")


# --- how much two formulas look alike ------------------------------------------------------------


def traits(desk: Desk, *nodes: Node) -> frozenset[str]:
    """The names with their subscripts and without, the functions and the operators; of each formula
    whether it is a sum."""
    found: set[str] = set()
    for node in nodes:
        top = node.body if isinstance(node, Negate) else node
        if isinstance(top, Add | Sum):
            found.add(f"{type(top).__name__} at the top")
        for one in _outside_of_subscripts(node):
            found.update(_traits_of(desk, one))
    return frozenset(found)


def _traits_of(desk: Desk, node: Node) -> Sequence[str]:
    match node:
        case Name():
            return _written(desk, node)
        case Function():
            return (node.name,)
        case Expectation():
            return (f"{node.kind}[]",)
        case Divergence() | Sum() | Transpose() | Inner():
            return (type(node).__name__,)
        case Power(exponent=Number(value=value)) if value < 0:
            return ("inverse",)
    return ()


def _written(desk: Desk, name: Name) -> Sequence[str]:
    """Also with its subscripts where they belong to it; letters of indices say nothing."""
    name = _in_full(desk, name)
    for key, rest in keys_of(name):
        for entry in (*desk.scope.get(key, ()), *desk.world.entries.get(key, ())):
            plain = _plain(desk, name)
            return (plain, key_of_tree(name)) if entry.params or not rest else (plain,)
    return (_plain(desk, name),) if len(name.base) > 1 else ()


def _in_full(desk: Desk, name: Name) -> Name:
    r"""`p_\theta` for the p of `p(x)`, where the world has that for short."""
    if name.subs or name.base in desk.scope:
        return name
    return next(
        (
            entry.body.name
            for entry in desk.world.entries.get(name.base, ())
            if isinstance(entry.body, Call) and entry.body.name.base == name.base
        ),
        name,
    )


def names(desk: Desk, node: Node) -> frozenset[str]:
    return frozenset(
        trait
        for one in _outside_of_subscripts(node)
        if isinstance(one, Name)
        for trait in _traits_of(desk, one)
    )


def resemblance(one: frozenset[str], two: frozenset[str]) -> float:
    return len(one & two) / max(len(one | two), 1)


# --- terms ---------------------------------------------------------------------------------------


def inside(desk: Desk, node: Node) -> Signature | None:
    """The values under an expectation, if the node is one, with the factors in front of it."""
    body = _drawn_in(node)
    return None if body is None else signature_or_none(desk, body)


def _drawn_in(node: Node) -> Node | None:
    if isinstance(node, Negate):
        return _drawn_in(node.body)
    if isinstance(node, Product) and not node.op:
        *factors, last = node.factors
        body = _drawn_in(last)
        return None if body is None else Product((*factors, body))
    if isinstance(node, Expectation) and node.kind == "E" and len(node.args) == 1:
        return node.args[0]
    return None


def signed_terms(left: Node, right: Node) -> list[SignedTerm]:
    """left − right as a sum, when it has three terms or more."""
    nodes = [*_flat(left, 1), *_flat(right, -1)]
    return nodes if 3 <= len(nodes) <= _MOST_TERMS else []


def terms(
    nodes: Sequence[SignedTerm], worth: Callable[[Node], Signature | None]
) -> tuple[Signature, ...]:
    """The values of those that are not zero, if there are three or more."""
    found = []
    for node, sign in nodes:
        value = worth(node)
        if value is None:
            return ()
        if not vanishes(value):
            found.append(value if sign > 0 else Signature(-part for part in value))
    return tuple(found) if len(found) >= 3 else ()


def _flat(node: Node, sign: int) -> Iterator[SignedTerm]:
    if isinstance(node, Add):
        for term in node.terms:
            yield from _flat(term, sign)
    elif isinstance(node, Negate):
        yield from _flat(node.body, -sign)
    elif not (isinstance(node, Number) and node.value == 0):
        yield node, sign


def same_terms_scaled(ours: Sequence[Signature], theirs: Sequence[Signature]) -> bool:
    r"""The same terms in any order, up to one factor, which may be a name: `r / \\beta = …`."""
    if same_terms(ours, theirs):
        return True
    if len(ours) != len(theirs):
        return False
    return any(_same_over(ours, first, theirs) for first in ours)


def _same_over(ours: Sequence[Signature], first: Signature, theirs: Sequence[Signature]) -> bool:
    """Whether the terms are the same once `first` is made the first of theirs in every draw."""
    ratios = []
    for a, b in zip(first, theirs[0], strict=True):
        if a.shape != b.shape:
            return False
        axes = tuple(range(1, b.ndim))
        ratio = (a * b).sum(axis=axes, keepdims=True) / (b * b).sum(axis=axes, keepdims=True)
        if not np.isfinite(ratio).all() or not np.all(ratio):
            return False
        ratios.append(ratio.reshape(len(ratio)))
    scaled = [
        Signature(
            part / ratio.reshape(-1, *[1] * (part.ndim - 1))
            for part, ratio in zip(term, ratios, strict=True)
        )
        for term in ours
    ]
    return same_terms(scaled, theirs)


# --- what is written -----------------------------------------------------------------------------


def is_constant(node: Node) -> bool:
    r"""0, \log 1 and the like."""
    return not any(isinstance(one, Name) for one in walk(node))


def opened(desk: Desk, node: Node) -> Node:
    """With what the writer's own names stand for put in their places, in subscripts too."""
    bodies = {
        key: entries[0].body
        for key, entries in desk.scope.items()
        if entries and entries[0].body is not None and not entries[0].params
    }
    known = {key: body for key, body in bodies.items() if body is not None}
    return _with_subscripts(with_names(node, known), known) if known else node


def _with_subscripts(node: Node, known: dict[str, Node]) -> Node:
    if not isinstance(node, Name):
        return with_parts(node, partial(_with_subscripts, known=known))
    subs = tuple(replace(sub, node=with_names(sub.node, known)) for sub in node.subs)
    return replace(node, subs=subs) if node.subs else node


def pair_key(left: Node, right: Node) -> str:
    """The same for two equations written alike, whichever side comes first."""
    return joined(key_of_tree(left), key_of_tree(right))


def joined(left: str, right: str) -> str:
    """The key of a pair from those of its sides."""
    return " = ".join(sorted([left, right]))


def pair_keys(chain: Chain) -> Iterator[str]:
    for place, left in enumerate(chain.sides):
        for right in chain.sides[place + 1 :]:
            yield pair_key(left, right)
