"""Where a line may be judged that is false in general.

A stationarity line, such as `X^\\top (Xw - y) = 0`, holds at the optimum only, and is right. A
wrong identity, such as a gradient with a lost sign, is wrong everywhere, although both of its sides
may vanish at the optimum. So a context is open only to lines that can be meant for it: the line
says so, states that something is zero, gives the value of what the context solves for, or is a
multiple of one of its conditions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from app.checker.failures import Misfit, Unclear
from app.checker.judging.desk import GENERAL, Desk
from app.checker.judging.signatures import Signature, parallel, proportional, signature_of_gap
from app.checker.reading.tree import (
    Call,
    Chain,
    Derivative,
    Index,
    Name,
    Negate,
    Node,
    Number,
    Product,
    Sub,
    Transpose,
    children,
    walk,
)
from app.checker.world.world import Context

_BOUNDS = ("<=", ">=", "<", ">")
_OBJECTIVES = ("cal L", "L", "ell", "J", "cal J")


def may_be_judged(
    desk: Desk,
    context: Context,
    left: Node,
    right: Node,
    relation: str,
    conditions: Sequence[Chain],
) -> bool:
    """Whether a line that is false in general may be judged in this context."""
    if context is desk.case:
        return True
    if any(_is_for_every(chain, context) for chain in conditions):
        return False
    zero = says_zero(left, right)
    said = context.name in desk.assumed | desk.named or any(
        _is_condition_of(context, chain) for chain in conditions
    )
    if context.judges == "said" and any("perp" in chain.relations for chain in conditions):
        # Independence is a situation, and nothing that could be computed.
        return True
    if context.judges == "bounds":
        return is_bound(relation)
    if context.judges == "said" or (relation != "=" and context.judges != "any"):
        return said
    if not zero and all(_still_has(desk, context.without, side) for side in (left, right)):
        return False
    if not zero and (
        (relation == "=" and is_identity(context, left, right))
        or _relates_name_to_target(context, left, right)
    ):
        return False
    return (
        context.judges == "any"
        or said
        or zero
        or _solves(context, left, right)
        or _is_stationary(desk, context, left, right)
    )


def is_bound(relation: str) -> bool:
    return relation in _BOUNDS


def is_point(desk: Desk, context: Context) -> bool:
    """Whether it only picks values of what is sampled, so that a bound has to be true there too."""
    evaluator = desk.evaluators(GENERAL)[0]
    matches = (evaluator.find(one.target, one.args or None, one.marks) for one in context.settings)
    return all(match is not None and not match.entry.is_rule for match in matches)


def says_zero(left: Node, right: Node) -> bool:
    return _is_zero(left) or _is_zero(right)


def _is_zero(node: Node) -> bool:
    """0, also transposed, or a product with it, such as `-b \\cdot 0`."""
    if isinstance(node, Negate):
        return _is_zero(node.body)
    if isinstance(node, Transpose):
        return _is_zero(node.base)
    if isinstance(node, Product):
        return any(_is_zero(factor) for factor in node.factors)
    return isinstance(node, Number) and node.value == 0


def _is_for_every(chain: Chain, context: Context) -> bool:
    r"""`\forall w` says that we are not at one of them."""
    return not chain.relations and any(
        _same_name(_head(chain.sides[0]), setting.target) for setting in context.settings
    )


def _is_condition_of(context: Context, chain: Chain) -> bool:
    """`\\text{if } q = p` names the context that puts q in place."""
    if chain.relations != ("=",):
        return False
    targets = {setting.target.base for setting in context.settings}
    return any(head is not None and head.base in targets for head in map(_head, chain.sides))


def is_identity(context: Context, left: Node, right: Node) -> bool:
    """The objective by its letter, or a derivative of it: true for every value of the variables."""
    targets = _solved_for(context)
    for one, other in ((left, right), (right, left)):
        if _is_objective(one) and _bases(other) & targets:
            return True
    return any(isinstance(one, Derivative) for side in (left, right) for one in walk(side))


def names_target(context: Context, left: Node, right: Node) -> bool:
    """One side is just what the context puts in place, such as the q(z) of `q(z) = p(z|x)`."""
    return any(
        _same_name(_head(side), setting.target)
        for side in (left, right)
        for setting in context.settings
    )


def _is_objective(node: Node) -> bool:
    return isinstance(node, Name) and node.base in _OBJECTIVES and not node.subs


def _relates_name_to_target(context: Context, left: Node, right: Node) -> bool:
    """Where q is p, an equation between both is trivial, unless it is about q itself."""
    written = {
        _written(one) for side in (left, right) for one in walk(side) if isinstance(one, Name)
    }
    return any(
        isinstance(setting.body, Name)
        and _written(setting.target) in written
        and _written(setting.body) in written
        and not any(_same_name(_head(side), setting.target) for side in (left, right))
        for setting in context.settings
    )


def _solves(context: Context, left: Node, right: Node) -> bool:
    """`w = …` without w on the other side."""
    targets = _solved_for(context)
    return any(
        isinstance(one, Name)
        and one.base in targets
        and one.base not in _bases(other)
        and any(_same_name(one, setting.target) for setting in context.settings)
        for one, other in ((left, right), (right, left))
    )


def _is_stationary(desk: Desk, context: Context, left: Node, right: Node) -> bool:
    """Whether left − right is a multiple of a condition that the context is known for."""
    conditions = desk.world.stationarity.get(context.name)
    if not conditions:
        return False
    try:
        gap = signature_of_gap(desk, left, right)
    except (Misfit, Unclear):
        return False
    return any(
        proportional(gap, condition) is not None or parallel(gap, condition)
        for condition in map(Signature, conditions)
    )


# --- names ---------------------------------------------------------------------------------------


def _solved_for(context: Context) -> set[str]:
    """α scaled until it is feasible is still α: nothing was solved for."""
    return {
        setting.target.base
        for setting in context.settings
        if setting.target.base not in _bases(setting.body)
    }


def _still_has(desk: Desk, names: Iterable[str], node: Node) -> bool:
    """Whether a formula is made of one of these names, and not only 0 times it."""
    if _is_zero(node) or isinstance(node, Index | Sub):
        return False
    if isinstance(node, Name):
        # The l of x_l is an index, and no loss.
        node = replace(node, subs=())
    if isinstance(node, Name | Call):
        reached = desk.world.numbers_in(node, desk.scope)
        entries = (entry for name in names for entry in desk.world.entries.get(name, []))
        return any(entry.number in reached for entry in entries)
    return any(_still_has(desk, names, child) for child in children(node))


def _bases(node: Node) -> set[str]:
    return {one.base for one in walk(node) if isinstance(one, Name)}


def _head(node: Node) -> Name | None:
    """The name of a call, or a name by itself."""
    head = node.name if isinstance(node, Call) else node
    return head if isinstance(head, Name) else None


def _same_name(name: Name | None, target: Name) -> bool:
    """Up to subscripts."""
    return name is not None and (name.base, name.sup, name.primes) == (
        target.base,
        target.sup,
        target.primes,
    )


def _written(name: Name) -> tuple[str, str, tuple[str, ...]]:
    return name.base, name.sup, tuple(sub.text for sub in name.subs)
