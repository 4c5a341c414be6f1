"""Bounds and numbers, tried where they could be wrong: in instances of extremes, and at the points
that the content names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from app.checker.computing.compare import not_strict
from app.checker.computing.scope import UnknownName
from app.checker.judging.comparing import LEVEL, is_never_true, judged_in
from app.checker.judging.contexts import is_bound, is_point, may_be_judged, says_zero
from app.checker.judging.desk import GENERAL, TRIALS, Desk
from app.checker.judging.links import Link
from app.checker.judging.search import Claim, Search, has_a_scale, search, true_of_all_sizes
from app.checker.judging.zeros import STRICT
from app.checker.reading.tree import Chain, Name, Node, Number, walk
from app.checker.world.entries import letter_of
from app.checker.world.world import Context


def strict_under_condition(
    desk: Desk, link: Link, statement: Sequence[Node], conditions: Sequence[Chain]
) -> Link:
    r"""`\mathrm{KL}(p \| q) > 0 \text{ if } p = q`: what is strict in general may not be there."""
    for context in desk.contexts:
        named = may_be_judged(desk, context, link.left, link.right, link.relation, conditions)
        if named and context.judges == "said":
            return replace(
                judged_in(desk, context, link, statement, conditions), where=context.name
            )
    return link.unclear("its condition is never true here")


def tried(desk: Desk, link: Link, statement: Sequence[Node], conditions: Sequence[Chain]) -> Link:
    """A bound that is true of usual numbers may be false of small or large ones, and a number may
    be right for some sizes only."""
    numbers = link.relation == "=" and _has_number(desk, link)
    if not is_bound(link.relation) and not numbers:
        return link
    # Large numbers round to the edge of what is strict, and in a context both sides may meet.
    loose = replace(link, relation=not_strict(link.relation))
    points = [] if numbers else [one for one in desk.world.contexts if is_point(desk, one)]
    for context in (TRIALS, *points):
        try:
            trial = judged_in(desk, context, loose, statement, conditions)
        except UnknownName:
            continue
        if trial.status == "false" and not trial.misfit and trial.message != LEVEL:
            return link.false(trial.message)
        if _is_level(desk, context, trial, link, conditions):
            return link.unclear(f"it is not strict {context.name}")
    return link if numbers else _searched(Claim(desk, GENERAL, link, statement, conditions))


def _is_level(
    desk: Desk, context: Context, trial: Link, link: Link, conditions: Sequence[Chain]
) -> bool:
    r"""`\mathrm{KL}(p \| q) > 0`, where nobody says that q is not p."""
    return (
        link.relation in STRICT
        and trial.message == LEVEL
        and context is not TRIALS
        and not is_never_true(desk, conditions, context)
    )


def tried_there(
    desk: Desk, context: Context, link: Link, statement: Sequence[Node], conditions: Sequence[Chain]
) -> Link:
    """A bound that is true in a context, which may be false there of small or large numbers."""
    extreme = replace(context, name=f"{context.name}, at extremes", extreme=True)
    loose = replace(link, relation=not_strict(link.relation))
    trial = judged_in(desk, extreme, loose, statement, conditions)
    if trial.status == "false" and not trial.misfit and trial.message != LEVEL:
        return link.false(trial.message)
    return _searched(Claim(desk, context, link, statement, conditions))


def _searched(claim: Claim) -> Link:
    link, desk = claim.link, claim.desk
    if all(_is_number(desk, side, zero=True) for side in (link.left, link.right)):
        return link if true_of_all_sizes(claim) else link.false("it is false of other sizes")
    with_number = _has_number(desk, link)
    found = search(claim, large=with_number)
    if found.refutes:
        return link.false("it is false of some extreme numbers")
    if found.nearest and (not found.is_tight if with_number else _leaves_room(claim, found)):
        return link.unclear("it was true of all numbers tried, but other sizes may break it")
    return link


def _leaves_room(claim: Claim, found: Search) -> bool:
    """A bound of the content's own points has its two sides there as near as they come."""
    return claim.context is GENERAL and found.is_loose and has_a_scale(claim)


def _has_number(desk: Desk, link: Link) -> bool:
    return any(
        _is_number(desk, side) and not _is_infinite(side) for side in (link.left, link.right)
    )


def _is_infinite(node: Node) -> bool:
    return any(isinstance(one, Number) and np.isinf(one.value) for one in walk(node))


def _is_number(desk: Desk, node: Node, *, zero: bool = False) -> bool:
    """A number other than 0, or made of dimensions."""
    sizes = desk.world.instances[0].sizes
    return (zero or not says_zero(node, node)) and all(
        letter_of(one) in sizes for one in walk(node) if isinstance(one, Name)
    )
