r"""Which derivatives a formula shows: of what, and by which variables.

`\nabla_{b_1} L` and `\nabla_{z_1} L` have the same values and are two questions. A second
derivative is also the derivative of a first one, so that `\nabla_w (Xw - y)` may be known as that
of a gradient.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from app.checker.computing.shape import key_of_tree
from app.checker.judging.desk import Desk
from app.checker.judging.signatures import Signature, proportional, signature_or_none
from app.checker.reading.tree import (
    Call,
    Component,
    Derivative,
    Differential,
    Name,
    Negate,
    Node,
    Sub,
    Transpose,
    children,
)
from app.checker.world.entries import keys_of

# Every derivative in a product may be joined with every other one.
_MOST_SLOPES = 4


@dataclass(slots=True, repr=False, eq=False)
class Slope:
    """A body by these variables; what the body is worth is computed when it is asked for."""

    body: Node
    by: tuple[str, ...]
    values: list[Signature | None] = field(default_factory=list)

    def value(self, desk: Desk) -> Signature | None:
        if not self.values:
            self.values.append(signature_or_none(desk, self.body))
        return self.values[0]


def slopes(desk: Desk, node: Node) -> list[Slope]:
    r"""The derivatives in a formula, among them names of derivatives such as \delta_2."""
    return [slope for one in _derivatives(desk, node) for slope in _levels(desk, one)]


def asked_slopes(desk: Desk, node: Node) -> list[Slope]:
    """Those that a side may ask for: by the chain rule, a product asks for its two ends too."""
    found = slopes(desk, node)
    ends = found[:_MOST_SLOPES]
    joined = [Slope(one.body, two.by, one.values) for one in ends for two in ends if one is not two]
    return [*found, *joined]


def share_one(desk: Desk, ours: Sequence[Slope], theirs: Sequence[Slope]) -> bool:
    return any(_is_same(desk, one, two) for one in ours for two in theirs)


def _is_same(desk: Desk, one: Slope, two: Slope) -> bool:
    if one.by != two.by:
        return False
    if key_of_tree(one.body) == key_of_tree(two.body):
        return True
    a, b = one.value(desk), two.value(desk)
    return a is not None and b is not None and proportional(a, b) is not None


def differential_slopes(desk: Desk, question: Node, answer: Node) -> list[Slope]:
    r"""`dL = g^\top dw` says what the derivative of L by w is."""
    if not isinstance(question, Differential):
        return []
    by = {_variable(desk, one.name) for one in _below(answer) if isinstance(one, Differential)}
    if not by:
        # `dW = \delta x^\top` is short for the gradient of the loss.
        return [Slope(Name("cal L"), (_variable(desk, question.name),))]
    return [Slope(question.name, tuple(by))] if len(by) == 1 else []


# --- finding them --------------------------------------------------------------------------------


def _derivatives(desk: Desk, node: Node) -> Iterator[Derivative]:
    named = _named(desk, node)
    if named is not None:
        yield from _derivatives(desk, named)
        return
    if isinstance(node, Derivative):
        yield node
        return
    if isinstance(node, Call) and node.name.primes and len(node.args) == 1:
        yield Derivative(node.args * node.name.primes, replace(node, name=_unprimed(node.name)))
    if isinstance(node, Name) and node.primes and not node.subs:
        usual = desk.world.usual_argument(node.base)
        if usual is not None:
            yield Derivative((usual,) * node.primes, Call(_unprimed(node), (usual,)))
    for child in children(node):
        if not isinstance(child, Sub):
            yield from _derivatives(desk, child)


def _unprimed(name: Name) -> Name:
    return replace(name, primes=0)


def _named(desk: Desk, node: Node) -> Derivative | None:
    r"""What a name stands for that is a derivative by its definition, such as \delta_2."""
    if not isinstance(node, Name):
        return None
    for key, _ in keys_of(node):
        for entry in (*desk.scope.get(key, ()), *desk.world.entries.get(key, ())):
            return entry.body if isinstance(entry.body, Derivative) else None
    return None


def _levels(desk: Desk, node: Derivative) -> Iterator[Slope]:
    """The derivative by the outermost variable, by the outermost two, and so on."""
    variables: list[Node] = []
    core: Node = node
    while (inner := _plain_derivative(desk, core)) is not None:
        variables.extend(_variables_of(desk, inner))
        core = inner.body
    for count in range(1, len(variables) + 1):
        rest = tuple(variables[count:])
        by = sorted(_variable(desk, one) for one in variables[:count])
        yield Slope(Derivative(rest, core) if rest else _applied(core, variables), tuple(by))


def _plain_derivative(desk: Desk, node: Node) -> Derivative | None:
    """A derivative under a sign, a transpose or an index, or by its name."""
    if isinstance(node, Negate | Component):
        return _plain_derivative(desk, node.body)
    if isinstance(node, Transpose):
        return _plain_derivative(desk, node.base)
    return node if isinstance(node, Derivative) else _named(desk, node)


def _variables_of(desk: Desk, node: Derivative) -> tuple[Node, ...]:
    r"""The only argument there is where none is written, as in `\nabla L`."""
    if node.by and not (isinstance(node.by[0], Name) and not node.by[0].base):
        return node.by
    only = desk.world.argument_of(node.body)
    return () if only is None else (only,) * max(len(node.by), 1)


def _applied(body: Node, variables: Sequence[Node]) -> Node:
    r"""In `\frac{d\sigma}{dz}` the function is meant at z."""
    is_function = isinstance(body, Name) and body.base == "sigma" and not body.subs
    return Call(body, (variables[-1],)) if is_function and isinstance(body, Name) else body


def _variable(desk: Desk, node: Node) -> str:
    r"""The variable of an entry of it: z_2 for `z_{2,j}`."""
    if isinstance(node, Component):
        return _variable(desk, node.body)
    if isinstance(node, Transpose):
        return _variable(desk, node.base)
    if not isinstance(node, Name):
        return key_of_tree(node)
    for key, _ in keys_of(node):
        if key in desk.world.entries or key in desk.scope:
            return key
    is_entry = len(node.base) == 1 and node.base.upper() in desk.world.entries
    return node.base.upper() if is_entry else node.base


def _below(node: Node) -> Iterator[Node]:
    yield node
    for child in children(node):
        yield from _below(child)
