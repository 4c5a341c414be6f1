r"""`A \implies B` where A is no claim but a case: B has to be true where A is.

Each clause was judged by itself before. What of that was not true is weighed again: at the points
of the world, or of a context, at which the premise is true, the conclusion has to be true as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from app.checker.computing.arithmetic import condition
from app.checker.computing.compare import related
from app.checker.computing.evaluate import Evaluator
from app.checker.failures import Misfit, Unclear
from app.checker.judging.cases import case_of
from app.checker.judging.contexts import is_identity, names_target, says_zero
from app.checker.judging.desk import GENERAL, Desk, fresh_scope
from app.checker.judging.equality import vanishes_just_where
from app.checker.judging.features import is_constant
from app.checker.judging.links import Link
from app.checker.judging.nullspaces import NOT_WHEREVER, vanishes_with
from app.checker.judging.signatures import proportional, signature, signature_of_gap
from app.checker.judging.verdicts import Judged
from app.checker.judging.zeros import STRICT
from app.checker.reading.tree import (
    Call,
    Chain,
    Derivative,
    Divergence,
    Expectation,
    Name,
    Optimum,
    Sum,
    walk,
)
from app.checker.world.entries import letter_of
from app.checker.world.values import Value, aligned, reduced
from app.checker.world.world import Context

VANISHING = 1e-8
FOLLOWS_NOT = "there is a place where the one is true and the other is not"
ONE_WAY = "one of them is true where the other is not"
_COMPUTED = Derivative | Sum | Expectation | Optimum


def weigh_implications(desk: Desk, judged: Sequence[Judged]) -> None:
    """Changes the links of clauses that an implication joins, where they were not true."""
    for premise, conclusion in pairwise(judged):
        joined = conclusion.connector in ("implies", "iff")
        if conclusion.connector == "implies" and premise.status == conclusion.status == "true":
            _doubt_what_was_sampled(desk, premise, conclusion)
            continue
        if premise.connector == "implies" and premise.status == "false":
            # It was concluded itself, and so it is a claim.
            continue
        if joined and {premise.status, conclusion.status} != {"true"}:
            _weigh(desk, premise, conclusion, both=conclusion.connector == "iff")


def _doubt_what_was_sampled(desk: Desk, premise: Judged, conclusion: Judged) -> None:
    r"""`\alpha_i \ne 0 \implies y_i(w^\top x_i + b) \ne 1`: of what was sampled both are true, for
    numbers that nothing joins differ. A context may show that the one does not follow."""
    if not {*conclusion.chain.relations} & {"!=", *STRICT}:
        return
    ways = (premise.chain, conclusion.chain)
    if any(_implied_in(desk, one, *ways, both=False) is False for one in desk.contexts):
        conclusion.leave_open(FOLLOWS_NOT)


def _weigh(desk: Desk, premise: Judged, conclusion: Judged, *, both: bool) -> None:
    if both and _settled_everywhere(desk, premise, conclusion):
        return
    if premise.status == "unclear":
        where = _somewhere(desk, premise.chain, conclusion.chain)
        if where is not None:
            premise.links = []
            conclusion.hold(where)
        elif conclusion.status == "false":
            conclusion.leave_open("what it follows from is outside of what is checked")
        return
    if conclusion.status == "unclear" and both:
        where = _somewhere(desk, conclusion.chain, premise.chain)
        if where is not None:
            conclusion.links = []
            premise.hold(where)
        return
    settled = _by_null_spaces(desk, premise, conclusion, both=both)
    if settled is not None:
        premise.hold("")
        if settled:
            conclusion.hold("")
        else:
            conclusion.links = [link.false(NOT_WHEREVER) for link in conclusion.links]
        return
    where, refuted = _implied(desk, premise, conclusion, both=both)
    if where is not None:
        premise.hold(where)
        conclusion.hold(where)
    elif _say_the_same(premise, conclusion):
        premise.hold("")
        conclusion.hold("")
    elif (
        premise.status == "false"
        and not refuted
        and (_is_case(desk, premise.chain) or _only_asks_for_number(premise))
    ):
        premise.leave_open("nothing here makes its premise true")
        conclusion.leave_open("nothing here makes its premise true")


def _say_the_same(premise: Judged, conclusion: Judged) -> bool:
    r"""`\mathrm{KL}(p \| q) = 0` and p = q, of which nothing sampled may meet any."""
    for one, other in ((premise, conclusion), (conclusion, premise)):
        left, right = one.chain.sides[0], one.chain.sides[-1]
        if one.chain.relations == ("=",) and vanishes_just_where(left, right, other.chain):
            return True
    return False


def _settled_everywhere(desk: Desk, premise: Judged, conclusion: Judged) -> bool:
    r"""`\mathrm{KL}(p \| q) > 0 \iff p \ne q`: what is strict or different in general need not be
    so in a context, and both sides of an equivalence have to change together."""
    sides = (premise, conclusion)
    if not any({*one.chain.relations} & {"!=", *STRICT} for one in sides):
        return False
    if "unclear" not in {premise.status, conclusion.status}:
        return False
    alike = [
        found
        for context in (GENERAL, *desk.contexts)
        for found in _compared_in(desk, context, premise.chain, conclusion.chain)
    ]
    if any(one != other for one, other in alike):
        for judged in sides:
            judged.links = [link.false(ONE_WAY) for link in judged.links]
        return True
    if len(set(alike)) < 2:
        return False
    premise.hold("")
    conclusion.hold("")
    return True


def _compared_in(
    desk: Desk, context: Context, premise: Chain, conclusion: Chain
) -> Iterator[tuple[bool, bool]]:
    """Whether each is true at every point of each instance; nothing where that cannot be told."""
    try:
        for evaluator in desk.evaluators(context):
            inner = fresh_scope(evaluator, (*premise.sides, *conclusion.sides))
            with np.errstate(all="ignore"):
                yield _true_where(inner, premise, None), _true_where(inner, conclusion, None)
    except (Misfit, Unclear, np.linalg.LinAlgError):
        return


def _by_null_spaces(desk: Desk, premise: Judged, conclusion: Judged, *, both: bool) -> bool | None:
    """Both have to be equations that nothing sampled meets."""
    if premise.status != "false" or conclusion.status != "false":
        return None
    ways = [(premise.chain, conclusion.chain), (conclusion.chain, premise.chain)]
    found = [vanishes_with(desk, *way) for way in ways[: 1 + both]]
    return False if False in found else None if None in found else True


def doubt_premise(premise: Judged) -> None:
    r"""`H(Y|A) = 0 \iff Y = f(A)`: of what cannot be computed the premise may be a case."""
    if premise.status == "false" and _only_asks_for_number(premise):
        premise.leave_open("what follows from it is outside of what is checked")


def _only_asks_for_number(premise: Judged) -> bool:
    r"""`Xv = 0` and `\|v\| = 1`: a condition that nothing sampled meets."""
    return all(
        link.status == "true"
        or (link.relation == "=" and (says_zero(link.left, link.right) or is_constant(link.right)))
        for link in premise.links
    )


def _is_case(desk: Desk, chain: Chain) -> bool:
    """`p_c = 1/C` restricts what was sampled: a case, and no claim."""
    first = chain.sides[0]
    name, args, marks = (
        (first.name, first.args, first.marks) if isinstance(first, Call) else (first, None, ())
    )
    if not isinstance(name, Name) or chain.relations != ("=",):
        return False
    if letter_of(name) in desk.world.instances[0].sizes:
        return True
    evaluator = fresh_scope(desk.evaluators(GENERAL)[0], chain.sides)
    match = evaluator.find(name, args, marks)
    if match is None or any(isinstance(one, _COMPUTED) for one in walk(chain)):
        return False
    return not match.entry.is_rule or len(match.entry.params) > 0


def _somewhere(desk: Desk, uncomputable: Chain, chain: Chain) -> str | None:
    """A context in which a clause is true whose counterpart cannot be computed."""
    if _sums_idly(uncomputable):
        return None
    for context in desk.world.contexts:
        try:
            if all(
                _true_where(fresh_scope(evaluator, chain.sides), chain, None)
                and not _is_false_there(fresh_scope(evaluator, uncomputable.sides), uncomputable)
                for evaluator in desk.evaluators(context)
            ):
                return context.name
        except (Misfit, Unclear, np.linalg.LinAlgError):
            continue
    return None


def _is_false_there(evaluator: Evaluator, chain: Chain) -> bool:
    r"""`\mathrm{KL}(p \| q) > 0` where q is p, of which only it is not known whether it was meant
    strictly."""
    try:
        return not _true_where(evaluator, chain, None)
    except (Misfit, Unclear, np.linalg.LinAlgError):
        return False


def _sums_idly(chain: Chain) -> bool:
    r"""The index of `\sum_j a_i` is a slip, and nothing that is only out of reach."""
    return any(
        not any(part == index.name for part in walk(one.body))
        for one in walk(chain)
        if isinstance(one, Sum)
        for index in one.indices
    )


def _implied(
    desk: Desk, premise: Judged, conclusion: Judged, *, both: bool
) -> tuple[str | None, bool]:
    """The first context in which the implication shows, if any; and whether one refuted it."""
    always = premise.status == "true" and not premise.where
    refuted = in_general = False
    if both and _goes_one_way(desk, premise.chain, conclusion.chain):
        return None, True
    if desk.case is None:
        desk.suppose(case_of(desk, [premise.chain]))
    for context in (GENERAL, *desk.contexts):
        if always and context.judges == "said":
            # A premise that always holds does not say that we are there.
            continue
        if context is not GENERAL and not _leads_to(desk, context, premise, conclusion, both=both):
            continue
        if both and context is not GENERAL and _meet_by_chance(desk, context, premise, conclusion):
            continue
        shown = _implied_in(desk, context, premise.chain, conclusion.chain, both=both)
        if shown and context is GENERAL:
            # Of what was sampled it may be true by chance, as of a product that is zero in the
            # general world with one of its factors only.
            in_general = True
        elif shown and not in_general:
            return context.name, refuted
        elif shown is False and in_general:
            return None, True
        refuted |= shown is False
    return GENERAL.name if in_general else None, refuted


def _meet_by_chance(desk: Desk, context: Context, premise: Judged, conclusion: Judged) -> bool:
    r"""`\mathrm{KL}(p \| q) = 0 \iff H(p) = H(q)`: where q is p both are true, and the second is so
    elsewhere too. One number says where we are only if the other side is a multiple of it, or if
    both are divergences, which vanish nowhere else."""
    links = [link for one in (premise, conclusion) for link in one.links if _is_case_of(link)]
    if len(links) != 2 or any(link.relation != "=" or link.left is None for link in links):
        return False
    if all(
        isinstance(link.left, Divergence) and says_zero(link.left, link.right) for link in links
    ):
        return False
    if any(names_target(context, link.left, link.right) for link in links):
        return False
    try:
        one, other = (signature_of_gap(desk, link.left, link.right) for link in links)
    except (Misfit, Unclear, np.linalg.LinAlgError):
        return False
    is_number = all(part[0].size == 1 for part in (*one, *other))
    return is_number and proportional(one, other) is None


def _goes_one_way(desk: Desk, premise: Chain, conclusion: Chain) -> bool:
    r"""`A \iff B` where B is true at some point at which A is not, or the other way round."""
    for evaluator in desk.evaluators(GENERAL):
        inner = fresh_scope(evaluator, (*premise.sides, *conclusion.sides))
        try:
            with np.errstate(all="ignore"):
                _, (one, other) = aligned([_truth(inner, premise), _truth(inner, conclusion)])
        except (Misfit, Unclear, np.linalg.LinAlgError):
            return False
        if (one != other).any():
            return True
    return False


def _leads_to(
    desk: Desk, context: Context, premise: Judged, conclusion: Judged, *, both: bool
) -> bool:
    """Whether the premise says that we are in the context, and nothing beside it is an identity
    that only seems right there: `\\nabla L = 2 X^\\top (Xw - y) = 0 \\implies …` stays wrong."""
    says = _says(context, premise) or (both and _says(context, conclusion))
    return says and not any(
        _only_seems_right(desk, context, link)
        for one in (premise, conclusion)
        for link in one.links
    )


def _says(context: Context, judged: Judged) -> bool:
    return any(
        link.relation != "=" or _pins(context, link) for link in judged.links if _is_case_of(link)
    )


def _is_case_of(link: Link) -> bool:
    """A link that is not true in general, or one that compares."""
    return link.status != "true" or bool(link.where) or link.relation != "="


def _pins(context: Context, link: Link) -> bool:
    """`… = 0`, or the value of what the context puts in place."""
    if link.left is None or link.right is None:
        return False
    return says_zero(link.left, link.right) or names_target(context, link.left, link.right)


def _only_seems_right(desk: Desk, context: Context, link: Link) -> bool:
    if link.relation != "=" or not _is_case_of(link) or _pins(context, link):
        return False
    if link.left is None or link.right is None:
        return False
    if is_identity(context, link.left, link.right) and context is not desk.case:
        return True
    try:
        sides = [signature(desk, side, context) for side in (link.left, link.right)]
    except (Misfit, Unclear, np.linalg.LinAlgError):
        return False
    return all(np.abs(part).max(initial=0.0) < VANISHING for side in sides for part in side)


def _implied_in(
    desk: Desk, context: Context, premise: Chain, conclusion: Chain, *, both: bool
) -> bool | None:
    """False if the premise is true somewhere and the conclusion is not; None if nothing shows."""
    try:
        for evaluator in desk.evaluators(context):
            inner = fresh_scope(evaluator, (*premise.sides, *conclusion.sides))
            with np.errstate(all="ignore"):
                mask = _for_every(_truth(inner, premise), _axes_of(inner, conclusion), inner)
                if not mask.data.any():
                    # The conclusion of an equivalence is true where its premise never is.
                    return False if both and _truth(inner, conclusion).data.any() else None
                if not _true_where(inner, conclusion, mask):
                    return False
                if both:
                    back = _truth(inner, conclusion)
                    if back.data.any() and not _true_where(inner, premise, back):
                        return None
    except (Misfit, Unclear, np.linalg.LinAlgError):
        return None
    return True


def _axes_of(evaluator: Evaluator, chain: Chain) -> set[str]:
    return {axis for side in chain.sides for axis in evaluator.value(side).axes}


def _for_every(truth: Value, shared: set[str], evaluator: Evaluator) -> Value:
    r"""A premise with an index of its own, as in `\sum_i \gamma_{ij} (x_i - \mu_k) = 0`, is meant
    for every value of it."""
    for axis in [axis for axis in truth.axes if axis in evaluator.frees and axis not in shared]:
        truth = reduced(truth, axis, np.all)
    return truth


def _truth(evaluator: Evaluator, chain: Chain) -> Value:
    """The points at which a chain is true. Raises Misfit, Unclear."""
    for side in chain.sides:
        # A condition takes a letter for its index; here it has to have a value as well.
        evaluator.value(side)
    return condition(evaluator, chain)


def _true_where(evaluator: Evaluator, chain: Chain, mask: Value | None) -> bool:
    for left, right, relation in zip(chain.sides, chain.sides[1:], chain.relations, strict=False):
        if not related(evaluator.value(left), evaluator.value(right), relation, mask).true:
            return False
    return True
