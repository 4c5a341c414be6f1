r"""What is said of the equality in a bound: `\mathrm{KL}(p \| q) \ge 0`, with equality iff p = q.

Where its condition is true, both sides have to be equal; and where they are known to be equal, in a
context of the content, the condition has to be true. What shows in neither way is left open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from app.checker.computing.compare import related
from app.checker.failures import Misfit, Unclear
from app.checker.judging.cases import CASE, case_of
from app.checker.judging.comparing import is_never_true, judged_in
from app.checker.judging.contexts import is_bound, says_zero
from app.checker.judging.desk import GENERAL, Desk, fresh_scope
from app.checker.judging.links import Link
from app.checker.judging.signatures import Signature, gap_or_none, proportional
from app.checker.judging.verdicts import Judged
from app.checker.judging.zeros import STRICT
from app.checker.reading.tree import Call, Chain, Divergence, Name, Node, Placeholder
from app.checker.world.world import Context, Setting

# An arrow is the negation of what cannot be computed, too: `Y \not\perp A`.
ASKED = tuple((relation,) for relation in ("=", "!=", "->", *STRICT))
_NOT_THERE = "both sides are not equal where it says so"
_ELSEWHERE = "both sides are equal where its condition is not true"
_NOT_SEEN = "whether both sides are equal just there cannot be seen"


def weigh_equality(desk: Desk, judged: Sequence[Judged], asides: Sequence[Chain]) -> None:
    """Changes the links of bounds that are true, where what is said of their equality is not."""
    for chain in asides:
        if chain.relations not in ASKED:
            continue
        bounds = [
            (one, place)
            for one in judged
            for place, link in enumerate(one.links)
            if is_bound(link.relation) and link.status == "true"
        ]
        weighed = [_weighed(desk, one.links[place], chain) for one, place in bounds]
        # It is said of one of them, and nobody knows of which.
        if weighed and all(link.status != "true" for link in weighed):
            (last, place), link = bounds[-1], weighed[-1]
            last.links = [*last.links[:place], link, *last.links[place + 1 :]]


def _weighed(desk: Desk, link: Link, chain: Chain) -> Link:
    before = desk.case
    try:
        if chain.relations == ("->",):
            return link.unclear(_NOT_SEEN)
        if chain.relations != ("=",):
            return _refuted(desk, link, chain) or link
        return _is_equal_there(desk, link, chain) or _seen_elsewhere(desk, link, chain)
    except (Misfit, Unclear, np.linalg.LinAlgError):
        return link
    finally:
        desk.suppose(before)


def _refuted(desk: Desk, link: Link, chain: Chain) -> Link | None:
    r"""`\mathrm{KL}(p \| q) \ge 0`, with equality iff p is not q: in general it is not, and both
    sides differ."""
    if link.where or is_never_true(desk, [chain]):
        return None
    equation = replace(link, relation="=")
    there = judged_in(desk, GENERAL, equation, (link.left, link.right, *chain.sides), [chain])
    return link.false(_NOT_THERE) if there.status == "false" else None


def _is_equal_there(desk: Desk, link: Link, chain: Chain) -> Link | None:
    """Where the condition can be brought about, or is true of what was sampled."""
    case = case_of(desk, [chain])
    if case is not None:
        desk.suppose(case)
        return link if _are_equal(desk, case, link.left, link.right) else link.false(_NOT_THERE)
    if is_never_true(desk, [chain]):
        return None
    equation = replace(link, relation="=", where="")
    there = judged_in(desk, GENERAL, equation, (link.left, link.right, *chain.sides), [chain])
    return link.unclear(_NOT_THERE) if there.status == "false" else None


def _seen_elsewhere(desk: Desk, link: Link, chain: Chain) -> Link:
    """A condition that nothing sampled meets has to be true where both sides are known to be equal,
    or to say with its own two sides what the bound says with its."""
    is_met = False
    for context in desk.world.contexts:
        if _are_known_to_be_equal(desk, context, link):
            if not _are_equal(desk, context, *chain.sides):
                return link.unclear(_ELSEWHERE)
            is_met = True
    if vanishes_just_where(link.left, link.right, chain):
        return link
    gap, bound = (gap_or_none(desk, *sides) for sides in (chain.sides, (link.left, link.right)))
    if gap is None or bound is None:
        return link.unclear(_NOT_SEEN)
    if _vanish_together(gap, bound) or _is_equal_with(desk, link, chain):
        return link
    # Of one number it is an accident.
    is_number = all(part[0].size == 1 for part in gap)
    return link if is_met and not is_number else link.unclear(_NOT_SEEN)


def vanishes_just_where(left: Node, right: Node, chain: Chain) -> bool:
    r"""A divergence and 0, and a chain that says that its two distributions are the same one."""
    divergence = left if isinstance(left, Divergence) else right
    if not isinstance(divergence, Divergence) or not says_zero(left, right):
        return False
    if chain.relations != ("=",):
        return False
    one, other = chain.sides
    ways = ((divergence.left, divergence.right), (divergence.right, divergence.left))
    return any(_is_law(a, one) and _is_law(b, other) for a, b in ways)


def _is_law(handed: Node, named: Node) -> bool:
    r"""`\pi` or `\pi(\cdot|x)` and `\pi(y|x)`; a joint density is no law of one."""
    if isinstance(handed, Name) or isinstance(named, Name):
        heads = [one.name if isinstance(one, Call) else one for one in (handed, named)]
        return heads[0] == heads[1]
    if not isinstance(handed, Call) or not isinstance(named, Call) or "," in handed.marks:
        return False
    return (handed.name, handed.marks) == (named.name, named.marks) and all(
        one == other or isinstance(one, Placeholder)
        for one, other in zip(handed.args, named.args, strict=True)
    )


def _is_equal_with(desk: Desk, link: Link, chain: Chain) -> bool:
    """With the value for every index that `p_c = 1/C` gives, also where p_c is computed."""
    target, body = chain.sides
    if not isinstance(target, Name) or not target.subs or says_zero(target, body):
        return False
    try:
        desk.suppose(Context(CASE, (Setting(target, (), (), body),), "said"))
        return _are_equal(desk, desk.context(CASE), link.left, link.right)
    except (Misfit, Unclear, np.linalg.LinAlgError):
        return False


def _vanish_together(gap: Signature, bound: Signature) -> bool:
    """Whether the bound is about a multiple of the gap, or of its square."""
    squares = Signature((part * part).reshape(len(part), -1).sum(axis=1) for part in gap)
    return any(proportional(one, bound) is not None for one in (gap, squares))


def _are_known_to_be_equal(desk: Desk, context: Context, link: Link) -> bool:
    try:
        return _are_equal(desk, context, link.left, link.right)
    except (Misfit, Unclear, np.linalg.LinAlgError):
        return False


def _are_equal(desk: Desk, context: Context, left: Node, right: Node) -> bool:
    """Raises Misfit, Unclear."""
    for evaluator in desk.evaluators(context):
        inner = fresh_scope(evaluator, (left, right))
        with np.errstate(all="ignore"):
            if not related(inner.value(left), inner.value(right), "=").true:
                return False
    return True
