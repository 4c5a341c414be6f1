"""A search for a draw in which a bound is false.

A bound may be true of all usual numbers and of all extreme ones and false all the same, where a
small residual meets a large gradient. So draws in which it is nearly false are bred with each
other, the way that led to better ones is followed, and what comes of it is looked at again, some
times.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from app.checker.computing.compare import ABSOLUTE, RELATIVE, excess, not_strict, related
from app.checker.computing.crowds import bred, surroundings, various_sizes
from app.checker.computing.evaluate import Evaluator
from app.checker.failures import Misfit, Unclear
from app.checker.judging.comparing import mask_of
from app.checker.judging.desk import Desk, fresh_scope
from app.checker.judging.links import Link
from app.checker.reading.tree import Chain, Node
from app.checker.world.sampling import Array
from app.checker.world.values import Value
from app.checker.world.world import Context, Instance

GENERATIONS = 10
_BREEDING = 8  # nodes that a generation costs of the budget, beside its evaluation
_PARENTS = 6  # the best by each measure
# What is false by less may be so by rounding only.
_MARGIN = 1e-3
# Draws that are asked whether those around them say the same, and how many of those have to.
_ASKED = 9
_AGREE = 0.7
_REACHED = 1e-4
# Generations without progress after which nothing more is expected.
_PATIENCE = 5
_PROGRESS = 1e-3
_TIGHT = 0.05
# A side that is less than this part of the other one in all draws leaves room for what the search
# has not found.
_NEAR = 0.3
_TELLING = 0.7  # of the draws have to show how far two sides are from each other
_NOTHING = 1e-6  # as a part of the other side: it is zero but for rounding
_BOUNDED = {"simplex vector", "simplex rows", "onehot"}
_NUMBERLESS = (Misfit, Unclear, np.linalg.LinAlgError, ValueError, IndexError, ArithmeticError)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Claim:
    """A bound in its place. Whether it is strict does not matter to the search."""

    desk: Desk
    context: Context
    link: Link
    statement: Sequence[Node]
    conditions: Sequence[Chain]


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Search:
    """`nearest`: how near each crowd came to refuting the bound, 0 where both sides were equal."""

    refutes: bool
    nearest: tuple[float, ...] = ()

    @property
    def is_tight(self) -> bool:
        """Whether both sides nearly met, or are as far from each other in all sizes."""
        return max(self.nearest) > -_TIGHT or max(self.nearest) - min(self.nearest) < _TIGHT

    @property
    def is_loose(self) -> bool:
        """Whether the sides have one sign and never came near each other, and in one size less
        than in another."""
        ratios = [1 + one for one in self.nearest]
        apart = _NOTHING < max(ratios) < 1 - _NEAR
        return apart and min(ratios) < (1 - _TIGHT) * max(ratios)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class _Trial:
    """How near each draw of a crowd comes to it, by two measures: above 0 the bound is false."""

    evaluator: Evaluator
    relative: Array
    absolute: Array

    @property
    def nearest(self) -> float:
        nearest = float(np.where(self.relative > _MARGIN, -np.inf, self.relative).max())
        # Further apart than by their signs the sides cannot be.
        return max(nearest, -1.0)


def search(claim: Claim, *, large: bool) -> Search:
    """`large`: in a crowd of large sizes too."""
    trials: list[_Trial] = []
    for trial in _first_trials(claim, large=large):
        if not trials and _is_stated(claim, trial):
            return Search(False)
        if _refutes(claim, trial):
            return Search(True)
        trials.append(trial)
    if not trials:
        return Search(False)
    nearest = [trial.nearest for trial in trials]
    if sum(one > -_REACHED for one in nearest) > 1:
        # What is reached in several sizes and never passed is where the bound ends.
        return Search(False, tuple(nearest))
    first = int(np.argmax(nearest))
    standing = 0
    for trial in _bred_trials(claim, trials[first]):
        if _refutes(claim, trial):
            return Search(True)
        standing = 0 if trial.nearest > nearest[first] + _PROGRESS else standing + 1
        nearest[first] = max(nearest[first], trial.nearest)
        if standing == _PATIENCE:
            break
    return Search(False, tuple(nearest))


def note_stated(claim: Claim) -> None:
    """A bound that a step states and that was found true: what says the same in other words is not
    searched for once more."""
    trial = next(_first_trials(claim, large=False), None)
    if trial is not None and not claim.conditions and _tells_apart(trial.absolute):
        claim.desk.world.bounds.setdefault(claim.context.name, []).append(trial.absolute)


def _is_stated(claim: Claim, trial: _Trial) -> bool:
    """Whether its two sides are as far from each other as those of such a bound, in every draw:
    then its conditions are met in all of them too."""
    return any(
        one.shape == trial.absolute.shape
        and np.allclose(one, trial.absolute, rtol=RELATIVE, atol=ABSOLUTE)
        for one in claim.desk.world.bounds.get(claim.context.name, ())
    )


def _tells_apart(gap: Array) -> bool:
    """Not where both sides are equal, or cannot be computed, in many of the draws."""
    return bool((np.isfinite(gap) & (np.abs(gap) > _NOTHING)).mean() > _TELLING)


def has_a_scale(claim: Claim) -> bool:
    """Whether it is made of anything that may be as large as one likes, unlike a distribution."""
    world, used = claim.desk.world, _used(claim)
    return any(
        datum.entry.number in used
        and not (datum.outcomes or datum.facts & _BOUNDED or datum.entry.key in world.parameters)
        for datum in world.data
    )


def true_of_all_sizes(claim: Claim) -> bool:
    """Of a bound that is made of dimensions and numbers only."""
    relation = not_strict(claim.link.relation)
    for sizes in various_sizes(claim.desk.world):
        evaluator = Evaluator(Instance(claim.desk.world, sizes), {}, claim.desk.search)
        inner = fresh_scope(evaluator, claim.statement)
        try:
            left, right = inner.value(claim.link.left), inner.value(claim.link.right)
            if not related(left, right, relation).true:
                return False
        except _NUMBERLESS:
            continue
    return True


def _first_trials(claim: Claim, *, large: bool) -> Iterator[_Trial]:
    try:
        crowds = claim.desk.crowds(claim.context, large=False)
        if large:
            crowds = [*crowds, *claim.desk.crowds(claim.context, large=True)]
    except (Misfit, Unclear):
        return
    for evaluator in crowds:
        try:
            yield _tried(claim, evaluator)
        except _NUMBERLESS:
            continue


def _bred_trials(claim: Claim, trial: _Trial) -> Iterator[_Trial]:
    """Some generations of the draws that are nearest."""
    crowd = trial.evaluator.instance
    rng = np.random.default_rng(len(crowd.sizes))
    used = _used(claim)
    for _ in range(GENERATIONS):
        if len(trial.relative) < crowd.draws:
            # Made of dimensions only.
            return
        try:
            claim.desk.search.spend(_BREEDING)
            crowd = bred(crowd, _best(trial), trial.relative, used, rng)
            trial = _tried_in(claim, crowd, trial.evaluator.locals)
        except _NUMBERLESS:
            return
        yield trial


def _tried(claim: Claim, evaluator: Evaluator) -> _Trial:
    inner = fresh_scope(evaluator, claim.statement)
    inner.budget = claim.desk.search
    relation = not_strict(claim.link.relation)
    with np.errstate(all="ignore"):
        left, right = inner.value(claim.link.left), inner.value(claim.link.right)
        mask = mask_of(inner, claim.conditions)
        return _Trial(evaluator, *excess(left, right, relation, mask))


def _tried_in(claim: Claim, crowd: Instance, locals_: dict[str, Value]) -> _Trial:
    """`locals_` are the values of letters that stand for anything."""
    with np.errstate(all="ignore"):
        evaluator = claim.desk.in_crowd(crowd, claim.context)
    return _tried(claim, evaluator.child(locals_=locals_))


def _refutes(claim: Claim, trial: _Trial) -> bool:
    """Whether the bound is false in a draw, and in those around it: what is so by rounding only is
    true a little further on."""
    draws = trial.evaluator.instance.draws
    if len(trial.relative) < draws:
        return trial.nearest < float(trial.relative.max())
    rng = np.random.default_rng(0)
    asked = rng.permutation(np.flatnonzero(trial.relative > _MARGIN))[:_ASKED]
    if not asked.size:
        return False
    # A few around each of them, and then many around the best.
    agreeing = _agreeing(claim, trial, np.resize(asked, draws), rng)
    best = asked[
        int(np.argmax([agreeing[place :: len(asked)].mean() for place in range(len(asked))]))
    ]
    return bool(_agreeing(claim, trial, np.full(draws, best), rng).mean() >= _AGREE)


def _agreeing(claim: Claim, trial: _Trial, chosen: Array, rng: np.random.Generator) -> Array:
    """Whether the bound is false near each of the chosen draws."""
    locals_ = {
        letter: replace(value, data=value.data[chosen])
        for letter, value in trial.evaluator.locals.items()
    }
    try:
        around = surroundings(trial.evaluator.instance, chosen, _used(claim), rng)
        return _tried_in(claim, around, locals_).relative > 0
    except _NUMBERLESS:
        return np.zeros(len(chosen), dtype=bool)


def _best(trial: _Trial) -> Array:
    """The places of the draws that are first by one of the measures."""
    sane = trial.relative <= _MARGIN
    measures = (np.where(sane, one, -np.inf) for one in (trial.relative, trial.absolute))
    firsts = [np.argsort(-one, kind="stable")[:_PARENTS] for one in measures]
    return np.array([*dict.fromkeys(np.concatenate(firsts))])


def _used(claim: Claim) -> set[int]:
    """The numbers of the entries that the claim is made of."""
    world, scope = claim.desk.world, claim.desk.scope
    sides = (claim.link.left, claim.link.right, *claim.statement)
    bodies = (setting.body for setting in claim.context.settings)
    return {number for node in (*sides, *bodies) for number in world.numbers_in(node, scope)}
