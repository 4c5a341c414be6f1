"""What a formula asks and what it is made of: names, derivatives, expectations, terms."""

from __future__ import annotations

from collections.abc import Iterator

from app.checker.computing.shape import key_of_tree
from app.checker.judging.desk import Desk
from app.checker.judging.signatures import Signature, signature_or_none, vanishes
from app.checker.reading.tree import (
    Add,
    Call,
    Chain,
    Component,
    Derivative,
    Divergence,
    Expectation,
    Name,
    Negate,
    Node,
    Number,
    Optimum,
    Product,
    Sub,
    Transpose,
    children,
)
from app.checker.world.entries import keys_of

# How a derivative shows in the features of a formula.
SLOPE = "∂"
_MOST_TERMS = 6


def features(desk: Desk, node: Node) -> set[str]:
    """The names in a formula, a mark for a derivative in it, marks for KL and expectations."""
    found: set[str] = set()
    for one in _outside_of_subscripts(node):
        if isinstance(one, Name):
            found.add(_plain(desk, one))
        elif isinstance(one, Derivative):
            found.add(SLOPE)
        elif isinstance(one, Divergence):
            found.add("KL")
        elif isinstance(one, Expectation):
            found.add(f"{one.kind}[]")
        elif isinstance(one, Optimum):
            found.add("optimum")
    if _is_named_derivative(desk, node) or (isinstance(node, Call) and node.name.primes):
        found.add(SLOPE)
    return found


def _outside_of_subscripts(node: Node) -> Iterator[Node]:
    yield node
    for child in children(node):
        if not isinstance(child, Sub):
            yield from _outside_of_subscripts(child)


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


def _is_named_derivative(desk: Desk, node: Node) -> bool:
    """`\\delta_2` stands for a derivative by its definition."""
    if isinstance(node, Component | Negate):
        return _is_named_derivative(desk, node.body)
    if isinstance(node, Transpose):
        return _is_named_derivative(desk, node.base)
    if not isinstance(node, Name):
        return False
    entries = (one for key, _ in keys_of(node) for one in desk.world.entries.get(key, []))
    first = next(entries, None)
    return first is not None and isinstance(first.body, Derivative)


def inside(desk: Desk, node: Node) -> Signature | None:
    """The values under an expectation, if the node is one, up to a factor in front."""
    if isinstance(node, Negate):
        return inside(desk, node.body)
    if isinstance(node, Product) and isinstance(node.factors[-1], Expectation):
        scaled = all(isinstance(one, Number) for one in node.factors[:-1])
        return inside(desk, node.factors[-1]) if scaled else None
    if isinstance(node, Expectation) and node.kind == "E" and len(node.args) == 1:
        return signature_or_none(desk, node.args[0])
    return None


def terms(desk: Desk, left: Node, right: Node) -> tuple[Signature, ...]:
    """left − right as a sum, when it has three terms or more."""
    nodes = [*_flat(left, 1), *_flat(right, -1)]
    if not 3 <= len(nodes) <= _MOST_TERMS:
        return ()
    found = []
    for node, sign in nodes:
        value = signature_or_none(desk, node)
        if value is None:
            return ()
        if not vanishes(value):
            found.append([sign * part for part in value])
    return tuple(found) if len(found) >= 3 else ()


def _flat(node: Node, sign: int) -> Iterator[tuple[Node, int]]:
    if isinstance(node, Add):
        for term in node.terms:
            yield from _flat(term, sign)
    elif isinstance(node, Negate):
        yield from _flat(node.body, -sign)
    elif not (isinstance(node, Number) and node.value == 0):
        yield node, sign


# --- what is written -----------------------------------------------------------------------------


def pair_key(left: Node, right: Node) -> str:
    """The same for two equations written alike, whichever side comes first."""
    return " = ".join(sorted([key_of_tree(left), key_of_tree(right)]))


def pair_keys(chain: Chain) -> Iterator[str]:
    for place, left in enumerate(chain.sides):
        for right in chain.sides[place + 1 :]:
            yield pair_key(left, right)
