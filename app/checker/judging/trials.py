"""Bounds and numbers, tried where they could be wrong: in instances of extremes, and at the points
that the content names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.checker.computing.compare import not_strict
from app.checker.computing.scope import UnknownName
from app.checker.judging.comparing import LEVEL, judged_in
from app.checker.judging.contexts import is_bound, is_point, may_be_judged, says_zero
from app.checker.judging.desk import TRIALS, Desk
from app.checker.judging.links import Link
from app.checker.reading.tree import Chain, Name, Node, walk
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
    numbers = link.relation == "=" and (_is_number(desk, link.left) or _is_number(desk, link.right))
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
    return link


def fails_at_extremes(
    desk: Desk, context: Context, link: Link, statement: Sequence[Node], conditions: Sequence[Chain]
) -> bool:
    """Whether a bound that is true in a context is false there of small or large numbers."""
    extreme = replace(context, name=f"{context.name}, at extremes", extreme=True)
    loose = replace(link, relation=not_strict(link.relation))
    trial = judged_in(desk, extreme, loose, statement, conditions)
    return trial.status == "false" and not trial.misfit and trial.message != LEVEL


def _is_number(desk: Desk, node: Node) -> bool:
    """A number other than 0, or made of dimensions."""
    sizes = desk.world.instances[0].sizes
    return not says_zero(node, node) and all(
        letter_of(one) in sizes for one in walk(node) if isinstance(one, Name)
    )
