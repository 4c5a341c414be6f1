"""One clause of a line: does what it claims hold, everywhere or in a named context?

Every link of a chain is judged in the general world first. What is false there may be a
stationarity line, which holds at the optimum; `contexts` decides which lines are tried there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.checker.computing.compare import not_strict
from app.checker.failures import Misfit, Unclear
from app.checker.judging.comparing import is_never_true, judged_in
from app.checker.judging.contexts import is_bound, may_be_judged
from app.checker.judging.desk import GENERAL, Desk, fresh_scope
from app.checker.judging.eigenvalues import is_another_eigenvalue
from app.checker.judging.links import Link
from app.checker.judging.memberships import member
from app.checker.judging.nullspaces import NOT_WHEREVER, vanishes_with
from app.checker.judging.trials import strict_under_condition, tried, tried_there
from app.checker.judging.zeros import STRICT, tried_at_zero
from app.checker.reading.tree import (
    Call,
    Chain,
    Dots,
    FeatureMap,
    Name,
    Node,
    Number,
    Product,
    SetOf,
    Transpose,
    walk,
)
from app.checker.world.world import Context

_TURNS = "dots between relations of different directions"
_CONTRARY = {"<=": ">", ">=": "<", "<": ">=", ">": "<="}
_NOT_CHECKED = ("->", "sim", "subset", "<<", ">>", "<-")


def judge_chain(desk: Desk, chain: Chain, start: int, conditions: Sequence[Chain]) -> list[Link]:
    """The links of a chain from the one at `start` on. Raises UnknownName."""
    statement = (*chain.sides, *conditions)
    # A free index runs the same way in all sides of a chain.
    desk.frees = {}
    links = []
    for place in range(start, len(chain.relations)):
        left, right = chain.sides[place], chain.sides[place + 1]
        if isinstance(left, Dots) or isinstance(right, Dots):
            if _turns(chain):
                links.append(Link(left, right, chain.relations[place]).unclear(_TURNS))
                continue
            if place > 0 and isinstance(left, Dots):
                # What the dots leave out leads from the side before them to the one behind.
                left = chain.sides[place - 1]
        link = judge_link(desk, left, right, chain.relations[place], statement, conditions)
        links.append(_unless_a_definition(link, chain.relations[place]))
    return links


def _unless_a_definition(link: Link, relation: str) -> Link:
    """`y(w) := Xw`, where y is no function: it introduces something, and claims nothing."""
    defined = {":=": link.left, "=:": link.right}.get(relation)
    if defined is None or isinstance(defined, Name | Call) or link.status != "false":
        return link
    return link.unclear("only a name can be defined")


def _turns(chain: Chain) -> bool:
    r"""`a \ge b \le \dots`: nobody knows how it goes on."""
    return len({not_strict(relation) for relation in chain.relations if is_bound(relation)}) > 1


def judge_link(
    desk: Desk,
    left: Node,
    right: Node,
    relation: str,
    statement: Sequence[Node],
    conditions: Sequence[Chain],
) -> Link:
    """`statement` is all that shows how far a free index runs; `conditions` restrict the points at
    which the relation has to hold. Raises UnknownName."""
    link = Link(left, right, "=" if relation in (":=", "=:") else relation)
    of_integers = isinstance(right, SetOf) and right.kind == "integer"
    if relation == "in" and isinstance(right, SetOf) and right.name == "interval":
        return _in_interval(desk, link, right, statement, conditions)
    if relation in ("in", "notin") and not of_integers:
        return member(desk, link)
    if relation == "perp":
        return _orthogonal(desk, link, statement, conditions)
    if relation in _NOT_CHECKED:
        return link.unclear("this relation is outside of what is checked")
    if relation == "in" or isinstance(left, Dots) or isinstance(right, Dots):
        return link
    general = judged_in(desk, GENERAL, link, statement, conditions)
    if general.misfit:
        return general
    if general.status == "true":
        if link.relation in ("<", ">", "!=") and is_never_true(desk, conditions):
            return strict_under_condition(desk, link, statement, conditions)
        bound = tried(desk, general, statement, conditions)
        if bound.relation in STRICT and bound.status == "true":
            return tried_at_zero(desk, bound, statement, conditions)
        return bound
    refuted: Link | None = None
    perhaps = ""
    for context in desk.contexts:
        if not may_be_judged(desk, context, left, right, link.relation, conditions):
            continue
        there = judged_in(desk, context, link, statement, conditions)
        if there.status != "true" and desk.scope:
            # A name that the writer gave to something may mean what it was before the context.
            there = judged_in(desk, context, link, statement, conditions, frozen=True)
        if there.status == "true":
            if is_bound(link.relation) and not _may_bound(desk, context):
                # A single point says little about what is true at all of them.
                perhaps = f"it is true {context.name}, perhaps by accident"
                continue
            if context.judges == "bounds":
                there = tried_there(desk, context, link, statement, conditions)
            if there.status == "true":
                return replace(there, where=context.name)
            if there.status == "unclear":
                perhaps = there.message
            continue
        if there.status == "false" and context is desk.case:
            refuted = there
    if refuted is None and general.status == "false" and is_never_true(desk, conditions):
        return _where_nothing_is_sampled(desk, link, conditions)
    if perhaps and general.status == "false":
        return link.unclear(perhaps)
    if general.status == "false" and (
        _chooses(desk, left, right)
        if relation == "="
        else _depends_on_choice(desk, link, statement, conditions)
    ):
        return link.unclear("it depends on what is chosen for a function of the givens")
    if general.status == "false" and relation == "=" and is_another_eigenvalue(desk, left, right):
        return link.unclear("nothing says of which matrix this is the eigenvalue")
    if general.status == "false" and any("perp" in chain.relations for chain in conditions):
        return link.unclear("its condition is outside of what is checked")
    return refuted or general


def _orthogonal(
    desk: Desk, link: Link, statement: Sequence[Node], conditions: Sequence[Chain]
) -> Link:
    r"""`y - \hat y \perp X`: what is no vector may be independent, which cannot be computed."""
    evaluator = fresh_scope(desk.evaluators(GENERAL)[0], statement)
    random = {datum.random_axis for datum in desk.world.data}
    outside = link.unclear("this relation is outside of what is checked")
    try:
        values = [evaluator.value(side) for side in (link.left, link.right)]
    except (Misfit, Unclear):
        return outside
    rows = {value.shape[0] for value in values}
    if len(rows) > 1 or 1 in rows or any(random & {*value.axes} for value in values):
        return outside
    dot = Product((Transpose(link.left), link.right))
    found = judge_link(desk, dot, Number(0.0), "=", statement, conditions)
    return replace(link, status=found.status, where=found.where, message=found.message)


def _where_nothing_is_sampled(desk: Desk, link: Link, conditions: Sequence[Chain]) -> Link:
    if len(conditions) == 1:
        claim = Chain((link.left, link.right), (link.relation,))
        follows = vanishes_with(desk, conditions[0], claim)
        if follows is not None:
            return link if follows else link.false(NOT_WHEREVER)
    return link.unclear("its condition is never true here")


def _chooses(desk: Desk, left: Node, right: Node) -> bool:
    """`K(u, v) = u^\\top v`, where K is made of a feature map that may be any."""
    free, other = (_is_free_function(desk, side) for side in (left, right))
    return free != other and not any(
        _is_free_function(desk, one) for one in walk(right if free else left)
    )


def _depends_on_choice(
    desk: Desk, link: Link, statement: Sequence[Node], conditions: Sequence[Chain]
) -> bool:
    """A bound for what is made of such a function, such as the margin in the space of a kernel,
    that is not wrong everywhere."""
    if not is_bound(link.relation):
        return False
    if not any(_is_free_function(desk, one) for s in (link.left, link.right) for one in walk(s)):
        return False
    contrary = replace(link, relation=_CONTRARY[link.relation])
    return judged_in(desk, GENERAL, contrary, statement, conditions).status != "true"


def _is_free_function(desk: Desk, node: Node) -> bool:
    if not isinstance(node, Call):
        return False
    reached = desk.world.numbers_in(node.name, desk.scope)
    return any(
        entry.number in reached and isinstance(entry.body, FeatureMap)
        for entries in desk.world.entries.values()
        for entry in entries
    )


def _in_interval(
    desk: Desk,
    link: Link,
    interval: SetOf,
    statement: Sequence[Node],
    conditions: Sequence[Chain],
) -> Link:
    """Both bounds; whether the ends belong to it is left open."""
    low, high = interval.items
    bounds = [
        judge_link(desk, link.left, low, ">=", statement, conditions),
        judge_link(desk, link.left, high, "<=", statement, conditions),
    ]
    wrong = next((one for one in bounds if one.status != "true"), bounds[0])
    return replace(link, status=wrong.status, where=wrong.where, message=wrong.message)


def _may_bound(desk: Desk, context: Context) -> bool:
    """Whether a bound that is true there is right: the context was made for it, or named."""
    named = context is desk.case or context.name in desk.named or context.judges == "said"
    return named or context.judges == "bounds"
